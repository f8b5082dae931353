"""Restoring: everything is verified before anything is touched, compared afterwards, and what was lost is said."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3
from django.conf import settings
from django.db import connection, transaction

from tiendo.config.backups import manifest as papers
from tiendo.config.backups import postgres, state
from tiendo.config.backups.making import inspected
from tiendo.config.backups.manifest import Doubt, Manifest, sha256
from tiendo.kit.dates import from_microseconds


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    sessions: int
    keys: int
    held: int
    lost: str


def restore(
    folder: Path,
    *,
    replace: bool,
    anchor: dict[str, Any] | None = None,
    last_known: datetime | None = None,
) -> Restored:
    """Put a backup into this installation. A place that is not empty is set aside, and only when told so."""
    told = papers.verified(folder)
    if told.engine != connection.vendor:
        raise Doubt(
            f"This backup is of {told.engine}, and this installation runs {connection.vendor}."
        )
    if told.engine == "sqlite":
        sound(folder / told.database, told)
    witness = anchor or own_anchor()  # read before the backup brings its own, older one
    refuse_unless_empty(replace=replace)
    put_files(folder / "files")
    PUT[told.engine](folder / told.database)
    put_keys(folder / "keys")
    compare(told)
    sessions, keys, held = begin_afresh()
    return Restored(told, sessions, keys, held, lost_interval(told, witness, last_known))


def sound(database: Path, told: Manifest) -> None:
    """Look into the SQLite file before anything is touched."""
    copy = pysqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)
    try:
        tables, head = inspected(copy)
    finally:
        copy.close()
    same(told, tables, head)


# An empty place -----------------------------------------------------------------------------------


def refuse_unless_empty(*, replace: bool) -> None:
    full = [name for name, is_full in occupied() if is_full]
    if full and not replace:
        raise Doubt(
            f"This installation is not empty ({', '.join(full)}). Nothing was changed. Stop the house and say --replace: "
            "what is there is set aside, not removed."
        )
    if full:
        set_aside(f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")


def occupied() -> Iterator[tuple[str, bool]]:
    with connection.cursor() as cursor:
        yield "its database has tables", not state.is_empty(cursor, connection.vendor)
    connection.close()
    yield "it has files", any(papers.files_of(Path(settings.MEDIA_ROOT)))


def set_aside(name: str) -> None:
    """Move what is there out of the way under a name that says why."""
    files = Path(settings.MEDIA_ROOT)
    if files.exists():
        files.rename(files.with_name(f"{files.name}.{name}"))
    if connection.vendor == "postgresql":
        schema = name.replace("-", "_").lower()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'ALTER SCHEMA public RENAME TO "{schema}"')
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        return
    database = Path(connection.settings_dict["NAME"])
    for ending in ("", "-wal", "-shm"):
        place = database.with_name(database.name + ending)
        if place.exists():
            place.rename(place.with_name(f"{database.name}.{name}{ending}"))


# Putting back -------------------------------------------------------------------------------------


def put_sqlite(source: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    draft = target.with_name(f".{target.name}.draft")
    shutil.copyfile(source, draft)
    papers.sync(draft)
    for ending in ("-wal", "-shm"):  # an empty database may have left its own
        target.with_name(target.name + ending).unlink(missing_ok=True)
    draft.rename(target)
    papers.sync(target.parent)


def put_postgresql(source: Path) -> None:
    postgres.load(source)
    connection.close()


PUT = {"sqlite": put_sqlite, "postgresql": put_postgresql}


def put_files(source: Path) -> None:
    """Files before rows, so that no row ever points at nothing."""
    store = Path(settings.MEDIA_ROOT)
    for place in papers.files_of(source):
        target = store / place.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(place, target)
        if sha256(target) != sha256(place):
            raise Doubt(f"{target} was not written as it was read.")


def put_keys(source: Path) -> None:
    """Keys go where none is; a house that has its own, and its own witness, keeps them."""
    for place in papers.files_of(source):
        target = Path(settings.SEALS) / place.name
        if place.name == Path(settings.SEAL_KEY).name:
            target = Path(settings.SEAL_KEY)
        if not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.touch(mode=0o600)
            shutil.copyfile(place, target)


def compare(told: Manifest) -> None:
    """What is here now must be what the backup counted."""
    with connection.cursor() as cursor:
        same(told, state.tables(cursor, connection.vendor), state.head(cursor))
    kept = sum(name.startswith("files/") for name in told.parts)
    here = sum(1 for _ in papers.files_of(Path(settings.MEDIA_ROOT)))
    if kept != here:
        raise Doubt(f"The backup holds {kept} files, and {here} are here.")


def same(told: Manifest, tables: dict[str, int], head: dict[str, Any]) -> None:
    wrong = [
        f"{name} has {tables.get(name, 'no table')} rows instead of {told.tables.get(name, 'none')}"
        for name in sorted(told.tables.keys() | tables.keys())
        if tables.get(name) != told.tables.get(name)
    ]
    if head != told.head:
        wrong.append(f"the record ends with {head}, not with {told.head}")
    if wrong:
        raise Doubt(f"The restored database is another: {'; '.join(wrong[:5])}.")


# Afterwards ---------------------------------------------------------------------------------------


@transaction.atomic
def begin_afresh() -> tuple[int, int, int]:
    """Nobody stays signed in, no key of a program opens, and nothing that waited is done a second time unseen."""
    from django.contrib.sessions.models import Session

    from tiendo.kit import jobs
    from tiendo.ledger.record import record
    from tiendo.people.models import Token

    sessions, _ = Session.objects.all().delete()
    standing = list(Token.objects.filter(ended_at__isnull=True))
    for token in standing:
        token.ended_at = record("people.token_ended", token, by=None, name=token.name).at
        token.save(update_fields=["ended_at"])
    return sessions, len(standing), jobs.hold()


# What was lost ------------------------------------------------------------------------------------


def own_anchor() -> dict[str, Any] | None:
    """The newest seal this installation knows to have signed: it lies outside the database."""
    place = Path(settings.SEALS) / "anchor.json"
    return json.loads(place.read_text("ascii")) if place.exists() else None


def lost_interval(
    told: Manifest, witness: dict[str, Any] | None, last_known: datetime | None
) -> str:
    """From the backup's last entry to the last thing known to have happened, in words."""
    entry = told.head["entry"]
    if entry is None:
        return "The backup holds no entry of the record; whatever happened later is lost."
    since = from_microseconds(entry["at"])
    known = [last_known] if last_known else []
    if witness:
        known.append(from_microseconds(witness["seal"]["upto"]))
    if not known:
        return (
            f"Lost: whatever happened after {told_time(since)} (entry {entry['id']}, the backup's last). "
            "Until when the house went on is not known here: say --last-known, or compare with an anchor."
        )
    until = max(known)
    if until <= since:
        return f"Nothing is known to be lost: the backup reaches to {told_time(since)}, and nothing later is known."
    return (
        f"Lost: what happened from {told_time(since)} (entry {entry['id']}, the backup's last) "
        f"to {told_time(until)}, {in_words(until - since)}.{missing(told, witness)}"
    )


def missing(told: Manifest, witness: dict[str, Any] | None) -> str:
    """How many sealed entries the witness knows that the backup has not."""
    more = witness["seal"]["total"] - told.head["entries"] if witness else 0
    return f" At least {more} entries that were sealed are missing." if more > 0 else ""


def told_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def in_words(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min {seconds} s"
