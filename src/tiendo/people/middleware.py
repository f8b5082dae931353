import time
from collections.abc import Callable
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from tiendo.people.sessions import is_over, note


class SessionsEnd:
    """Half an hour without a sign of the person, or twelve hours after signing in, a session opens nothing more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = time.time()
            if is_over(request.session, now):
                end(request)
            elif note(request.session, now):
                seen = UserSession.objects.filter(session_key=request.session.session_key)
                seen.update(last_seen_at=datetime.fromtimestamp(now, UTC))
        return self.get_response(request)


def end(request: HttpRequest) -> None:
    logout(request)
    messages.info(
        request,
        _(
            "You were signed out because you were away, or had been here for twelve hours. Sign in again."
        ),
    )
