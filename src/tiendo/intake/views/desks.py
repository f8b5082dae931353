"""The desks: their list, one of them, its programme, its tasks issued, what others did meanwhile."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.documents.models import Document
from tiendo.documents.paging import page_of
from tiendo.intake import actions, actions_rereading, reads
from tiendo.intake.coverage import coverage_of
from tiendo.intake.forms import ProgrammeForm
from tiendo.intake.models import Intake
from tiendo.intake.readings import found_in
from tiendo.intake.views.showing import find, number_in, refused_on, session_key, show
from tiendo.kit.permission import can, require, roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.tasks import actions as tasks
from tiendo.tasks.actions import NotClear

UNREAD_MOST = 12


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
        "waiting": reads.unread(request.user, UNREAD_MOST),
        "may_register": bool(roots(request.user, "documents.register")),
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


@require_POST
def rereading(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the text again; what was decided stays."""
    intake = find(request, pk)
    require(request.user, "intake.decide", intake)
    found = found_in(intake.document)  # the slow part, before any transaction
    told = actions_rereading.read_again(intake, by=request.user, found=found)
    new, gone = len(told.new) + len(told.revived), len(told.gone)
    said = _("Read again: %(new)s new, %(gone)s no longer in the text. What was decided stays.")
    messages.success(request, said % {"new": new, "gone": gone})
    return redirect(intake)


@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find(request, pk), request.GET.get("p", ""))


@require_GET
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """What of the text nobody follows yet."""
    intake = find(request, pk)
    context = {
        "intake": intake,
        "document": intake.document,
        "coverage": coverage_of(intake, request.user),
        "may_decide": can(request.user, "intake.decide", intake),
    }
    return render(request, "intake/coverage.html", context)


@require_GET
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What others did at this desk since a turn; nothing when nobody did anything."""
    intake = find(request, pk)
    turn = number_in(request.GET.get("turn", "")) or 0
    if intake.turn == turn:
        return HttpResponse(status=204)
    context = {"intake": intake, "lines": reads.told_since(intake, turn, request.user)}
    return render(request, "intake/_news.html", context)


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
