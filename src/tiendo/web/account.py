"""One's own account: what opens it, and where it is open."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tiendo.people import actions


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and every way into my account."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_codes": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "needs_second": import_string(settings.SECOND_FACTOR)(request.user),
    }
    return render(request, "web/account.html", context)


@require_GET
def proven(request: HttpRequest) -> HttpResponse:
    """Said again who one is: back to the page that waits."""
    return render(request, "web/proven.html")


@require_POST
def session_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; another person's is not there."""
    session = get_object_or_404(
        UserSession.objects.select_related("user"), pk=pk, user=request.user
    )
    actions.end_session(session, by=request.user)
    messages.success(request, _("Ended. That browser is asked to sign in at its next step."))
    return redirect("usersessions_list")
