"""What a plan does to the tree: which units end and who takes over, which steps are taken. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Refused
from tiendo.orgs import takeovers
from tiendo.orgs.actions import (
    require_exists,
    require_movable,
    require_no_later_name,
    require_placed,
)
from tiendo.orgs.actions_reforms import require_free_code, require_no_later_code, require_other_kind
from tiendo.orgs.models import STATE, Kind, Placement, Unit, UnitCode, UnitKind, UnitName
from tiendo.orgs.names import fold
from tiendo.orgs.takeovers import Ending, Heir, Told
from tiendo.reforms import states
from tiendo.reforms.plan import Plan

GSO = "gso"  # the system of codes a page asks for
ORGANS = {Kind.PARTY, Kind.COMMITTEE, Kind.DEPARTMENT, Kind.OFFICE, Kind.AGENCY, Kind.BODY}


@dataclass(frozen=True)
class Step:
    """One change of a unit that goes on: it moves, is renamed, becomes another kind or bears another code."""

    unit: Unit
    words: str
    act: str
    value: Any
    told: bool = False  # the tree already says so


@dataclass(frozen=True)
class Organ:
    """What hangs directly beneath a unit that ends, and where it goes: into one of these, or along to the heir."""

    unit: Unit
    goes_to: Unit | None
    may_go_to: tuple[Unit, ...]


@dataclass
class Changes:
    """The change of the tree as planned."""

    endings: list[Ending] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    organs: list[Organ] = field(default_factory=list)
    children: dict[int, Unit] = field(default_factory=dict)
    hindrances: list[takeovers.Hindrance] = field(default_factory=list)
    paths: dict[int, str] = field(
        default_factory=dict
    )  # of what hangs elsewhere in the State's tree

    @property
    def is_told(self) -> bool:
        """Whether nothing of it is left to be written."""
        return all(e.told == Told.WHOLLY for e in self.endings) and all(s.told for s in self.steps)


def changes_of(kind: states.Kind, plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    found = PLANNERS[kind](plan, units, on)
    found.endings = takeovers.as_told(found.endings, on)
    found.endings += ended_with_them(found.endings, on)
    found.hindrances += takeovers.hindrances(found.endings, on, found.children)
    undone = [ending for ending in found.endings if ending.told == Told.NOTHING]
    if not found.hindrances:
        opening = takeovers.regrouped(undone, on, found.children).opening
        found.paths |= {row.unit_id: row.path for row in opening if row.tree == STATE}
    return found


def ended_with_them(endings: Sequence[Ending], on: date) -> list[Ending]:
    """Where the tree already says that a unit ended, those beneath it that ended with it hand over too."""
    known = {ending.unit.pk for ending in endings}
    ended = [ending.unit for ending in endings if ending.told != Told.NOTHING]
    return [one for one in takeovers.ended_beneath(ended, on) if one.unit.pk not in known]


# ---------------------------------------------------------------- merge
def merge(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    heir = units[plan.heirs[0].unit]
    merging = [units[pk] for pk in plan.units]
    endings = [Ending(unit, (Heir(heir, Decimal(1)),)) for unit in merging]
    standing = [unit for unit in merging if unit.exists_on(on)]
    organs = organs_of(standing, heir, plan, units, on)
    endings += [Ending(o.unit, (Heir(o.goes_to, Decimal(1)),)) for o in organs if o.goes_to]
    return Changes(endings=endings, organs=organs)


def organs_of(
    merging: Sequence[Unit], heir: Unit, plan: Plan, units: dict[int, Unit], on: date
) -> list[Organ]:
    """What hangs beneath each merged unit, with its counterpart beneath the heir: the one chosen, or the one that looks it."""
    own = children_of(merging, on)
    there = [child for child, _above in children_of([heir], on) if child not in merging]
    found = []
    for child, above in own:
        alike = tuple(one for one in there if one.kind == child.kind and child.kind in ORGANS)
        moving = tuple(o for o, a in own if a != above and o.kind == child.kind in ORGANS)
        usual = counterpart(child, above, alike, heir, on)
        chosen = plan.organs.get(child.pk)
        goes_to = usual if chosen is None else units.get(chosen)
        found.append(Organ(child, goes_to, (*alike, *moving)))
    return found


def children_of(parents: Sequence[Unit], on: date) -> list[tuple[Unit, Unit]]:
    """What hangs directly beneath these units on that day, with the unit above."""
    by_pk = {unit.pk: unit for unit in parents}
    rows = Placement.objects.as_of(on).filter(tree=STATE, parent__in=by_pk)
    rows = rows.select_related("unit").prefetch_related("unit__names").order_by("unit")
    return [(row.unit, by_pk[row.parent_id]) for row in rows if row.unit_id not in by_pk]


def counterpart(
    child: Unit, above: Unit, alike: Sequence[Unit], heir: Unit, on: date
) -> Unit | None:
    """Called the same but for the name of the place: the Department of X of one province and of the other."""
    own = without(child.name_on(on), above.name_on(on))
    same = [one for one in alike if without(one.name_on(on), heir.name_on(on)) == own]
    return same[0] if len(same) == 1 else None


def without(name: str, place: str) -> list[str]:
    left_out = set(fold(place).split())
    return [word for word in fold(name).split() if word not in left_out]


# ---------------------------------------------------------------- split, abolish
def split(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    heirs = tuple(Heir(units[heir.unit], heir.share) for heir in plan.heirs)
    unit = units[plan.units[0]]
    taking = {heir.unit.pk for heir in heirs}
    chosen = {pk: units[to] for pk, to in plan.children.items() if units[to].pk in taking}
    organs = [
        Organ(child, chosen.get(child.pk, heirs[0].unit), tuple(heir.unit for heir in heirs))
        for child, _above in children_of([unit], on)
        if child.pk not in taking
    ]
    return Changes(endings=[Ending(unit, heirs)], organs=organs, children=chosen)


def abolish(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    """Each unit of the level ends; the unit above it takes over, or who took that one over."""
    node, eve = units[plan.beneath or 0], on - timedelta(days=1)
    within = Placement.objects.as_of(eve).filter(unit=node, tree=STATE).first()
    if within is None or plan.level is None:
        return Changes(hindrances=[takeovers.Hindrance(node, not_there(node))])
    rows = list(level_rows(within.path, plan.level, eve))
    above = {row.parent_id for row in rows if row.parent_id is not None}
    told = takeovers.heirs_told({row.unit_id for row in rows} | above, on)
    parents = Unit.objects.in_bulk(above)
    endings = []
    for row in rows:
        heirs = told.get(row.unit_id) or heirs_above(parents.get(row.parent_id or 0), told, on)
        endings += [Ending(row.unit, tuple(heirs))] if heirs else []
    nothing = [] if endings else [takeovers.Hindrance(node, no_such_level(node, plan.level))]
    return Changes(endings=endings, hindrances=nothing)


def level_rows(path: str, level: Kind, eve: date) -> list[Placement]:
    """Units that were of this kind that day; one whose kinds were never dated is of its present one."""
    dated = UnitKind.objects.as_of(eve).filter(kind=level).values("unit")
    of_kind = Q(unit__in=dated) | Q(unit__kind=level, unit__kinds__isnull=True)
    rows = Placement.objects.as_of(eve).filter(tree=STATE, path__beneath=path, parent__isnull=False)
    return list(rows.filter(of_kind).select_related("unit").order_by("unit"))


def heirs_above(parent: Unit | None, told: dict[int, list[Heir]], on: date) -> list[Heir]:
    if parent is None:
        return []
    return [Heir(parent, Decimal(1))] if parent.exists_on(on) else told.get(parent.pk, [])[:1]


def not_there(unit: Unit) -> str:
    words = _("%(name)s does not exist on that day. Choose another day or another unit.")
    return words % {"name": unit.name}


def no_such_level(unit: Unit, level: Kind) -> str:
    words = _("Beneath %(name)s there was no unit of the kind “%(kind)s” the day before.")
    return words % {"name": unit.name, "kind": level.label}


# ---------------------------------------------------------------- what goes on under another sky
def move(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    beneath = units[plan.beneath or 0]
    found = Changes()
    for unit in (units[pk] for pk in plan.units):
        was: Any = unit.placements.as_of(on).filter(tree=STATE).first()
        told = was is not None and was.parent_id == beneath.pk and was.starts_on == on
        words = _("%(unit)s hangs beneath %(parent)s.")
        said = words % {"unit": unit.name_on(on), "parent": beneath.name_on(on)}
        found.steps.append(Step(unit, said, "move", beneath, told))
        if not told and not hindered(found, unit, guard_move, was, beneath, on):
            found.paths |= moved_paths(was, beneath, on)
    return found


def guard_move(unit: Unit, was: Any, beneath: Unit, on: date) -> None:
    require_exists(unit, on)
    require_exists(beneath, on)
    require_movable(was, require_placed(beneath, on, STATE), unit, on, STATE)


def moved_paths(was: Any, beneath: Unit, on: date) -> dict[int, str]:
    if was is None:
        return {}
    place = require_placed(beneath, on, STATE)
    start = f"{place.path}{was.unit_id}/"
    rows = takeovers.branches(STATE, [was], on)
    return {row.unit_id: start + row.path[len(was.path) :] for row in rows}


def rename(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    unit = units[plan.units[0]]
    found = Changes()
    for language, text in plan.names.items():
        own = unit.names.filter(language=language, use=UnitName.Use.NAME, starts_on=on)
        told = own.filter(text=" ".join(text.split())).exists()
        words = _("%(before)s is called %(after)s.")
        said = words % {"before": unit.name_on(on, language), "after": text}
        found.steps.append(Step(unit, said, "rename", (language, text), told))
        if not told:
            hindered(found, unit, guard_name, language, on)
    if plan.code:
        found.steps.append(recoding(found, unit, plan.code, on))
    return found


def guard_name(unit: Unit, language: str, on: date) -> None:
    require_exists(unit, on)
    require_no_later_name(unit, language, on)


def recoding(found: Changes, unit: Unit, code: str, on: date) -> Step:
    rows = UnitCode.objects.filter(unit=unit, system=GSO, code=code, starts_on=on)
    told = rows.exists()
    if not told:
        hindered(found, unit, guard_code, code, on)
    words = _("%(unit)s bears the code %(code)s.")
    return Step(unit, words % {"unit": unit.name_on(on), "code": code}, "recode", code, told)


def guard_code(unit: Unit, code: str, on: date) -> None:
    require_exists(unit, on)
    require_free_code(unit, GSO, code, on)
    require_no_later_code(unit, GSO, on)


def change_kind(plan: Plan, units: dict[int, Unit], on: date) -> Changes:
    found = Changes()
    becomes = Kind(plan.becomes or Kind.BODY)
    for unit in (units[pk] for pk in plan.units):
        told = unit.kinds.filter(kind=becomes, starts_on=on).exists()
        words = _("%(unit)s becomes: %(kind)s.")
        said = words % {"unit": unit.name_on(on), "kind": becomes.label}
        found.steps.append(Step(unit, said, "change_kind", becomes, told))
        if not told:
            hindered(found, unit, require_other_kind, becomes, on)
    return found


def hindered(found: Changes, unit: Unit, guard: Any, *given: Any) -> bool:
    """Ask the act's own guard; what it would refuse is named before the day."""
    try:
        guard(unit, *given)
    except Refused as refusal:
        found.hindrances.append(takeovers.Hindrance(unit, str(refusal)))
        return True
    return False


PLANNERS: dict[states.Kind, Any] = {
    states.Kind.MERGE: merge,
    states.Kind.SPLIT: split,
    states.Kind.MOVE: move,
    states.Kind.RENAME: rename,
    states.Kind.CHANGE_KIND: change_kind,
    states.Kind.ABOLISH: abolish,
}
