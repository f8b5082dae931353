"""What the shell hangs on pages of rooms downstairs."""

from datetime import date
from typing import NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string

from tiendo.kit import clock
from tiendo.orgs.models import Unit
from tiendo.orgs.portrait import merged_into
from tiendo.tasks.models import Part
from tiendo.tasks.states import CLOSED, NOT_YET, Role
from tiendo.tasks.timing import cell, days_left

ROWS = 30


class Led(NamedTuple):
    """A part a unit leads now, with the merged unit it came from, if any."""

    part: Part
    cell: str
    days: int | None
    came_from: str


def unit_tasks(request: HttpRequest, unit: Unit, on: date) -> str:
    """The parts this unit leads now, its own and those of units merged into it, as far as the reader may see."""
    today = clock.today()
    seen = (
        Part.objects.visible_to(request.user)
        .filter(unit__in=[unit.pk, *merged_into(unit)], role=Role.LEAD)
        .exclude(status__in=CLOSED | NOT_YET)
        .select_related("task__programme", "unit")
        .prefetch_related("unit__names")
        .order_by("due_on", "pk")[: ROWS + 1]
    )
    rows = [led(part, unit, today) for part in seen]
    context = {"unit": unit, "rows": rows[:ROWS], "more": len(rows) > ROWS}
    return render_to_string("web/_unit_tasks.html", context, request)


def led(part: Part, unit: Unit, today: date) -> Led:
    timing = cell(is_open=part.is_open, due_on=part.due_on, done_on=part.done_on, on=today)
    came_from = "" if part.unit_id == unit.pk else part.unit.name
    return Led(part, timing.value, days_left(part.due_on, today), came_from)
