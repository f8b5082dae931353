"""Answers about the tree that span several tables."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Invalid
from tiendo.orgs.lineage import Heir, Lineage, Mode
from tiendo.orgs.models import Committee, Post, Succession, Tenure, Unit, UnitCode
from tiendo.orgs.names import fold


def lineage(since: date, until: date) -> Lineage:
    """The successions between two days."""
    if since > until:
        raise Invalid(_("Choose a day of comparison that is not before the day itself."))
    rows = Succession.objects.filter(on__gt=since, on__lte=until)
    asked: Any = rows.values_list("old", "new", "on", "share", "is_default")
    return Lineage.between((Heir(*row) for row in asked), since, until)


def standing(
    day: date, mode: Mode, today: date, units: Iterable[int] | None = None
) -> dict[int, frozenset[int]]:
    """For each unit of `day` the units of `today` which stand for it in this mode.

    In *now* a split unit is answered for by all its heirs; count it by `counted`, restate a ratio by
    `shares`. In *common* the units of one block are answered for by the same set.
    """
    there = Unit.objects.as_of(day).values_list("pk", flat=True) if units is None else units
    return lineage(day, today).standing(list(there), mode)


def counted(day: date, today: date, units: Iterable[int]) -> dict[int, int]:
    """For counts: the one unit of `today` under which each unit of `day` is counted, once."""
    line = lineage(day, today)
    return {unit: line.default_heir(unit) for unit in units}


def shares(day: date, today: date, units: Iterable[int]) -> dict[int, dict[int, Decimal] | None]:
    """For ratios: what part of each unit its heirs took over; None where nobody entered it yet."""
    line = lineage(day, today)
    return {unit: line.weights(unit) for unit in units}


def heirs(unit: Unit) -> list[Unit]:
    """All who came after a unit, through every reform, nearest first."""
    return related(unit, "old", "new")


def ancestors(unit: Unit) -> list[Unit]:
    """All a unit came from, through every reform, nearest first."""
    return related(unit, "new", "old")


def related(unit: Unit, side: str, other: str) -> list[Unit]:
    found: dict[int, None] = {}
    frontier = [unit.pk]
    while frontier:
        rows = Succession.objects.filter(**{f"{side}__in": frontier}).order_by("-is_default", other)
        frontier = [pk for pk in rows.values_list(other, flat=True) if pk not in found]
        found |= dict.fromkeys(frontier)
    units = Unit.objects.with_names().in_bulk(list(found))
    return [units[pk] for pk in found]


def with_code(system: str, code: str, day: date) -> list[Unit]:
    """Units that bore a code on a day: 15 was Yên Bái until 30 June 2025, and is Lào Cai since."""
    bearing = UnitCode.objects.as_of(day).filter(system=system, code=code).values("unit")
    return list(Unit.objects.filter(pk__in=bearing).order_by("pk"))


# ---------------------------------------------------------------- committees
def committees(on: date, *, level: str | None = None, type: str | None = None) -> Any:
    """The committees that stand on a day, of one level or type if asked, with what a line about one shows."""
    rows = Committee.objects.filter(unit__in=Unit.objects.as_of(on))
    rows = rows.filter(level=level) if level else rows
    rows = rows.filter(type=type) if type else rows
    return rows.select_related("unit", "serves").prefetch_related("unit__names", "serves__names")


def committees_of(unit: Unit, on: date) -> list[Committee]:
    """Those that serve a unit or hang beneath it, by type: its council, its support team."""
    rows = committees(on).filter(Q(serves=unit) | Q(unit__placements__parent=unit))
    order = list(Committee.Type)
    own = [committee for committee in rows.distinct() if committee.unit_id != unit.pk]
    return sorted(own, key=lambda one: (order.index(Committee.Type(one.type)), one.pk))


def in_order(rows: Any) -> list[Committee]:
    """The centre first, then by type and name; a list of all committees of a country fits in memory."""
    levels, types = list(Committee.Level), list(Committee.Type)
    return sorted(
        rows,
        key=lambda one: (
            levels.index(Committee.Level(one.level)),
            types.index(Committee.Type(one.type)),
            fold(one.unit.name),
        ),
    )


class Listed(NamedTuple):
    """A committee in a list: as called that day, whom it serves, and who heads it."""

    committee: Committee
    name: str
    serves: str
    heads: list[str]


def with_heads(shown: list[Committee], on: date) -> list[Listed]:
    """Each with the names of those who head it that day."""
    held: dict[int, list[str]] = {}
    rows = Tenure.objects.as_of(on).filter(
        post__unit__in=[one.unit_id for one in shown], post__kind=Post.Kind.HEAD
    )
    for unit, person in rows.values_list("post__unit", "person__name"):
        held.setdefault(unit, []).append(person)
    return [
        Listed(one, one.unit.name_on(on), one.serves.short_name_on(on), held.get(one.unit_id, []))
        for one in shown
    ]
