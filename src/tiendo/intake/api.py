"""The reading desk over the API: a text is read, a person decides each proposal."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Status
from pydantic import Field

from tiendo.documents.models import Document
from tiendo.intake import actions, actions_cutting, actions_rereading
from tiendo.intake.coverage import Clause, coverage_of
from tiendo.intake.models import Intake, Proposal
from tiendo.kit.api import (
    TAGGED,
    Asked,
    Day,
    Given,
    Number,
    Router,
    Schema,
    Version,
    Words,
    all_the,
    answers,
    asker,
    page_of,
    tag,
    the,
    version_seen,
)
from tiendo.kit.permission import require
from tiendo.ledger.record import version_of
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Post, Unit
from tiendo.tasks.models import Programme, Task

router = Router(tags=["intake"])


class ProposalRow(Schema):
    """A directive found in the text: its span, and what the machine read in it. A person decides."""

    id: int
    number: int
    start: int
    end: int
    quote: str
    provision: str | None
    work: str
    assignees: list[Any]
    partners: list[Any]
    lead: UnitRef | None
    due_on: Day | None
    cycle: str
    target: str
    status: str
    reason: str
    task: int | None
    post: int | None
    follows: int | None
    origin: str
    told_by: str
    more: list[list[int]]
    source: dict[str, Any]
    is_gone: bool
    made_from: list[int]


class ProposalOut(ProposalRow):
    version: int


class ReadingOut(Schema):
    id: int
    document: int


class ProposalsOut(Schema):
    items: list[ProposalRow]
    next: int | None


SAID = ("target", "status", "reason", "origin", "told_by", "more", "source", "is_gone")


def proposal_row(proposal: Proposal) -> dict[str, Any]:
    plain = ("number", "start", "end", "quote", "work", "assignees", "partners", "due_on", "cycle")
    return {
        "id": proposal.pk,
        **{name: getattr(proposal, name) for name in (*plain, *SAID)},
        "post": proposal.post_id,
        "follows": proposal.follows_id,
        "made_from": [one.pk for one in proposal.made_from.all()],
        "provision": proposal.provision.address if proposal.provision else None,
        "lead": unit_ref(proposal.lead) if proposal.lead else None,
        "task": proposal.task_id,
    }


def told(response: HttpResponse, proposal: Proposal) -> dict[str, Any]:
    """The proposal as it stands now, with its ETag."""
    version = version_of(proposal)
    tag(response, version)
    return {**proposal_row(proposal), "version": version}


def known(person: Any) -> Any:
    rows = Proposal.objects.visible_to(person).prefetch_related("lead__names", "made_from")
    return rows.select_related("intake__document__unit", "provision", "lead")


@router.post(
    "/documents/{int:pk}/reading", response=answers(ReadingOut, 201), operation_id="read_document"
)
def reading(request: HttpRequest, pk: int) -> Any:
    """Read a text into proposals, once."""
    rows = Document.objects.visible_to(asker(request)).select_related("unit")
    intake = actions.read_document(get_object_or_404(rows, pk=pk), by=asker(request))
    return Status(201, {"id": intake.pk, "document": pk})


@router.get(
    "/documents/{int:pk}/proposals", response=answers(ProposalsOut), operation_id="list_proposals"
)
def proposals(request: HttpRequest, pk: int, asked: Query[Asked]) -> Any:
    """What was found in a text, in its order."""
    intake = get_object_or_404(Intake.objects.visible_to(asker(request)), document=pk)
    rows = known(asker(request)).filter(intake=intake).standing()
    return page_of(rows, asked, proposal_row)


class ClauseRow(Schema):
    """`state`: task, waiting (a proposal waits), refused (with a reason), nothing (no directive was found)."""

    address: str
    words: str
    state: str
    proposal: int | None
    reason: str


class SkippingPlan(Schema):
    """A text that implements this one; `skipped` are addresses of clauses with a task that it says nothing of."""

    document: int
    title: str
    skipped: list[str]
    of: int


class CoverageOut(Schema):
    """`unmeasured` are tasks of the text, as far as you may see them, that say no measure."""

    document: int
    clauses: list[ClauseRow]
    unmeasured: list[int]
    plans: list[SkippingPlan]


@router.get(
    "/documents/{int:pk}/coverage", response=answers(CoverageOut), operation_id="read_coverage"
)
def coverage(request: HttpRequest, pk: int) -> Any:
    """Which clauses of a text have a task, which tasks no measure, which plans skip a clause."""
    rows = Intake.objects.visible_to(asker(request)).select_related("document")
    found = coverage_of(get_object_or_404(rows, document=pk), asker(request))
    return {
        "document": pk,
        "clauses": [clause_row(clause) for clause in found.clauses],
        "unmeasured": [task.pk for task in found.unmeasured],
        "plans": [
            {
                "document": plan.document.pk,
                "title": plan.document.title,
                "skipped": [clause.provision.address for clause in plan.skipped],
                "of": plan.of,
            }
            for plan in found.plans
        ],
    }


def clause_row(clause: Clause) -> dict[str, Any]:
    proposal = clause.proposal
    return {
        "address": clause.provision.address,
        "words": clause.words,
        "state": clause.state,
        "proposal": proposal.pk if proposal else None,
        "reason": proposal.reason if proposal and clause.state == "refused" else "",
    }


class RereadingOut(Schema):
    """What a second reading changed; whatever was decided stays."""

    id: int
    document: int
    new: int
    refreshed: int
    withdrawn: int
    gone: int


@router.post(
    "/documents/{int:pk}/rereading",
    response=answers(RereadingOut, 201),
    operation_id="read_document_again",
)
def rereading(request: HttpRequest, pk: int) -> Any:
    """Read a text again, because it or the reader's rules have changed."""
    person = asker(request)
    rows = Intake.objects.visible_to(person).select_related("document__unit")
    intake = get_object_or_404(rows, document=pk)
    told = actions_rereading.read_again(intake, by=person)
    counts = {name: len(getattr(told, name)) for name in ("refreshed", "withdrawn", "gone")}
    new = len(told.new) + len(told.revived)
    return Status(201, {"id": intake.pk, "document": pk, "new": new, **counts})


class MarkIn(Given):
    """A stretch of the text in which nothing was found, as offsets in it."""

    start: Annotated[int, Field(ge=0, le=10**8)]
    end: Annotated[int, Field(ge=0, le=10**8)]


@router.post(
    "/documents/{int:pk}/proposals",
    response=answers(ProposalOut, 201),
    operation_id="propose",
    openapi_extra=TAGGED,
)
def marking(request: HttpRequest, response: HttpResponse, pk: int, given: MarkIn) -> Any:
    """Put a stretch of the text on the desk as a proposal."""
    person = asker(request)
    rows = Intake.objects.visible_to(person).select_related("document__unit")
    intake = get_object_or_404(rows, document=pk)
    made = actions_cutting.propose(intake, by=person, start=given.start, end=given.end)
    return Status(201, told(response, known(person).get(pk=made.pk)))


@router.get(
    "/proposals/{int:pk}",
    response=answers(ProposalOut),
    operation_id="get_proposal",
    openapi_extra=TAGGED,
)
def proposal(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """One proposal, with the version that whoever decides it names."""
    return told(response, get_object_or_404(known(asker(request)), pk=pk))


class AcceptanceIn(Given):
    """The task a proposal becomes. Without a post the lead's head answers for it."""

    programme: Number
    title: Words(500, needed=True)  # type: ignore[valid-type]
    lead: Number
    post: Number | None = None
    product: Words(300) = ""  # type: ignore[valid-type]
    due_on: Day | None = None
    cycle: Literal["", "P1M", "P3M", "P1Y"] = ""
    verifier: Number | None = None
    partners: Annotated[list[Number], Field(max_length=100)] = []
    measure: Words(300) = ""  # type: ignore[valid-type]
    authority: Words(300) = ""  # type: ignore[valid-type]
    responsibility: Words(300) = ""  # type: ignore[valid-type]
    is_key: bool = False
    version: Version | None = None


@router.post(
    "/proposals/{int:pk}/acceptance",
    response=answers(ProposalOut, 201),
    operation_id="accept_proposal",
    url_name="proposal-acceptance",
    openapi_extra=TAGGED,
)
def acceptance(request: HttpRequest, response: HttpResponse, pk: int, given: AcceptanceIn) -> Any:
    """The proposal becomes a draft task."""
    person = asker(request)
    proposal = get_object_or_404(known(person), pk=pk)
    lead = the(Unit.objects, given.lead, "lead")
    plain = (
        "title",
        "product",
        "due_on",
        "cycle",
        "measure",
        "authority",
        "responsibility",
        "is_key",
    )
    actions.accept(
        proposal,
        by=person,
        programme=the(Programme.objects.visible_to(person), given.programme, "programme"),
        lead=lead,
        post=the(Post.objects.filter(unit=lead), given.post, "post") if given.post else None,
        verifier=the(Unit.objects, given.verifier, "verifier") if given.verifier else None,
        partners=all_the(Unit.objects, given.partners, "partners"),
        saw=version_seen(request, given.version),
        **{name: getattr(given, name) for name in plain},
    )
    return Status(201, told(response, known(person).get(pk=pk)))


class RefusalIn(Given):
    reason: Words(4000)  # type: ignore[valid-type]
    version: Version | None = None


@router.post(
    "/proposals/{int:pk}/refusal",
    response=answers(ProposalOut, 201),
    operation_id="refuse_proposal",
    url_name="proposal-refusal",
    openapi_extra=TAGGED,
)
def refusal(request: HttpRequest, response: HttpResponse, pk: int, given: RefusalIn) -> Any:
    """No task comes from this sentence; the reason stays with it."""
    proposal = get_object_or_404(known(asker(request)), pk=pk)
    actions.refuse(
        proposal, by=asker(request), reason=given.reason, saw=version_seen(request, given.version)
    )
    return Status(201, told(response, proposal))


class FollowingIn(Given):
    task: Number
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


@router.post(
    "/proposals/{int:pk}/following",
    response=answers(ProposalOut, 201),
    operation_id="follow_proposal",
    url_name="proposal-following",
    openapi_extra=TAGGED,
)
def following(request: HttpRequest, response: HttpResponse, pk: int, given: FollowingIn) -> Any:
    """A task asks for the same already: the sentence is kept with it."""
    person = asker(request)
    proposal = get_object_or_404(known(person), pk=pk)
    require(person, "intake.decide", proposal)
    task = the(Task.objects.visible_to(person), given.task, "task")
    saw = version_seen(request, given.version)
    actions.follow(proposal, by=person, task=task, saw=saw)
    return Status(201, told(response, proposal))


class SawIn(Given):
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


@router.post(
    "/proposals/{int:pk}/reopening",
    response=answers(ProposalOut, 201),
    operation_id="reopen_proposal",
    url_name="proposal-reopening",
    openapi_extra=TAGGED,
)
def reopening(request: HttpRequest, response: HttpResponse, pk: int, given: SawIn) -> Any:
    """Take a refusal back, or that a task follows it already."""
    proposal = get_object_or_404(known(asker(request)), pk=pk)
    actions.reopen(proposal, by=asker(request), saw=version_seen(request, given.version))
    return Status(201, told(response, proposal))


class SplitIn(Given):
    """Offsets in the quote at which a new part begins."""

    at: Annotated[list[Number], Field(max_length=100)]
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


class MadeOut(Schema):
    items: list[ProposalRow]


@router.post(
    "/proposals/{int:pk}/split",
    response=answers(MadeOut, 201),
    operation_id="split_proposal",
    url_name="proposal-split",
)
def split(request: HttpRequest, pk: int, given: SplitIn) -> Any:
    """One sentence that orders several things becomes several proposals."""
    person = asker(request)
    proposal = get_object_or_404(known(person), pk=pk)
    saw = version_seen(request, given.version)
    parts = actions_cutting.split(proposal, by=person, at=given.at, saw=saw)
    return Status(201, made(person, parts))


def made(person: Any, proposals: list[Proposal]) -> dict[str, Any]:
    rows = known(person).filter(pk__in=[one.pk for one in proposals])
    return {"items": [proposal_row(one) for one in rows]}


class MergerIn(Given):
    """The other proposals of the same text."""

    others: Annotated[list[Number], Field(max_length=100)]
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


@router.post(
    "/proposals/{int:pk}/merger",
    response=answers(ProposalOut, 201),
    operation_id="merge_proposals",
    url_name="proposal-merger",
    openapi_extra=TAGGED,
)
def merger(request: HttpRequest, response: HttpResponse, pk: int, given: MergerIn) -> Any:
    """Sentences that order one thing become one proposal, led as this one says."""
    person = asker(request)
    proposal = get_object_or_404(known(person), pk=pk)
    others = all_the(known(person), given.others, "others")
    saw = version_seen(request, given.version)
    whole = actions_cutting.join(proposal, by=person, others=others, saw=saw)
    return Status(201, told(response, known(person).get(pk=whole.pk)))


@router.post(
    "/proposals/{int:pk}/restoration",
    response=answers(MadeOut, 201),
    operation_id="restore_proposals",
    url_name="proposal-restoration",
)
def restoration(request: HttpRequest, pk: int, given: SawIn) -> Any:
    """Take a split, a merger or a mark back."""
    person = asker(request)
    proposal = get_object_or_404(known(person), pk=pk)
    saw = version_seen(request, given.version)
    return Status(201, made(person, actions_cutting.restore(proposal, by=person, saw=saw)))
