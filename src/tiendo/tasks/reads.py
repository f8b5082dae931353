"""Answers that span models: what the gate looks at, and what a task's page tells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q

from tiendo.documents.states import Secrecy
from tiendo.kit.clock import day_of, instant_of
from tiendo.kit.permission import roots
from tiendo.reading.language import language_of
from tiendo.tasks import axis, timing
from tiendo.tasks.clears import Wording, clears
from tiendo.tasks.models import Draw, Extension, Move, Part, Report, Task
from tiendo.tasks.states import OPEN, Level, Role, Status
from tiendo.tasks.wordings import Score, scored


def wording_of(task: Task) -> Wording:
    """The plain fields of a task that the gate looks at."""
    lead = task.lead
    return Wording(
        has_unit=True,
        has_post=lead.post_id is not None,
        work=task.title,
        due_on=lead.due_on,
        cycle=lead.cycle,
        responsibility=task.responsibility,
        authority=task.authority,
        product=lead.product,
        measure=task.measure,
    )


def score_of(task: Task) -> Score:
    """How clearly its work is worded, in the language it is written in."""
    return scored(task.title, language_of(task.title))


def named(part: Part) -> dict[str, Any]:
    """How the record names the unit: its name, which outlives it, and its key, for readers of other languages."""
    return {"unit": name_of(part), "unit_key": part.unit.key}


def name_of(part: Part) -> str:
    return str(part.unit.name_on(None, "vi"))


def report_number(part: Part) -> int:
    """The number the part's next report will have."""
    return int(part.reports.count()) + 1


def parts_beneath(task: Task) -> Any:
    """Parts of every task beneath this one, at all levels."""
    return Part.objects.filter(
        task__programme=task.programme_id, task__prefix__startswith=f"{task.label}."
    )


def above_of(task: Task, person: Any) -> Task | None:
    """The task above, for who may see it."""
    if task.above_id is None:
        return None
    seen: Any = Task.objects.visible_to(person).select_related("programme")
    found: Task | None = seen.filter(pk=task.above_id).first()
    return found


@dataclass
class Standing:
    """How far the tasks of one level beneath have come: how many were sent, and of these how many came to each step."""

    level: int
    sent: int = 0
    received: int = 0
    accepted: int = 0
    started: int = 0
    submitted: int = 0
    done: int = 0
    refused: int = 0
    dropped: int = 0
    waiting: list[Part] = field(default_factory=list)

    def add(self, status: str, n: int) -> None:
        """Whoever came to a step passed those before it; what was dropped is told apart."""
        if status in {Status.DROPPED, Status.REFUSED}:
            setattr(self, str(status), getattr(self, str(status)) + n)
        if status == Status.DROPPED:
            return
        self.sent += n
        for step in REACHED.get(status, ()):
            setattr(self, step, getattr(self, step) + n)

    @property
    def steps(self) -> list[tuple[str, int]]:
        names = ("sent", "received", "accepted", "started", "submitted", "done")
        return [(name, getattr(self, name)) for name in names]


REACHED: dict[str, tuple[str, ...]] = {
    Status.RECEIVED: ("received",),
    Status.ACCEPTED: ("received", "accepted"),
    Status.UNDER_WAY: ("received", "accepted", "started"),
    Status.RETURNED: ("received", "accepted", "started"),
    Status.SUSPENDED: ("received", "accepted", "started"),
    Status.SUBMITTED: ("received", "accepted", "started", "submitted"),
    Status.DONE: ("received", "accepted", "started", "submitted", "done"),
}
LONGEST = 5  # units named where a level stopped


def levels_beneath(task: Task) -> list[Standing]:
    """Where it stopped, level by level: the steps that leads beneath came to, and who has waited longest to take it up."""
    counted = (
        parts_beneath(task)
        .filter(role=Role.LEAD)
        .exclude(status__in=(Status.TRANSFERRED, Status.DRAFT))
        .values_list("task__prefix", "status")
        .annotate(n=Count("pk"))
        .order_by("task__prefix", "status")
    )
    levels: dict[int, Standing] = {}
    for prefix, status, n in counted:
        depth = prefix.count(".") - task.prefix.count(".")
        levels.setdefault(depth, Standing(depth)).add(status, n)
    if levels:
        levels[min(levels)].waiting = longest_waiting(task)
    return [levels[depth] for depth in sorted(levels)]


def longest_waiting(task: Task) -> list[Part]:
    """Those directly beneath that nobody has taken up yet, the one sent first on top."""
    rows = (
        Part.objects.filter(
            task__above=task, role=Role.LEAD, status__in=(Status.ISSUED, Status.RECEIVED)
        )
        .select_related("unit", "task")
        .prefetch_related("unit__names")
        .order_by("task__issued_on", "task__number")
    )
    return list(rows[:LONGEST])


def claim_beneath(task: Task, on: date) -> timing.Claim | None:
    """Progress of a task that was broken down, from the tasks directly beneath it: sent and accepted, of all not dropped."""
    counts = dict(
        Part.objects.filter(task__above=task, role=Role.LEAD)
        .exclude(status__in=(Status.TRANSFERRED, Status.DRAFT, Status.DROPPED))
        .values_list("status")
        .annotate(n=Count("pk"))
        .order_by()
    )
    if not counts:
        return None
    done, sent = counts.get(Status.DONE, 0), counts.get(Status.SUBMITTED, 0)
    lead = task.lead
    return timing.claim(
        claimed=Decimal(done + sent), verified=Decimal(done), out_of=Decimal(sum(counts.values())),
        issued_on=task.issued_on, due_on=lead.due_on, done_on=lead.done_on, on=on,
    )  # fmt: skip


LEVELS: dict[str, Level] = {
    **dict.fromkeys(("province",), Level.PROVINCE),
    **dict.fromkeys(("commune", "ward", "special_zone", "district"), Level.COMMUNE),
    **dict.fromkeys(("department", "office", "committee"), Level.OTHER),
}


def level_of(kind: str) -> Level:
    """How high a unit of this kind stands; bodies, ministries, agencies and the Party's are of the centre."""
    return LEVELS.get(kind, Level.CENTRAL)


def results_of(draw: Draw, at: datetime) -> list[tuple[int, str]]:
    """What a lot is drawn from: final reports sent in its period and accepted by the moment, by or for units beneath; graded
    work is left out, for the list is public."""
    begins, ends = instant_of(draw.starts_on), instant_of(draw.ends_on)
    rows = Report.objects.filter(
        Q(part__unit__path__beneath=draw.unit.path)
        | Q(part__task__unit__path__beneath=draw.unit.path),
        is_final=True,
        sent_at__gte=begins,
        sent_at__lt=ends,
        verdict__accepted=True,
        verdict__at__lte=at,
        part__task__secrecy=Secrecy.OPEN,
    )
    kinds = rows.order_by("pk").values_list("pk", "part__unit__kind")
    return [(number, str(level_of(kind))) for number, kind in kinds]


def met(tasks: Iterable[Task]) -> dict[int, list[Part]]:
    """Open parts by the unit that owes them, of these tasks and of others from the same clause."""
    rows = list(tasks)
    clauses = {task.provision_id for task in rows if task.provision_id is not None}
    one_clause = Q(task__in=rows) | Q(task__provision__in=clauses)
    parts = Part.objects.filter(one_clause, status__in=OPEN).select_related("task__programme")
    found: dict[int, list[Part]] = {}
    for part in parts.order_by("pk"):
        found.setdefault(part.unit_id, []).append(part)
    return found


def joinable(part: Part, there: Iterable[Part]) -> list[Part]:
    """Those a part may be joined to: of its unit, due no later, and the lead never to a helper."""
    return [
        other
        for other in there
        if other.pk != part.pk
        and not gains_time(part, other)
        and (other.is_lead or not part.is_lead)
    ]


def gains_time(part: Part, into: Part) -> bool:
    """Whether work would be due later by being joined: by either of its two dates."""
    dates = ((part.due_on, into.due_on), (part.first_due_on, into.first_due_on))
    return any(ends is not None and (onward is None or onward > ends) for ends, onward in dates)


# What somebody answers for ------------------------------------------------------------------------


def answered_for(tenures: Iterable[Any], person: Any) -> Any:
    """Parts of the posts held, open or done, of those the reader may see; what was dropped or handed on is no longer theirs."""
    posts = [tenure.post_id for tenure in tenures]
    return (
        Part.objects.visible_to(person)
        .filter(post__in=posts, task__issued_on__isnull=False)
        .exclude(status__in=(Status.DRAFT, Status.DROPPED, Status.TRANSFERRED))
        .select_related("task__programme", "unit")
        .prefetch_related("unit__names")
        .order_by("task__programme__symbol", "due_on", "task__number", "pk")
    )


def by_programme(parts: Iterable[Part], on: date) -> list[tuple[Any, list[tuple[Any, ...]]]]:
    """Programme after programme, each part with its mark of the day."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for part in parts:
        found.setdefault(part.task.programme, []).append((part, *sign_of(part, on)))
    return list(found.items())


# A task's page ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of a part on its way: the day it was taken and after how many days, or how long it has been waited for."""

    name: str
    on: date | None = None
    days: int | None = None
    waiting: int | None = None
    state: str = "not_yet"  # taken, with_next, waiting, refused, not_yet


@dataclass
class PartStory:
    """A part as its row on the page tells it."""

    part: Part
    sign: str
    days: int | None
    claim: timing.Claim | None
    steps: list[Step]


def whole(tasks: Any) -> Any:
    """Tasks with everything their page shows, in a fixed number of questions."""
    reports = Report.objects.select_related(
        "sent_by", "verdict__by", "verdict__unit"
    ).prefetch_related("evidence", "verdict__unit__names")
    extensions = Extension.objects.select_related("asked_by", "decided_by").order_by("pk")
    parts = (
        Part.objects.select_related("unit", "post", "verifier", "task__unit")
        .prefetch_related(
            "unit__names",
            "verifier__names",
            "handed_to__unit__names",
            "handed_to__task__programme",
            "came_from__unit__names",
            "came_from__task__programme",
            "moves",
            Prefetch("reports", reports),
            Prefetch("extensions", extensions),
        )
        .order_by("role", "pk")  # “lead” comes before “with”
    )
    return tasks.select_related(
        "programme", "unit", "document", "provision", "sector"
    ).prefetch_related("unit__names", Prefetch("parts", parts))


def sign_of(part: Part, on: date) -> tuple[str, int | None]:
    """The mark of a part on a day; what stands outside the cells shows its status."""
    found = timing.sign(
        is_open=part.is_open,
        due_on=part.due_on,
        done_on=part.done_on,
        on=on,
        soon=settings.TASKS_DUE_SOON_DAYS,
    )
    return (part.status, None) if found[0] == timing.Cell.OUTSIDE else found


def story_of(part: Part, on: date) -> PartStory:
    sign, days = sign_of(part, on)
    return PartStory(part, sign, days, claim_of(part, on), steps_of(part, on))


def claim_of(part: Part, on: date) -> timing.Claim | None:
    """The last number reported beside what of it was verified; unknown when no number was ever given."""
    counted: list[Any] = [report for report in part.reports.all() if report.amount is not None]
    if not counted:
        return None
    last = counted[-1]
    return timing.claim(
        claimed=last.amount,
        verified=verified_of(part, counted, last.out_of),
        out_of=last.out_of,
        issued_on=part.task.issued_on,
        due_on=part.due_on,
        done_on=part.done_on,
        on=on,
    )


def verified_of(part: Part, counted: list[Any], out_of: Decimal) -> Decimal:
    accepted = [one for one in counted if is_accepted(one) and one.out_of == out_of]
    if accepted:
        return Decimal(accepted[-1].amount)
    return out_of if part.status == Status.DONE else Decimal(0)


def is_accepted(report: Report) -> bool:
    return bool(hasattr(report, "verdict") and report.verdict.accepted)


STEPS = (
    ("sent", {Status.ISSUED}),
    ("received", {Status.RECEIVED}),
    ("accepted", {Status.ACCEPTED}),
    ("started", {Status.UNDER_WAY, Status.SUBMITTED}),
)


def steps_of(part: Part, on: date) -> list[Step]:
    """From the last time it was sent out: each step with its day, the days it took, and where it waits."""
    days = step_days(list(part.moves.all()))
    steps: list[Step] = []
    before: date | None = None
    for place, (name, _statuses) in enumerate(STEPS):
        day = days[place]
        if day is not None:
            took = None if before is None else (day - before).days
            steps.append(Step(name, day, took, state="taken"))
            before = day
        elif any(days[place + 1 :]) or (name == "received" and part.status == Status.REFUSED):
            steps.append(Step(name, state="with_next"))  # nobody confirmed it, and it went on
        else:
            steps.append(missing_step(name, part, before, on))
            before = None
    return steps


def step_days(moves: list[Move]) -> list[date | None]:
    """The day of each step since the part last went out."""
    sent = [place for place, move in enumerate(moves) if is_step(move, {Status.ISSUED})]
    since = moves[sent[-1] :] if sent else []
    return [
        next((day_of(move.at) for move in since if is_step(move, statuses)), None)
        for _name, statuses in STEPS
    ]


def is_step(move: Move, statuses: set[Status]) -> bool:
    return move.status in statuses and move.status != move.was


def missing_step(name: str, part: Part, before: date | None, on: date) -> Step:
    if before is None or not part.is_open:
        return Step(name)
    if part.status == Status.REFUSED:
        return Step(name, waiting=(on - before).days, state="refused")
    if part.status == Status.SUSPENDED:
        return Step(name)
    return Step(name, waiting=(on - before).days, state="waiting")


def longest_wait(stories: list[PartStory]) -> PartStory | None:
    """The part that has waited longest for its next step; nobody when all have started."""
    waits = [
        (step.waiting, story)
        for story in stories
        for step in story.steps
        if step.waiting is not None
    ]
    return max(waits, key=lambda wait: wait[0])[1] if waits else None


def axis_of(task: Task, on: date) -> axis.Axis | None:
    """The lead part's time; a draft has none."""
    if task.issued_on is None:
        return None
    lead = task.lead
    events = [axis.Point("issued", task.issued_on)]
    accepted = [move for move in lead.moves.all() if is_step(move, {Status.ACCEPTED})]
    if accepted:
        events.append(axis.Point("accepted", day_of(accepted[-1].at)))
    events += [
        axis.Point("report", day_of(report.sent_at), report.number)
        for report in lead.reports.all()
        if not report.nothing_new
    ]
    return axis.drawn(
        events, first_due_on=lead.first_due_on, due_on=lead.due_on, done_on=lead.done_on, on=on
    )


def clear_lines(task: Task) -> tuple[dict[str, bool], int]:
    """The six clears and the measure, and how many of the six stand."""
    found = clears(wording_of(task))
    return found, sum(is_clear for name, is_clear in found.items() if name != "measure")


def reports_seen(task: Task, person: Any) -> list[Report]:
    """Reports of the parts this person may see, newest first."""
    return sorted(
        (
            report
            for part in task.parts.all()
            if is_seen(part, person)
            for report in part.reports.all()
        ),
        key=lambda report: report.sent_at,
        reverse=True,
    )


def is_seen(part: Part, person: Any) -> bool:
    """The rule of `Part.objects.visible_to` for a part already at hand."""
    paths = [part.task.unit.path]
    if part.task.issued_on is not None:
        paths += [part.unit.path, part.verifier.path]
    reach = roots(person, "tasks.view")
    return any(path.startswith(root) for path in paths for root in reach)
