"""Refusals over the API (RFC 9457): what happened, in a sentence and a code, and which fields it is about."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja.errors import AuthenticationError

from tiendo.orgs.history import told

logger = logging.getLogger("django.request")
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
BUSY = (OperationalError, InterfaceError)
TITLES = {
    400: lazy("This request could not be read"),
    401: lazy("Sign in first"),
    403: lazy("You may look here, and not do this"),
    404: lazy("There is no such thing, or it is not yours to see"),
    405: lazy("This cannot be done here"),
    409: lazy("This cannot be done now"),
    413: lazy("This is more than can be taken at once"),
    415: lazy("This kind of content is not taken here"),
    422: lazy("This cannot be taken as it is"),
    429: lazy("Too much was asked at once"),
    500: lazy("Something broke on our side"),
    503: lazy("The house is busy"),
}
CODES = {
    400: "bad-request",
    401: "not-signed-in",
    404: "not-found",
    405: "not-allowed",
    413: "too-much",
    415: "other-content",
    429: "too-often",
    503: "busy",
}
WAIT = {429: "60", 503: "5"}  # seconds, for programs that read Retry-After


def problem(
    status: int, detail: str = "", *, code: str = "", errors: Iterable[Any] = (), since: Any = ()
) -> HttpResponse:
    """A refusal as every program may read it."""
    title = str(TITLES.get(status, TITLES[400]))
    code = code or CODES.get(status, "broken" if status >= 500 else "refused")
    body = {
        "type": f"urn:tiendo:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        "errors": list(errors),
        "since": list(since),
    }
    answer = JsonResponse(body, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="tiendo"'
    if status in WAIT:
        answer["Retry-After"] = WAIT[status]
    return answer


def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    """A refusal of an action, as the pages show it."""
    missing = getattr(refusal, "missing", ())
    errors = [
        {"field": name, "message": str(refusal)}
        for name in ([refusal.field] if refusal.field else missing)
    ]
    since = [
        {
            "at": line.at.isoformat(),
            "by": line.person,
            "version": line.version,
            "sentence": line.sentence,
        }
        for line in told(getattr(refusal, "since", ()))
    ]
    return problem(refusal.status, str(refusal), code=refusal.code, errors=errors, since=since)


def not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    """Fields of a wrong shape; what was sent is not repeated."""
    errors = [{"field": field_of(one["loc"]), "message": one["msg"]} for one in error.errors]
    said = _("Some fields cannot be taken as they are. Each is named with what is wrong.")
    return problem(422, said, code="invalid", errors=errors)


def field_of(place: tuple[Any, ...]) -> str:
    """`body.given.title` is the sender's `title`; deeper in, `given` may be a word of the sender's own."""
    source, *steps = place
    inner = steps[1:] if steps[:1] in (["given"], ["asked"]) else steps
    return ".".join(str(step) for step in inner) or str(source)


def not_read(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(401, _("Sign in, or send a key of yours as “Authorization: Bearer …”."))
    if error.status_code == 403:  # the framework's own words are for its programmers
        return problem(
            403, _("The page's token is missing or too old. Load the page again."), code="csrf"
        )
    return problem(error.status_code, str(error))


def suspicious(request: HttpRequest, error: Exception) -> HttpResponse:
    """What the framework would not read; too much of it is said to be too much."""
    return problem(413 if isinstance(error, TOO_MUCH) else 400)


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """The fault is ours; a database that does not answer is worth another try."""
    logger.error("the API broke", exc_info=error)
    if isinstance(error, BUSY):
        return problem(503, _("Nothing was half stored. Send the same again in a moment."))
    words = _("The fault is noted under the number %(number)s. Nothing was half stored.")
    return problem(500, words % {"number": getattr(request, "number", "–")})
