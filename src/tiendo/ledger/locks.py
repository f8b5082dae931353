"""The database itself refuses to rewrite the record, on both engines."""

from typing import Any

from django.db import connection

POSTGRESQL = """
CREATE OR REPLACE FUNCTION tiendo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tiendo_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tiendo_append_only();
"""
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
# REPLACE INTO removes the row it meets, and SQLite fires no DELETE trigger for that
SQLITE_REPLACE = """
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""


def lock(table: str, schema_editor: Any) -> None:
    """Forbid UPDATE, DELETE, REPLACE (SQLite) and TRUNCATE (PostgreSQL) on a journal's table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(table=table), params=None)
        return
    for verb in ("update", "delete"):
        schema_editor.execute(SQLITE.format(table=table, verb=verb), params=None)
    taken = " OR ".join(same_row(table, columns) for columns in unique_sets(table, schema_editor))
    schema_editor.execute(SQLITE_REPLACE.format(table=table, taken=taken), params=None)


def unique_sets(table: str, schema_editor: Any) -> list[list[str]]:
    """The columns by which one row is told from every other: the key, and each unique constraint."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, table).values()
    return [one["columns"] for one in known if one["primary_key"] or one["unique"]]


def same_row(table: str, columns: list[str]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from the schema


PLACES = {
    "postgresql": "select tgname from pg_trigger where tgrelid = %s::regclass and tgenabled <> 'D'",
    "sqlite": "select name from sqlite_master where type = 'trigger' and tbl_name = %s",
}
VERBS = {"postgresql": ("change", "truncate"), "sqlite": ("update", "delete", "replace")}


def is_locked(table: str) -> bool:
    """Whether every trigger that locks this journal stands."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES[connection.vendor], [table])
        standing = {name for (name,) in cursor.fetchall()}
    return {f"{table}_no_{verb}" for verb in VERBS[connection.vendor]} <= standing


def unlock(table: str, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in ("change", "truncate"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}", params=None
            )
        return
    for verb in ("update", "delete", "replace"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}", params=None)
