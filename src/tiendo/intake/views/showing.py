"""What every page of a desk does alike: find it, show it whole, say a refusal beside its field."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tiendo.documents.models import Document
from tiendo.documents.units import likely_units
from tiendo.intake import reads
from tiendo.intake.forms import AcceptanceForm, ProgrammeForm, RefusalForm
from tiendo.intake.models import Intake, Proposal
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.kit.refusals import ChangedMeanwhile, Refused
from tiendo.ledger.record import version_of
from tiendo.orgs.history import told
from tiendo.tasks.models import Programme


def find(request: HttpRequest, pk: int) -> Intake:
    rows = Intake.objects.visible_to(request.user).select_related(
        "document__unit", "document__type"
    )
    found: Intake = get_object_or_404(rows.prefetch_related("document__unit__names"), pk=pk)
    return found


def find_proposal(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "intake__document__unit", "lead"
    )
    found: Proposal = get_object_or_404(
        rows.prefetch_related("lead__names", "intake__document__unit__names"), pk=pk
    )
    return found


def show(
    request: HttpRequest,
    intake: Intake,
    asked: str,
    *,
    mode: str = "",
    form: AcceptanceForm | None = None,
    refusing: RefusalForm | None = None,
    opening: ProgrammeForm | None = None,
    cutting: forms.Form | None = None,
) -> HttpResponse:
    """The whole desk; the page's script takes from it only what changed."""
    desk = reads.desk_of(intake, asked)
    current = desk.current
    if current and form is None:
        form = acceptance_form(current.proposal, initial=current.values)
    programmes = reads.programmes_of(intake.document, request.user)
    context: dict[str, Any] = {
        "desk": desk,
        "document": intake.document,
        "current": current,
        "mode": mode,
        "form": form,
        "choices": form.choices() if form is not None and form.is_bound else {},
        "refusing": refusing or RefusalForm(),
        "cutting": cutting,
        "opening": opening or ProgrammeForm(initial=programme_offered(intake.document)),
        "programmes": programmes,
        "programme": programme_chosen(request, intake, programmes),
        "version": version_of(current.proposal) if current else 0,
        "likely": likely_units(intake.document.issued_on) if names_lead(current, mode) else [],
        "may_decide": can(request.user, "intake.decide", intake),
        "may_issue": can(request.user, "tasks.issue", intake.document.unit),
        "undo": number_in(request.GET.get("undo", "")),
        "seen": reads.seen_before(current.proposal, request.user) if current else [],
        "is_outdated": reads.is_outdated(intake),
    }
    wrong = any(
        one is not None and one.is_bound and one.errors
        for one in (form, refusing, opening, cutting)
    )
    return render(request, "intake/desk.html", context, status=422 if wrong else 200)


def names_lead(current: reads.Row | None, mode: str) -> bool:
    """Whether a unit is named by typing on this page."""
    return mode == "edit" or (current is not None and "lead" in current.gaps)


def programme_offered(document: Document) -> dict[str, str]:
    """A programme is most often the text itself, followed."""
    return {"symbol": document.symbol[:40], "title": document.title[:300]}


def acceptance_form(proposal: Proposal, *given: Any, **more: Any) -> AcceptanceForm:
    on = proposal.intake.document.issued_on
    return AcceptanceForm(*given, on=on, today=clock.today(), **more)


def refused_on(form: Any, refusal: Refused, places: dict[str, str]) -> None:
    """The refusal beside its field, with what happened meanwhile if somebody was faster."""
    name = places.get(refusal.field, refusal.field)
    form.add_error(name if name in form.fields else None, str(refusal))
    if isinstance(refusal, ChangedMeanwhile):
        for line in told(refusal.since):
            form.add_error(None, line.said)


def version_seen(request: HttpRequest) -> int | None:
    return number_in(request.POST.get("version", ""))


def number_in(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def session_key(intake: Intake) -> str:
    return f"programme-of-desk-{intake.pk}"


def programme_chosen(
    request: HttpRequest, intake: Intake, programmes: list[Programme] | None = None
) -> Programme | None:
    if programmes is None:
        programmes = reads.programmes_of(intake.document, request.user)
    chosen = str(request.session.get(session_key(intake), ""))
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else None
    return reads.programme_in_use(intake, programmes, number)


def address_of(proposal: Proposal) -> str:
    return f"{reverse('intake:desk', args=[proposal.intake_id])}?p={proposal.pk}"


def redirect_to(proposal: Proposal) -> HttpResponse:
    return redirect(address_of(proposal))
