"""Tasks over the API: the same acts, the same rights, the same refusals as their pages."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Query, Status, UploadedFile
from pydantic import Field

from tiendo.documents.files import keep_upload
from tiendo.kit import clock
from tiendo.kit.api import (
    TAGGED,
    Amount,
    Asked,
    Day,
    Given,
    Number,
    Router,
    Schema,
    Version,
    Words,
    answers,
    asker,
    tag,
    the,
    version_seen,
)
from tiendo.kit.permission import require
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Invalid
from tiendo.ledger.record import require_unchanged, version_of
from tiendo.orgs.api import UnitRef
from tiendo.orgs.called import Called, called
from tiendo.orgs.models import Post, Unit
from tiendo.tasks import actions, api_rows, lists
from tiendo.tasks.actions import PartWording
from tiendo.tasks.api_rows import values_of
from tiendo.tasks.evidence import once_each, opened_seals, sealed
from tiendo.tasks.forms import TaskFilter
from tiendo.tasks.models import Extension, Part, Report, Sector, Task
from tiendo.tasks.reads import is_seen
from tiendo.tasks.states import MOVES, NOT_YET, ReturnReason

router = Router(tags=["tasks"])


# --- what is told -----------------------------------------------------------------------------


class EvidenceOut(Schema):
    name: str
    size: int
    sha256: str


class VerdictOut(Schema):
    accepted: bool
    reason: str
    note: str
    at: datetime


class ReportOut(Schema):
    id: int
    number: int
    words: str
    obstacle: str
    statement: str
    amount: str | None
    out_of: str | None
    is_final: bool
    sent_at: datetime
    evidence: list[EvidenceOut]
    verdict: VerdictOut | None


class ExtensionOut(Schema):
    id: int
    was_due_on: Day
    asked_on: Day
    reason: str
    granted: bool | None
    note: str


class PartRow(Schema):
    """`timing` is the cell on the day of asking; `no_date` and `outside` are no cells of the four."""

    id: int
    role: str
    unit: UnitRef
    verifier: UnitRef
    product: str
    status: str
    timing: str
    first_due_on: Day | None
    due_on: Day | None
    done_on: Day | None
    cycle: str
    cycle_ends_on: Day | None


class PartOut(PartRow):
    reports: list[ReportOut]
    extensions: list[ExtensionOut]


class TaskRow(Schema):
    """`label` is the number as people write it: 12.37 is the thirty-seventh task beneath task 12."""

    id: int
    number: int
    label: str
    above: int | None
    programme: str
    title: str
    unit: UnitRef
    is_key: bool
    issued_on: Day | None
    parts: list[PartRow]


class TaskOut(TaskRow):
    """`version` counts the acts in its record; it is the ETag too."""

    version: int
    measure: str
    authority: str
    legal_base: str
    responsibility: str
    acceptance: str
    sector: str | None
    secrecy: str
    document: int | None
    provision: str | None
    quote: str
    parts: list[PartOut]  # type: ignore[assignment]


class TasksOut(Schema):
    items: list[TaskRow]
    next: int | None


def part_out(part: Part, names: dict[int, Called], today: date, person: Any) -> dict[str, Any]:
    """A part as its page tells it: reports are for those who see this part, not only the task."""
    reports = part.reports.all() if is_seen(part, person) else ()
    return {
        **api_rows.part_row(values_of(part, api_rows.PART), names, today),
        "reports": [report_out(report) for report in reports],
        "extensions": list(part.extensions.all()),
    }


def report_out(report: Report) -> dict[str, Any]:
    plain = ("number", "words", "obstacle", "statement", "is_final", "sent_at")
    return {
        "id": report.pk,
        **{name: getattr(report, name) for name in plain},
        "amount": written(report.amount),
        "out_of": written(report.out_of),
        "evidence": [
            {"name": one.name, "size": one.size, "sha256": one.digest}
            for one in report.evidence.all()
        ],
        "verdict": getattr(report, "verdict", None),
    }


def written(number: Decimal | None) -> str | None:
    """A decimal as text: a float would change it."""
    return None if number is None else f"{number.normalize():f}"


def task_out(task: Task, today: date, person: Any) -> dict[str, Any]:
    plain = (
        "measure",
        "authority",
        "legal_base",
        "responsibility",
        "acceptance",
        "secrecy",
        "quote",
    )
    parts = list(task.parts.all())
    names = called({task.unit_id, *(u for part in parts for u in (part.unit_id, part.verifier_id))})
    told = [part_out(part, names, today, person) for part in parts]
    return {
        **api_rows.task_row(values_of(task, api_rows.TASK), told, names),
        **{name: getattr(task, name) for name in plain},
        "version": version_of(task),
        "sector": task.sector.code if task.sector else None,
        "document": task.document_id,
        "provision": task.provision.address if task.provision else None,
    }


def whole(person: Any) -> Any:
    """A task with all that is told of it, in a fixed number of questions."""
    rows = Task.objects.visible_to(person).select_related(
        "programme", "unit", "provision", "sector"
    )
    return rows.prefetch_related(
        "parts__unit",
        "parts__verifier",
        "parts__reports__verdict",
        "parts__reports__evidence",
        "parts__extensions",
    )


def told(request: HttpRequest, response: HttpResponse, pk: int) -> dict[str, Any]:
    """The task as it stands now, with its ETag."""
    person = asker(request)
    shown = task_out(get_object_or_404(whole(person), pk=pk), clock.today(), person)
    tag(response, shown["version"])
    return shown


# --- tasks ------------------------------------------------------------------------------------


class TaskSearch(Asked):
    """As on the page of the list. `programme` by symbol, `sector` by code, `unit` and `lead` by number, key or name; `unit`
    and `status` ask about one part of the task, `state` about its lead."""

    q: Words(200) = ""  # type: ignore[valid-type]
    state: Words(20) = ""  # type: ignore[valid-type]
    programme: Words(40) = ""  # type: ignore[valid-type]
    sector: Words(20) = ""  # type: ignore[valid-type]
    unit: Words(300) = ""  # type: ignore[valid-type]
    beneath: bool = False
    lead: Words(300) = ""  # type: ignore[valid-type]
    due_from: Day | None = None
    due_to: Day | None = None
    key: bool = False
    status: Literal[tuple(s.value for s in MOVES)] | None = None  # type: ignore[valid-type]


@router.get("/tasks", response=answers(TasksOut), operation_id="list_tasks")
def tasks(request: HttpRequest, asked: Query[TaskSearch]) -> Any:
    """The tasks you may see, oldest first."""
    person, today = asker(request), clock.today()
    form = TaskFilter(request.GET, programmes=lists.programmes_of(person))
    for field, said in form.errors.items():
        raise Invalid(said[0], field=field)
    rows = lists.narrowed(lists.seen_by(person), form.cleaned_data, today)
    return api_rows.page_of(rows, asked.after, asked.limit, today)


@router.get(
    "/tasks/{int:pk}", response=answers(TaskOut), operation_id="get_task", openapi_extra=TAGGED
)
def task(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """One task with its parts, reports, verdicts and requests for another date."""
    return told(request, response, pk)


class LeadIn(Given):
    unit: Number
    post: Number | None = None
    product: Words(300) = ""  # type: ignore[valid-type]
    due_on: Day | None = None
    cycle: Literal["", "P1W", "P1M", "P3M", "P6M", "P1Y"] = ""
    cycle_ends_on: Day | None = None
    verifier: Number | None = None


class WordingIn(Given):
    """A draft reworded: what is left out stays as it is; `version` (or If-Match) is what you saw."""

    version: Version | None = None
    title: Words(500, needed=True) | None = None  # type: ignore[valid-type]
    measure: Words(300) | None = None  # type: ignore[valid-type]
    authority: Words(300) | None = None  # type: ignore[valid-type]
    legal_base: Words(300) | None = None  # type: ignore[valid-type]
    responsibility: Words(300) | None = None  # type: ignore[valid-type]
    acceptance: Words(300) | None = None  # type: ignore[valid-type]
    sector: Words(20) | None = None  # type: ignore[valid-type]
    secrecy: Literal["open", "confidential", "secret", "top_secret"] | None = None
    is_key: bool | None = None
    lead: LeadIn | None = None


@router.patch(
    "/tasks/{int:pk}", response=answers(TaskOut), operation_id="reword_task", openapi_extra=TAGGED
)
def wording(request: HttpRequest, response: HttpResponse, pk: int, given: WordingIn) -> Any:
    """Change a draft; when somebody else was faster you are told what changed."""
    found = get_object_or_404(whole(asker(request)), pk=pk)
    saw = version_seen(request, given.version)
    if saw is None:
        raise Invalid(_("Say which version you saw: send its ETag as If-Match."), field="version")
    words = given.model_dump(exclude_none=True, exclude={"version", "lead", "sector"})
    if given.sector is not None:
        words["sector"] = sector_of(given.sector)
    lead = part_wording(given.lead) if given.lead else as_it_is(found.lead)
    actions.reword(found, by=asker(request), saw=saw, lead=lead, **words)
    return told(request, response, pk)


def sector_of(code: str) -> Sector | None:
    """A sector by its code; empty for none."""
    found = Sector.objects.filter(code=code).first()
    if code and found is None:
        raise Invalid(_("There is no sector with this code."), field="sector")
    return found


def part_wording(given: LeadIn) -> PartWording:
    unit = the(Unit.objects, given.unit, "lead.unit")
    return PartWording(
        unit=unit,
        post=the(Post.objects.filter(unit=unit), given.post, "lead.post") if given.post else None,
        product=given.product,
        due_on=given.due_on,
        cycle=given.cycle,
        cycle_ends_on=given.cycle_ends_on,
        verifier=the(Unit.objects, given.verifier, "lead.verifier") if given.verifier else None,
    )


def as_it_is(part: Part) -> PartWording:
    return PartWording(
        unit=part.unit,
        post=part.post,
        product=part.product,
        due_on=part.due_on,
        cycle=part.cycle,
        cycle_ends_on=part.cycle_ends_on,
        verifier=part.verifier,
    )


class IssueIn(Given):
    overrule: Words(2000) = ""  # type: ignore[valid-type]


@router.post(
    "/tasks/{int:pk}/issue",
    response=answers(TaskOut, 201),
    operation_id="issue_task",
    openapi_extra=TAGGED,
)
@proven
def issue(request: HttpRequest, response: HttpResponse, pk: int, given: IssueIn) -> Any:
    """Send a draft out, if it is clear; the committee's head may overrule with a note."""
    found = get_object_or_404(Task.objects.visible_to(asker(request)), pk=pk)
    actions.issue(
        found, by=asker(request), overrule=given.overrule, saw=version_seen(request, None)
    )
    return Status(201, told(request, response, pk))


# --- parts ------------------------------------------------------------------------------------


def the_part(request: HttpRequest, pk: int) -> Part:
    """A part this person may see, as they saw it; a draft is seen by its owner alone."""
    rows = Part.objects.visible_to(asker(request)).select_related("task__unit", "unit", "verifier")
    found: Part = get_object_or_404(rows, pk=pk)
    require_unchanged(found.task, version_seen(request, None))
    return found


@router.post(
    "/parts/{int:pk}/acceptance",
    response=answers(TaskOut, 201),
    operation_id="accept_part",
    openapi_extra=TAGGED,
    url_name="part-acceptance",
)
def acceptance(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """The unit takes the part on."""
    part = actions.accept(the_part(request, pk), by=asker(request))
    return Status(201, told(request, response, part.task_id))


class ReasonIn(Given):
    reason: Words(4000)  # type: ignore[valid-type]


@router.post(
    "/parts/{int:pk}/refusal",
    response=answers(TaskOut, 201),
    operation_id="refuse_part",
    openapi_extra=TAGGED,
    url_name="part-refusal",
)
def refusal(request: HttpRequest, response: HttpResponse, pk: int, given: ReasonIn) -> Any:
    """The unit sends the part back and says why."""
    part = actions.refuse(the_part(request, pk), by=asker(request), reason=given.reason)
    return Status(201, told(request, response, part.task_id))


class SealOut(Schema):
    """A file kept for a report of yours on this part; `seal` opens it for you alone, for a day."""

    seal: str
    name: str
    size: int
    sha256: str


@router.post(
    "/parts/{int:pk}/evidence", response=answers(SealOut, 201), operation_id="send_evidence"
)
def evidence(request: HttpRequest, pk: int, file: File[UploadedFile]) -> Any:
    """Send a file first, then name its seal in the report."""
    part = the_part(request, pk)
    require(asker(request), "tasks.report", part.unit)
    [(seal, kept)] = sealed([keep_upload(file, field="file")], owner_of(request, part))
    return Status(201, {"seal": seal, "name": kept.name, "size": kept.size, "sha256": kept.digest})


def owner_of(request: HttpRequest, part: Part) -> str:
    return f"api:{asker(request).pk}:{part.pk}"


class ReportIn(Given):
    """What was done. A number needs both parts; a final report needs evidence: a file, or a statement (a URL is text)."""

    words: Words(20_000)  # type: ignore[valid-type]
    obstacle: Words(20_000) = ""  # type: ignore[valid-type]
    amount: Amount | None = None
    out_of: Amount | None = None
    is_final: bool = False
    statement: Words(20_000) = ""  # type: ignore[valid-type]
    nothing_new: bool = False
    evidence: Annotated[list[Words(2000)], Field(max_length=20)] = []  # type: ignore[valid-type]


@router.post(
    "/parts/{int:pk}/reports",
    response=answers(TaskOut, 201),
    operation_id="report",
    openapi_extra=TAGGED,
)
def report(request: HttpRequest, response: HttpResponse, pk: int, given: ReportIn) -> Any:
    """The unit says what it did; a final report asks for a verdict."""
    part = the_part(request, pk)
    files = opened_seals(given.evidence, owner_of(request, part))
    if len(files) != len(given.evidence):
        raise Invalid(
            _("A seal is not valid for this part any more. Send the file again."), field="evidence"
        )
    words = given.model_dump(exclude={"evidence"})
    actions.report(part, by=asker(request), files=once_each(files), **words)
    return Status(201, told(request, response, part.task_id))


class VerdictIn(Given):
    """`reason` is needed when the report is returned; `version` (or If-Match) is what you saw of the task."""

    accepted: bool
    reason: Literal["", "evidence", "incomplete", "wrong", "form", "other"] = ""
    note: Words(4000) = ""  # type: ignore[valid-type]
    version: Version | None = None


@router.post(
    "/reports/{int:pk}/verdict",
    response=answers(TaskOut, 201),
    operation_id="judge_report",
    openapi_extra=TAGGED,
)
@proven
def verdict(request: HttpRequest, response: HttpResponse, pk: int, given: VerdictIn) -> Any:
    """Somebody outside the unit accepts the product, or returns the report with a reason."""
    found = of_a_part(request, Report, pk)
    saw = version_seen(request, given.version)
    if given.accepted:
        actions.verify(found, by=asker(request), note=given.note, saw=saw)
    else:
        actions.send_back(
            found, by=asker(request), reason=reason_of(given), note=given.note, saw=saw
        )
    return Status(201, told(request, response, found.part.task_id))


def reason_of(given: VerdictIn) -> ReturnReason:
    if not given.reason:
        raise Invalid(_("Choose why the report is returned."), field="reason")
    return ReturnReason(given.reason)


def of_a_part(request: HttpRequest, kind: Any, pk: int) -> Any:
    """A report or a request whose part this person may see."""
    seen = Part.objects.visible_to(asker(request)).exclude(status__in=NOT_YET)
    rows = kind.objects.filter(part__in=seen)
    return get_object_or_404(
        rows.select_related("part__task__unit", "part__unit", "part__verifier"), pk=pk
    )


class JoinIn(Given):
    """The part that goes on: of the same unit and clause, due no later."""

    into: Number
    reason: Words(4000)  # type: ignore[valid-type]


@router.post("/parts/{int:pk}/joining", response=answers(TaskOut, 201), operation_id="join_part")
@proven
def part_joining(request: HttpRequest, response: HttpResponse, pk: int, given: JoinIn) -> Any:
    """Two parts that met in one unit become one; both histories stay."""
    part = the_part(request, pk)
    into = the(Part.objects.visible_to(asker(request)), given.into, "into")
    actions.join(part, into, by=asker(request), reason=given.reason)
    return Status(201, told(request, response, into.task_id))


class ExtensionIn(Given):
    asked_on: Day
    reason: Words(4000)  # type: ignore[valid-type]


@router.post(
    "/parts/{int:pk}/extensions",
    response=answers(TaskOut, 201),
    operation_id="ask_extension",
    openapi_extra=TAGGED,
)
def extension(request: HttpRequest, response: HttpResponse, pk: int, given: ExtensionIn) -> Any:
    """The unit asks for another date; the first one stays."""
    part = the_part(request, pk)
    actions.ask_extension(part, by=asker(request), asked_on=given.asked_on, reason=given.reason)
    return Status(201, told(request, response, part.task_id))


class DecisionIn(Given):
    granted: bool
    note: Words(4000)  # type: ignore[valid-type]


@router.post(
    "/extensions/{int:pk}/decision",
    response=answers(TaskOut, 201),
    operation_id="decide_extension",
    openapi_extra=TAGGED,
)
@proven
def decision(request: HttpRequest, response: HttpResponse, pk: int, given: DecisionIn) -> Any:
    """The assigning side grants or declines."""
    found = of_a_part(request, Extension, pk)
    require_unchanged(found.part.task, version_seen(request, None))
    actions.decide_extension(found, by=asker(request), granted=given.granted, note=given.note)
    return Status(201, told(request, response, found.part.task_id))
