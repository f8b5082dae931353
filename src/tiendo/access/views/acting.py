"""What every act's page does alike: show a form, act, go on; nothing typed is lost."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tiendo.access import reads
from tiendo.access.models import Delegation, Grant, Invitation
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.orgs.models import Post
from tiendo.people.models import Person


class Act(NamedTuple):
    """One act's page: its heading, its button, where it leads, what it is about, and a note."""

    heading: str
    button: str
    back: str
    about: str = ""
    note: str = ""


def answer(
    request: HttpRequest, form: Any, act: Act, do: Callable[[], Any], done: Callable[[], str]
) -> HttpResponse:
    """Show the form, or do what it says; `done` is the sentence afterwards."""
    if request.method != "POST":
        return show(request, form, act, 200)
    if not form.is_valid():
        return show(request, form, act, 422)
    try:
        do()
    except Forbidden:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return show(request, form, act, refusal.status)
    messages.success(request, done())
    return redirect(act.back)


def show(request: HttpRequest, form: Any, act: Act, status: int) -> HttpResponse:
    return render(request, "access/act.html", {"form": form, "act": act}, status=status)


def typed(request: HttpRequest) -> Any:
    """What was sent, if anything was."""
    return request.POST if request.method == "POST" else None


def require_offered(may: bool) -> None:
    """Before a form is shown: refuse as the act itself would."""
    if not may:
        raise Forbidden(_("You may see this and not change it. Ask somebody who may give roles."))


def house_of(request: HttpRequest) -> str:
    """The address that links in letters begin with."""
    return request.build_absolute_uri("/")


def find_person(request: HttpRequest, pk: int) -> Person:
    """Somebody within reach, or oneself."""
    if request.user.pk == pk:
        return request.user
    found: Person = get_object_or_404(reads.people_within(request.user), pk=pk)
    return found


def find_post(pk: int) -> Post:
    found: Post = get_object_or_404(
        Post.objects.select_related("unit").prefetch_related("unit__names"), pk=pk
    )
    return found


def find_grant(request: HttpRequest, pk: int) -> Grant:
    found: Grant = get_object_or_404(reads.grants_within(request.user), pk=pk)
    return found


def find_delegation(request: HttpRequest, pk: int) -> Delegation:
    found: Delegation = get_object_or_404(reads.delegations_within(request.user), pk=pk)
    return found


def find_invitation(request: HttpRequest, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(reads.invitations_within(request.user), pk=pk)
    return found
