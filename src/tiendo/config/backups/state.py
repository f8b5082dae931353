"""What a database holds, in numbers that must be the same after a restore: rows by table, the head of the record."""

from typing import Any

HEAD_ENTRY = """
SELECT id, at, act, subject FROM ledger_entry ORDER BY id DESC LIMIT 1
"""
HEAD_SEAL = "SELECT number, hash, at, upto FROM ledger_seal ORDER BY number DESC LIMIT 1"
COUNT_ENTRIES = "SELECT count(*) FROM ledger_entry"
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
# What changes by itself between a backup and a look at it.
RESTLESS = {"cache", "django_session"}


def tables(cursor: Any, engine: str) -> dict[str, int]:
    """Rows of every table, as this cursor's transaction sees them."""
    cursor.execute(TABLES[engine])
    names = sorted({name for (name,) in cursor.fetchall()} - RESTLESS)
    return {name: first(cursor, f'SELECT count(*) FROM "{name}"')[0] for name in names}  # noqa: S608 - names from the schema


def head(cursor: Any) -> dict[str, Any]:
    """Where the record stands: how many entries, the newest, the newest seal."""
    (entries,) = first(cursor, COUNT_ENTRIES)
    entry, seal = first(cursor, HEAD_ENTRY), first(cursor, HEAD_SEAL)
    return {
        "entries": entries,
        "entry": entry and dict(zip(("id", "at", "act", "subject"), entry, strict=True)),
        "seal": seal and dict(zip(("number", "hash", "at", "upto"), seal, strict=True)),
    }


def first(cursor: Any, question: str) -> Any:
    cursor.execute(question)
    return cursor.fetchone()


def is_empty(cursor: Any, engine: str) -> bool:
    cursor.execute(TABLES[engine])
    return not cursor.fetchall()
