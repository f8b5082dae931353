"""The public API, version 1: the same acts as the pages, problems as answers, keys or sessions at the door."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from tiendo.documents.api import router as documents
from tiendo.figures.api import router as figures
from tiendo.intake.api import router as intake
from tiendo.kit import clock
from tiendo.kit.refusals import Refused
from tiendo.orgs.api import router as units
from tiendo.orgs.api_committees import router as committees
from tiendo.orgs.history import told
from tiendo.people.tokens import bearer
from tiendo.reforms.api import router as reforms
from tiendo.tasks.api import router as tasks

logger = logging.getLogger("django.request")
ROOT = "/api/v1/"
ROOMS = (documents, intake, tasks, figures, units, committees, reforms)
TITLES = {
    400: lazy("This request could not be read"),
    401: lazy("Sign in first"),
    403: lazy("You may look here, and not do this"),
    404: lazy("There is no such thing, or it is not yours to see"),
    405: lazy("This cannot be done here"),
    409: lazy("This cannot be done now"),
    422: lazy("This cannot be taken as it is"),
    500: lazy("Something broke on our side"),
}


# --- at the door ------------------------------------------------------------------------------


class Key(HttpBearer):
    """`Authorization: Bearer tiendo_…`: a person's own key. It never becomes a session."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        person = bearer(token, clock.today())
        if person is not None:
            person.roots_asked = {}  # type: ignore[attr-defined]
        return person


class Session(SessionAuth):
    """A signed-in browser; what changes anything also carries the CSRF token."""

    def __call__(self, request: HttpRequest) -> Any:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None  # a key that does not open is not helped by a session beside it
        return super().__call__(request)


# --- problems ---------------------------------------------------------------------------------


def problem(
    status: int, detail: str = "", *, code: str = "", errors: Any = (), since: Any = ()
) -> HttpResponse:
    """RFC 9457: what happened, in a sentence and a code, and which fields it is about."""
    title = str(TITLES.get(status, TITLES[400]))
    code = code or {
        400: "bad-request",
        401: "not-signed-in",
        404: "not-found",
        405: "not-allowed",
    }.get(status, "broken" if status >= 500 else "refused")
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
    sentence_ = _("Some fields cannot be taken as they are. Each is named with what is wrong.")
    return problem(422, sentence_, code="invalid", errors=errors)


def field_of(place: tuple[Any, ...]) -> str:
    """`body.given.title` is the sender's `title`."""
    return ".".join(str(step) for step in place[1:] if step not in {"given", "asked"}) or str(
        place[0]
    )


def not_read(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(401, _("Sign in, or send a key of yours as “Authorization: Bearer …”."))
    code = "csrf" if error.status_code == 403 else ""
    return problem(error.status_code, str(error), code=code)


def broken(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("the API broke", exc_info=error)
    words = _("The fault is noted under the number %(number)s. Nothing was half stored.")
    return problem(500, words % {"number": getattr(request, "number", "–")})


# --- the API ----------------------------------------------------------------------------------


class Api(NinjaAPI):
    """Says of refusals in the OpenAPI document that they come as problem+json."""

    def get_root_path(self, path_params: Any) -> str:
        return ROOT

    def get_openapi_schema(self, **asked: Any) -> Any:
        shape = super().get_openapi_schema(**asked)
        for path in shape["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {
                            "application/problem+json": answer["content"].pop("application/json")
                        }
        return shape


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """The document that describes the API is for whoever may use it."""

    def guarded(request: HttpRequest, **asked: Any) -> Any:
        if not (Key()(request) or request.user.is_authenticated):
            return problem(401)
        return view(request, **asked)

    return guarded


api = Api(
    title="Tiendo",
    version="1",
    description="Follows a resolution to its results. Refusals are RFC 9457 problems; lists go on after `next`.",
    urls_namespace="api",
    docs_url=None,
    docs_decorator=signed_in,
    auth=[Key(), Session()],
)
for room in ROOMS:
    api.add_router("", room)
api.add_exception_handler(Refused, refused)
api.add_exception_handler(ValidationError, not_valid)
api.add_exception_handler(HttpError, not_read)
api.add_exception_handler(Http404, lambda request, error: problem(404))
api.add_exception_handler(SuspiciousOperation, lambda request, error: problem(400))
api.add_exception_handler(BadRequest, lambda request, error: problem(400))
api.add_exception_handler(MultiPartParserError, lambda request, error: problem(400))
api.add_exception_handler(Exception, broken)


def answered(view: Callable[..., Any]) -> Callable[..., Any]:
    """The API asks for its own keys, and says in its own way what cannot be done at an address."""

    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = view(request, *args, **kwargs)
        if answer.status_code != 405:
            return answer
        said = problem(405)
        said["Allow"] = answer["Allow"]
        return said

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(door)


@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    """An address of the API that is none."""
    return problem(404)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]


def doors() -> tuple[list[Any], str, str]:
    """The addresses of the API, each with its own guard instead of the pages' one."""
    patterns, app_name, namespace = api.urls
    kept = [pattern for pattern in patterns if pattern.name != "api-root"]
    for pattern in kept:
        pattern.callback = answered(pattern.callback)
    return kept, app_name, namespace


def document() -> str:
    """The OpenAPI document as it is committed (docs/openapi.json)."""
    return (
        json.dumps(
            api.get_openapi_schema(),
            indent=1,
            ensure_ascii=False,
            sort_keys=True,
        )
        + "\n"
    )
