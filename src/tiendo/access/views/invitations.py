"""Invitations: the list, a new one, another letter, taken back; and the page where somebody takes one up."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiendo.access import actions_invitations as actions
from tiendo.access import reads
from tiendo.access.capabilities import Role
from tiendo.access.forms import InvitationForm, JoinForm
from tiendo.access.giving import may_give_anything, may_give_this
from tiendo.access.models import Invitation, digest_of
from tiendo.access.views.acting import (
    Act,
    answer,
    find_invitation,
    house_of,
    require_offered,
    typed,
)
from tiendo.kit import clock
from tiendo.kit.permission import roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.people.models import Person

ROWS = 30


@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Those on their way and those of before, newest first."""
    if not roots(request.user, reads.SEES):
        raise Forbidden(
            _("You may not see who holds which right. Your own rights are on your page.")
        )
    rows = reads.invitations_within(request.user).order_by("-given_at", "-pk")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    now = clock.now()
    context = {
        "page": page,
        "rows": [(one, one.state_on(now), may_change(one, request.user)) for one in page],
        "may_give": may_give_anything(request.user),
    }
    return render(request, "access/invitations.html", context)


def may_change(invitation: Invitation, viewer: Any) -> bool:
    return invitation.is_open and may_give_this(viewer, invitation.role, invitation.unit.path)


@require_http_methods(["GET", "POST"])
@proven
def new(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    require_offered(may_give_anything(request.user))
    form = InvitationForm(typed(request), by=request.user)

    def do() -> None:
        asked = dict(form.cleaned_data)
        role, unit, name = Role(asked.pop("role")), asked.pop("unit"), asked.pop("their_name")
        actions.invite(role, unit, by=request.user, house=house_of(request), name=name, **asked)

    note = _(
        "They get a letter with a link that works once, within 72 hours, and choose their own password."
    )
    back = reverse("access:invitations")
    act = Act(_("Invite somebody"), _("Send the letter"), back, note=note)
    return answer(request, form, act, do, lambda: _("The letter is on its way."))


@require_POST
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Another letter with another link."""
    found = find_invitation(request, pk)
    actions.send_again(found, by=request.user, house=house_of(request))
    messages.success(request, _("Another letter is on its way; the former link opens nothing."))
    return redirect("access:invitations")


@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_invitation(request, pk)
    actions.revoke(found, by=request.user)
    messages.success(request, _("The invitation is taken back; its link opens nothing."))
    return redirect("access:invitations")


# The link of the letter --------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered, and the way to take it up: with a new account, or with the one that has this address."""
    found = Invitation.objects.filter(digest=digest_of(secret)).select_related("unit", "given_by")
    offered = found.prefetch_related("unit__names").first()
    if offered is None:
        return gone(request, _("This link is none of ours, or a newer letter has taken its place."))
    if not request.user.is_authenticated and offered.language:
        translation.activate(offered.language)
    try:
        actions.require_given(offered, offered.given_by)
    except Refused as refusal:
        return gone(request, str(refusal), refusal.status)
    account = Person.objects.filter(email__iexact=offered.email).first()
    if account is not None:
        return with_account(request, offered, account)
    return with_new_account(request, offered)


def gone(request: HttpRequest, why: str, status: int = 404) -> HttpResponse:
    return render(request, "access/invitation_gone.html", {"why": why}, status=status)


def with_account(request: HttpRequest, offered: Invitation, account: Person) -> HttpResponse:
    """Whoever has this address signs in first, and then says yes."""
    is_theirs = request.user == account
    if request.method == "POST" and is_theirs:
        actions.accept(offered, by=request.user)
        messages.success(request, _("The role is yours. It works from now on."))
        return redirect("access:person", account.pk)
    context = {"offered": offered, "is_theirs": is_theirs, "form": None}
    return render(
        request, "access/invitation.html", context, status=403 if request.method == "POST" else 200
    )


def with_new_account(request: HttpRequest, offered: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        context = {"offered": offered, "is_theirs": False, "form": None}
        status = 403 if request.method == "POST" else 200
        return render(request, "access/invitation.html", context, status=status)
    start = {"name": offered.name, "language": language_of(offered)}
    form = JoinForm(typed(request), initial=start)
    if request.method == "POST" and form.is_valid() and has_joined(offered, form):
        messages.success(request, _("Your account is open. Sign in with the password you chose."))
        return redirect("account_login")
    status = 422 if request.method == "POST" else 200
    context = {"offered": offered, "form": form}
    return render(request, "access/invitation.html", context, status=status)


def has_joined(offered: Invitation, form: JoinForm) -> bool:
    """Whether the account was opened; a refusal stands beside its field."""
    try:
        actions.join(offered, by=offered.given_by, **form.cleaned_data)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def language_of(offered: Invitation) -> str:
    spoken = offered.language or translation.get_language() or ""
    return spoken if spoken in dict(settings.LANGUAGES) else "vi"
