"""Units that end and who takes over: what hangs elsewhere from that day on, and what stands in the way. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.kit.words import day_in_words
from tiendo.orgs.models import STATE, Placement, Succession, Unit

AT_ONCE = 200  # branches asked for in one question
Children = Mapping[int, Unit]  # which heir a child goes to, where it is not the first


class Heir(NamedTuple):
    """Who takes over, and what part of it if known."""

    unit: Unit
    share: Decimal | None = None


class Told(StrEnum):
    """What the tree already says of an ending."""

    NOTHING = "nothing"
    ENDED = "ended"  # on that day, without heirs
    WHOLLY = "wholly"


@dataclass(frozen=True)
class Ending:
    """A unit that ends with its heirs, the first by default, and what the tree already says of it."""

    unit: Unit
    heirs: tuple[Heir, ...]
    told: Told = Told.NOTHING

    @property
    def heir(self) -> Unit:
        return self.heirs[0].unit


class Hindrance(NamedTuple):
    """What stands in the way of a change of the tree, in words, and which unit it is about."""

    unit: Unit
    words: str


@dataclass
class Regrouping:
    """Places that close on the day, and those that open instead."""

    closing: list[int] = field(default_factory=list)
    opening: list[Placement] = field(default_factory=list)
    hindrances: list[Hindrance] = field(default_factory=list)

    @property
    def moved(self) -> set[int]:
        """Units that hang elsewhere from the day on."""
        return {place.unit_id for place in self.opening}


# ---------------------------------------------------------------- where everything hangs afterwards
def regrouped(endings: Sequence[Ending], on: date, children: Children | None = None) -> Regrouping:
    """Everything beneath the units that end, hung beneath their heirs, in every tree."""
    found = Regrouping()
    for tree, places in own_places(endings, on).items():
        Hanging(tree, endings, on, children or {}).lay(places, found)
    return found


def own_places(endings: Sequence[Ending], on: date) -> dict[str, list[Placement]]:
    """Where the units that end hang on that day, by tree."""
    found: dict[str, list[Placement]] = defaultdict(list)
    for place in Placement.objects.as_of(on).filter(unit__in=[e.unit.pk for e in endings]):
        found[place.tree].append(place)
    return found


class Hanging:
    """One tree while its branches are being hung elsewhere."""

    def __init__(self, tree: str, endings: Sequence[Ending], on: date, children: Children) -> None:
        self.tree, self.on, self.children = tree, on, children
        self.ended = {ending.unit.pk: ending for ending in endings}
        self.rows: dict[int, Placement] = {}
        self.heirs: dict[int, str] = {}
        self.paths: dict[int, str | None] = {}

    def lay(self, places: list[Placement], found: Regrouping) -> None:
        self.rows = {row.unit_id: row for row in branches(self.tree, places, self.on)}
        self.heirs = self.paths_of_heirs()
        for row in self.rows.values():
            found.closing.append(row.pk)
            if row.unit_id in self.ended:
                continue
            path = self.path_of(row.unit_id)
            if path is None:
                found.hindrances.append(Hindrance(row.unit, self.homeless(row)))
            else:
                found.opening.append(self.opened(row, path))

    def paths_of_heirs(self) -> dict[int, str]:
        """Where the heirs hang in this tree; one that is only planned hangs where it will be founded."""
        heirs = {heir.unit.pk: heir.unit for e in self.ended.values() for heir in e.heirs}
        heirs |= {unit.pk: unit for unit in self.children.values()}
        rows = Placement.objects.as_of(self.on).filter(tree=self.tree, unit__in=heirs)
        paths: dict[int, str] = dict(rows.values_list("unit", "path"))
        planned = {pk: unit.path for pk, unit in heirs.items() if pk < 0 and self.tree == STATE}
        return paths | planned

    def path_of(self, unit: int) -> str | None:
        """Its path from the day on; nothing where its heir has no place in this tree, or hangs beneath itself."""
        if unit not in self.rows:
            return self.heirs.get(unit)
        if unit not in self.paths:
            self.paths[unit] = None  # who asks again while we look hangs beneath itself
            above = self.parent_of(self.rows[unit])
            path = self.path_of(above) if above is not None else ""
            self.paths[unit] = None if path is None else f"{path}{unit}/"
        return self.paths[unit]

    def parent_of(self, row: Placement) -> int | None:
        chosen = self.children.get(row.unit_id)
        if row.parent_id not in self.ended:
            return row.parent_id
        return chosen.pk if chosen else self.ended[row.parent_id].heir.pk

    def opened(self, row: Placement, path: str) -> Placement:
        return Placement(
            unit_id=row.unit_id,
            tree=self.tree,
            parent_id=self.parent_of(row),
            path=path,
            starts_on=self.on,
            ends_on=row.ends_on,
        )

    def homeless(self, row: Placement) -> str:
        above = self.ended.get(row.parent_id) if row.parent_id else None
        heir = above.heir.name if above else "–"
        return _("%(unit)s cannot hang beneath %(heir)s in the tree “%(tree)s”.") % {
            "unit": row.unit.name_on(self.on),
            "heir": heir,
            "tree": self.tree,
        }


def branches(tree: str, places: Iterable[Placement], on: date) -> Iterator[Placement]:
    """The rows at and beneath these places, each once, those above first."""
    tops = highest(place.path for place in places)
    for start in range(0, len(tops), AT_ONCE):
        reach = Q(pk__in=[])
        for path in tops[start : start + AT_ONCE]:
            reach |= Q(path__beneath=path)
        rows = Placement.objects.as_of(on).filter(reach, tree=tree).select_related("unit")
        yield from sorted(rows, key=lambda row: row.path.count("/"))


def highest(paths: Iterable[str]) -> list[str]:
    """Without those that lie beneath another."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


# ---------------------------------------------------------------- what stands in the way
def hindrances(
    endings: Sequence[Ending], on: date, children: Children | None = None
) -> list[Hindrance]:
    """Every reason why these units cannot end like this on that day; none when they can."""
    ended = {ending.unit.pk for ending in endings}
    found = [one for ending in endings for one in of_ending(ending, ended, on)]
    undone = [ending for ending in endings if ending.told == Told.NOTHING]
    found += later_facts([ending.unit for ending in undone], on)
    if not found:
        found += later_places(undone, on)
        found += regrouped(undone, on, children).hindrances
    return found


def of_ending(ending: Ending, ended: set[int], on: date) -> Iterator[Hindrance]:
    unit = ending.unit
    if ending.told == Told.NOTHING and not unit.exists_on(on):
        yield Hindrance(unit, ended_otherwise(unit, on))
    for heir in ending.heirs:
        if heir.unit == unit or heir.unit.pk in ended:
            words = _("%(name)s ends itself and cannot take over. Choose another heir.")
            yield Hindrance(unit, words % {"name": heir.unit.name})
        elif heir.unit.pk > 0 and not heir.unit.exists_on(on):
            words = _("%(name)s does not exist on that day. Choose another day or another unit.")
            yield Hindrance(unit, words % {"name": heir.unit.name})
    if said := wrong_shares([heir.share for heir in ending.heirs]):
        yield Hindrance(unit, said)


def ended_otherwise(unit: Unit, on: date) -> str:
    if unit.ends_on is None or unit.begins_on > on:
        words = _("%(name)s does not exist on that day. Choose another day or another unit.")
        return words % {"name": unit.name}
    heirs = Succession.objects.filter(old=unit).select_related("new").prefetch_related("new__names")
    return _("The tree says that %(name)s ended on %(day)s; who took over: %(heirs)s.") % {
        "name": unit.name,
        "day": day_in_words(unit.ends_on),
        "heirs": ", ".join(row.new.name for row in heirs) or "–",
    }


def wrong_shares(shares: Sequence[Decimal | None]) -> str:
    """What is wrong with the shares: known ones add up to 1, and leave room for those not known."""
    known = [share for share in shares if share is not None]
    whole = sum(known, Decimal(0))
    if any(not 0 < share <= 1 for share in known):
        return _("A share is above 0 and at most 1; leave it empty if unknown.")
    if len(known) == len(shares) and known and whole != 1:
        return _(
            "The shares add up to %(sum)s %%. They must add up to 100 %%, or be left empty."
        ) % {"sum": f"{(whole * 100).normalize():f}"}
    if len(known) < len(shares) and whole >= 1:
        return _("The shares entered leave nothing for the heirs whose share is unknown.")
    return ""


def later_facts(units: Sequence[Unit], on: date) -> Iterator[Hindrance]:
    """Names, codes and kinds that begin on that day or after it."""
    words = _("%(name)s is given a later name, code or kind. Choose a day after that.")
    by_pk = {unit.pk: unit for unit in units}
    later: set[int] = set()
    for dated in ("names", "codes", "kinds"):
        model: Any = Unit._meta.get_field(dated).related_model
        rows = model.objects.filter(unit__in=by_pk, starts_on__gte=on)
        later |= set(rows.values_list("unit", flat=True))
    for pk in sorted(later):
        yield Hindrance(by_pk[pk], words % {"name": by_pk[pk].name})


def later_places(endings: Sequence[Ending], on: date) -> Iterator[Hindrance]:
    """Something at or beneath a unit that moves on that day or later: its new place would be forgotten."""
    tops = {place.path: place for places in own_places(endings, on).values() for place in places}
    units = {ending.unit.pk: ending.unit for ending in endings}
    for path, place in tops.items():
        later = Placement.objects.filter(tree=place.tree, path__beneath=path, starts_on__gte=on)
        row = later.select_related("unit").first()
        if row is not None:
            words = _("%(moved)s, beneath %(name)s, moves on %(day)s. Choose a day after that.")
            unit = units[place.unit_id]
            yield Hindrance(
                unit,
                words
                % {"moved": row.unit.name, "name": unit.name, "day": day_in_words(row.starts_on)},
            )


# ---------------------------------------------------------------- what the tree already says
def as_told(endings: Sequence[Ending], on: date) -> list[Ending]:
    """The same endings, with what the tree already says of each."""
    rows = Succession.objects.filter(old__in=[e.unit.pk for e in endings], on=on)
    said: dict[int, set[int]] = defaultdict(set)
    for old, new in rows.values_list("old", "new"):
        said[old].add(new)
    return [replace(e, told=told_of(e, said.get(e.unit.pk, set()), on)) for e in endings]


def told_of(ending: Ending, heirs: set[int], on: date) -> Told:
    if ending.unit.ends_on != on:
        return Told.NOTHING
    if not heirs:
        return Told.ENDED
    wanted = {heir.unit.pk for heir in ending.heirs}
    return Told.WHOLLY if wanted == heirs else Told.NOTHING


def ended_beneath(units: Sequence[Unit], on: date) -> list[Ending]:
    """What hung beneath these units and ended with them that day, by the tree itself; they stand first.

    One that has no heir of its own goes to the heir of the unit above it.
    """
    eve = on - timedelta(days=1)
    places = Placement.objects.as_of(eve).filter(tree=STATE, unit__in=[u.pk for u in units])
    rows = {row.unit_id: row for row in branches(STATE, places, eve)}
    ended = {pk for pk, row in rows.items() if row.unit.ends_on == on}
    heirs = heirs_told(ended, on)
    found: list[Ending] = []
    for pk, place in rows.items():  # those above come first
        if pk in ended:
            above = heirs.get(place.parent_id or 0, [])[:1]
            heirs[pk] = heirs[pk] or [Heir(one.unit) for one in above]
            if heirs[pk]:
                found.append(Ending(place.unit, tuple(heirs[pk]), Told.WHOLLY))
    return found


def heirs_told(ended: Iterable[int], on: date) -> dict[int, list[Heir]]:
    """Who took over on that day, by the tree, the heir by default first."""
    said = Succession.objects.filter(old__in=ended, on=on).order_by("-is_default", "pk")
    heirs: dict[int, list[Heir]] = defaultdict(list)
    for row in said.select_related("new"):
        heirs[row.old_id].append(Heir(row.new, row.share))
    return heirs
