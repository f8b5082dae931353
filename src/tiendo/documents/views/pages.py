"""The register of texts: its list, one text, one place of it, the file as it came."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tiendo.documents import files, reads, reads_life
from tiendo.documents.forms import DocumentSearch
from tiendo.documents.models import Document
from tiendo.documents.paging import page_of
from tiendo.documents.sources import content_type_of
from tiendo.documents.states import Bond
from tiendo.documents.symbols import taken_apart
from tiendo.kit import clock
from tiendo.kit.permission import can, roots
from tiendo.orgs.history import history_of


def find(request: HttpRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(request.user).select_related(
        "type", "unit", "issuer", "original"
    )
    found: Document = get_object_or_404(
        rows.prefetch_related("unit__names", "issuer__names"), pk=pk
    )
    return found


@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """Every text this person may read, newest first."""
    search = DocumentSearch(request.GET)
    search.is_valid()
    words, kind = search.cleaned_data.get("q", ""), search.cleaned_data.get("type", "")
    rows = Document.objects.visible_to(request.user).select_related("type", "issuer")
    rows = rows.prefetch_related("issuer__names").defer("text").order_by("-issued_on", "-pk")
    rows = (
        reads.searched(rows, words, kind) if words else reads.searched(rows.originals(), "", kind)
    )
    context = {
        "page": page_of(rows, request.GET.get("page", "")),
        "words": words,
        "kind": kind,
        "types": reads.types_known(),
        "may_register": bool(roots(request.user, "documents.register")),
        "asked": reads_life.asked_of(request.user),
    }
    return render(request, "documents/list.html", context)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One text with its provisions, facts, file, relations, tasks and history."""
    found = find(request, pk)
    base = found.original or found
    tasks = list(reads.tasks_from(found, request.user))
    opening, passages = reads.laid_out(found, tasks)
    may_bind = can(request.user, "documents.register", found)
    context = {
        "document": found,
        "standing": found.standing(clock.today()),
        "symbol": taken_apart(found.symbol),
        "issuer": found.issuer.name_on(found.issued_on),
        "opening": opening,
        "passages": passages,
        "tasks": tasks,
        "languages": reads.languages_of(found),
        "steps": reads_life.steps_of(found, clock.today()),
        "doings": reads_life.doings(found, request.user),
        "was_asked": found.opinion_requests.exists(),
        "relations": reads.relations_of(base, request.user),
        "named": reads.named_in(found, request.user) if may_bind else [],
        "bonds": Bond.choices,
        "history": history_of(found),
        "may_bind": may_bind,
        "may_read": can(request.user, "intake.decide", found) and is_read(found),
        "may_look": can(request.user, "intake.view", found) and is_read(found),
    }
    return render(request, "documents/detail.html", context)


def is_read(document: Document) -> bool:
    """Tasks come from the signed text in its own language."""
    return not document.original_id and not document.is_unsigned


@require_GET
def provision(request: HttpRequest, pk: int, address: str) -> HttpResponse:
    """One place of a text by its address: its words, its tasks, what other texts say of it."""
    found = find(request, pk)
    place = reads.place_of(found, address)
    if place is None:
        raise Http404
    tasks = reads.tasks_from(found, request.user).filter(provision=place.provision)
    relations = reads.relations_of(found, request.user)
    context = {
        "document": found,
        "place": place,
        "tasks": tasks,
        "relations": [line for line in relations if line.here == place.provision],
        "may_bind": can(request.user, "documents.register", found) and not found.original_id,
    }
    return render(request, "documents/provision.html", context)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it came, byte for byte; it is saved, never shown here."""
    found = find(request, pk)
    return sent(found)


def sent(found: Document) -> FileResponse:
    answer = FileResponse(
        files.opened(found.file_hash),
        as_attachment=True,
        filename=found.file_name,
        content_type=content_type_of(found.file_name),
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
