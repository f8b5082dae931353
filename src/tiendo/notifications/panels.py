"""On a task's page: whom its late work is told to, and when."""

from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string

from tiendo.notifications.audience import Audience
from tiendo.notifications.ladder import Step
from tiendo.notifications.reminding import RUNNING
from tiendo.notifications.reminding import ladder as rules
from tiendo.notifications.states import Rung
from tiendo.people.models import Person
from tiendo.tasks.models import Part, Task
from tiendo.tasks.reads import is_seen

NAMES = 3  # people named on a rung


class Line(NamedTuple):
    """A rung as the page shows it: its name, who stands there, and where the clock is."""

    step: Step
    name: Any
    people: list[str]
    more: int
    days: int  # until its day, or since


def ladder(request: HttpRequest, task: Task, on: date) -> str:
    """The climb of the lead part, while its clock runs."""
    part = task.lead
    if part.due_on is None or part.status not in RUNNING or not is_seen(part, request.user):
        return ""
    lines = lines_of(part, part.due_on, on)
    context = {
        "part": part,
        "lines": lines,
        "late": (on - part.due_on).days,
        "next": next((line for line in lines if not line.step.has_come), None),
    }
    return render_to_string("notifications/_ladder.html", context, request)


def lines_of(part: Part, due_on: date, on: date) -> list[Line]:
    audience = Audience(on, [part.unit.path, part.task.unit.path])
    found = {rung: audience.rung(rung, part) for rung in Rung}
    names = dict(
        Person.objects.filter(pk__in=set().union(*found.values()), is_active=True)
        .order_by("pk")
        .values_list("pk", "name")
    )
    lines = []
    for step in rules().climb(due_on, on):
        people = [name for pk, name in names.items() if pk in found[Rung(step.rung)]]
        shown, days = people[:NAMES], abs((step.on - on).days)
        lines.append(Line(step, Rung(step.rung).label, shown, len(people) - len(shown), days))
    return lines
