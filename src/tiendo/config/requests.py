"""Around every request: its number, its line in the log, its place in the metrics, and an answer even when all else breaks."""

import re
import time
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tiendo.config import measures
from tiendo.web.middleware import Answer

HEADER = "X-Request-ID"
FITTING = re.compile(r"[\w-]{8,64}", re.ASCII)
log = structlog.get_logger("tiendo.requests")
LAST_WORDS = """Something broke on our side, and the page that says so broke too.
The fault is noted. Wait a minute and try again; if it goes on, tell your administrator this number: {number}
"""


class Told:
    """Outermost: one line for each request, without contents, addresses or questions; and a number people can quote."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        number = number_of(request)
        request.number = number  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        answer = self.answered(request, number)
        answer.headers[HEADER] = number
        if not (request.path.startswith(settings.STATIC_URL) and answer.status_code < 400):
            tell(request, answer.status_code, time.perf_counter() - begun)
        return answer

    def answered(self, request: HttpRequest, number: str) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except Exception as fault:
            log.error("last resort", exc_info=fault)
            words = LAST_WORDS.format(number=number)
            return HttpResponse(words, status=500, content_type="text/plain; charset=utf-8")


def number_of(request: HttpRequest) -> str:
    """The number a proxy of ours gave it, or a new one."""
    given = request.headers.get(HEADER, "")
    if settings.BEHIND_PROXY and FITTING.fullmatch(given):
        return given
    return uuid.uuid4().hex


def tell(request: HttpRequest, status: int, seconds: float) -> None:
    found = request.resolver_match
    route = found.view_name if found else "none"
    measures.request_told(route, str(request.method), status, seconds)
    log.info(
        "request",
        route=route,
        method=request.method,
        status=status,
        ms=round(seconds * 1000),
        person=person_of(request),
    )


def person_of(request: HttpRequest) -> int | None:
    """Who asked, if anybody had to be looked up for the answer; never looked up for the log."""
    known: Any = getattr(request, "auth", None) or getattr(request, "_cached_user", None)
    return getattr(known, "pk", None)
