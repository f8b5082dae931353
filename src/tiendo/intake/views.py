"""The reading desk: the text left, proposals right; each is accepted, edited, refused or taken back by a person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.documents.models import Document
from tiendo.documents.paging import page_of
from tiendo.documents.units import likely_units
from tiendo.intake import actions, reads
from tiendo.intake.forms import AcceptanceForm, ProgrammeForm, RefusalForm
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.offers import authority_offered
from tiendo.intake.readings import found_in
from tiendo.kit import clock
from tiendo.kit.permission import can, require, roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Refused
from tiendo.ledger.record import version_of
from tiendo.orgs.history import told
from tiendo.tasks import actions as tasks
from tiendo.tasks.actions import NotClear
from tiendo.tasks.models import Programme

UNREAD_MOST = 12


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


@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """Every text that was read, and those that wait to be."""
    if not roots(request.user, "intake.view"):
        raise Forbidden(
            _("The reading desk belongs to the standing office. Ask it for the tasks of a text.")
        )
    rows = Intake.objects.visible_to(request.user).select_related("document")
    page = page_of(
        rows.defer("document__text").order_by("-read_at", "-pk"), request.GET.get("page", "")
    )
    context = {
        "page": page,
        "rows": reads.progress(page.rows),
        "unread": reads.unread(request.user, UNREAD_MOST),
    }
    return render(request, "intake/list.html", context)


@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a text into proposals, once; whoever comes later is shown its desk."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    known = Intake.objects.visible_to(request.user).filter(document=document).first()
    if known or request.method == "GET":
        return redirect(known or document)
    require(request.user, "intake.decide", document)
    found = found_in(document)  # the slow part, before any transaction
    intake = actions.read_document(document, by=request.user, found=found)
    return redirect(intake)


@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), request.GET.get("p", ""))


@require_GET
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk with the form of one proposal open."""
    proposal = find_proposal(request, pk)
    require(request.user, "intake.decide", proposal)
    return show(request, proposal.intake, str(pk), mode="edit")


@require_http_methods(["GET", "POST"])
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal becomes a task; whoever comes back to this address finds its form."""
    proposal = find_proposal(request, pk)
    require(request.user, "intake.decide", proposal)
    if request.method == "GET":
        return redirect("intake:edit", pk)
    form = acceptance_form(proposal, request.POST)
    programme = programme_chosen(request, proposal.intake)
    if programme is None:
        form.add_error(None, _("Choose the programme these tasks belong to, then accept."))
    if form.is_valid() and programme is not None:
        try:
            task = actions.accept(
                proposal,
                by=request.user,
                programme=programme,
                saw=version_seen(request),
                **wording_of(proposal, form.cleaned_data),
            )
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {"unit": "lead", "due_on": "due_on"})
        else:
            said = _("Accepted as task %(number)s, a draft until it is issued.")
            messages.success(request, said % {"number": task.number})
            return redirect_to(reads.next_waiting(proposal))
    return show(request, proposal.intake, str(pk), mode="edit", form=form)


def wording_of(proposal: Proposal, given: dict[str, Any]) -> dict[str, Any]:
    """As typed; the authority the desk offered follows the lead when another one is named."""
    on, lead, authority = proposal.intake.document.issued_on, given["lead"], given["authority"]
    if lead != proposal.lead and authority == authority_offered(proposal.lead, on):
        authority = authority_offered(lead, on)
    return {**given, "authority": authority}


@require_http_methods(["GET", "POST"])
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = find_proposal(request, pk)
    require(request.user, "intake.decide", proposal)
    if request.method == "GET":
        return show(request, proposal.intake, str(pk), mode="refuse")
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            actions.refuse(
                proposal,
                by=request.user,
                reason=form.cleaned_data["reason"],
                saw=version_seen(request),
            )
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {"reason": "words"})
        else:
            onward = reads.next_waiting(proposal)
            return redirect(f"{address_of(onward)}&undo={proposal.pk}")
    return show(request, proposal.intake, str(pk), mode="refuse", refusing=form)


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a refusal back."""
    proposal = find_proposal(request, pk)
    actions.reopen(proposal, by=request.user)
    messages.info(request, _("The refusal is taken back; the proposal waits again."))
    return redirect_to(proposal)


@require_POST
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the programme of this desk's tasks, or open one."""
    intake = find(request, pk)
    require(request.user, "intake.decide", intake)
    back = f"{intake.get_absolute_url()}?p={number_in(request.POST.get('p', '')) or ''}"
    if "chosen" in request.POST:
        request.session[session_key(intake)] = str(number_in(request.POST["chosen"]) or "")
        return redirect(back)
    form = ProgrammeForm(request.POST)
    if form.is_valid():
        try:
            opened = tasks.open_programme(
                intake.document.unit, by=request.user, **form.cleaned_data
            )
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {})
        else:
            request.session[session_key(intake)] = str(opened.pk)
            return redirect(back)
    return show(request, intake, request.POST.get("p", ""), opening=form)


@require_POST
@proven
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the accepted tasks, each by itself; those not clear stay drafts and say what is missing."""
    intake = find(request, pk)
    require(request.user, "tasks.issue", intake.document.unit)
    issued = unclear = 0
    for task in reads.drafts_of(intake):
        try:
            tasks.issue(task, by=request.user)
            issued += 1
        except NotClear:
            unclear += 1
    if issued:
        said = ngettext("%(count)s task was issued.", "%(count)s tasks were issued.", issued)
        messages.success(request, said % {"count": issued})
    if unclear:
        said = ngettext(
            "%(count)s task is not clear yet: the list says what is missing.",
            "%(count)s tasks are not clear yet: the list says what is missing in each.",
            unclear,
        )
        messages.warning(request, said % {"count": unclear})
    return redirect(intake)


# The desk itself ----------------------------------------------------------------------------------


def show(
    request: HttpRequest,
    intake: Intake,
    asked: str,
    *,
    mode: str = "",
    form: AcceptanceForm | None = None,
    refusing: RefusalForm | None = None,
    opening: ProgrammeForm | None = None,
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
        "opening": opening or ProgrammeForm(initial=programme_offered(intake.document)),
        "programmes": programmes,
        "programme": programme_chosen(request, intake, programmes),
        "version": version_of(current.proposal) if current else 0,
        "likely": likely_units(intake.document.issued_on) if names_lead(current, mode) else [],
        "may_decide": can(request.user, "intake.decide", intake),
        "may_issue": can(request.user, "tasks.issue", intake.document.unit),
        "undo": number_in(request.GET.get("undo", "")),
    }
    wrong = any(
        one is not None and one.is_bound and one.errors for one in (form, refusing, opening)
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
