"""The life of a text over the API: the same acts as its pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Status as Answered
from pydantic import Field

from tiendo.documents import actions_life, reads_life
from tiendo.documents.api import DocumentOut, SourceIn, source_given, the_document, told, type_named
from tiendo.documents.models import Document, Opinion, OpinionRequest
from tiendo.documents.states import Answer, Secrecy, Status
from tiendo.documents.texts import read_in
from tiendo.kit.api import Day, Given, Number, Router, Schema, Words, all_the, answers, asker, the
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Unit

router = Router(tags=["documents"])


class OpinionOut(Schema):
    id: int
    place: str
    words: str
    given_at: datetime
    answer: str
    reason: str


class RequestOut(Schema):
    id: int
    unit: UnitRef
    due_on: Day
    answered_at: datetime | None
    opinions: list[OpinionOut]


class StageOut(Schema):
    status: str
    begun_at: datetime
    due_on: Day | None
    note: str


class LifeOut(Schema):
    """The stages of a text with their clocks, and who was asked what."""

    status: str
    stages: list[StageOut]
    requests: list[RequestOut]


def life_of(document: Document) -> dict[str, Any]:
    return {
        "status": document.status,
        "stages": list(document.stages.all()),
        "requests": [request_out(one) for one in reads_life.requests_of(document)],
    }


def request_out(one: OpinionRequest) -> dict[str, Any]:
    return {
        "id": one.pk,
        "unit": unit_ref(one.unit),
        "due_on": one.due_on,
        "answered_at": one.answered_at,
        "opinions": [opinion_out(opinion) for opinion in one.opinions.all()],
    }


def opinion_out(opinion: Opinion) -> dict[str, Any]:
    plain = ("words", "given_at", "answer", "reason")
    return {"id": opinion.pk, "place": opinion.address, **{n: getattr(opinion, n) for n in plain}}


@router.get("/documents/{int:pk}/life", response=answers(LifeOut), operation_id="get_document_life")
def life(request: HttpRequest, pk: int) -> Any:
    """Where a text stands, since when and until when, and the opinions on it."""
    return life_of(the_document(request, pk))


class DraftIn(SourceIn):
    """A draft: it has no number and no day until it is signed."""

    unit: Number
    issuer: Number
    type: Words(10) = ""  # type: ignore[valid-type]
    secrecy: Literal["open", "confidential", "secret", "top_secret"] = "open"
    due_on: Day | None = None


@router.post("/documents/drafts", response=answers(DocumentOut, 201), operation_id="begin_draft")
def drafting(request: HttpRequest, response: HttpResponse, given: DraftIn) -> Any:
    """Begin a draft."""
    text, file = source_given(request, given)
    made = actions_life.draft(
        the(Unit.objects, given.unit, "unit"), by=asker(request),
        issuer=the(Unit.objects, given.issuer, "issuer"), title=given.title, text=text,
        language=given.language, file=file, type=type_named(given.type), secrecy=Secrecy(given.secrecy),
        due_on=given.due_on, read=read_in(text, given.language),
    )  # fmt: skip
    return Answered(201, told(request, response, made))


class DraftWordingIn(Given):
    title: Words(500, needed=True)  # type: ignore[valid-type]
    text: Words(2 * 2**20) = ""  # type: ignore[valid-type]
    file: Words(2000) = ""  # type: ignore[valid-type]


@router.post(
    "/documents/{int:pk}/wording",
    response=answers(DocumentOut, 201),
    operation_id="word_draft_anew",
)
def document_wording(
    request: HttpRequest, response: HttpResponse, pk: int, given: DraftWordingIn
) -> Any:
    """Another wording of a draft."""
    document = the_document(request, pk)
    text, file = source_given(request, given)
    actions_life.reword(
        document,
        by=asker(request),
        title=given.title,
        text=text,
        file=file,
        read=read_in(text, document.language),
    )
    return Answered(201, told(request, response, document))


class StageIn(Given):
    stage: Literal["draft", "opinions", "appraisal"]
    due_on: Day | None = None
    note: Words(500) = ""  # type: ignore[valid-type]


@router.post(
    "/documents/{int:pk}/stage", response=answers(LifeOut, 201), operation_id="move_draft_on"
)
def stage(request: HttpRequest, pk: int, given: StageIn) -> Any:
    """Move a draft on."""
    document = the_document(request, pk)
    actions_life.move_on(
        document, Status(given.stage), by=asker(request), due_on=given.due_on, note=given.note
    )
    return Answered(201, life_of(document))


class AskIn(Given):
    units: Annotated[list[Number], Field(min_length=1, max_length=500)]
    due_on: Day


@router.post(
    "/documents/{int:pk}/opinion-requests",
    response=answers(LifeOut, 201),
    operation_id="ask_opinions",
)
def opinions_asked(request: HttpRequest, pk: int, given: AskIn) -> Any:
    """Ask units for their opinion on a draft."""
    document = the_document(request, pk)
    units = all_the(Unit.objects, given.units, "units")
    actions_life.ask_opinions(document, units, by=asker(request), due_on=given.due_on)
    return Answered(201, life_of(document))


class OpinionIn(Given):
    """Without words the unit agrees."""

    words: Words(20_000) = ""  # type: ignore[valid-type]
    address: Words(120) = ""  # type: ignore[valid-type]


@router.post(
    "/opinion-requests/{int:pk}/opinion",
    response=answers(LifeOut, 201),
    operation_id="give_opinion",
)
def opinion(request: HttpRequest, pk: int, given: OpinionIn) -> Any:
    """Say what a unit thinks of a draft."""
    asked = get_object_or_404(OpinionRequest.objects.select_related("unit"), pk=pk)
    asked.document = the_document(request, asked.document_id)
    actions_life.give_opinion(asked, by=asker(request), words=given.words, address=given.address)
    return Answered(201, life_of(asked.document))


class AnswerIn(Given):
    answer: Literal["taken", "partly", "not"]
    reason: Words(2000) = ""  # type: ignore[valid-type]


@router.post(
    "/opinions/{int:pk}/answer", response=answers(LifeOut, 201), operation_id="answer_opinion"
)
def answer(request: HttpRequest, pk: int, given: AnswerIn) -> Any:
    """Answer one opinion."""
    found = get_object_or_404(Opinion.objects.select_related("request__unit"), pk=pk)
    found.request.document = document = the_document(request, found.request.document_id)
    actions_life.answer_opinion(found, Answer(given.answer), by=asker(request), reason=given.reason)
    return Answered(201, life_of(document))


class SignatureIn(Given):
    symbol: Words(80, needed=True)  # type: ignore[valid-type]
    signed_on: Day
    signer: Words(120, needed=True)  # type: ignore[valid-type]
    signer_post: Words(200) = ""  # type: ignore[valid-type]
    in_force_from: Day | None = None


@router.post(
    "/documents/{int:pk}/signature",
    response=answers(DocumentOut, 201),
    operation_id="sign_document",
)
def signature(request: HttpRequest, response: HttpResponse, pk: int, given: SignatureIn) -> Any:
    """Enter the number and the signature of a draft."""
    document = the_document(request, pk)
    actions_life.sign(document, by=asker(request), **given.dict())
    return Answered(201, told(request, response, document))


class LifeEndIn(Given):
    status: Literal["amended", "replaced", "expired"]
    on: Day
    note: Words(500, needed=True)  # type: ignore[valid-type]


@router.post(
    "/documents/{int:pk}/end", response=answers(DocumentOut, 201), operation_id="end_document"
)
def end(request: HttpRequest, response: HttpResponse, pk: int, given: LifeEndIn) -> Any:
    """Say that a text is amended, replaced or no longer in force."""
    document = the_document(request, pk)
    actions_life.end(
        document, Status(given.status), by=asker(request), on=given.on, note=given.note
    )
    return Answered(201, told(request, response, document))
