"""How long ago somebody said who they are, and how they say it again without losing what they typed."""

import time
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import serialize_request
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tiendo.kit.refusals import ProofWanted
from tiendo.people.models import Person
from tiendo.people.sessions import BEGAN

FRESH = 30 * 60  # seconds a proof is good for


def ask(request: HttpRequest) -> None:
    """Go on if the last proof is fresh, or if a key asks: its scope was chosen when it was opened."""
    machine: Person | None = getattr(request, "auth", None)
    person = cast(Person, machine or request.user)  # nobody else comes this far
    if person.key_scope is not None:
        return
    if time.time() - last(request) <= FRESH:
        return
    if machine is not None or request.htmx:  # type: ignore[attr-defined]
        raise ProofWanted(
            _(
                "Say once more that it is you: the last time is over half an hour ago. "
                "Then send this again; nothing you typed is lost."
            ),
            way=f"{way(request)}?{urlencode({'next': reverse('web:proven')})}",
        )
    raise ImmediateHttpResponse(held(request))


def last(request: HttpRequest) -> float:
    """The instant of the last proof: signing in, or answering this question."""
    records = get_authentication_records(request, request.user)
    answered = [record["at"] for record in records if record.get("reauthenticated")]
    return max([request.session.get(BEGAN, 0), *answered])


def way(request: HttpRequest) -> str:
    """Where this person says who they are: by password first, by code or passkey, or at their provider."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    return ways[0]["url"] if ways else reverse("account_login")


def held(request: HttpRequest) -> HttpResponseRedirect:
    """Keep in the session what was sent; once the person has said who they are, it is done as it was sent."""
    request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
    return HttpResponseRedirect(f"{way(request)}?{urlencode({'next': request.path})}")
