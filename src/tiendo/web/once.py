"""A key of the sender's own (`Idempotency-Key`) makes a request safe to send again: it is done once, answered alike."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tiendo.access.capabilities import ALLOWED
from tiendo.kit.permission import roots
from tiendo.ledger import answers
from tiendo.ledger.models import Answer
from tiendo.web.problems import problem

HEADER = "Idempotency-Key"
PATTERN = r"^[!-~]{1,128}$"
CARRIED = ("Content-Type", "ETag")  # what of the first answer the second repeats


def once(
    request: HttpRequest, person: Any, do: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """Do it, or give the answer it was given before. The act and its answer are kept in one transaction."""
    key = request.headers[HEADER]
    if not re.match(PATTERN, key):
        said = _(
            "An idempotency key is 1 to 128 visible characters without spaces, such as a UUID."
        )
        return problem(422, said, code="invalid", errors=[{"field": HEADER, "message": said}])
    place = (person, route_of(request), key)
    asked, reach = fingerprint(request), reach_of(person)
    with transaction.atomic():
        if not answers.take_turn(*place):
            return still_running()
        known = answers.kept(*place)
        if known is not None:
            return again(known, asked, reach)
        answer = do(request)
        if answer.status_code >= 400:
            transaction.set_rollback(
                True
            )  # a refusal did nothing: the key is free for a better try
        else:
            answers.keep(*place, asked=asked, reach=reach, **written(answer))
    return answer


def route_of(request: HttpRequest) -> str:
    """The address as a pattern, so that one key names one thing to do."""
    match = request.resolver_match
    return f"{request.method} {match.route if match else request.path}"[:200]


def written(answer: HttpResponse) -> dict[str, Any]:
    headers = {name: answer[name] for name in CARRIED if name in answer}
    return {"status": answer.status_code, "headers": headers, "body": answer.content.decode()}


def again(known: Answer, asked: str, reach: str) -> HttpResponse:
    """The first answer, to the same request and under the same rights."""
    if known.asked != asked:
        said = _("This key was used for another request. Choose a new key for each thing to do.")
        return problem(422, said, code="key-reused", errors=[{"field": HEADER, "message": said}])
    if known.reach != reach:
        said = _("This was done. Your rights have changed since, so ask for the thing itself.")
        return problem(409, said, code="rights-changed")
    answer = HttpResponse(known.body.encode(), status=known.status)
    for name, value in known.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def still_running() -> HttpResponse:
    said = _("The same request is still running. Ask again in a moment.")
    answer = problem(409, said, code="still-running")
    answer["Retry-After"] = "1"
    return answer


# What was asked, and under which rights -----------------------------------------------------------


def fingerprint(request: HttpRequest) -> str:
    """A hash of address and body; files count by what they hold, not by how they were wrapped."""
    whole = hashlib.sha256(request.get_full_path().encode())
    for piece in pieces(request):
        whole.update(len(piece).to_bytes(8))
        whole.update(piece)
    return whole.hexdigest()


def pieces(request: HttpRequest) -> Iterator[bytes]:
    if not (request.content_type or "").startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield json.dumps([name, values]).encode(errors="surrogatepass")
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield json.dumps([name, file.name]).encode(errors="surrogatepass")
            yield digest_of(file)


def digest_of(file: Any) -> bytes:
    """What the file holds; it is read again from its beginning by whoever keeps it."""
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    file.seek(0)
    return whole.digest()


def reach_of(person: Any) -> str:
    """A hash of all the person may do: an answer is not repeated to somebody who might no longer read it."""
    reach = {capability: roots(person, capability) for capability in ALLOWED}
    return hashlib.sha256(json.dumps(reach, sort_keys=True).encode()).hexdigest()
