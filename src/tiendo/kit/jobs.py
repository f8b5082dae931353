"""Work behind the scenes: asked for inside an act's transaction, done at least once by `tiendo jobs`.

A job is a shallow function that may run twice and be killed at any moment. What it is given is JSON; the library keeps
it as a pickle signed with the secret key, so whoever holds that key and the database can run code here (ADR 19).
"""

import json
import pydoc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule, Success
from django_q.signing import SignedPackage
from django_q.tasks import async_task

BEAT = "tiendo.kit.jobs.beat"
DAY = 86_400
SHORTEST = 60  # seconds: the library looks at its schedule twice a minute


def enqueue(job: str, *given: Any) -> str:
    """Ask for `job` (the dotted path of a function of this house) in the caller's transaction; gives its number."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue() belongs inside the action's transaction")
    named(job)
    json.dumps(given)  # an object would be a copy of its moment: give its number instead
    return str(async_task(job, *given, group="asked"))


def named(job: str) -> Callable[..., Any]:
    """The function of this house that a dotted path names."""
    if not job.startswith("tiendo."):
        raise ValueError(f"{job} is no job of this house")
    function: Callable[..., Any] = import_string(job)
    return function


def run_waiting() -> int:
    """Do what waits, here and now: in tests, and for `tiendo jobs --once`. Gives how many were done."""
    done, broker = 0, get_broker()
    while waiting().exists():
        for number, package in broker.dequeue() or ():
            task = SignedPackage.loads(package)
            pydoc.locate(task["func"])(*task["args"])  # type: ignore[operator]
            broker.acknowledge(number)
            done += 1
    return done


def beat() -> None:
    """Do nothing, every minute: that it was done shows that jobs are done."""


HELD = datetime(9999, 1, 1, tzinfo=UTC)


def hold() -> int:
    """Let nothing that waits be done before somebody has looked: after a restore it may have been done already."""
    return int(OrmQ.objects.update(lock=HELD))


def are_held() -> bool:
    """Whether somebody must still look before anything goes out again."""
    return bool(OrmQ.objects.filter(lock=HELD).exists())


def release() -> int:
    """Let go what was held."""
    return int(OrmQ.objects.filter(lock=HELD).update(lock=timezone.now()))


# The schedule -------------------------------------------------------------------------------------


def keep_schedule() -> None:
    """Make the library's schedule what settings say; each name has its own number, so that two starts agree."""
    with transaction.atomic():
        wanted = {number_of(name): entry for name, entry in settings.SCHEDULE.items()}
        Schedule.objects.exclude(pk__in=wanted).delete()
        for name, (job, seconds) in settings.SCHEDULE.items():
            row = scheduled(name, job, seconds)
            first = {**row, "next_run": first_turn(seconds, timezone.now())}
            Schedule.objects.update_or_create(
                pk=number_of(name), defaults=row, create_defaults=first
            )


def first_turn(seconds: int, now: datetime) -> datetime:
    """What runs once a day or less often begins in the night; anything else at once."""
    if seconds < DAY:
        return now
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    night = here.replace(hour=2, minute=0, second=0, microsecond=0)
    return night if night > here else night + timedelta(days=1)


def number_of(name: str) -> int:
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def scheduled(name: str, job: str, seconds: int) -> dict[str, Any]:
    """One row of the library's schedule. What fails is not tried again: its next turn comes anyway."""
    named(job)
    if seconds < SHORTEST:
        raise ValueError(f"{name}: a job runs every {SHORTEST} seconds at most")
    return {
        "name": name,
        "func": job,
        "kwargs": repr({"q_options": {"ack_failure": True}}),
        "schedule_type": Schedule.MINUTES,
        "minutes": round(seconds / 60),
    }


# How it goes --------------------------------------------------------------------------------------


def waiting() -> Any:
    """Jobs that nobody has taken up, or whose worker died."""
    return OrmQ.objects.filter(lock__lt=timezone.now())


def waits_since() -> datetime | None:
    """When the job that has waited longest could have begun."""
    first: datetime | None = waiting().order_by("lock").values_list("lock", flat=True).first()
    return first


def last_beat() -> datetime | None:
    """When the jobs last showed that they are done."""
    beats = Success.objects.filter(func=BEAT).order_by("-stopped")
    last: datetime | None = beats.values_list("stopped", flat=True).first()
    return last


def are_still(now: datetime, *, longest: timedelta) -> bool:
    """Whether no job showed itself for so long: the workers are dead, stuck or were never started."""
    last = last_beat()
    return last is None or now - last > longest
