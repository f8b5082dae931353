"""What one person owes, has to verify, has to answer: their own lists, and nothing else."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiendo.kit import clock
from tiendo.kit.permission import beneath, roots
from tiendo.orgs.models import Unit
from tiendo.tasks.doings import Doing, of_the_unit, once_a_key
from tiendo.tasks.falling import falls_to
from tiendo.tasks.models import Extension, Part, Report
from tiendo.tasks.reads import sign_of
from tiendo.tasks.states import OPEN, WORKABLE, Status

AHEAD = 30  # days; what is due later is in the list of tasks
SENT_FOR = timedelta(days=7)
OPENLY = 12  # cards that stand open in one list; the rest is one tap away
MOST = 200  # more than anybody can do; the rest is in the list of tasks
TO_ACCEPT = {Status.ISSUED, Status.RECEIVED}


@dataclass
class Todo:
    """One thing to do: the part it is about, its mark, what is known, and the acts in one tap."""

    part: Part
    sign: str
    days: int | None = None
    report: Report | None = None
    extension: Extension | None = None
    note: str = ""
    doings: list[Doing] = field(default_factory=list)


@dataclass
class Group:
    """A list with its name; `empty` is what an empty one says, `openly` how many cards stand open."""

    openly: ClassVar[int] = OPENLY

    name: str
    title: str
    empty: str
    todos: list[Todo]
    later: int = 0

    @property
    def size(self) -> int:
        """How long the list shown is: one's own work, not a published figure."""
        return len(self.todos)

    @property
    def hidden(self) -> int:
        """How many of them are folded away at first: nobody reads a hundred cards before the first act."""
        return max(self.size - self.openly, 0)


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    person = request.user
    left, right = columns(person, on)
    once_a_key([doing for group in left + right for todo in group.todos for doing in todo.doings])
    paths = roots(person, "tasks.report") or roots(person, "tasks.verify")
    context = {
        "on": on,
        "groups": left + right,
        "columns": [column for column in (left, right) if column],
        "sent": sent_by(person, clock.now()),
        "units": Unit.objects.filter(path__in=paths).with_names()[:2],
    }
    return render(request, "web/my_work.html", context)


def columns(person: Any, on: date) -> tuple[list[Group], list[Group]]:
    """What is owed by its day on the left; what others wait for on the right. Nobody sees lists they cannot have."""
    left, right = [], []
    if roots(person, "tasks.report"):
        late, due, accept, returned = owed(person, on)
        left, right = [late, due], [accept, returned]
    if roots(person, "tasks.verify"):
        (right if left else left).append(to_verify(person))
    if roots(person, "tasks.extend"):
        right.append(to_answer(person))
    return left, right


# What my unit owes --------------------------------------------------------------------------------


def owed(person: Any, on: date) -> list[Group]:
    mine = list(
        with_rows(falls_to(person, on).filter(status__in=TO_ACCEPT | WORKABLE)).order_by(
            "due_on", "pk"
        )[:MOST]
    )
    returned = [part for part in mine if part.status == Status.RETURNED]
    working = [part for part in mine if part.status in WORKABLE - {Status.RETURNED}]
    dated = [part for part in working if part.due_on is not None]
    horizon = on + timedelta(days=AHEAD)
    late = [part for part in dated if part.due_on < on]
    due = [part for part in dated if on <= part.due_on <= horizon]
    accept = [part for part in mine if part.status in TO_ACCEPT]
    return [
        Group("late", _("Late"), _("Nothing is late."), to_do(late, person, on)),
        Group(
            "due",
            _("Due"),
            _("Nothing falls due in the next 30 days."),
            to_do(due, person, on),
            later=len(working) - len(late) - len(due),
        ),
        Group(
            "accept",
            _("To accept"),
            _("No new task waits for your answer."),
            to_do(accept, person, on),
        ),
        Group(
            "returned",
            _("Returned"),
            _("Nothing was returned to you."),
            to_do(returned, person, on),
        ),
    ]


def with_rows(parts: Any) -> Any:
    """What a card shows and what its acts ask, in a fixed number of questions."""
    reports = Report.objects.select_related("sent_by", "verdict")
    return parts.select_related(
        "task__programme", "task__unit", "task__document", "unit", "verifier"
    ).prefetch_related(
        "unit__names",
        "task__unit__names",
        "extensions",
        Prefetch("reports", reports.prefetch_related("evidence")),
    )


def to_do(parts: list[Part], person: Any, on: date) -> list[Todo]:
    return [
        Todo(part, *sign_of(part, on), report=last_report(part), doings=taps(part, person, on))
        for part in parts
    ]


def last_report(part: Part) -> Report | None:
    reports = list(part.reports.all())
    return reports[-1] if reports else None


def taps(part: Part, person: Any, on: date) -> list[Doing]:
    """The acts of one card: what is likeliest first; a new date is asked for on the task's page."""
    found = [doing for doing in of_the_unit(part, person) if doing.name != "extension"]
    last = last_report(part)
    if last is not None and last.nothing_new and clock.day_of(last.sent_at) == on:
        found = [doing for doing in found if doing.name != "nothing_new"]
    for doing in found[:1]:
        doing.is_next = True
    return found


# What others wait for -----------------------------------------------------------------------------


def to_verify(person: Any) -> Group:
    """Final reports this person may judge: never those of a unit they report for."""
    waiting = (
        Part.objects.visible_to(person)
        .filter(beneath("verifier__path", roots(person, "tasks.verify")), status=Status.SUBMITTED)
        .exclude(beneath("unit__path", roots(person, "tasks.report")))
    )
    found = [(last_report(part), part) for part in with_rows(waiting).order_by("pk")[:MOST]]
    oldest_first = sorted((one for one in found if one[0]), key=lambda one: one[0].sent_at)
    todos = [
        Todo(part, "unverified", report=report, doings=judgement(report))
        for report, part in oldest_first
    ]
    return Group("verify", _("To verify"), _("No report waits for your verdict."), todos)


def judgement(report: Report) -> list[Doing]:
    address = reverse("tasks:verdict", args=[report.pk])
    return [
        Doing("verdict", address, _("Verify"), "v", is_next=True),
        Doing("verdict", address, _("Return")),
    ]


def to_answer(person: Any) -> Group:
    """Requests for a new date, and refusals: the unit waits for the assigning side."""
    asked = Extension.objects.filter(
        beneath("part__task__unit__path", roots(person, "tasks.extend")),
        granted__isnull=True,
        part__status__in=OPEN,
    ).order_by("pk")
    refused = Part.objects.visible_to(person).filter(
        beneath("task__unit__path", roots(person, "tasks.issue")), status=Status.REFUSED
    )
    questions = (
        with_rows(
            Part.objects.visible_to(person).filter(
                Q(pk__in=asked.values("part")) | Q(pk__in=refused.values("pk"))
            )
        )
        .prefetch_related("moves")
        .order_by("pk")[:MOST]
    )
    todos = [todo for part in questions for todo in questions_of(part)]
    return Group("answer", _("To answer"), _("No unit waits for an answer."), todos)


def questions_of(part: Part) -> list[Todo]:
    found = []
    if part.status == Status.REFUSED:
        again = Doing(
            "reissue", reverse("tasks:reissue", args=[part.pk]), _("Issue again"), is_next=True
        )
        drop = Doing("drop", reverse("tasks:drop", args=[part.task_id]), _("Drop"))
        found.append(
            Todo(part, "refused", note=list(part.moves.all())[-1].note, doings=[again, drop])
        )
    for asked in part.extensions.all():
        if asked.granted is None:
            answer = Doing(
                "decision",
                reverse("tasks:decision", args=[asked.pk]),
                _("Answer"),
                "d",
                is_next=True,
            )
            found.append(Todo(part, "asked", extension=asked, note=asked.reason, doings=[answer]))
    return found


def sent_by(person: Any, at: datetime) -> list[Report]:
    """What this person sent in the last days, newest first."""
    return list(
        Report.objects.filter(sent_by=person, sent_at__gte=at - SENT_FOR)
        .select_related("part__task", "verdict")
        .order_by("-sent_at")[:10]
    )
