"""What a reform does to the tree of units: units end and others take over, a kind or a code changes. Dated, with its legal text."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from tiendo.kit.permission import Place, require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import record
from tiendo.orgs.actions import require_exists
from tiendo.orgs.models import (
    STATE,
    Kind,
    Placement,
    Succession,
    Unit,
    UnitCode,
    UnitKind,
    UnitName,
)
from tiendo.orgs.portrait import kind_on
from tiendo.orgs.takeovers import (
    Children,
    Ending,
    Heir,
    Regrouping,
    Told,
    as_told,
    hindrances,
    regrouped,
)
from tiendo.people.models import Person

CHUNK = 5_000  # numbers in one statement


@transaction.atomic
def merge(
    units: Sequence[Unit],
    heir: Unit,
    *,
    by: Person,
    on: date,
    basis: str,
    organs: Mapping[Unit, Unit] | None = None,
) -> list[Ending]:
    """Units end and one takes them over whole, with all beneath them; `organs` there may have heirs of their own."""
    pairs = [(unit, heir) for unit in units] + list((organs or {}).items())
    require_all(by, [one for pair in pairs for one in pair])
    wanted = [Ending(unit, (Heir(taker, Decimal(1)),)) for unit, taker in pairs]
    endings = require_free(wanted, on)
    write(endings, on, basis)
    record_endings(endings, by, on, basis)
    return endings


@transaction.atomic
def take_over(
    endings: Sequence[Ending],
    children: Children,
    *,
    by: Person,
    over: Place,
    on: date,
    basis: str,
) -> None:
    """What a whole reform changes in the tree, by its endings: what the tree already says is not written again."""
    require(by, "orgs.arrange", over)
    if endings:
        require_all(by, [ending.unit for ending in endings])
        require_free(endings, on, children)
        write(endings, on, basis, children)
        record_endings(endings, by, on, basis)


@transaction.atomic
def split(
    unit: Unit,
    heirs: Sequence[Heir],
    *,
    by: Person,
    on: date,
    basis: str,
    children: Children | None = None,
) -> Ending:
    """A unit ends and several take over, the first by default; `children` says which of them what hangs beneath it goes to."""
    require_all(by, [unit, *(heir.unit for heir in heirs)])
    if len(heirs) < 2:
        raise Invalid(_("Name at least two units that take over."), field="heirs")
    endings = require_free([Ending(unit, tuple(heirs))], on, children)
    write(endings, on, basis, children)
    record_endings(endings, by, on, basis)
    return endings[0]


@transaction.atomic
def abolish_level(
    endings: Sequence[Ending], node: Unit, level: Kind, *, by: Person, on: date, basis: str
) -> list[Ending]:
    """All units of a kind beneath a node end; what hangs beneath each goes to the unit above it."""
    require(by, "orgs.arrange", node)
    require_all(by, [ending.unit for ending in endings])
    require_all(by, [heir.unit for ending in endings for heir in ending.heirs])
    free = require_free(endings, on)
    write(free, on, basis)
    record(
        "orgs.level_abolished", node, by=by, level=str(level.value), number=len(free), basis=basis,
        name=node.name_on(on, "vi"), ends_on=on, units=[ending.unit.key for ending in free],
    )  # fmt: skip
    return free


@transaction.atomic
def change_kind(unit: Unit, kind: Kind, *, by: Person, on: date, basis: str) -> Unit:
    """A commune becomes a ward: another kind from a day on."""
    require(by, "orgs.arrange", unit)
    require_other_kind(unit, kind, on)
    was, rows = kind_on(unit, on), UnitKind.objects.filter(unit=unit)
    if not rows.exists():  # its first kind was never dated
        UnitKind.objects.create(unit=unit, kind=was, starts_on=unit.begins_on)
    rows.as_of(on).update(ends_on=on)
    UnitKind.objects.create(unit=unit, kind=kind, starts_on=on, ends_on=unit.ends_on)
    unit.kind = kind
    unit.save(update_fields=["kind"])
    record(
        "orgs.kind_changed", unit, by=by, name=unit.name_on(on, "vi"), before=was,
        kind=str(kind.value), basis=basis, starts_on=on,
    )  # fmt: skip
    return unit


@transaction.atomic
def recode(unit: Unit, system: str, code: str, *, by: Person, on: date, basis: str) -> UnitCode:
    """Another code from a day on; whoever bears the code that day must give it up first."""
    require(by, "orgs.arrange", unit)
    require_exists(unit, on)
    if not code.strip():
        raise Invalid(_("Write the new code."), field="code")
    require_free_code(unit, system, code.strip(), on)
    require_no_later_code(unit, system, on)
    own = UnitCode.objects.filter(unit=unit, system=system)
    own.as_of(on).update(ends_on=on)
    row = UnitCode.objects.create(unit=unit, system=system, code=code.strip(), starts_on=on)
    record(
        "orgs.recoded", unit, by=by, name=unit.name_on(on, "vi"), system=system, code=row.code,
        basis=basis, starts_on=on,
    )  # fmt: skip
    return row


# What stands guard --------------------------------------------------------------------------------


def require_all(by: Person, units: Iterable[Unit]) -> None:
    for unit in units:
        require(by, "orgs.arrange", unit)


def require_free(
    wanted: Sequence[Ending], on: date, children: Children | None = None
) -> list[Ending]:
    """The endings with what the tree already says of them, or the first thing that stands in their way."""
    if not wanted:
        raise Invalid(_("Name at least one unit that ends."), field="units")
    endings = as_told(wanted, on)
    found = hindrances(endings, on, children)
    if found:
        raise Refused(found[0].words)
    return endings


def require_no_later(later: bool) -> None:
    if later:
        raise Refused(_("This was already settled for that day or later. Choose a later day."))


def require_other_kind(unit: Unit, kind: Kind, on: date) -> None:
    require_exists(unit, on)
    if kind_on(unit, on) == kind:
        raise Refused(_("The unit is already of this kind on that day."))
    require_no_later(UnitKind.objects.filter(unit=unit, starts_on__gte=on).exists())


def require_no_later_code(unit: Unit, system: str, on: date) -> None:
    own = UnitCode.objects.filter(unit=unit, system=system)
    require_no_later(own.filter(starts_on__gte=on).exists())


def require_free_code(unit: Unit, system: str, code: str, on: date) -> None:
    bearing = UnitCode.objects.as_of(on).filter(system=system, code=code, unit__kind=unit.kind)
    other = bearing.exclude(unit=unit).select_related("unit").first()
    if other is not None:
        raise Invalid(
            _("%(name)s bears the code %(code)s on that day. Give it another one first.")
            % {"name": other.unit.name, "code": code},
            field="code",
        )


# What is written ----------------------------------------------------------------------------------


def write(
    endings: Sequence[Ending], on: date, basis: str, children: Children | None = None
) -> None:
    """Close what ends, hang elsewhere what stays, and say who came from whom: as many statements for one as for many."""
    undone = [ending for ending in endings if ending.told == Told.NOTHING]
    rehang(regrouped(undone, on, children), on)
    ended = [ending.unit.pk for ending in undone]
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    for dated in (UnitName, UnitCode, UnitKind):
        dated._default_manager.filter(goes_on, unit__in=ended).update(ends_on=on)
    Unit.objects.filter(pk__in=ended).update(ends_on=on)
    for ending in undone:
        ending.unit.ends_on = on
    untold = [ending for ending in endings if ending.told != Told.WHOLLY]
    Succession.objects.bulk_create(row for ending in untold for row in rows_of(ending, on, basis))


def rehang(found: Regrouping, on: date) -> None:
    for start in range(0, len(found.closing), CHUNK):
        closing = found.closing[start : start + CHUNK]
        Placement.objects.filter(pk__in=closing).update(ends_on=on)
    Placement.objects.bulk_create(found.opening, batch_size=CHUNK)
    opened = Placement.objects.filter(tree=STATE, starts_on=on, unit=OuterRef("pk"))
    moved = [place.unit_id for place in found.opening if place.tree == STATE]
    for start in range(0, len(moved), CHUNK):
        units = Unit.objects.filter(pk__in=moved[start : start + CHUNK])
        units.update(path=Subquery(opened.values("path")[:1]))


def rows_of(ending: Ending, on: date, basis: str) -> list[Succession]:
    return [
        Succession(
            old=ending.unit, new=heir.unit, on=on, share=heir.share, is_default=not place,
            legal_basis=basis,
        )
        for place, heir in enumerate(ending.heirs)
    ]  # fmt: skip


def record_endings(endings: Sequence[Ending], by: Person, on: date, basis: str) -> None:
    """One entry about each unit that ended, and one about each that took over."""
    untold = [ending for ending in endings if ending.told != Told.WHOLLY]
    took: dict[Unit, list[str]] = {}
    for ending in untold:
        name = ending.unit.name_on(None, "vi")
        for heir in ending.heirs:
            took.setdefault(heir.unit, []).append(name)
        heirs = ", ".join(heir.unit.name_on(on, "vi") for heir in ending.heirs)
        record(
            "orgs.dissolved", ending.unit, by=by, name=name, heirs=heirs, basis=basis, ends_on=on
        )
    for heir_unit, names in took.items():
        record(
            "orgs.took_over", heir_unit, by=by, name=heir_unit.name_on(on, "vi"),
            units=", ".join(names), basis=basis, starts_on=on,
        )  # fmt: skip
