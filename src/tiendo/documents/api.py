"""The register of texts over the API: the same act, the same rights as its pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import File, Query, Status, UploadedFile
from pydantic import Field

from tiendo.documents import actions, actions_bonds, reads, waiting
from tiendo.documents.files import Kept, keep
from tiendo.documents.models import Citation, Document, DocumentType, Relation
from tiendo.documents.offers import offered
from tiendo.documents.sources import needs_its_text
from tiendo.documents.states import Bond, Secrecy
from tiendo.documents.texts import LIMIT, read_in, sound
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
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.ledger.record import version_of
from tiendo.orgs.api import UnitRef, unit_ref
from tiendo.orgs.models import Unit

router = Router(tags=["documents"])
Language = Literal["vi", "en", "fr", "ru"]


class SourceIn(Given):
    """A text as words, or as the seal of a file sent to `/documents/files` before; a scan needs both."""

    title: Words(500, needed=True)  # type: ignore[valid-type]
    text: Words(LIMIT) = ""  # type: ignore[valid-type]
    file: Words(2000) = ""  # type: ignore[valid-type]
    language: Language


class DocumentIn(SourceIn):
    """A text to register. Units are named by their numbers (see `/units`)."""

    unit: Number
    issuer: Number
    issued_on: Day
    symbol: Words(80) = ""  # type: ignore[valid-type]
    type: Words(10) = ""  # type: ignore[valid-type]
    secrecy: Literal["open", "confidential", "secret", "top_secret"] = "open"
    recipients: Annotated[list[Number], Field(max_length=500)] = []
    in_force_from: Day | None = None
    in_force_to: Day | None = None
    signer: Words(120) = ""  # type: ignore[valid-type]
    signer_post: Words(200) = ""  # type: ignore[valid-type]


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


class SentFileOut(FileOut):
    """A file that waits: name its seal when you register the text. What the text says of itself is offered."""

    seal: str
    text: str
    is_scan: bool
    title: str
    symbol: str
    issued_on: Day | None
    language: str


class ProvisionOut(Schema):
    address: str
    kind: str
    heading: str
    start: int
    end: int


class PlaceOut(ProvisionOut):
    text: str
    above: list[str]
    beneath: list[str]
    tasks: list[int]


class TextRef(Schema):
    id: int
    symbol: str
    title: str
    language: str


class RelationOut(Schema):
    """`bond` as this text says it; `is_own` when it is this text that says it of the other."""

    id: int
    bond: str
    is_own: bool
    other: TextRef
    here: str
    there: str


class RelationsOut(Schema):
    items: list[RelationOut]


class CitationOut(Schema):
    """A number the text names and nobody has decided about, with the registered texts it may mean."""

    id: int
    start: int
    end: int
    symbol: str
    suggested: str
    texts: list[TextRef]


class DocumentOut(DocumentRow):
    version: int
    text: str
    in_force_from: Day | None
    in_force_to: Day | None
    signer: str
    signer_post: str
    original: int | None
    translations: list[TextRef]
    registered_at: datetime
    file: FileOut
    provisions: list[ProvisionOut]
    relations: list[RelationOut]
    citations: list[CitationOut]


class DocumentsOut(Schema):
    items: list[DocumentRow]
    next: int | None


class DocumentSearch(Asked):
    q: Words(200) = ""  # type: ignore[valid-type]
    type: Words(10) = ""  # type: ignore[valid-type]


def known(person: Any) -> Any:
    rows = Document.objects.visible_to(person).select_related("type", "unit", "issuer", "original")
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


def told(request: HttpRequest, response: HttpResponse, document: Document) -> dict[str, Any]:
    """The whole text as it stands now, with its ETag."""
    version, person = version_of(document), asker(request)
    tag(response, version)
    plain = ("text", "in_force_from", "in_force_to", "signer", "signer_post", "registered_at")
    return {
        **document_row(document),
        **{name: getattr(document, name) for name in plain},
        "version": version,
        "original": document.original_id,
        "translations": [text_ref(one) for one in reads.languages_of(document)[1:]],
        "file": file_out(Kept(document.file_hash, document.file_name, document.file_size)),
        "provisions": list(document.provisions.order_by("position")),
        "relations": relations_out(document, person),
        "citations": [citation_out(one) for one in reads.named_in(document, person)],
    }


def file_out(kept: Kept) -> dict[str, Any]:
    return {"name": kept.name, "size": kept.size, "sha256": kept.digest}


def text_ref(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        **{name: getattr(document, name) for name in ("symbol", "title", "language")},
    }


def relations_out(document: Document, person: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": line.relation.pk,
            "bond": line.relation.kind,
            "is_own": line.is_own,
            "other": text_ref(line.other),
            "here": line.here.address if line.here else "",
            "there": line.there.address if line.there else "",
        }
        for line in reads.relations_of(document.original or document, person)
    ]


def citation_out(named: reads.Named) -> dict[str, Any]:
    one = named.citation
    plain = {name: getattr(one, name) for name in ("start", "end", "symbol", "suggested")}
    return {"id": one.pk, **plain, "texts": [text_ref(text) for text in named.texts]}


@router.get("/documents", response=answers(DocumentsOut), operation_id="list_documents")
def documents(request: HttpRequest, asked: Query[DocumentSearch]) -> Any:
    """The texts you may read; `q` looks in symbol and title."""
    rows = reads.searched(known(asker(request)).defer("text"), asked.q.strip(), asked.type)
    return page_of(rows, asked, document_row)


@router.post("/documents", response=answers(DocumentOut, 201), operation_id="register_document")
def registration(request: HttpRequest, response: HttpResponse, given: DocumentIn) -> Any:
    """Enter a text in a unit's register; the text itself is kept as its file."""
    text, file = source_given(request, given)
    document = actions.register(
        the(Unit.objects, given.unit, "unit"),
        by=asker(request),
        issuer=the(Unit.objects, given.issuer, "issuer"),
        title=given.title,
        text=text,
        language=given.language,
        issued_on=given.issued_on,
        file=file,
        symbol=given.symbol,
        type=type_named(given.type),
        secrecy=Secrecy(given.secrecy),
        recipients=all_the(Unit.objects, given.recipients, "recipients"),
        in_force_from=given.in_force_from,
        in_force_to=given.in_force_to,
        signer=given.signer,
        signer_post=given.signer_post,
        read=read_in(text, given.language),
    )
    return Status(201, told(request, response, document))


def source_given(request: HttpRequest, given: Any) -> tuple[str, Kept]:
    """The words and the file: the sealed one, read again, or the words themselves as a file."""
    if not given.file:
        text = sound(given.text)
        return text, keep(text.encode(), "text.txt")
    kept, source = waiting.opened(given.file, asker(request).pk)
    if source.is_scan:
        if not given.text.strip():
            raise needs_its_text()
        return sound(given.text), kept
    if given.text.strip():
        raise Invalid(_("Paste the text or send its file, not both."), field="text")
    return source.text, kept


@router.post(
    "/documents/files", response=answers(SentFileOut, 201), operation_id="send_document_file"
)
def source(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Send a Word, PDF, web, Markdown or text file first; then register it by its seal. Nothing is registered yet."""
    person = asker(request)
    if not roots(person, "documents.register"):
        raise Forbidden(_("You may not register texts. Ask your standing office to register it."))
    content = file.read(settings.UPLOAD_MAX_BYTES + 1)
    kept, found = waiting.taken(content, file.name or "file")
    offer = offered(found.text)
    return Status(
        201,
        {
            **file_out(kept),
            "seal": waiting.sealed(kept, person.pk),
            "text": found.text,
            "is_scan": found.is_scan,
            **{name: getattr(offer, name) for name in ("title", "symbol", "issued_on", "language")},
        },
    )


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
    return told(request, response, the_document(request, pk))


def the_document(request: HttpRequest, pk: int) -> Document:
    found: Document = get_object_or_404(known(asker(request)), pk=pk)
    return found


@router.post(
    "/documents/{int:pk}/translations",
    response=answers(DocumentOut, 201),
    operation_id="translate_document",
)
def translation(request: HttpRequest, response: HttpResponse, pk: int, given: SourceIn) -> Any:
    """Enter the same text in another language, with a file of its own."""
    document = the_document(request, pk)
    text, file = source_given(request, given)
    made = actions.translate(
        document,
        by=asker(request),
        title=given.title,
        text=text,
        language=given.language,
        file=file,
        read=read_in(text, given.language),
    )
    return Status(201, told(request, response, made))


@router.get(
    "/documents/{int:pk}/provisions/{str:address}",
    response=answers(PlaceOut),
    operation_id="get_provision",
    openapi_extra=TAGGED,
)
def provision(request: HttpRequest, pk: int, address: str) -> Any:
    """One place of a text by its address, such as `II.1.a`."""
    document = the_document(request, pk)
    place = reads.place_of(document, address)
    if place is None:
        raise Http404
    found = place.provision
    tasks = reads.tasks_from(document, asker(request)).filter(provision=found)
    plain = ("address", "kind", "heading", "start", "end")
    return {
        **{name: getattr(found, name) for name in plain},
        "text": document.text[found.start : found.end],
        "above": [one.address for one in place.above],
        "beneath": [one.address for one in place.beneath],
        "tasks": [task.pk for task in tasks],
    }


class RelationIn(Given):
    """How this text stands to another; with addresses, how one place of it stands to one of the other."""

    bond: Literal["based_on", "implements", "answers", "amends", "replaces", "repeals"]
    other: Number
    here: Words(120) = ""  # type: ignore[valid-type]
    there: Words(120) = ""  # type: ignore[valid-type]


@router.get(
    "/documents/{int:pk}/relations", response=answers(RelationsOut), operation_id="list_relations"
)
def relations(request: HttpRequest, pk: int) -> Any:
    """How this text stands to others and they to it, as far as you may read them."""
    return {"items": relations_out(the_document(request, pk), asker(request))}


@router.post(
    "/documents/{int:pk}/relations",
    response=answers(RelationsOut, 201),
    operation_id="enter_relation",
)
def relation(request: HttpRequest, pk: int, given: RelationIn) -> Any:
    """Enter a relation; both texts show it."""
    document = the_document(request, pk)
    other = the(Document.objects.visible_to(asker(request)), given.other, "other")
    actions_bonds.bind(
        document,
        Bond(given.bond),
        other,
        by=asker(request),
        provision=reads.provision_named(document, given.here, "here"),
        other_provision=reads.provision_named(other, given.there, "there"),
    )
    return Status(201, {"items": relations_out(document, asker(request))})


@router.post(
    "/relations/{int:pk}/removal",
    response=answers(RelationsOut, 201),
    operation_id="take_relation_back",
)
def removal(request: HttpRequest, pk: int) -> Any:
    """Take a relation back; the number it was read from waits again."""
    found = get_object_or_404(Relation.objects.select_related("other"), pk=pk)
    found.document = document = the_document(request, found.document_id)
    actions_bonds.unbind(found, by=asker(request))
    return Status(201, {"items": relations_out(document, asker(request))})


class CitedIn(Given):
    """What a cited number means: the bond, and which registered text it is."""

    bond: Literal["based_on", "implements", "answers", "amends", "replaces", "repeals"]
    other: Number


@router.post(
    "/citations/{int:pk}/relation",
    response=answers(RelationsOut, 201),
    operation_id="settle_citation",
)
def cited(request: HttpRequest, pk: int, given: CitedIn) -> Any:
    """A number the text names becomes a relation."""
    citation = the_citation(request, pk)
    other = the(Document.objects.visible_to(asker(request)), given.other, "other")
    actions_bonds.bind(
        citation.document, Bond(given.bond), other, by=asker(request), citation=citation
    )
    return Status(201, {"items": relations_out(citation.document, asker(request))})


@router.post(
    "/citations/{int:pk}/setting-aside",
    response=answers(RelationsOut, 201),
    operation_id="set_citation_aside",
)
def setting_aside(request: HttpRequest, pk: int) -> Any:
    """A number that is only mentioned: no relation comes from it."""
    citation = the_citation(request, pk)
    actions_bonds.set_aside(citation, by=asker(request))
    return Status(201, {"items": relations_out(citation.document, asker(request))})


def the_citation(request: HttpRequest, pk: int) -> Citation:
    found: Citation = get_object_or_404(Citation, pk=pk)
    found.document = the_document(request, found.document_id)
    return found
