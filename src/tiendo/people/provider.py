"""Signing in through the office's own identity provider: it opens accounts that stand here, and makes none."""

from typing import Any, NoReturn

import requests
from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Refused
from tiendo.people.actions import bind
from tiendo.people.models import Person


class KnownPeople(DefaultSocialAccountAdapter):
    """Somebody is known by the identity bound to their account, and bound once, by a verified e-mail."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            turn_away(request, _("Sign in there from the sign-in page of this house."))
        if sociallogin.is_existing:
            return
        person = known_by(sociallogin)
        if person is None:
            turn_away(
                request,
                _(
                    "Your e-mail there belongs to no account here, or is not verified. Ask the office that answers for your unit."
                ),
            )
        if not person.may_sign_in:
            turn_away(request, _("This account is closed."))
        try:
            bind(person, sociallogin.account, by=person)
        except Refused as refusal:
            turn_away(request, str(refusal))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **why: Any) -> None:
        turn_away(request, _("Signing in there did not work. Try again, or use your password."))


def known_by(sociallogin: Any) -> Person | None:
    """Whose account it is, by an address the provider says it has verified: a plain yes, not a word that looks like one."""
    verified = [one.email for one in sociallogin.email_addresses if one.verified is True]
    found = [Person.objects.filter(email__iexact=email).first() for email in verified if email]
    return next((person for person in found if person is not None), None)


def turn_away(request: HttpRequest, why: str) -> NoReturn:
    messages.error(request, why)
    raise ImmediateHttpResponse(redirect("account_login"))


@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider; when it does not answer, say so."""
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        answer: HttpResponse = views.login(request, provider_id)
    except (requests.RequestException, ValueError):
        messages.error(
            request, _("The identity provider does not answer. Try again, or use your password.")
        )
        return redirect("account_login")
    return answer


@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider with its answer."""
    if not settings.OIDC_ISSUER:
        raise Http404
    answer: HttpResponse = views.callback(request, provider_id)
    return answer
