"""When somebody is told of a due day, and how far up the ladder a late part has climbed: rules for one row, pure.

A day is named by its distance to the due day: −7 is a week before, 1 the first day on which the part is late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Ladder:
    """How many days before the due day somebody is reminded, and from which late day each rung is told."""

    before: Sequence[int]
    rungs: Mapping[str, int]

    @property
    def stages(self) -> list[int]:
        return sorted([-days for days in self.before] + list(self.rungs.values()))

    def reached(self, due_on: date, since: date, on: date) -> int | None:
        """The last stage whose day came after `since` and no later than `on`; nothing when none came."""
        came = [stage for stage in self.stages if since < due_on + timedelta(stage) <= on]
        return came[-1] if came else None

    def rung(self, stage: int) -> str:
        """The rung that is told at this stage; before the due day, the lowest."""
        climbed = [name for name, days in self.rungs.items() if days <= stage]
        return climbed[-1] if climbed else next(iter(self.rungs))

    def climb(self, due_on: date, on: date) -> list["Step"]:
        """Each rung with the day it is told, and whether that day has come; the last that came is where it stands."""
        days = {name: due_on + timedelta(late) for name, late in self.rungs.items()}
        come = [name for name, day in days.items() if day <= on]
        return [
            Step(name, day, has_come=day <= on, is_now=bool(come) and name == come[-1])
            for name, day in days.items()
        ]


@dataclass(frozen=True)
class Step:
    """One rung of a part's climb."""

    rung: str
    on: date
    has_come: bool
    is_now: bool
