"""Deadlines as a calendar (RFC 5545): each from the first instant of its day to the first it is late, in the country's zone."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar as ICalendar
from icalendar import Event
from icalendar.enums import TRANSP

from tiendo.exchange.models import Calendar
from tiendo.exchange.states import Watches
from tiendo.kit.permission import beneath, roots
from tiendo.people.models import Person
from tiendo.tasks.falling import falls_to
from tiendo.tasks.models import Part
from tiendo.tasks.states import OPEN

MOST = 1_000
BEHIND = timedelta(days=90)  # what is late for longer is on the page, not in a calendar


def shown(calendar: Calendar, on: date) -> Any:
    """The open parts with a day that this calendar shows, by what its person may see now."""
    person = calendar.person
    if calendar.watches == Watches.OWED:
        parts = falls_to(person, on)
    else:
        given = beneath("task__unit__path", roots(person, "tasks.issue"))
        parts = Part.objects.visible_to(person).filter(given)
    dated = parts.filter(status__in=OPEN, due_on__isnull=False, due_on__gte=on - BEHIND)
    rows = dated.select_related("task__programme", "unit").prefetch_related("unit__names", "moves")
    return rows.order_by("due_on", "pk")[:MOST]


def written(calendar: Calendar, on: date) -> bytes:
    """The whole calendar in its person's language. The same deadlines give the same bytes."""
    person: Person = calendar.person
    with translation.override(person.language or settings.LANGUAGES[0][0]):
        return drawn(calendar, shown(calendar, on))


def drawn(calendar: Calendar, parts: Iterable[Part]) -> bytes:
    made = ICalendar.new(
        prodid="-//Tiendo//Deadlines//EN",
        name=calendar.name,
        uid=f"calendar-{calendar.pk}@{house()}",
        method="PUBLISH",
        refresh_interval=timedelta(hours=2),
    )
    for part in parts:
        made.add_component(event_of(part))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def event_of(part: Part) -> Event:
    """One deadline: its mark stays when its day moves, so that a reader's calendar moves it too."""
    moves = list(part.moves.all())
    due_on = part.due_on or date.min
    return Event.new(
        uid=f"part-{part.pk}@{house()}",
        start=begins(due_on),
        end=begins(due_on + timedelta(days=1)),
        stamp=moves[-1].at if moves else datetime(2025, 1, 1, tzinfo=ZoneInfo("UTC")),
        sequence=len(moves),
        summary=_("Due: %(title)s") % {"title": part.task.title},
        description=described(part),
        url=settings.ADDRESS.rstrip("/") + part.task.get_absolute_url(),
        categories=[part.task.programme.symbol],
        transparency=TRANSP.TRANSPARENT,
    )


def begins(day: date) -> datetime:
    """The first instant of a day in the country."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def described(part: Part) -> str:
    facts = {
        "unit": part.unit.short_name,
        "product": part.product or "–",
        "state": part.get_status_display(),
    }
    return _("%(unit)s. Product: %(product)s. State: %(state)s.") % facts


def house() -> str:
    """This installation's name, so that marks are its own."""
    return settings.ADDRESS.partition("//")[2].rstrip("/")
