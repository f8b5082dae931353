"""When a part that repeats falls due, turn by turn. The first half is pure; the job at the end only adds turns ahead.

The first turn is due on the day the part names, else on the last day of the week, month, quarter, half-year or year in
which it went out; each later turn one step of the cycle after the first. A part with a cycle stands where its earliest
unanswered turn stands, so it is late if one is.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Max

from tiendo.kit import clock
from tiendo.tasks.models import Occurrence, Part
from tiendo.tasks.states import OPEN, Cycle

MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}
WEEK = timedelta(days=7)
AT_ONCE = 2_000


def turn(cycle: str, first: date, number: int) -> date:
    """The day of a turn, counted from 1; the last day of a month stays the last day of every month."""
    if cycle == Cycle.WEEKLY:
        return first + WEEK * (number - 1)
    months = first.year * 12 + first.month - 1 + MONTHS[Cycle(cycle)] * (number - 1)
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    ends_month = first.day == monthrange(first.year, first.month)[1]
    return date(year, month + 1, last if ends_month else min(first.day, last))


def period_end(cycle: str, day: date) -> date:
    """The last day of the week (Sunday), month, quarter, half-year or year that holds a day."""
    if cycle == Cycle.WEEKLY:
        return day + timedelta(days=6 - day.weekday())
    months = MONTHS[Cycle(cycle)]
    month = ((day.month - 1) // months + 1) * months
    return date(day.year, month, monthrange(day.year, month)[1])


def first(part: Any, issued_on: date) -> date | None:
    """The day the first turn is due; nothing for what is done once."""
    if not part.cycle:
        return None
    return part.due_on or period_end(part.cycle, issued_on)


def due_by(part: Any, begins: Any, after: int, until: date) -> Iterator[tuple[int, date]]:
    """The turns after a number, counted from the one it begins with, up to the first that is due on the day or later."""
    for number in count(after + 1):
        day = turn(part.cycle, begins.first_due_on, number - begins.number + 1)
        if part.cycle_ends_on is not None and day > part.cycle_ends_on:
            return
        yield number, day
        if day >= until:
            return


# Turns as rows ------------------------------------------------------------------------------------


def open_turn(part: Part) -> Occurrence | None:
    """The earliest turn nobody has answered; nothing for what is done once, or once the last turn is done."""
    return part.occurrences.filter(done_on__isnull=True).order_by("number").first()


def add_turns(part: Part, until: date) -> None:
    """Write down the turns that have come by a day, and the next one; those already there stay as they are."""
    known = list(part.occurrences.order_by("number"))
    if not known or known[-1].first_due_on >= until:
        return
    begins, last = known[0], known[-1].number
    Occurrence.objects.bulk_create(
        (
            Occurrence(part=part, number=number, first_due_on=day, due_on=day)
            for number, day in due_by(part, begins, last, until)
        ),
        ignore_conflicts=True,  # two clocks may strike at once
    )


def next_turn(part: Part) -> Occurrence | None:
    """The turn to do now; when all are done, the one that comes next, until the cycle ends."""
    waiting = open_turn(part)
    if waiting is None:
        last = part.occurrences.order_by("number").last()
        if last is not None:
            add_turns(part, last.first_due_on + timedelta(days=1))
        waiting = open_turn(part)
    return waiting


def roll() -> int:
    """Every part that repeats gets the turns that have come; gives how many. May run twice at once, and be killed."""
    today = clock.today()
    behind = (
        Part.objects.filter(status__in=OPEN)
        .exclude(cycle=Cycle.ONCE)
        .exclude(cycle_ends_on__lt=today)
        .annotate(reaches=Max("occurrences__first_due_on"))
        .filter(reaches__lt=today)
        .order_by("pk")
    )
    rolled = 0
    for part in behind[:AT_ONCE]:
        with transaction.atomic():
            add_turns(part, today)
        rolled += 1
    return rolled
