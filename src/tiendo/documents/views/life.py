"""The life of a text as pages: a draft, its next stage, opinions asked, given and answered, the signature, the end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tiendo.documents import actions_life, reads, reads_life
from tiendo.documents.forms_life import (
    AnswerForm,
    AskForm,
    DraftForm,
    EndForm,
    OpinionForm,
    SignatureForm,
    StageForm,
    WordingForm,
)
from tiendo.documents.models import Document, Opinion, OpinionRequest
from tiendo.documents.states import Answer, Status
from tiendo.documents.texts import read_in
from tiendo.documents.units import likely_units
from tiendo.documents.views.pages import find
from tiendo.kit import clock
from tiendo.kit.permission import can, require, roots
from tiendo.kit.refusals import Forbidden, Refused

BOTH = ["GET", "POST"]


def done(form: Any, act: Callable[[], Any]) -> Any:
    """What the act gives; a refusal goes beside its field, and nothing typed is lost."""
    try:
        return act()
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def show(
    request: HttpRequest, document: Document, form: Any, title: str, button: str, **more: Any
) -> HttpResponse:
    context = {"document": document, "form": form, "title": title, "button": button, **more}
    return render(request, "documents/step.html", context, status=422 if form.errors else 200)


def mine(request: HttpRequest, pk: int) -> Document:
    found = find(request, pk)
    require(request.user, "documents.register", found)
    return found


@require_http_methods(BOTH)
def drafting(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    if not roots(request.user, "documents.register"):
        raise Forbidden(_("You may not register texts. Ask your standing office to register it."))
    given = {"by": request.user, "keepers": reads.keepers(request.user), "today": clock.today()}
    form = DraftForm(request.POST or None, request.FILES or None, **given)
    if request.method == "POST" and form.is_valid() and (made := drafted(form)) is not None:
        messages.success(request, _("The draft is begun. Ask for opinions when it is ready."))
        return redirect(made)
    context = {
        "form": form,
        "token": form.token(),
        "likely": likely_units(form.today),
        "choices": form.choices(),
    }
    return render(request, "documents/drafting.html", context, status=422 if form.errors else 200)


def drafted(form: DraftForm) -> Document | None:
    given = form.cleaned_data
    facts = {
        name: given[name] for name in ("issuer", "title", "language", "type", "secrecy", "due_on")
    }
    return done(
        form,
        lambda: actions_life.draft(
            given["unit"], by=form.by, text=form.source, file=form.file_to_keep(given["title"]),
            read=read_in(form.source, given["language"]), **facts,
        ),
    )  # fmt: skip


@require_http_methods(BOTH)
def wording(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a draft anew."""
    found = mine(request, pk)
    form = WordingForm(
        request.POST or None, request.FILES or None, by=request.user,
        initial={"title": found.title, "text": found.text},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        title, read = form.cleaned_data["title"], read_in(form.source, found.language)
        file = form.file_to_keep(title)
        if done(
            form,
            lambda: actions_life.reword(
                found, by=request.user, title=title, text=form.source, file=file, read=read
            ),
        ):
            messages.success(request, _("The draft has its new wording."))
            return redirect(found)
    return show(
        request,
        found,
        form,
        _("Word the draft anew"),
        _("Keep this wording"),
        token=form.token(),
        has_file=True,
    )


@require_http_methods(BOTH)
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a draft on."""
    found = mine(request, pk)
    form = StageForm(request.POST or None, open_to=reads_life.open_to(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        status = Status(given["status"])
        if done(
            form,
            lambda: actions_life.move_on(
                found, status, by=request.user, due_on=given["due_on"], note=given["note"]
            ),
        ):
            return redirect(found)
    return show(request, found, form, _("Move the draft on"), _("Move on"))


@require_http_methods(BOTH)
def opinions_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask units for their opinion."""
    found = mine(request, pk)
    form = AskForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done(
            form,
            lambda: actions_life.ask_opinions(
                found, given["units"], by=request.user, due_on=given["due_on"]
            ),
        ):
            messages.success(
                request, _("The units are asked. They find the draft under Documents.")
            )
            return redirect("documents:opinions", found.pk)
    return show(request, found, form, _("Ask for opinions"), _("Ask"))


@require_GET
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was asked, what they said, and what was answered."""
    found = find(request, pk)
    today = clock.today()
    rows = [
        (one, one.is_late(today), reads_life.may_answer(one, request.user))
        for one in reads_life.requests_of(found)
    ]
    context = {
        "document": found,
        "rows": rows,
        "is_open": found.status == Status.OPINIONS,
        "may_ask": "opinions_asked" in reads_life.doings(found, request.user),
        "may_answer": found.is_unsigned and can(request.user, "documents.register", found),
    }
    return render(request, "documents/opinions.html", context)


@require_http_methods(BOTH)
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a unit thinks of a draft."""
    asked = get_object_or_404(OpinionRequest.objects.select_related("unit"), pk=pk)
    asked.document = find(request, asked.document_id)
    require(request.user, "documents.opine", asked.unit)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done(
            form,
            lambda: actions_life.give_opinion(
                asked, by=request.user, words=given["words"], address=given["address"].strip()
            ),
        )
        if not form.errors:
            messages.success(
                request, _("Your unit has answered. You may add more until opinions close.")
            )
            return redirect("documents:opinions", asked.document_id)
    return show(request, asked.document, form, _("Give an opinion"), _("Send"))


@require_http_methods(BOTH)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one opinion."""
    given_opinion = get_object_or_404(Opinion.objects.select_related("request__unit"), pk=pk)
    given_opinion.request.document = document = mine(request, given_opinion.request.document_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done(
            form,
            lambda: actions_life.answer_opinion(
                given_opinion, Answer(given["answer"]), by=request.user, reason=given["reason"]
            ),
        ):
            return redirect("documents:opinions", document.pk)
    return show(request, document, form, _("Answer an opinion"), _("Answer"), quoted=given_opinion)


@require_http_methods(BOTH)
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the number and the signature of a draft."""
    found = mine(request, pk)
    form = SignatureForm(request.POST or None, initial={"signed_on": clock.today().isoformat()})
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, lambda: actions_life.sign(found, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The text is signed and stands in the register."))
        return redirect(found)
    return show(request, found, form, _("Enter the signature"), _("Sign"))


@require_http_methods(BOTH)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a text is amended, replaced or no longer in force."""
    found = mine(request, pk)
    form = EndForm(request.POST or None, open_to=reads_life.ends_of(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done(
            form,
            lambda: actions_life.end(
                found, Status(given["status"]), by=request.user, on=given["on"], note=given["note"]
            ),
        ):
            return redirect(found)
    return show(request, found, form, _("What became of this text"), _("Enter"))
