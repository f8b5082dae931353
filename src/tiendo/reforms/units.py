"""The units a plan names: those that stand, and those it will found, which have a number below zero until then."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import STATE, Placement, Unit, UnitName
from tiendo.orgs.names import fold
from tiendo.reforms.plan import NewUnit, Plan
from tiendo.reforms.states import Kind


def units_of(plan: Plan, on: date) -> dict[int, Unit]:
    """Every unit the plan names by its number; one that is not there is refused in words."""
    known: dict[int, Unit] = Unit.objects.with_names().in_bulk(plan.units_named())
    for number in sorted(plan.units_named()):
        if number not in known:
            words = _("There is no unit with the number %(number)s.")
            raise Invalid(words % {"number": number}, field="units")
    return known | {
        -place: planned(new, -place, known[new.beneath], on)
        for place, new in enumerate(plan.new, start=1)
    }


def planned(new: NewUnit, number: int, beneath: Unit, on: date) -> Unit:
    """A unit as it will be: it can be named and hung, not stored."""
    unit = Unit(pk=number, kind=new.kind, begins_on=on, path=f"{beneath.path}{number}/")
    names = [
        UnitName(language=language, text=text, starts_on=on, use=UnitName.Use.NAME)
        for language, text in new.names.items()
    ]
    unit._prefetched_objects_cache = {"names": names}  # type: ignore[attr-defined]
    return unit


def key_for(new: NewUnit, beneath: Unit) -> str:
    """A key that tells where it was founded and how it is called."""
    stem = fold(next(iter(new.names.values()))).replace(" ", "-")[:60]
    wanted = f"{beneath.key}.{stem}"[:110]
    taken = set(Unit.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)


# ---------------------------------------------------------------- over which unit a reform is decided
def over(kind: Kind, plan: Plan, units: dict[int, Unit], on: date) -> Unit:
    """The nearest unit above all that is touched: who answers for it prepares the reform and carries it out."""
    touched = list(touched_paths(kind, plan, units, on))
    shared = common(touched)
    if not shared:
        raise Invalid(
            _("These units do not hang in one tree. Reform each tree by itself."), field="units"
        )
    return Unit.objects.with_names().get(pk=int(shared.split("/")[-2]))


def touched_paths(kind: Kind, plan: Plan, units: dict[int, Unit], on: date) -> Iterable[str]:
    """Where units end or leave, the unit above them is touched too."""
    leaves = kind in {Kind.MERGE, Kind.SPLIT, Kind.MOVE}
    for pk in plan.units:
        path = path_on(units[pk], on - timedelta(days=1))
        yield parent_path(path) or path if leaves else path
    for heir in plan.heirs:
        if heir.unit > 0:
            yield units[heir.unit].path
    yield from (units[new.beneath].path for new in plan.new)
    if plan.beneath is not None:
        yield units[plan.beneath].path


def path_on(unit: Unit, on: date) -> str:
    place: Any = Placement.objects.as_of(on).filter(unit=unit, tree=STATE).first()
    return str(place.path) if place else unit.path


def parent_path(path: str) -> str:
    return "".join(f"{number}/" for number in path.split("/")[:-2])


def common(paths: list[str]) -> str:
    """The longest path above all."""
    lines = [path.split("/")[:-1] for path in paths]
    shared: list[str] = []
    for steps in zip(*lines, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return "".join(f"{number}/" for number in shared)
