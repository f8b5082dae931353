"""What each operation reads, by the OpenAPI document: a kind of content, names after `?`, parts of a form. All else is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tiendo.web.problems import problem

FORM = "multipart/form-data"
Known = dict[str, "Reads"]  # by method


@dataclass(frozen=True)
class Reads:
    """What one method of one address reads."""

    asked: frozenset[str] = frozenset()
    kind: str = ""
    parts: frozenset[str] = frozenset()


def known(shape: Any, root: str) -> dict[str, Known]:
    """By address, written `plain`, what each method reads there."""
    return {
        plain(path.removeprefix(root)): {
            method.upper(): reads(operation) for method, operation in operations.items()
        }
        for path, operations in shape["paths"].items()
    }


def plain(path: str) -> str:
    """An address without what its arguments are called: Django and OpenAPI write them differently."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", path)


def reads(operation: Any) -> Reads:
    asked = (one["name"] for one in operation.get("parameters", []) if one["in"] == "query")
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get(FORM, {}).get("schema", {}).get("properties", {})
    return Reads(frozenset(asked), next(iter(content), ""), frozenset(form))


def strange(request: HttpRequest, takes: Known) -> HttpResponse | None:
    """The refusal of what nobody reads here, or nothing."""
    here = takes.get(str(request.method))
    return None if here is None else other_content(request, here) or other_words(request, here)


def other_content(request: HttpRequest, here: Reads) -> HttpResponse | None:
    if request.method == "GET" or request.headers.get("Content-Length", "") in {"", "0"}:
        return None
    if here.kind and request.content_type != here.kind:
        return problem(415, _("Send “%(kind)s” here.") % {"kind": here.kind})
    if not here.kind and says_something(request):
        return problem(415, _("All that is read here is the address: send nothing beside it."))
    return None


def says_something(request: HttpRequest) -> bool:
    if request.content_type in (FORM, "application/x-www-form-urlencoded"):
        return bool(request.POST or request.FILES)
    return request.body.strip() not in (b"", b"{}")


def other_words(request: HttpRequest, here: Reads) -> HttpResponse | None:
    errors = [
        {"field": name, "message": _("“%(name)s” is not asked for here.") % {"name": name}}
        for name in sorted(set(unknown(request, here)))
    ]
    if not errors:
        return None
    said = _(
        "Some words are not known here. Each is named; leave it out, or look how it is written."
    )
    return problem(422, said, code="invalid", errors=errors)


def unknown(request: HttpRequest, here: Reads) -> Iterator[str]:
    yield from set(request.GET) - here.asked
    if here.kind == FORM:
        yield from request.POST  # words beside a file: no form here has any
        yield from set(request.FILES) - here.parts
        yield from (name for name, files in request.FILES.lists() if len(files) > 1)
