"""New entries of the register: a text, and the same text in another language. Looked at first, then signed for."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.documents import actions, reads
from tiendo.documents.forms import RegistrationForm, SourceForm, TranslationForm
from tiendo.documents.models import Document
from tiendo.documents.texts import read_in
from tiendo.documents.units import likely_units
from tiendo.documents.views.pages import find
from tiendo.kit import clock
from tiendo.kit.permission import require, roots
from tiendo.kit.refusals import Forbidden, Refused

SOURCE = {"text", "file", "kept"}


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
    try:
        return actions.register(
            given["unit"],
            by=form.by,
            text=form.source,
            file=form.file_to_keep(given["symbol"] or given["title"]),
            read=read_in(form.source, given["language"]),
            **{name: given[name] for name in FACTS},
        )
    except Forbidden:
        raise
    except Refused as refusal:
        refused_on(form, refusal)
        return None


FACTS = (
    "issuer", "title", "language", "issued_on", "symbol", "type", "secrecy", "signer", "signer_post",
    "in_force_from", "in_force_to",
)  # fmt: skip


def refused_on(form: SourceForm, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


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


@require_http_methods(["GET", "POST"])
def translation(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the same text in another language."""
    found = find(request, pk)
    require(request.user, "documents.register", found)
    if found.original:
        return redirect("documents:translation", found.original_id)
    given: dict[str, Any] = {
        "by": request.user,
        "taken": {one.language for one in reads.languages_of(found)},
    }
    form = TranslationForm(**given)
    if request.method == "POST":
        form = TranslationForm(request.POST, request.FILES, **given)
        if form.is_valid() and (kept := translated(found, form)) is not None:
            messages.success(request, _("The translation is in the register."))
            return redirect(kept)
    context = {"form": form, "document": found, "token": form.token()}
    return render(
        request, "documents/translation.html", context, status=422 if form.errors else 200
    )


def translated(document: Document, form: TranslationForm) -> Document | None:
    given = form.cleaned_data
    try:
        return actions.translate(
            document,
            by=form.by,
            title=given["title"],
            text=form.source,
            language=given["language"],
            file=form.file_to_keep(f"{document.symbol or given['title']}.{given['language']}"),
            read=read_in(form.source, given["language"]),
        )
    except Forbidden:
        raise
    except Refused as refusal:
        refused_on(form, refusal)
        return None
