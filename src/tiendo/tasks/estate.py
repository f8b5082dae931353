"""What units that end leave of open work: which part goes to whom, who verifies it then, what clashes. Writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Q

from tiendo.orgs.models import Unit
from tiendo.orgs.takeovers import Ending
from tiendo.tasks.models import Part, Programme, Task
from tiendo.tasks.states import NOT_YET, OPEN, Role, Status

GOING_ON = OPEN | NOT_YET


@dataclass(frozen=True)
class Bequest:
    """One part that goes on: with which unit, and who verifies it then."""

    part: Part
    unit: Unit
    verifier: Unit

    @property
    def passes(self) -> bool:
        """An issued part gets an heir; a draft only names another unit; a report that waits stays until its verdict."""
        return self.unit != self.part.unit and self.part.status in OPEN - {Status.SUBMITTED}

    @property
    def is_readdressed(self) -> bool:
        return self.unit != self.part.unit and self.part.status in NOT_YET

    @property
    def waits(self) -> bool:
        return self.unit != self.part.unit and self.part.status == Status.SUBMITTED

    @property
    def changes_verifier(self) -> bool:
        return self.verifier != self.part.verifier


@dataclass(frozen=True)
class Clash:
    """A part whose verifier would be its doer, or beneath it, and the units that may verify instead, the next higher first."""

    bequest: Bequest
    offered: tuple[Unit, ...]


@dataclass
class Estate:
    """The open work of units that end."""

    bequests: list[Bequest] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    meetings: list[tuple[Part, Part]] = field(default_factory=list)  # of one task, in one heir

    @property
    def passing(self) -> list[Bequest]:
        return [one for one in self.bequests if one.passes]

    @property
    def readdressed(self) -> list[Bequest]:
        return [one for one in self.bequests if one.is_readdressed]

    @property
    def waiting(self) -> list[Bequest]:
        return [one for one in self.bequests if one.waits]

    @property
    def verified_by_another(self) -> list[Bequest]:
        return [one for one in self.bequests if one.changes_verifier]


@dataclass(frozen=True)
class Afterwards:
    """The tree as it will be: who takes over what ended, and the new paths of what hangs elsewhere."""

    endings: Mapping[int, Ending]
    paths: Mapping[int, str]

    def heir(self, unit: Unit, chosen: Unit | None = None) -> Unit:
        """The unit itself, or who takes it over: the one chosen if it is an heir, else the first."""
        ending = self.endings.get(unit.pk)
        if ending is None:
            return unit
        return chosen if chosen in [heir.unit for heir in ending.heirs] else ending.heir

    def path(self, unit: Unit) -> str:
        return self.paths.get(unit.pk, unit.path)


def afterwards(endings: Sequence[Ending], paths: Mapping[int, str]) -> Afterwards:
    return Afterwards({ending.unit.pk: ending for ending in endings}, paths)


def estate(
    tree: Afterwards,
    *,
    heirs: Mapping[int, Unit] | None = None,
    verifiers: Mapping[int, Unit] | None = None,
) -> Estate:
    """The open work that the endings touch; `heirs` and `verifiers` say what was chosen for a part."""
    found = Estate()
    for part in touched(tree):
        unit = tree.heir(part.unit, (heirs or {}).get(part.pk))
        verifier = (verifiers or {}).get(part.pk) or tree.heir(part.verifier)
        bequest = Bequest(part, unit, verifier)
        if unit != part.unit or verifier != part.verifier:
            found.bequests.append(bequest)
        if not is_apart(tree, verifier, unit):
            found.clashes.append(Clash(bequest, offered(tree, bequest)))
    found.clashes = with_units_above(found.clashes, tree)
    found.meetings = meetings(found)
    return found


def touched(tree: Afterwards) -> list[Part]:
    """Parts that go on and are led, helped or verified by a unit that ends, or verified by one that hangs elsewhere then."""
    ended = list(tree.endings)
    concerned = Q(unit__in=ended) | Q(verifier__in=[*ended, *tree.paths])
    rows = (
        Part.objects.filter(concerned, status__in=GOING_ON)
        .select_related("task__programme", "task__unit", "unit", "verifier", "post")
        .prefetch_related("unit__names", "verifier__names")
        .annotate(last_step=Max("moves__true_on"))
        .order_by("task__programme", "task__number", "role", "pk")
    )
    return list(rows)


def is_apart(tree: Afterwards, verifier: Unit, doer: Unit) -> bool:
    """As `require_apart` will say in the tree of that day: neither the doer nor what hangs beneath it verifies."""
    return not tree.path(verifier).startswith(tree.path(doer))


def offered(tree: Afterwards, bequest: Bequest) -> tuple[Unit, ...]:
    """Who gave the task, when it stands apart."""
    giver = tree.heir(bequest.part.task.unit)
    return (giver,) if is_apart(tree, giver, bequest.unit) else ()


def with_units_above(clashes: list[Clash], tree: Afterwards) -> list[Clash]:
    """The units above each doer, the nearest first, before who else is offered; one question for all."""
    lines = [above(tree.path(clash.bequest.unit)) for clash in clashes]
    units = Unit.objects.with_names().in_bulk({pk for line in lines for pk in line})
    return [
        Clash(
            clash.bequest,
            tuple(dict.fromkeys([*(units[pk] for pk in line if pk in units), *clash.offered])),
        )
        for clash, line in zip(clashes, lines, strict=True)
    ]


def above(path: str) -> list[int]:
    return [int(number) for number in path.split("/") if number][-2::-1]


def meetings(found: Estate) -> list[tuple[Part, Part]]:
    """Open parts of one task that one unit will carry: each passes; the assigning side may join them."""
    coming = [one for one in found.bequests if one.unit != one.part.unit]
    rows = Part.objects.filter(
        task__in={one.part.task_id for one in coming}, status__in=OPEN
    ).select_related("unit")
    carried: dict[tuple[int, int], list[Part]] = {}
    for part in rows.order_by("role", "pk"):
        carried.setdefault((part.task_id, part.unit_id), []).append(part)
    pairs: list[tuple[Part, Part]] = []
    for one in coming:
        if one.part.status in OPEN:
            there = carried.setdefault((one.part.task_id, one.unit.pk), [])
            pairs += [(one.part, other) for other in there[:1]]
            there.append(one.part)
    return pairs


def true_day(part: Any, on: date) -> date:
    """A part passes on the day of the reform, or on that of its own last step when that came later."""
    last = getattr(part, "last_step", None)
    return (
        on if last is None else max(on, date.fromordinal(last) if isinstance(last, int) else last)
    )


# ---------------------------------------------------------------- what stays where it is
def given(units: Iterable[Unit]) -> Any:
    """Tasks these units gave: they stay theirs, and their heirs answer for them."""
    return Task.objects.filter(unit__in=list(units)).order_by("programme", "number")


def programmes(units: Iterable[Unit]) -> Any:
    return Programme.objects.filter(unit__in=list(units)).order_by("pk")


def done(units: Iterable[Unit]) -> Any:
    """Parts these units finished: they stay with who did them."""
    return Part.objects.filter(unit__in=list(units), status=Status.DONE, role__in=Role.values)
