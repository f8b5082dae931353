"""The public API, version 1: the same acts as the pages, problems as answers, keys or sessions at the door."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from tiendo.access.api import router as access
from tiendo.documents.api import router as documents
from tiendo.documents.api_life import router as lives
from tiendo.exchange.api import router as webhooks
from tiendo.figures.api import router as figures
from tiendo.intake.api import router as intake
from tiendo.kit import clock
from tiendo.kit.refusals import Refused
from tiendo.notifications.api import router as notices
from tiendo.orgs.api import router as units
from tiendo.orgs.api_committees import router as committees
from tiendo.people.tokens import bearer
from tiendo.reforms.api import router as reforms
from tiendo.tasks.api import router as tasks
from tiendo.tasks.api_beneath import router as beneath
from tiendo.web.described import described
from tiendo.web.known import Known, known, plain, strange
from tiendo.web.me import router as me
from tiendo.web.once import HEADER, once
from tiendo.web.problems import broken, not_read, not_valid, problem, refused, suspicious
from tiendo.web.tags import told_apart

ROOT = "/api/v1/"
ROOMS = (
    documents,
    lives,
    intake,
    tasks,
    beneath,
    figures,
    units,
    committees,
    access,
    reforms,
    notices,
    webhooks,
    me,
)


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


# --- the API ----------------------------------------------------------------------------------


class Api(NinjaAPI):
    """Says in the OpenAPI document what every operation has in common; see `described`."""

    def get_root_path(self, path_params: Any) -> str:
        return ROOT

    def get_openapi_schema(self, **asked: Any) -> Any:
        """Made once: it says what the code is, whatever is asked."""
        if not hasattr(self, "shape"):
            self.shape = described(super().get_openapi_schema())
        return self.shape


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """The document that describes the API is for whoever may use it."""

    def guarded(request: HttpRequest, **asked: Any) -> Any:
        if not (Key()(request) or request.user.is_authenticated):
            return problem(401)
        return view(request, **asked)

    return require_safe(guarded)


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
HANDLED = {
    Refused: refused,
    ValidationError: not_valid,
    HttpError: not_read,
    Http404: lambda request, error: problem(404),
    SuspiciousOperation: suspicious,
    BadRequest: lambda request, error: problem(400),
    MultiPartParserError: lambda request, error: problem(400),
    UnreadablePostError: lambda request, error: problem(400),
    Exception: broken,
}
for fault, said in HANDLED.items():
    api.add_exception_handler(fault, said)


def answered(view: Callable[..., Any], takes: Known) -> Callable[..., Any]:
    """The API asks for its own keys, and says in its own way what cannot be done at an address."""

    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = refusal_of(request, takes) or once_or_plainly(
                request, lambda asked: view(asked, *args, **kwargs)
            )
        except Exception as error:  # noqa: BLE001 - what the operation does not see is a problem too
            return api.on_exception(request, error)
        if answer.status_code == 405:
            said = problem(405)
            said["Allow"] = answer["Allow"]
            return said
        return told_apart(request, answer)

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return login_not_required(door)


def refusal_of(request: HttpRequest, takes: Known) -> HttpResponse | None:
    """What nobody reads here is refused to whoever may come in; who may not is told so by the operation."""
    refusal = strange(request, takes)
    return refusal if refusal is not None and whoever(request) is not None else None


def once_or_plainly(request: HttpRequest, do: Callable[[HttpRequest], Any]) -> Any:
    """A POST with a key of the sender's own is done once; who may not come in is told so by the operation."""
    if request.method != "POST" or HEADER not in request.headers:
        return do(request)
    person = whoever(request)
    return once(request, person, do) if person is not None else do(request)


def whoever(request: HttpRequest) -> Any:
    """Who asks, by the same guards that every operation has."""
    try:
        return Key()(request) or Session()(request)
    except HttpError:  # the operation itself will say why
        return None


@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    """An address of the API that is none."""
    return problem(404)


nowhere.csrf_exempt = True  # type: ignore[attr-defined]


def doors() -> tuple[list[Any], str, str]:
    """The addresses of the API, each with its own guard instead of the pages' one."""
    patterns, app_name, namespace = api.urls
    kept = [pattern for pattern in patterns if pattern.name != "api-root"]
    reads = known(api.get_openapi_schema(), ROOT)
    for pattern in kept:
        pattern.callback = answered(pattern.callback, reads.get(plain(str(pattern.pattern)), {}))
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
