"""Units over the API: found by name, today's and past ones; whoever signed in may look."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query
from pydantic import Field

from tiendo.kit import clock
from tiendo.kit.api import (
    BIGGEST,
    TAGGED,
    Day,
    Number,
    Question,
    Router,
    Schema,
    Words,
    answers,
    tag,
)
from tiendo.ledger.record import version_of
from tiendo.orgs import portrait, reads
from tiendo.orgs.lineage import Mode
from tiendo.orgs.models import STATE, Placement, Unit, UnitCode

router = Router(tags=["units"])


class UnitRef(Schema):
    id: int
    key: str
    name: str


class UnitRow(UnitRef):
    kind: str
    begins_on: Day
    ends_on: Day | None


class NameOut(Schema):
    text: str
    language: str
    use: str
    starts_on: Day
    ends_on: Day | None


class CodeOut(Schema):
    system: str
    code: str
    starts_on: Day
    ends_on: Day | None


class KinOut(Schema):
    """Who came from whom; without a share it is unknown."""

    old: UnitRef
    new: UnitRef
    on: Day
    share: str | None
    is_default: bool
    legal_basis: str


class UnitOut(UnitRow):
    """`parent` in the State's tree, `parents` in each tree it hangs in."""

    parent: UnitRef | None
    parents: dict[str, UnitRef]
    names: list[NameOut]
    codes: list[CodeOut]
    kin: list[KinOut]
    lat: str | None
    lon: str | None


class UnitSearch(Question):
    """`q` on names of any day; `on` keeps those that stood on that day and names them as they were called."""

    q: Words(200, needed=True)  # type: ignore[valid-type]
    on: Day | None = None
    limit: int = 20


class UnitsOut(Schema):
    items: list[UnitRow]


def unit_ref(unit: Unit, on: date | None = None) -> dict[str, Any]:
    return {"id": unit.pk, "key": unit.key, "name": unit.name_on(on)}


def unit_row(unit: Unit, on: date | None) -> dict[str, Any]:
    kind = portrait.kind_on(unit, on) if on else unit.kind
    return {
        **unit_ref(unit, on),
        "kind": kind,
        "begins_on": unit.begins_on,
        "ends_on": unit.ends_on,
    }


@router.get("/units", response=answers(UnitsOut), operation_id="find_units")
def units(request: HttpRequest, asked: Query[UnitSearch]) -> Any:
    """Units by name, with or without accents, best first."""
    found = portrait.found(asked.q, limit=max(1, min(asked.limit, 100)), on=asked.on)
    return {"items": [unit_row(one.unit, asked.on) for one in found]}


class StandingQuestion(Question):
    """Which units of `to` stand for the units of `day`; `unit` and `code` narrow it, and one page is 500 units."""

    day: Day
    mode: Literal["then", "now", "common"]
    to: Day | None = None
    unit: Number | None = None
    code: Words(20) = ""  # type: ignore[valid-type]
    system: Literal["gso", "symbol"] = "gso"
    after: Annotated[int, Field(ge=0, le=BIGGEST)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class ShareOut(Schema):
    unit: int
    share: str


class StandingRow(Schema):
    """`stand` answer for the unit; `counted` is the one a count goes to; without `shares` a ratio cannot be restated."""

    unit: UnitRef
    stand: list[UnitRef]
    counted: int
    shares: list[ShareOut] | None


class StandingOut(Schema):
    day: Day
    to: Day
    mode: str
    items: list[StandingRow]
    next: int | None


@router.get("/units/standing", response=answers(StandingOut), operation_id="units_standing")
def standing(request: HttpRequest, asked: Query[StandingQuestion]) -> Any:
    """Then, now or on a common basis: the functions of the tree by which figures of a day are read on another."""
    to = asked.to or clock.today()
    there = Unit.objects.as_of(asked.day).filter(pk__gt=asked.after).order_by("pk")
    if asked.unit is not None:
        there = there.filter(pk=asked.unit)
    if asked.code:
        bearing = UnitCode.objects.as_of(asked.day).filter(system=asked.system, code=asked.code)
        there = there.filter(pk__in=bearing.values("unit"))
    page = list(there.values_list("pk", flat=True)[: asked.limit + 1])
    shown = page[: asked.limit]
    rows = standing_rows(asked.day, asked.mode, to, shown)
    following = shown[-1] if len(page) > asked.limit else None
    return {"day": asked.day, "to": to, "mode": asked.mode, "items": rows, "next": following}


def standing_rows(day: date, mode: Mode, to: date, shown: list[int]) -> list[dict[str, Any]]:
    stand = reads.standing(day, mode, to, shown)
    counted = reads.counted(day, to, shown)
    parts = reads.shares(day, to, shown)
    known = Unit.objects.with_names().in_bulk(
        {*shown, *(pk for ones in stand.values() for pk in ones)}
    )
    then = day if mode == "then" else to
    return [
        {
            "unit": unit_ref(known[pk], day),
            "stand": [unit_ref(known[one], then) for one in sorted(stand[pk])],
            "counted": pk if mode == "then" else counted[pk],
            "shares": shares_out({pk: Decimal(1)} if mode == "then" else parts[pk]),
        }
        for pk in shown
    ]


def shares_out(parts: dict[int, Decimal] | None) -> list[dict[str, Any]] | None:
    if parts is None:
        return None
    return [
        {"unit": unit, "share": f"{part.normalize():f}"} for unit, part in sorted(parts.items())
    ]


class OnADay(Question):
    on: Day | None = None


@router.get(
    "/units/{int:pk}", response=answers(UnitOut), operation_id="get_unit", openapi_extra=TAGGED
)
def unit(request: HttpRequest, response: HttpResponse, pk: int, asked: Query[OnADay]) -> Any:
    """One unit with its names and codes over time, its kin, and where it hung on a day."""
    found = get_object_or_404(Unit.objects.prefetch_related("names", "codes", "kinds"), pk=pk)
    tag(response, version_of(found))
    return unit_out(found, asked.on or clock.today())


def unit_out(found: Unit, on: date) -> dict[str, Any]:
    places: Any = Placement.objects.as_of(on).filter(unit=found).select_related("parent")
    hung = {place.tree: place.parent for place in places.prefetch_related("parent__names")}
    parent = hung.get(STATE)
    return {
        **unit_row(found, on),
        "parent": unit_ref(parent, on) if parent else None,
        "parents": {tree: unit_ref(up, on) for tree, up in hung.items() if up},
        "names": list(found.names.all()),
        "codes": list(found.codes.all()),
        "kin": kin(found),
        "lat": None if found.lat is None else str(found.lat),
        "lon": None if found.lon is None else str(found.lon),
    }


def kin(found: Unit) -> list[dict[str, Any]]:
    rows = [one.row for turn in portrait.turns(found) for one in (*turn.old, *turn.new) if one.row]
    return [
        {
            "old": unit_ref(row.old if row.old_id != found.pk else found),
            "new": unit_ref(row.new if row.new_id != found.pk else found),
            "on": row.on,
            "share": None if row.share is None else str(row.share),
            "is_default": row.is_default,
            "legal_basis": row.legal_basis,
        }
        for row in rows
    ]
