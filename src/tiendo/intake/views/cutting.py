"""What a person does with the cut of proposals: split one, merge several, mark a sentence, take that back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tiendo.intake import actions, actions_cutting, reads
from tiendo.intake.cuts import span_of
from tiendo.intake.forms import MarkForm, MergerForm, SplitForm
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.views.showing import (
    address_of,
    find,
    find_proposal,
    number_in,
    redirect_to,
    refused_on,
    show,
    version_seen,
)
from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Refused


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """One sentence that orders several things becomes several proposals."""
    proposal = find_proposal(request, pk)
    require(request.user, "intake.decide", proposal)
    form = SplitForm(request.POST if request.method == "POST" else None, proposal=proposal)
    if form.is_bound and form.is_valid():
        try:
            parts = actions_cutting.split(
                proposal, by=request.user, at=form.cuts(), saw=version_seen(request)
            )
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {})
        else:
            said = ngettext("Split into %(count)s part.", "Split into %(count)s parts.", len(parts))
            messages.success(request, said % {"count": len(parts)})
            return redirect_to(parts[0])
    return show(request, proposal.intake, str(pk), mode="split", cutting=form)


@require_http_methods(["GET", "POST"])
def merger(request: HttpRequest, pk: int) -> HttpResponse:
    """Several sentences that order one thing become one proposal, or are kept with the task that asks for it."""
    proposal = find_proposal(request, pk)
    require(request.user, "intake.decide", proposal)
    form = merger_form(request, proposal)
    if form.is_bound and form.is_valid():
        try:
            return merged(request, proposal, form)
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {})
    return show(request, proposal.intake, str(pk), mode="merge", cutting=form)


def merger_form(request: HttpRequest, proposal: Proposal) -> MergerForm:
    """With the choices of this moment; the one right after is ticked first."""
    near = reads.near(proposal)
    tasks = reads.seen_before(proposal, request.user)
    after = [one for one in near if one.start >= proposal.start][:1] or near[:1]
    given = request.POST if request.method == "POST" else None
    initial = {} if tasks else {"others": [str(one.pk) for one in after]}
    return MergerForm(given, proposals=near, tasks=tasks, initial=initial)


def merged(request: HttpRequest, proposal: Proposal, form: MergerForm) -> HttpResponse:
    task, saw = form.cleaned_data["task"], version_seen(request)
    if task:
        actions.follow(proposal, by=request.user, task=task, saw=saw)
        said = _("The sentence is kept with task %(number)s; no second task is made.")
        messages.success(request, said % {"number": task.number})
        onward = reads.next_waiting(proposal)
        return redirect(f"{address_of(onward)}&undo={proposal.pk}")
    others = form.cleaned_data["others"]
    whole = actions_cutting.join(proposal, by=request.user, others=others, saw=saw)
    messages.success(request, _("Merged into one proposal."))
    return redirect_to(whole)


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """A person marks words in which the reader found nothing."""
    intake = find(request, pk)
    require(request.user, "intake.decide", intake)
    asked = request.POST.get("p") or request.GET.get("p", "")
    if request.method == "GET":
        form = MarkForm(initial={"words": request.GET.get("words", "")[:4000]})
        return show(request, intake, asked, mode="mark", cutting=form)
    form = MarkForm(request.POST)
    if form.is_valid():
        try:
            return marked(request, intake, form.cleaned_data["words"], asked)
        except Forbidden:
            raise
        except Refused as refusal:
            refused_on(form, refusal, {})
    return show(request, intake, asked, mode="mark", cutting=form)


def marked(request: HttpRequest, intake: Intake, words: str, asked: str) -> HttpResponse:
    near = intake.proposals.filter(pk=number_in(asked) or 0).values_list("start", flat=True)
    span = span_of(words, intake.document.text, near.first() or 0)
    if span is None:
        raise NotInText(
            _("These words do not stand in the text so. Copy them from the text."), field="words"
        )
    made = actions_cutting.propose(intake, by=request.user, start=span[0], end=span[1])
    messages.success(request, _("Proposed by hand; look at what was read in it, then accept."))
    return redirect_to(made)


class NotInText(Refused):
    code = "not-in-text"
    status = 422


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a cut or a join back."""
    proposal = find_proposal(request, pk)
    before = actions_cutting.restore(proposal, by=request.user, saw=version_seen(request))
    messages.info(request, _("Taken back; what stood there before waits again."))
    return redirect_to(before[0] if before else reads.next_waiting(proposal))
