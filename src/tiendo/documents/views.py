"""The register of texts: its list, one text, a new one, the file as it came."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiendo import reading
from tiendo.documents import actions, files, reads
from tiendo.documents.forms import DocumentSearch, RegistrationForm
from tiendo.documents.models import Document
from tiendo.documents.paging import page_of
from tiendo.documents.units import likely_units
from tiendo.kit import clock
from tiendo.kit.permission import can, roots
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.orgs.history import history_of

SOURCE = {"text", "file", "kept"}


def find(request: HttpRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(request.user).select_related("type", "unit", "issuer")
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
    context = {
        "page": page_of(reads.searched(rows, words, kind), request.GET.get("page", "")),
        "words": words,
        "kind": kind,
        "types": reads.types_known(),
        "may_register": bool(roots(request.user, "documents.register")),
    }
    return render(request, "documents/list.html", context)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One text with its provisions, facts, file, tasks and history."""
    found = find(request, pk)
    tasks = list(reads.tasks_from(found, request.user))
    opening, passages = reads.laid_out(found, tasks)
    context = {
        "document": found,
        "issuer": found.issuer.name_on(found.issued_on),
        "opening": opening,
        "passages": passages,
        "tasks": tasks,
        "history": history_of(found),
        "may_read": can(request.user, "intake.decide", found),
        "may_look": can(request.user, "intake.view", found),
    }
    return render(request, "documents/detail.html", context)


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it came, byte for byte."""
    found = find(request, pk)
    content = files.opened(found.file_hash)
    answer = FileResponse(
        content, as_attachment=True, filename=found.file_name, content_type="text/plain"
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    """Enter a text in a register: look at it first, then sign for what the register says."""
    keepers = reads.keepers(request.user)
    if not roots(request.user, "documents.register"):
        raise Forbidden(_("You may not register texts. Ask your standing office to register it."))
    given: dict[str, Any] = {"by": request.user, "keepers": keepers, "today": clock.today()}
    if request.method == "GET":
        form = RegistrationForm(**given)
        form.initial["unit"] = form.keeper_offered("")
        return show_form(request, form)
    form = RegistrationForm(request.POST, request.FILES, **given)
    if form.is_valid() and "look" not in request.POST:
        kept = registered(form)
        if kept is not None:
            messages.success(request, _("The text is in the register."))
            return redirect(kept)
    return show_form(request, form, looked="look" in request.POST)


def registered(form: RegistrationForm) -> Document | None:
    """The new register entry; a refusal goes beside its field and nothing is stored."""
    given = form.cleaned_data
    name = f"{given['symbol'] or given['title']}.txt".replace("/", "-")
    kept = form.held or files.keep(form.source.encode(), files.tidy(name))
    facts = {name: given[name] for name in FACTS}
    try:
        return actions.register(
            given["unit"],
            by=form.by,
            text=form.source,
            file=kept,
            provisions=tuple(reading.provisions(form.source, given["language"])),
            **facts,
        )
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


FACTS = ("issuer", "title", "language", "issued_on", "symbol", "type", "secrecy")


def show_form(request: HttpRequest, form: RegistrationForm, looked: bool = False) -> HttpResponse:
    """The form with all that was typed; what is empty is filled from the text, to be checked."""
    filled = form.offer() if form.is_bound else []
    for name in set(form.errors) & set(filled) | (set(form.errors) - SOURCE if looked else set()):
        del form.errors[name]
    context = {
        "form": form,
        "filled": filled,
        "looked": looked,
        "likely": likely_units(form.today),
        "choices": form.choices(),
        "token": form.token(),
    }
    unsettled = bool(form.errors) or (bool(filled) and not looked)
    return render(request, "documents/registration.html", context, status=422 if unsettled else 200)
