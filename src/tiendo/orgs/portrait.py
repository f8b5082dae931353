"""What a unit's page tells: its names, places, kin, children and points, as of a day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from math import cos, radians
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, IntegerField, Min, OuterRef, Value, When
from django.utils.translation import get_language, ngettext_lazy

from tiendo.orgs.models import (
    LANGUAGES_BY_NEED,
    STATE,
    Kind,
    Placement,
    Succession,
    Tree,
    Unit,
    UnitName,
)
from tiendo.orgs.names import fold

SIZE = {kind: place for place, kind in enumerate(Kind)}  # of two with one name the larger is meant
FIRST = (Kind.COUNTRY, Kind.PARTY, Kind.BODY, Kind.COMMITTEE, Kind.OFFICE)
ORDER = {kind: place for place, kind in enumerate((*FIRST, *(k for k in Kind if k not in FIRST)))}
COMMUNES = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)
PLACES = {Kind.PROVINCE, Kind.DISTRICT, *COMMUNES}
COUNTED = {
    Kind.COUNTRY: ngettext_lazy("%(n)s country", "%(n)s countries", "n"),
    Kind.BODY: ngettext_lazy("%(n)s state body", "%(n)s state bodies", "n"),
    Kind.MINISTRY: ngettext_lazy("%(n)s ministry", "%(n)s ministries", "n"),
    Kind.AGENCY: ngettext_lazy("%(n)s agency", "%(n)s agencies", "n"),
    Kind.PROVINCE: ngettext_lazy("%(n)s province or city", "%(n)s provinces and cities", "n"),
    Kind.DISTRICT: ngettext_lazy("%(n)s district", "%(n)s districts", "n"),
    Kind.COMMUNE: ngettext_lazy("%(n)s commune", "%(n)s communes", "n"),
    Kind.WARD: ngettext_lazy("%(n)s ward", "%(n)s wards", "n"),
    Kind.SPECIAL_ZONE: ngettext_lazy("%(n)s special zone", "%(n)s special zones", "n"),
    Kind.PARTY: ngettext_lazy("%(n)s Party body", "%(n)s Party bodies", "n"),
    Kind.COMMITTEE: ngettext_lazy("%(n)s committee", "%(n)s committees", "n"),
    Kind.DEPARTMENT: ngettext_lazy("%(n)s department", "%(n)s departments", "n"),
    Kind.OFFICE: ngettext_lazy("%(n)s standing office", "%(n)s standing offices", "n"),
}


# --- the tree ---------------------------------------------------------------------------------


class Branch(NamedTuple):
    """A unit in the tree on a day; `inner` when others hang beneath it then."""

    unit: Unit
    kind: str
    name: str
    inner: bool


def children(node: Unit | None, on: date, tree: str = STATE) -> list[Branch]:
    """What hangs directly under the node on that day (or the tops of the tree), by kind and name."""
    beneath = Placement.objects.as_of(on).filter(tree=tree, parent=OuterRef("unit"))
    rows = (
        Placement.objects.as_of(on)
        .filter(tree=tree, parent=node)
        .annotate(inner=Exists(beneath))
        .select_related("unit")
        .prefetch_related("unit__names", "unit__kinds")
    )
    found = [
        Branch(row.unit, kind_on(row.unit, on), row.unit.name_on(on), row.inner) for row in rows
    ]
    return sorted(found, key=lambda branch: (ORDER[Kind(branch.kind)], in_order(branch.name)))


def in_order(name: str) -> list[tuple[int, int, str]]:
    """Names as people sort them: Ward 2 before Ward 10."""
    words = fold(name).split()
    return [(0, int(w), "") if w.isascii() and w.isdigit() else (1, 0, w) for w in words]


def kind_on(unit: Unit, on: date) -> str:
    """What it was that day; its present kind where no other is written."""
    then = (k for k in unit.kinds.all() if k.starts_on <= on and (not k.ends_on or k.ends_on > on))
    return next((k.kind for k in then), unit.kind)


def counts(branches: Iterable[Branch]) -> list[tuple[str, int]]:
    """How many of each kind, in the order given."""
    return [(kind, len(list(rows))) for kind, rows in groupby(branches, key=lambda b: b.kind)]


def counted(kind: str, n: int) -> str:
    """“117 communes” in the reader's language."""
    return str(COUNTED[Kind(kind)] % {"n": n})


def path_to(unit: Unit, on: date, tree: str = STATE) -> list[Unit]:
    """The units above it on that day, from the top; the last known place for one that hangs nowhere then."""
    placements = Placement.objects.filter(unit=unit, tree=tree)
    path = placements.as_of(on).values_list("path", flat=True).first()
    path = path or (unit.path if tree == STATE else "")
    above = [int(number) for number in path.split("/") if number][:-1]
    units = Unit.objects.with_names().in_bulk(above)
    return [units[number] for number in above if number in units]


def communes_by_province(on: date) -> dict[int, int]:
    """How many communes hang directly beneath each province that day."""
    rows = (
        Placement.objects.as_of(on)
        .filter(tree=STATE, unit__kind__in=COMMUNES, parent__kind=Kind.PROVINCE)
        .values("parent")
        .annotate(n=Count("unit"))
    )
    return {row["parent"]: row["n"] for row in rows}


def hangs_in(unit: Unit) -> list[Tree]:
    """The trees it hangs in, or ever hung in."""
    found = {place.tree for place in unit.placements.all()}
    return [tree for tree in Tree if tree in found]


# --- finding ----------------------------------------------------------------------------------


class Found(NamedTuple):
    """A unit by its last name, with the unit above it where it last hung."""

    unit: Unit
    name: str
    vietnamese: str
    above: str


def found(words: str, limit: int = 20, on: date | None = None) -> list[Found]:
    """Units of today and of the past (or of one day) whose name holds these words, marks or none, best first."""
    folded = fold(words)
    if not folded:
        return []
    nearness = Case(
        When(folded=folded, then=Value(0)),
        When(folded__startswith=folded + " ", then=Value(1)),
        When(folded__endswith=" " + folded, then=Value(1)),
        When(folded__contains=f" {folded} ", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    size = Case(
        *(When(unit__kind=kind, then=Value(place)) for kind, place in SIZE.items()),
        output_field=IntegerField(),
    )
    names = UnitName.objects.filter(folded__contains=folded)
    if on is not None:
        names = names.filter(unit__in=Unit.objects.as_of(on))
    near = (
        names.values("unit_id")
        .annotate(near=Min(nearness), size=Min(size))
        .order_by("near", "size", F("unit__ends_on").desc(nulls_first=True), "unit_id")
    )
    return as_found([row["unit_id"] for row in near[:limit]])


def as_found(order: list[int]) -> list[Found]:
    """These units in this order, each by its last name."""
    units = Unit.objects.prefetch_related("names", "kinds").in_bulk(order)
    parents = Unit.objects.with_names().in_bulk({number_above(unit) for unit in units.values()})
    above = {pk: parent.name for pk, parent in parents.items()}
    return [
        Found(unit, unit.name, vietnamese(unit, None), above.get(number_above(unit), ""))
        for unit in (units[number] for number in order)
    ]


def number_above(unit: Unit) -> int:
    line = unit.path.split("/")
    return int(line[-3]) if len(line) > 2 else 0


# --- one unit ---------------------------------------------------------------------------------


class Called(NamedTuple):
    """A name from–to, with the Vietnamese one beside where the reader's language is another."""

    text: str
    vietnamese: str
    starts_on: date
    ends_on: date | None


def names_told(unit: Unit) -> tuple[list[Called], list[str]]:
    """Its names over time, newest first, and the other ways it is written."""
    own = (get_language() or "vi")[:2]
    names = list(unit.names.all())
    said = [n for n in names if n.use == UnitName.Use.NAME]
    language = next(
        (x for x in LANGUAGES_BY_NEED.get(own, ("en", "vi")) if any(n.language == x for n in said)),
        own,
    )
    told = sorted(
        (n for n in said if n.language == language), key=lambda n: n.starts_on, reverse=True
    )
    rows = [Called(n.text, beside(n, said), n.starts_on, n.ends_on) for n in told]
    shown = {n.text for n in said}
    others = [
        n
        for n in names
        if n.use != UnitName.Use.NAME and n.text not in shown and n.language in (own, "vi")
    ]
    others.sort(key=lambda n: (n.language != own, n.text))
    return rows, list(dict.fromkeys(n.text for n in others))


def beside(name: UnitName, names: list[UnitName]) -> str:
    """The Vietnamese name of the same days, unless it reads the same."""
    then = [
        n.text
        for n in names
        if n.language == "vi"
        and n.starts_on <= name.starts_on
        and (not n.ends_on or n.ends_on > name.starts_on)
    ]
    return "" if name.language == "vi" or not then or then[-1] == name.text else str(then[-1])


def vietnamese(unit: Unit, on: date | None) -> str:
    """Its Vietnamese name, unless the reader already sees it."""
    own = unit.name_on(on, "vi")
    return "" if own == unit.name_on(on) else own


class Relative(NamedTuple):
    """A unit in a family tree: the succession that brought it here, or that it simply went on."""

    unit: Unit
    row: Succession | None = None
    went_on: bool = False

    @property
    def gone(self) -> bool:
        return self.unit.ends_on is not None


class Turn(NamedTuple):
    """One day on which units became others: who stood before, who stands after."""

    on: date
    basis: str
    old: list[Relative]
    new: list[Relative]
    lines: list[str]


def turns(unit: Unit) -> list[Turn]:
    """The days of its family tree: its origins, then its heirs."""
    came = Succession.objects.filter(new=unit).select_related("old").prefetch_related("old__names")
    went = Succession.objects.filter(old=unit).select_related("new").prefetch_related("new__names")
    told = []
    for on, rows in by_day(came):
        olds = [Relative(row.old, row) for row in rows]
        if unit.begins_on < on:
            olds.insert(0, Relative(unit, went_on=True))  # others joined it
        told.append(Turn(on, basis_of(rows), olds, [Relative(unit)], lines(len(olds), 1)))
    for on, rows in by_day(went):
        news = [Relative(row.new, row) for row in rows]
        told.append(Turn(on, basis_of(rows), [Relative(unit)], news, lines(1, len(news))))
    return sorted(told, key=lambda turn: turn.on)


def by_day(rows: Iterable[Succession]) -> list[tuple[date, list[Succession]]]:
    dated = sorted(rows, key=lambda row: (row.on, not row.is_default, row.pk))
    return [(on, list(group)) for on, group in groupby(dated, key=lambda row: row.on)]


def basis_of(rows: list[Succession]) -> str:
    return "; ".join(dict.fromkeys(row.legal_basis for row in rows if row.legal_basis))


def lines(olds: int, news: int) -> list[str]:
    """Curves from each old to each new in a drawing 100 wide, 100 high, ends spread evenly."""
    left = [(2 * i + 1) * 50 / olds for i in range(olds)]
    right = [(2 * i + 1) * 50 / news for i in range(news)]
    return [f"M0 {a:.1f}C50 {a:.1f} 50 {b:.1f} 100 {b:.1f}" for a in left for b in right]


def days_of_change(unit: Unit, told: list[Turn]) -> list[date]:
    """The days on which something about it or its family changed, for looking at it before and after."""
    dated = [*unit.names.all(), *unit.codes.all(), *unit.kinds.all(), *unit.placements.all()]
    days = {row.starts_on for row in dated} | {row.ends_on for row in dated if row.ends_on}
    return sorted((days | {turn.on for turn in told}) - {unit.begins_on})


def merged_into(unit: Unit) -> list[int]:
    """Numbers of the units whose work it carries on: origins by the default heir, and theirs."""
    found: set[int] = set()
    frontier = {unit.pk}
    while frontier:
        rows = Succession.objects.filter(new__in=frontier, is_default=True).values_list(
            "old", flat=True
        )
        frontier = set(rows) - found - {unit.pk}
        found |= frontier
    return sorted(found)


# --- the map of dots --------------------------------------------------------------------------

NAMED = 250  # up to so many dots carry a name; more are drawn as one line of dots
WIDTH = 400


class Dot(NamedTuple):
    x: int
    y: int
    kind: str
    unit: Unit | None


class DotMap(NamedTuple):
    """Communes as dots in a drawing `width` × `height`."""

    width: int
    height: int
    dots: list[Dot]
    ink: dict[str, str]
    legend: list[tuple[str, Any]]


def dot_map(unit: Unit, on: date) -> DotMap | None:
    """Where its communes lie on that day, north above; nothing when no point is known."""
    place = Placement.objects.as_of(on).filter(unit=unit, tree=STATE).first()
    if place is None:
        return None
    rows = list(
        Unit.objects.within(unit, on)
        .filter(kind__in=COMMUNES, lat__isnull=False, lon__isnull=False)
        .values_list("pk", "kind", "lat", "lon")
    )
    if len(rows) < 2:
        return None
    units = Unit.objects.with_names().in_bulk([r[0] for r in rows] if len(rows) <= NAMED else [])
    return drawn(rows, units)


def drawn(rows: list[tuple[Any, ...]], units: dict[int, Unit]) -> DotMap:
    """Degrees to whole units of the drawing; a degree of longitude is shortened by the latitude."""
    lats, lons = [float(r[2]) for r in rows], [float(r[3]) for r in rows]
    squeeze = cos(radians(sum(lats) / len(lats)))
    span = max((max(lons) - min(lons)) * squeeze, (max(lats) - min(lats)) / 2, 0.01)
    scale = WIDTH / span
    dots = [
        Dot(
            round((lon - min(lons)) * squeeze * scale) + 8,
            round((max(lats) - lat) * scale) + 8,
            kind,
            units.get(pk),
        )
        for (pk, kind, *_), lat, lon in zip(rows, lats, lons, strict=True)
    ]
    ink: dict[str, str] = {}
    for dot in dots if not units else ():
        ink[dot.kind] = ink.get(dot.kind, "") + f"M{dot.x} {dot.y}h0"
    width, height = max(d.x for d in dots) + 8, max(d.y for d in dots) + 8
    legend = [(kind.value, kind.label) for kind in Kind if any(d.kind == kind for d in dots)]
    return DotMap(width, height, dots if units else [], ink, legend)
