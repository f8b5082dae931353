"""Only reading: by the administrator's word, or because the disk is nearly full. What people send is refused in words."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tiendo.web.api import problem
from tiendo.web.middleware import Answer

SAFE = {"GET", "HEAD", "OPTIONS"}
FULL = 200 * 2**20  # bytes free below which nothing more is begun, so that what is begun can end
LOOK = 2.0  # seconds between two looks at the disk
_last: tuple[float, bool] = (float("-inf"), False)


def switch() -> Path:
    return Path(settings.VAR) / "only-reading"


def set_only_reading(on: bool) -> None:
    if on:
        switch().touch()
    else:
        switch().unlink(missing_ok=True)


def disk_is_full() -> bool:
    global _last
    if time.monotonic() - _last[0] > LOOK:
        _last = (time.monotonic(), shutil.disk_usage(settings.VAR).free < FULL)
    return _last[1]


def only_reading() -> bool:
    return switch().exists() or disk_is_full()


class OnlyReading:
    """Answers whatever would write with a page that says to come back; nothing typed is taken from anybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE or not only_reading():
            return self.get_response(request)
        return refusal(request)


def refusal(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        words = _("The house can only be read just now. Send this again later.")
        answer = problem(503, words, code="only-reading")
    else:
        answer = HttpResponse(render_to_string("only_reading.html"), status=503)
    answer["Retry-After"] = "300"
    return answer
