"""What the shell does around every page: the person's own language, and refusals shown as answers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tiendo.kit.refusals import ProofWanted, Refused
from tiendo.orgs.history import told
from tiendo.people.adapter import has_second_factor
from tiendo.web import api

NEVER_NEEDED = ", ".join(f"{name}=()" for name in (
    "camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "midi", "display-capture",
    "accelerometer", "gyroscope", "magnetometer", "browsing-topics",
))  # fmt: skip

Answer = Callable[[HttpRequest], HttpResponseBase]


class KeptByNobody:
    """Every answer is for one person's eyes: no cache between keeps it, and a browser asks again.

    A piece of a page and the whole page share an address, so they are told apart; and no page may use what it never needs.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        answer.headers.setdefault("Permissions-Policy", NEVER_NEEDED)
        patch_vary_headers(answer, ["HX-Request"])
        return answer


class SaidInWords:
    """An answer that only has a number gets the page that says what to do (the API has words of its own)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code != 405 or request.path.startswith("/api/"):
            return answer
        said = render(request, "405.html", status=405)
        said["Allow"] = answer["Allow"]
        return said


class OwnLanguage:
    """Somebody who chose a language reads it on every machine; a cookie of this browser goes first."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if person.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            chosen = person.language
            if chosen in dict(settings.LANGUAGES):
                translation.activate(chosen)
                request.LANGUAGE_CODE = chosen
        return self.get_response(request)


class SecondFactorFirst:
    """Whoever decides on others' work sets up a second factor before anything else; the library asks for it from then on."""

    OPEN = ("account_", "mfa_", "usersessions_")  # what signing in and setting it up need
    ALSO_OPEN = frozenset({"web:language", "web:proven"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or self.is_open(request) or not lacks_second(request):
            return None
        if request.method == "GET" and not (request.htmx or self.is_api(request)):  # type: ignore[attr-defined]
            return redirect("mfa_index")
        refusal = ProofWanted(
            _(
                "Your role asks for a second factor at sign-in. Set it up first, then send this again."
            ),
            way=reverse("mfa_index"),
        )
        return refused(request, refusal)

    def is_open(self, request: HttpRequest) -> bool:
        name = request.resolver_match.view_name if request.resolver_match else ""
        return name.startswith(self.OPEN) or name in self.ALSO_OPEN

    def is_api(self, request: HttpRequest) -> bool:
        return request.path.startswith("/api/")


def lacks_second(request: HttpRequest) -> bool:
    person = request.user
    return import_string(settings.SECOND_FACTOR)(person) and not has_second_factor(person)


class RefusalIsAnAnswer:
    """A refusal becomes a sentence on a page (or the notice alone for htmx), made in one place."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refused(request, error) if isinstance(error, Refused) else None


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """The refusal as this request can read it: a problem, a notice, or a page."""
    if request.path.startswith("/api/"):
        return api.refused(request, error)
    template = "_notice.html" if request.htmx else "refused.html"  # type: ignore[attr-defined]
    since = told(getattr(error, "since", ()))
    context = {
        "message": str(error),
        "refusal": error,
        "since": since,
        "way": getattr(error, "way", ""),
    }
    return render(request, template, context, status=error.status)
