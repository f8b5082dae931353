"""Looking at the database: reachable, new enough, set to keep what it promised, whole, writable."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tiendo.config.doctor.findings import Finding, good, note, wrong
from tiendo.kit import clock

LEAST_POSTGRESQL = 14
NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "davfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone",
}  # fmt: skip
KEEPS = ("fsync", "synchronous_commit", "full_page_writes")  # what a crash must not take back
JOURNALS = ("ledger_entry", "ledger_seal", "ledger_sealed", "tasks_move")
SKEW = timedelta(seconds=2)


def asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


def is_reachable() -> Finding:
    try:
        asked("SELECT 1")
    except DatabaseError as fault:
        first = str(fault).strip().splitlines()[0]
        return wrong("database", f"does not answer: {first}", "Start it, or correct DATABASE_URL.")
    return good("database", f"{connection.display_name} answers")


def is_new_enough() -> Finding:
    if connection.vendor == "postgresql":
        major = int(str(asked("SHOW server_version_num"))) // 10_000
        if major < LEAST_POSTGRESQL:
            return wrong(
                "database version",
                f"PostgreSQL {major} is too old",
                f"Upgrade the server to {LEAST_POSTGRESQL} or newer.",
            )
        return good("database version", f"PostgreSQL {major}")
    version, mode = asked("SELECT sqlite_version()"), asked("PRAGMA journal_mode")
    if not settings.SQLITE_WAL_IS_SAFE:
        return note(
            "database version",
            f"SQLite {version} may lose commits in its write-ahead log, so the log is off ({mode}) and writers are slower",
            "Install pysqlite3 0.6.1 or newer.",
        )
    return good("database version", f"SQLite {version}, journal {mode}")


def keeps_its_promises() -> Finding:
    """Whether what was committed is on the disk."""
    about = "committed means kept"
    if connection.vendor == "sqlite":
        return on_own_disk(Path(connection.settings_dict["NAME"]), mounts())
    off = [name for name in KEEPS if asked(f"SHOW {name}") == "off"]
    if off:
        return wrong(
            about,
            f"PostgreSQL runs with {', '.join(off)} off: a crash takes back what people were told is kept",
            "Set it to on in postgresql.conf and reload.",
        )
    return good(about, ", ".join(f"{name} is {asked(f'SHOW {name}')}" for name in KEEPS))


def mounts() -> str:
    place = Path("/proc/mounts")
    return place.read_text("utf8") if place.exists() else ""


def on_own_disk(place: Path, mounted: str) -> Finding:
    """SQLite's locks do not hold across a network: two writers would spoil the file."""
    about, kind = "committed means kept", kind_of_disk(place, mounted)
    if kind in NETWORK:
        return wrong(
            about,
            f"the database lies on a network disk ({kind}), where SQLite's locks do not hold",
            "Move TIENDO_VAR to a disk of this machine, or use PostgreSQL (DATABASE_URL).",
        )
    return good(about, f"synchronous=FULL on a disk of this machine ({kind or 'unknown kind'})")


def kind_of_disk(place: Path, mounted: str) -> str:
    """The file system of the longest mount point above the place."""
    above = {str(p) for p in [place, *place.parents]}
    rows = [line.split()[1:3] for line in mounted.splitlines() if len(line.split()) > 2]
    fitting = [(len(point), kind) for point, kind in rows if point in above]
    return max(fitting)[1] if fitting else ""


def is_migrated() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{m.app_label}.{m.name}" for m, _ in waiting[:3])
        return wrong(
            "migrations",
            f"{len(waiting)} wait to be done ({names}{'…' if len(waiting) > 3 else ''})",
            "Back up, then run `tiendo migrate`.",
        )
    return good("migrations", "all done")


def has_cache() -> Finding:
    if "cache" not in connection.introspection.table_names():
        return wrong("cache", "its table is missing: nobody could sign in", "Run `tiendo migrate`.")
    return good("cache", "its table is there")


def is_writable() -> Finding:
    """Whether a transaction that writes can begin; nothing is written."""
    write = "SELECT pg_current_xact_id()" if connection.vendor == "postgresql" else "SELECT 1"
    try:
        with transaction.atomic():  # on SQLite this takes the lock of the one writer
            asked(write)
    except DatabaseError as fault:
        first = str(fault).strip().splitlines()[0]
        return wrong(
            "writing",
            f"the database cannot be written: {first}",
            "Look at its disk and its rights.",
        )
    return good("writing", "the database can be written")


def locks_stand() -> Finding:
    """Whether the database itself still refuses to rewrite the journals."""
    open_ = [table for table in JOURNALS if missing_locks(table)]
    if open_:
        return wrong(
            "the record's locks",
            f"nothing stops a rewriting of {', '.join(open_)}",
            "Somebody has removed triggers: find out who, run `tiendo ledger verify`, restore a backup.",
        )
    return good("the record's locks", "the database refuses to rewrite the journals")


def missing_locks(table: str) -> list[str]:
    postgresql = connection.vendor == "postgresql"
    verbs = ("change", "truncate") if postgresql else ("update", "delete", "replace")
    return sorted({f"{table}_no_{verb}" for verb in verbs} - triggers(table))


def triggers(table: str) -> set[str]:
    if connection.vendor == "postgresql":
        question = """SELECT tgname FROM pg_trigger
            WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled <> 'D'"""
    else:
        question = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(question, [table])
        return {name for (name,) in cursor.fetchall()}


def clocks_agree() -> Finding:
    """The database's clock against ours, and ours against the newest entry: time never goes back."""
    from tiendo.ledger.models import Entry

    ours = clock.now()
    newest = Entry.objects.order_by("-at").values_list("at", flat=True).first()
    if newest and newest > ours + SKEW:
        return wrong(
            "clock",
            f"the record's newest entry lies {newest - ours} in the future",
            "Set this machine's clock (chrony, systemd-timesyncd).",
        )
    if abs(skew := skew_of_database()) > SKEW:
        return wrong(
            "clock",
            f"this machine and the database differ by {abs(skew).total_seconds():.1f} s",
            "Let both ask the same time server (chrony, systemd-timesyncd).",
        )
    return good("clock", f"agrees with the database within {abs(skew).total_seconds():.1f} s")


def skew_of_database() -> timedelta:
    if connection.vendor == "sqlite":
        return timedelta(0)  # it has no clock but ours
    from django.utils import timezone

    theirs = asked("SELECT clock_timestamp()")
    return timezone.now() - theirs  # type: ignore[operator]
