"""Making a backup: database first, then the files its rows may name, then the manifest; its name last."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
from django.conf import settings
from django.db import connection, transaction

from tiendo.config.backups import manifest as papers
from tiendo.config.backups import postgres, state
from tiendo.config.backups.manifest import Doubt, Manifest

Found = tuple[dict[str, int], dict[str, Any]]
PREFIX, SQLITE_FILE = "tiendo-", "database.sqlite3"


def make(to: Path, *, with_keys: bool = False, noted: bool = True) -> Path:
    """A backup in a new folder beneath `to`; gives the folder. What is half made has another name."""
    at = datetime.now(UTC)
    target = to / f"{PREFIX}{at:%Y-%m-%dT%H%M%SZ}"
    draft = to / f".{target.name}.draft"
    draft.mkdir(parents=True, mode=0o700)
    try:
        database, save = ENGINES[connection.vendor]
        tables, head = save(draft / database)
        copy_files(draft / "files")
        elsewhere = copy_keys(draft / "keys", with_keys=with_keys)
        parts = papers.parts_of(draft)
        told = Manifest(at.isoformat(), connection.vendor, database, tables, head, parts, elsewhere)
        papers.write(told, draft)
        draft.rename(target)
        papers.sync(to)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    if noted:
        note(target, told)
    return target


# The database -------------------------------------------------------------------------------------


def save_sqlite(target: Path) -> Found:
    """By SQLite's own backup, which is right beside writers; a copy of the file would not be."""
    connection.ensure_connection()
    copy = pysqlite3.connect(str(target))
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        found = inspected(copy)
    finally:
        copy.close()
    return found


def inspected(copy: Any) -> Found:
    cursor = copy.cursor()
    faults = [line for (line,) in cursor.execute("PRAGMA integrity_check").fetchall()]
    if faults != ["ok"]:
        raise Doubt(f"SQLite finds the copy damaged: {'; '.join(faults[:3])}")
    return state.tables(cursor, "sqlite"), state.head(cursor)


def save_postgresql(target: Path) -> Found:
    """By pg_dump, of the very moment whose rows are counted."""
    with one_moment() as (cursor, snapshot):
        found = state.tables(cursor, "postgresql"), state.head(cursor)
        postgres.dump(target, snapshot=snapshot)
    return found


@contextmanager
def one_moment() -> Iterator[tuple[Any, str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]


ENGINES: dict[str, tuple[str, Callable[[Path], Found]]] = {
    "sqlite": (SQLITE_FILE, save_sqlite),
    "postgresql": (postgres.FILE, save_postgresql),
}


# Files and keys -----------------------------------------------------------------------------------


def copy_files(target: Path) -> None:
    """Every kept file, read once more: its name is its hash, so a rotten one is found here."""
    store = Path(settings.MEDIA_ROOT)
    target.mkdir()
    for place in papers.files_of(store):
        copy = target / place.relative_to(store)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place, copy)
        if len(place.name) == 64 and papers.sha256(copy) != place.name:
            raise Doubt(f"The file {place} is no longer what was kept: its hash is another.")


def copy_keys(target: Path, *, with_keys: bool) -> dict[str, str]:
    """What the house has signed with is copied; what it signs with only if asked, else named with its hash."""
    seals = Path(settings.SEALS)
    target.mkdir(mode=0o700)
    for place in (seals / "known-keys.txt", seals / "anchor.json"):
        if place.exists():
            shutil.copyfile(place, target / place.name)
    secrets = [place for place in secret_places() if place.exists()]
    if not with_keys:
        return {str(place): papers.sha256(place) for place in secrets}
    for place in secrets:
        (target / place.name).touch(mode=0o600)
        shutil.copyfile(place, target / place.name)
    return {}


def secret_places() -> list[Path]:
    """Files whose loss or theft matters: the key that signs seals, and the secret key if it is a file."""
    named = settings.SECRET_KEY_FILE
    return [Path(settings.SEAL_KEY), *([Path(named)] if named else [])]


# What is known of backups -------------------------------------------------------------------------


def note(folder: Path, told: Manifest) -> None:
    """Remember the newest good backup, for `doctor` and `/metrics`."""
    place = Path(settings.LAST_BACKUP)
    draft = place.with_suffix(".draft")
    draft.write_text(f"{told.made_at}\n{folder}\n", "utf8")
    draft.replace(place)


def last_good() -> datetime | None:
    place = Path(settings.LAST_BACKUP)
    if not place.exists():
        return None
    return datetime.fromisoformat(place.read_text("utf8").splitlines()[0])


def drop_old(to: Path, keep: int) -> list[Path]:
    """Remove whole backups beyond the newest `keep`; gives those removed."""
    whole = sorted(place.parent for place in to.glob(f"{PREFIX}*/{papers.NAME}"))
    old = whole[:-keep]
    for folder in old:
        shutil.rmtree(folder)
    return old


def nightly() -> None:
    """The job: a backup to where settings say, and only so many kept."""
    make(Path(settings.BACKUPS))
    drop_old(Path(settings.BACKUPS), settings.BACKUPS_KEPT)
