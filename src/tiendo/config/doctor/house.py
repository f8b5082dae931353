"""Looking at the house: settings, keys, jobs, letters, backups, packs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import checks, mail
from django.db import connection
from django.utils import timezone

from tiendo.config.doctor.findings import Finding, good, graver_in_production, note, wrong

# checks made of our own questions
ASKED_HERE = {f"tiendo.{code}" for code in ("E013", "E014", "E015", "E016", "W001")}
STILL = timedelta(minutes=5)
OLD_BACKUP = timedelta(hours=26)  # a night, and the time a backup takes


def settings_are_safe() -> Iterator[Finding]:
    """What the framework's checks and ours object to, one finding each."""
    found = checks.run_checks(databases=["default"], include_deployment_checks=settings.PRODUCTION)
    serious = [
        one
        for one in found
        if one.level >= checks.WARNING and not one.is_silenced() and one.id not in ASKED_HERE
    ]
    for one in serious:
        yield wrong("settings", one.msg, one.hint or f"See {one.id}.")
    if not serious:
        yield good("settings", "nothing unsafe" if settings.PRODUCTION else "fit for a laptop")


def secret_is_own() -> Finding:
    if settings.SECRET_KEY == settings.UNSAFE_KEY:
        return graver_in_production(
            "secret key",
            "is the one every laptop has",
            "Set TIENDO_SECRET_KEY, or TIENDO_SECRET_KEY_FILE.",
        )
    named = settings.SECRET_KEY_FILE
    if named and Path(named).stat().st_mode & 0o077:
        return wrong("secret key", f"others can read {named}", f"Run: chmod 600 {named}")
    return good("secret key", "is this installation's own")


def seal_key_is_kept() -> Finding:
    from tiendo.ledger import keys

    place = Path(settings.SEAL_KEY)
    if fault := keys.unsafe(place):
        return wrong("seal key", fault, "Without a key that is ours alone, a seal proves nothing.")
    if not place.exists():
        return note("seal key", "is made with the first seal", "Then keep a copy elsewhere.")
    return good("seal key", f"{place} is readable by the house alone")


def jobs_are_done(now: datetime | None = None) -> Finding:
    from tiendo.kit import jobs

    last, now = jobs.last_beat(), now or timezone.now()
    if last is None:
        return graver_in_production(
            "jobs", "none was ever done", "Run `tiendo serve`, or `tiendo jobs` beside it."
        )
    if now - last > STILL:
        return graver_in_production(
            "jobs",
            f"the last was done {in_words(now - last)} ago",
            "Start the house, or look into its log.",
        )
    return good("jobs", f"the last was done {in_words(now - last)} ago")


def jobs_succeed(now: datetime | None = None) -> Finding:
    from django_q.models import Failure

    since = (now or timezone.now()) - timedelta(days=1)
    broken = sorted(set(Failure.objects.filter(stopped__gt=since).values_list("func", flat=True)))
    if broken:
        return wrong(
            "failed jobs", f"within a day: {', '.join(broken)}", "The log says where each broke."
        )
    return good("failed jobs", "none within a day")


def letters_go_out() -> Finding:
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    if backend != "smtp":
        return graver_in_production(
            "letters",
            f"go nowhere but into {settings.EMAIL_FILE_PATH}: nobody is invited, no new password arrives"
            if backend == "filebased"
            else f"go nowhere ({backend}): nobody is invited, no new password arrives",
            "Set TIENDO_SMTP_URL.",
        )
    post = mail.get_connection()
    try:
        post.open()
    except OSError as fault:
        return wrong(
            "letters",
            f"{settings.EMAIL_HOST} does not take them: {fault}",
            "Correct TIENDO_SMTP_URL.",
        )
    finally:
        post.close()
    return good("letters", f"go out by {settings.EMAIL_HOST}")


def is_backed_up(now: datetime | None = None) -> Finding:
    from tiendo.config.backups.making import last_good

    last = last_good()
    if last is None:
        return graver_in_production(
            "backup",
            "none was ever made",
            "Set TIENDO_BACKUPS, or run `tiendo backup` every night.",
        )
    age = (now or timezone.now()) - last
    if age > OLD_BACKUP:
        return graver_in_production(
            "backup", f"the last good one is {in_words(age)} old", "Run `tiendo backup`."
        )
    return good("backup", f"the last good one is {in_words(age)} old")


def backup_is_apart() -> Finding:
    """A backup on the disk of what it backs up is lost with it."""
    where = Path(settings.BACKUPS) if settings.BACKUPS else None
    if where is None or not where.exists():
        return note(
            "backup's place", "is not set (TIENDO_BACKUPS)", "Name a folder on another disk."
        )
    if where.stat().st_dev == Path(settings.VAR).stat().st_dev:
        return graver_in_production(
            "backup's place",
            f"{where} is on the same disk as what it backs up",
            "Let TIENDO_BACKUPS be on another disk.",
        )
    return good("backup's place", f"{where}, another disk")


def tells_no_story() -> Finding:
    from tiendo.ledger.models import Origin

    if "ledger_origin" in connection.introspection.table_names() and Origin.objects.exists():
        return graver_in_production(
            "story",
            "this database was made by `tiendo demo`",
            "Never let it serve as the real one.",
        )
    return good("story", "this database is real")


def packs_can_be_read() -> Iterator[Finding]:
    """Every country that could be loaded, read line by line."""
    from tiendo.orgs.pack import PackBroken, read

    folders = sorted(place.parent for place in Path(settings.PACKS).glob("*/pack.json"))
    if not folders:
        yield wrong("packs", f"there is no pack in {settings.PACKS}", "Correct TIENDO_PACKS.")
    for folder in folders:
        try:
            read(folder)
        except PackBroken as broken:
            yield wrong(
                "packs", f"{folder.name}: {broken}", "Mend the line, or take the pack anew."
            )
        else:
            yield good("packs", f"{folder.name} can be read")


def in_words(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} days"
