"""What every room's part of the API is made of: strict words in, refusals as problems out, pages by a bookmark."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict

from tiendo.kit.refusals import Invalid

__all__ = [
    "BY_TEXT",
    "TAGGED",
    "WHOLE",
    "Amount",
    "Day",
    "Given",
    "Instant",
    "Number",
    "Question",
    "Router",
    "Schema",
    "Version",
    "Words",
    "answers",
    "asker",
    "page_of",
]

BIGGEST = 2**63 - 1
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def keepable(text: str) -> str:
    if UNKEEPABLE.search(text):
        raise ValueError("holds a character that cannot be kept (NUL, or half of a pair)")
    return text


def not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must hold some words")
    return text


def Words(longest: int, *, needed: bool = False) -> Any:
    """Text of at most so many characters, all of which a database can keep; `needed` when blank will not do."""
    rules = [AfterValidator(keepable), *([AfterValidator(not_blank)] if needed else [])]
    return Annotated[(str, *rules, Field(max_length=longest, min_length=int(needed)))]


def written(pattern: str, how: str) -> BeforeValidator:
    """Text that is written in one way only, and no number: a day that is `0` would else be 1 January 1970."""

    def plainly(given: Any) -> Any:
        if isinstance(given, str) and not re.fullmatch(pattern, given, re.ASCII):
            raise ValueError(f"must be written {how}")
        if isinstance(given, int | float):
            raise ValueError(f"must be text, written {how}")
        return given

    return BeforeValidator(plainly)


def whole(given: Any) -> Any:
    """In JSON 7.0 is the same whole number as 7, and `true` is no number."""
    if isinstance(given, bool):
        raise ValueError("must be a number")
    return int(given) if isinstance(given, float) and given.is_integer() else given


BY_TEXT = Field(strict=False)  # JSON has no other way to say it
DAY = r"\d{4}-\d\d-\d\d"
MOMENT = DAY + r"[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?"
WHOLE = BeforeValidator(whole)
Number = Annotated[int, Field(ge=1, le=BIGGEST), WHOLE]
Version = Annotated[int, Field(ge=0, le=10**9), WHOLE]
Day = Annotated[date, written(DAY, "2025-01-20"), BY_TEXT]
Instant = Annotated[datetime, written(MOMENT, "2025-01-20T09:00:00+07:00"), BY_TEXT]
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4, ge=0, strict=False)]


class Given(Schema):
    """What somebody sends: a field we do not know is refused, never ignored, and `true` or `"7"` is no 7."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Question(Given):
    """What an address asks after its `?`, where all is text (the door refuses names that nobody asks for: `web.known`)."""

    model_config = ConfigDict(strict=False)


class Wrong(Schema):
    field: str
    message: str


class Change(Schema):
    at: datetime
    by: str
    version: int
    sentence: str


class Problem(Schema):
    """Every refusal (RFC 9457): the sentence, its code, and which fields it is about."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Wrong]
    since: list[Change]


def answers(shape: Any, status: int = 200) -> dict[Any, Any]:
    """What a route answers: its own shape, or a problem."""
    return {status: shape, **dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)}


def asker(request: HttpRequest) -> Any:
    """Whoever asks, by session or token."""
    return request.auth  # type: ignore[attr-defined]


class Asked(Question):
    """Where a list goes on: `after` is the `next` of the page before."""

    after: Annotated[int, Field(ge=0, le=BIGGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 50


def page_of(rows: "QuerySet[Any]", asked: Asked, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """Rows after the bookmark in the order of their numbers, and the next bookmark if there are more."""
    found = list(rows.filter(pk__gt=asked.after).order_by("pk")[: asked.limit + 1])
    shown = found[: asked.limit]
    return {
        "items": [shape(row) for row in shown],
        "next": shown[-1].pk if len(found) > asked.limit else None,
    }


def the(rows: "QuerySet[Any]", pk: int, field: str) -> Any:
    """The row a field names; what is not there, or not to be seen, is an error of that field."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Invalid(
            _("There is nothing with the number %(number)s here.") % {"number": pk}, field=field
        )
    return found


def all_the(rows: "QuerySet[Any]", numbers: Iterable[int], field: str) -> tuple[Any, ...]:
    """The rows a list field names, in one question."""
    wanted = list(dict.fromkeys(numbers))
    known = rows.in_bulk(wanted)
    for number in wanted:
        if number not in known:
            the(rows, number, field)
    return tuple(known[number] for number in wanted)


TAGGED = {
    "x-tagged": True
}  # for `openapi_extra`: this operation tells one thing with its ETag, and minds If-Match
ETAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:\.[0-9a-f]{1,64})?"$')


def version_seen(request: HttpRequest, given: int | None) -> int | None:
    """The version an editor had before their eyes: `If-Match`, or `version` in what was sent."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return given
    found = ETAG.match(str(header).strip())
    if not found:
        raise Invalid(_('If-Match must be the ETag of an answer, such as “"7"”.'), field="If-Match")
    return int(found[1])


def tag(response: HttpResponse, version: int) -> None:
    """The version that is told; the door adds a mark of the answer (`web.tags`)."""
    response["ETag"] = f'"{version}"'
