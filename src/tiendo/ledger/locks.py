"""The database itself refuses to rewrite the record, on both engines."""

from typing import Any

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


def lock(table: str, schema_editor: Any) -> None:
    """Forbid UPDATE, DELETE and TRUNCATE (SQLite has none) on a journal's table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL.format(table=table), params=None)
        return
    for verb in ("update", "delete"):
        schema_editor.execute(SQLITE.format(table=table, verb=verb), params=None)


def unlock(table: str, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in ("change", "truncate"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}", params=None
            )
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}", params=None)
