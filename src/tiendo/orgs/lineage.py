"""Who stands for whom between two days, from rows of succession (pure: no Django, no tables).

A unit is a number. `Heir.share` is the part of the old unit its heir took over, above 0 and at most 1,
None while unknown. Three modes: *then* (each unit stands for itself), *now* (its heirs stand for it),
*common* (the smallest blocks of units whose borders are the same on both days).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Mode = Literal["then", "now", "common"]


@dataclass(frozen=True, slots=True)
class Heir:
    """One row of succession."""

    old: int
    new: int
    on: date
    share: Decimal | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """Successions that took effect after `since` and no later than `until`, oldest first."""

    heirs: Mapping[int, tuple[Heir, ...]]

    @classmethod
    def between(cls, rows: Iterable[Heir], since: date, until: date) -> Lineage:
        by_old: dict[int, list[Heir]] = defaultdict(list)
        for row in rows:
            if since < row.on <= until:
                by_old[row.old].append(row)
        return cls(
            {old: tuple(sorted(r, key=lambda h: (h.on, h.new))) for old, r in by_old.items()}
        )

    def standing(self, units: Iterable[int], mode: Mode) -> dict[int, frozenset[int]]:
        """For each unit the units which stand for it; none where it ended without heirs."""
        if mode == "then":
            return {unit: frozenset({unit}) for unit in units}
        if mode == "now":
            return {unit: self.heirs_of(unit) for unit in units}
        return self.blocks(units)

    def heirs_of(self, unit: int) -> frozenset[int]:
        """Those at the end of the line, through every reform on the way."""
        onward = self.heirs.get(unit)
        if not onward:
            return frozenset({unit})
        return frozenset().union(*(self.heirs_of(heir.new) for heir in onward))

    def default_heir(self, unit: int) -> int:
        """The one that counts for a unit where it must be counted once."""
        onward = self.heirs.get(unit)
        if not onward:
            return unit
        return self.default_heir(next(heir.new for heir in onward if heir.is_default))

    def weights(self, unit: int) -> dict[int, Decimal] | None:
        """What part of a unit each heir took over; None while a share on the way is unknown."""
        onward = self.heirs.get(unit)
        if not onward:
            return {unit: Decimal(1)}
        parts: dict[int, Decimal] = defaultdict(Decimal)
        for heir in onward:
            beyond = self.weights(heir.new)
            if heir.share is None or beyond is None:
                return None
            for last, part in beyond.items():
                parts[last] += heir.share * part
        return dict(parts) if sum(parts.values()) == 1 else None

    def blocks(self, units: Iterable[int]) -> dict[int, frozenset[int]]:
        """Join the units that share an heir, and the heirs that share a unit."""
        ends = {unit: self.heirs_of(unit) for unit in units}
        block: dict[int, int] = {}

        def top(unit: int) -> int:
            while block.setdefault(unit, unit) != unit:
                block[unit] = block[block[unit]]
                unit = block[unit]
            return unit

        for heirs in ends.values():
            first, *others = sorted(heirs)
            for other in others:
                block[top(other)] = top(first)
        members: dict[int, set[int]] = defaultdict(set)
        for heir in frozenset().union(*ends.values()) if ends else ():
            members[top(heir)].add(heir)
        return {unit: frozenset(members[top(min(heirs))]) for unit, heirs in ends.items()}
