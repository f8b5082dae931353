"""A unit named by typing: the written name is resolved on a day, and when in doubt the person chooses."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tiendo.documents.texts import sound_line
from tiendo.kit.refusals import Invalid
from tiendo.orgs import matching
from tiendo.orgs.matching import Match
from tiendo.orgs.models import Kind, Unit, UnitCode

OFFERED = 6
LIKELY = (Kind.BODY, Kind.MINISTRY, Kind.AGENCY, Kind.PROVINCE, Kind.PARTY, Kind.COMMITTEE)
LIKELY_MOST = 200


@dataclass
class Naming:
    """What came of a written name: one unit, or those it may mean, or why none."""

    unit: Unit | None = None
    others: list[Unit] = field(default_factory=list)
    why: str = ""


def named(written: str, *, on: date, picked: str = "") -> Naming:
    """The unit of that day with this name; `picked` is the person's choice among those offered before."""
    try:
        written = sound_line(written, "")
    except Invalid as refusal:
        return Naming(why=str(refusal))
    if chosen := units_by_id([int(picked)] if is_number(picked) else [], on):
        return Naming(unit=chosen[0], others=chosen)
    found = matching.match(written, on=on, limit=OFFERED) if written else []
    units = units_by_id([pk for match in found for pk in members(match)][:OFFERED], on)
    if units and is_sure(found):
        return Naming(unit=units[0])
    if units:
        return Naming(
            others=units, why=_("Which unit is meant? Choose one, or type its full name.")
        )
    return Naming(
        why=_("No unit of %(day)s is called so. Type its full name, or a part of it.")
        % {"day": on.isoformat()}
    )


def is_number(picked: str) -> bool:
    return picked.isascii() and picked.isdigit() and len(picked) < 18


def is_sure(found: list[Match]) -> bool:
    """The first is called exactly so and no other as well; a likeness is for a person to judge."""
    if found[0].why not in {"exact", "near"}:
        return False
    return len(found) == 1 or found[1].score < found[0].score


def members(match: Match) -> list[int]:
    """The unit, or the units of a group such as “the provinces”."""
    return list(match.unit_ids) if match.unit_id is None else [match.unit_id]


def units_by_id(ids: list[int], on: date) -> list[Unit]:
    """Units in the order asked, each once, with their names; `place` says where each hangs."""
    rows = {unit.pk: unit for unit in Unit.objects.filter(pk__in=ids).with_names()}
    units: list[Any] = [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]
    above = {pk: parent_id(unit) for pk, unit in rows.items()}
    parents = {unit.pk: unit for unit in Unit.objects.filter(pk__in=above.values()).with_names()}
    for unit in units:
        parent = parents.get(above[unit.pk])
        unit.place = parent.name_on(on) if parent else ""
        unit.called = unit.name_on(on)
    return units


def parent_id(unit: Unit) -> int:
    line = unit.path.split("/")
    return int(line[-3]) if len(line) > 2 else 0


def likely_units(on: date) -> list[str]:
    """Names for the list under the field: those who usually sign or lead, by kind, as called that day."""
    rows = Unit.objects.as_of(on).filter(kind__in=LIKELY).with_names()
    order = {kind.value: place for place, kind in enumerate(LIKELY)}
    units = sorted(rows[:LIKELY_MOST], key=lambda unit: (order[unit.kind], unit.pk))
    return [unit.name_on(on) for unit in units]


def unit_of_symbol(org: str, on: date) -> Unit | None:
    """Who signs with this abbreviation on that day, when only one does."""
    rows = UnitCode.objects.as_of(on).filter(system="symbol", code__iexact=org)
    codes = list(rows.select_related("unit")[:2]) if org else []
    return codes[0].unit if len(codes) == 1 else None
