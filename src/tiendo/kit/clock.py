"""The one clock. Views and commands read it once and pass it down; nobody else asks.

A database that tells a story (made by `demo`) may move its clock; settings name who knows by how much.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The instant: the wall clock, moved by the story's offset in a told database."""
    told = _told.get()
    if told is not None:
        return told
    offset: timedelta = import_string(settings.CLOCK_OFFSET)()
    return datetime.now(UTC) + offset


def today() -> date:
    """The day it is in the country whose deadlines we keep."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The country's day on which an instant falls."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def instant_of(day: date) -> datetime:
    """The first instant of a day in the country; a period until a day ends there, half-open."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


def is_told() -> bool:
    return _told.get() is not None


@contextmanager
def telling(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment`; the record refuses it outside a told database."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
