"""Doors for machines that watch: /healthz/live, /healthz/ready, /metrics."""

import time
from collections.abc import Callable
from functools import wraps
from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from tiendo.config import measures
from tiendo.config.doctor.rounds import unready

GOOD_FOR = 2.0  # seconds: asking often costs the database little
_last: tuple[float, list[str]] = (float("-inf"), [])

View = Callable[[HttpRequest], HttpResponse]


def is_trusted(request: HttpRequest) -> bool:
    """Somebody on this machine itself, not through its proxy; or with the token of whoever watches."""
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    if request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not forwarded:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and compare_digest(given.encode(), token.encode())


def for_watchers(view: View) -> View:
    @wraps(view)
    def only(request: HttpRequest) -> HttpResponse:
        if not is_trusted(request):
            raise Http404
        return view(request)

    return only


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """People may be let in; if not, whoever watches is told why in a word each, a stranger only that."""
    reasons = reasons_now()
    told = {"reasons": reasons} if reasons and is_trusted(request) else {}
    word = "not ready" if reasons else "ready"
    return JsonResponse({"status": word, **told}, status=503 if reasons else 200)


def reasons_now() -> list[str]:
    global _last
    if time.monotonic() - _last[0] > GOOD_FOR:
        _last = (time.monotonic(), sorted({one.about for one in unready()}))
    return _last[1]


@login_not_required
@require_safe
@for_watchers
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(measures.told(), content_type=CONTENT_TYPE_LATEST)
