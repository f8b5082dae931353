"""The register of texts over the API: the same act, the same rights as its pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Status
from pydantic import Field

from tiendo.documents import actions, reads
from tiendo.documents.files import keep
from tiendo.documents.models import Document, DocumentType
from tiendo.documents.states import Secrecy
from tiendo.documents.texts import LIMIT, sound
from tiendo.kit.api import (
    TAGGED,
    Asked,
    Day,
    Given,
    Number,
    Router,
    Schema,
    Words,
    all_the,
    answers,
    asker,
    page_of,
    tag,
    the,
)
from tiendo.kit.refusals import Invalid
from tiendo.ledger.record import version_of
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Unit

router = Router(tags=["documents"])
Language = Literal["vi", "en", "fr", "ru"]


class DocumentIn(Given):
    """A text to register. Units are named by their numbers (see `/units`)."""

    unit: Number
    issuer: Number
    title: Words(500, needed=True)  # type: ignore[valid-type]
    text: Words(LIMIT, needed=True)  # type: ignore[valid-type]
    language: Language
    issued_on: Day
    symbol: Words(80) = ""  # type: ignore[valid-type]
    type: Words(10) = ""  # type: ignore[valid-type]
    secrecy: Literal["open", "confidential", "secret", "top_secret"] = "open"
    recipients: Annotated[list[Number], Field(max_length=500)] = []


class DocumentRow(Schema):
    id: int
    symbol: str
    title: str
    type: str | None
    issued_on: Day
    language: str
    status: str
    secrecy: str
    unit: UnitRef
    issuer: UnitRef


class FileOut(Schema):
    name: str
    size: int
    sha256: str


class ProvisionOut(Schema):
    address: str
    kind: str
    heading: str
    start: int
    end: int


class DocumentOut(DocumentRow):
    version: int
    text: str
    in_force_from: Day | None
    in_force_to: Day | None
    registered_at: datetime
    file: FileOut
    provisions: list[ProvisionOut]


class DocumentsOut(Schema):
    items: list[DocumentRow]
    next: int | None


class DocumentSearch(Asked):
    q: Words(200) = ""  # type: ignore[valid-type]
    type: Words(10) = ""  # type: ignore[valid-type]


def known(person: Any) -> Any:
    rows = Document.objects.visible_to(person).select_related("type", "unit", "issuer")
    return rows.prefetch_related("unit__names", "issuer__names")


def document_row(document: Document) -> dict[str, Any]:
    plain = ("symbol", "title", "issued_on", "language", "status", "secrecy")
    return {
        "id": document.pk,
        **{name: getattr(document, name) for name in plain},
        "type": document.type.code if document.type else None,
        "unit": unit_ref(document.unit),
        "issuer": unit_ref(document.issuer, document.issued_on),
    }


def told(response: HttpResponse, document: Document) -> dict[str, Any]:
    """The whole text as it stands now, with its ETag."""
    version = version_of(document)
    tag(response, version)
    return {
        **document_row(document),
        "version": version,
        "text": document.text,
        "in_force_from": document.in_force_from,
        "in_force_to": document.in_force_to,
        "registered_at": document.registered_at,
        "file": {
            "name": document.file_name,
            "size": document.file_size,
            "sha256": document.file_hash,
        },
        "provisions": list(document.provisions.order_by("position")),
    }


@router.get("/documents", response=answers(DocumentsOut), operation_id="list_documents")
def documents(request: HttpRequest, asked: Query[DocumentSearch]) -> Any:
    """The texts you may read; `q` looks in symbol and title."""
    rows = reads.searched(known(asker(request)).defer("text"), asked.q.strip(), asked.type)
    return page_of(rows, asked, document_row)


@router.post("/documents", response=answers(DocumentOut, 201), operation_id="register_document")
def registration(request: HttpRequest, response: HttpResponse, given: DocumentIn) -> Any:
    """Enter a text in a unit's register; the text itself is kept as its file."""
    text = sound(given.text)
    document = actions.register(
        the(Unit.objects, given.unit, "unit"),
        by=asker(request),
        issuer=the(Unit.objects, given.issuer, "issuer"),
        title=given.title.strip(),
        text=text,
        language=given.language,
        issued_on=given.issued_on,
        file=keep(text.encode(), "text.txt"),
        symbol=given.symbol.strip(),
        type=type_named(given.type),
        secrecy=Secrecy(given.secrecy),
        recipients=all_the(Unit.objects, given.recipients, "recipients"),
    )
    return Status(201, told(response, document))


def type_named(code: str) -> DocumentType | None:
    if not code:
        return None
    found = DocumentType.objects.filter(code=code).first()
    if found is None:
        raise Invalid(_("There is no type of document with this code."), field="type")
    return found


@router.get(
    "/documents/{int:pk}",
    response=answers(DocumentOut),
    operation_id="get_document",
    openapi_extra=TAGGED,
)
def document(request: HttpRequest, response: HttpResponse, pk: int) -> Any:
    """One text with its provisions and the hash of its file."""
    return told(response, get_object_or_404(known(asker(request)), pk=pk))
