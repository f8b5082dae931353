"""ETags: the record's version, which an edit names, and a mark of what was told, by which a reader need not be told twice.

The version alone would not do for reading: a part falls late overnight and a unit gets another name without an act about
the task. `"7.3f2a…"`: whoever edits sends it back as If-Match and only the 7 is looked at.
"""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

MARK = 16  # hexadecimal digits


def told_apart(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with its whole ETag; nothing but the tag for somebody who has this very answer."""
    if "ETag" not in answer or answer.status_code >= 300:
        return answer
    version = answer["ETag"].strip('"').partition(".")[0]
    tag = f'"{version}.{hashlib.sha256(answer.content).hexdigest()[:MARK]}"'
    if request.method == "GET" and tag in known_to(request):
        answer = HttpResponseNotModified()
    answer["ETag"] = tag
    return answer


def known_to(request: HttpRequest) -> list[str]:
    """The tags the reader has; a cache between may have weakened them."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return [tag.removeprefix("W/") for tag in tags]
