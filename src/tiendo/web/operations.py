"""The operations of the API as a page: read from the same document that programs read, nothing loaded from elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tiendo.web.api import ROOT, api

HEADER = "Authorization: Bearer tiendo_…"  # the same in every language
DOCUMENT = "openapi.json (OpenAPI 3.1)"
METHODS = ("get", "post", "patch", "put", "delete")


@dataclass(frozen=True)
class Named:
    """One word of a request or an answer: what it is called, what it holds, whether it must be there."""

    name: str
    holds: str
    place: str = ""
    is_needed: bool = False
    words: str = ""


@dataclass(frozen=True)
class Operation:
    """What one method of one address does."""

    name: str
    method: str
    address: str
    words: str
    given: list[Named] = field(default_factory=list)
    told: list[Named] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    shape = api.get_openapi_schema()
    context = {"groups": groups(shape), "root": ROOT, "header": HEADER, "document": DOCUMENT}
    return render(request, "web/operations.html", context)


def groups(shape: Any) -> dict[str, list[Operation]]:
    """Operations by what they are about, in the order of the rooms."""
    found: dict[str, list[Operation]] = {}
    for address, methods in shape["paths"].items():
        for method in METHODS:
            if method in methods:
                one = operation(shape, address, method, methods[method])
                found.setdefault(methods[method]["tags"][0], []).append(one)
    return found


def operation(shape: Any, address: str, method: str, told: Any) -> Operation:
    answers = {status: answer for status, answer in told["responses"].items() if status < "300"}
    bodies = told.get("requestBody", {}).get("content", {}).values()
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        address=address,
        words=told.get("description", ""),
        given=[
            *(parameter(shape, one) for one in told.get("parameters", [])),
            *(word for body in bodies for word in fields(shape, body["schema"])),
        ],
        told=[word for answer in answers.values() for word in told_in(shape, answer)],
        statuses=[(status, answer["description"]) for status, answer in told["responses"].items()],
    )


def told_in(shape: Any, answer: Any) -> list[Named]:
    content = answer.get("content", {}).get("application/json", {})
    return fields(shape, content["schema"]) if "schema" in content else []


def parameter(shape: Any, one: Any) -> Named:
    kind = holds(one["schema"])
    return Named(
        one["name"], kind, one["in"], one.get("required", False), one.get("description", "")
    )


def fields(shape: Any, schema: Any) -> list[Named]:
    """The words of an object, as its schema lists them."""
    whole = resolved(shape, schema)
    needed = whole.get("required", [])
    return [
        Named(name, holds(one), is_needed=name in needed, words=one.get("description", ""))
        for name, one in whole.get("properties", {}).items()
    ]


def resolved(shape: Any, schema: Any) -> Any:
    for part in schema.get("allOf", []):
        return resolved(shape, part)
    name = schema.get("$ref", "").rpartition("/")[2]
    return shape["components"]["schemas"][name] if name else schema


def holds(schema: Any) -> str:
    """What a word holds, in a few characters: `integer`, `date or null`, `list of PartOut`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    several = schema.get("anyOf") or schema.get("allOf") or ()
    if several:
        return " or ".join(dict.fromkeys(holds(one) for one in several))
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum", [schema.get("const")])
        return " | ".join(str(one) or "“”" for one in choices)
    if schema.get("type") == "array":
        return f"list of {holds(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map of {holds(schema['additionalProperties'])}"
    return str(schema.get("format") or schema.get("type") or "anything")
