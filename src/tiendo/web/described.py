"""What every operation of the API has in common, said once in the OpenAPI document."""

import copy
from collections.abc import Iterator
from typing import Any

from tiendo.web.once import HEADER, PATTERN

PROBLEM = {"$ref": "#/components/schemas/Problem"}
SAID = {
    "304": "What you have is what there is.",
    "405": "This cannot be done here.",
    "413": "More than can be taken at once.",
    "415": "Another kind of content is read here.",
    "429": "Too much was asked at once: wait as long as Retry-After says.",
    "503": "The house is busy: nothing was stored, send the same again.",
}
KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Any word of yours, new for each thing to do (a UUID, say). The same request with the same word is done "
    "once and answered alike for two days; another request with it is refused (422), one still running too (409).",
    "schema": {"type": "string", "pattern": PATTERN},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the answer you have: 304 when it is still the same.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you saw: 409 with what has changed since, when somebody was faster.",
    "schema": {"type": "string", "pattern": r'^((W/)?"[0-9]{1,9}(\.[0-9a-f]{1,64})?"|\*)$'},
}
TAG = {
    "description": "The version in the record, and a mark of what was told.",
    "schema": {"type": "string"},
}


def described(shape: Any) -> Any:
    """The document with the headers and refusals that no operation says itself."""
    for method, operation in operations(shape):
        close_forms(operation)
        answers = {str(status): answer for status, answer in operation["responses"].items()}
        operation["responses"] = answers
        refuse_as_problems(answers)
        for status in statuses(method):
            answers.setdefault(status, refusal(status))
        headers = operation.setdefault("parameters", [])
        if method == "post":
            headers.append(copy.deepcopy(KEY))
        if is_tagged(operation):
            give_tag(method, operation)
    return shape


def operations(shape: Any) -> Iterator[tuple[str, Any]]:
    for path in shape["paths"].values():
        yield from path.items()


def close_forms(operation: Any) -> None:
    """A form takes its own parts and no others, as every other body does."""
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if form:
        form["schema"]["additionalProperties"] = False


def refuse_as_problems(answers: Any) -> None:
    for status, answer in answers.items():
        if int(status) >= 400 and "content" in answer:
            answer["content"] = {
                "application/problem+json": answer["content"].pop("application/json")
            }


def statuses(method: str) -> Iterator[str]:
    """Refusals that stand before any operation."""
    if method != "get":
        yield from ("413", "415")
    yield from ("429", "503")


def refusal(status: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": dict(PROBLEM)}}
    return {"description": SAID[status], "content": content}


def is_tagged(operation: Any) -> bool:
    """Whether one thing is told, with the version that an edit may name."""
    return bool(operation.pop("x-tagged", False))


def give_tag(method: str, operation: Any) -> None:
    for status, answer in operation["responses"].items():
        if int(status) < 300:
            answer["headers"] = {"ETag": copy.deepcopy(TAG)}
    operation["parameters"].append(copy.deepcopy(IF_NONE_MATCH if method == "get" else IF_MATCH))
    if method == "get":
        operation["responses"]["304"] = {"description": SAID["304"]}
