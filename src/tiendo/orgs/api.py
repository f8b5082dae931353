"""Units over the API: found by name, today's and past ones; whoever signed in may look."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query

from tiendo.kit import clock
from tiendo.kit.api import Day, Question, Router, Schema, Words, answers
from tiendo.orgs import portrait
from tiendo.orgs.models import STATE, Placement, Unit

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
    parent: UnitRef | None
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


class OnADay(Question):
    on: Day | None = None


@router.get("/units/{int:pk}", response=answers(UnitOut), operation_id="get_unit")
def unit(request: HttpRequest, pk: int, asked: Query[OnADay]) -> Any:
    """One unit with its names and codes over time, its kin, and where it hung on a day."""
    found = get_object_or_404(Unit.objects.prefetch_related("names", "codes", "kinds"), pk=pk)
    on = asked.on or clock.today()
    place = (
        Placement.objects.as_of(on).filter(unit=found, tree=STATE).select_related("parent").first()
    )
    parent = place.parent if place else None
    return {
        **unit_row(found, on),
        "parent": unit_ref(parent, on) if parent else None,
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
