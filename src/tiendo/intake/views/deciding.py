"""What a person decides about a proposal: a task, one that follows it already, or none, and taking that back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.intake import actions, reads
from tiendo.intake.forms import RefusalForm
from tiendo.intake.models import Proposal
from tiendo.intake.offers import authority_offered
from tiendo.intake.views.showing import (
    acceptance_form,
    address_of,
    find_proposal,
    programme_chosen,
    redirect_to,
    refused_on,
    show,
    version_seen,
)
from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Refused


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
    """Take a refusal back, or that a task follows the sentence already."""
    proposal = find_proposal(request, pk)
    actions.reopen(proposal, by=request.user)
    messages.info(request, _("Taken back; the proposal waits again."))
    return redirect_to(proposal)
