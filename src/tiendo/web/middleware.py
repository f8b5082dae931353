"""What the shell does around every page: the person's own language, and refusals shown as answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from tiendo.kit.refusals import Refused
from tiendo.ledger.sentences import sentence

Answer = Callable[[HttpRequest], HttpResponseBase]


class KeptByNobody:
    """Every answer is for one person's eyes: no cache between keeps it, and a browser asks again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer


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


class RefusalIsAnAnswer:
    """A refusal becomes a sentence on a page (or the notice alone for htmx), made in one place."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        template = "_notice.html" if request.htmx else "refused.html"  # type: ignore[attr-defined]
        since = [sentence(entry) for entry in getattr(error, "since", ())]
        context = {"message": str(error), "refusal": error, "since": since}
        return render(request, template, context, status=error.status)
