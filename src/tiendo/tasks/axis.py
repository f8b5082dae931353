"""The time axis of a task: days become places on a line 880 wide. Pure; words are the page's."""

from dataclasses import dataclass
from datetime import date, timedelta

LEFT, RIGHT = 20, 900
LABEL = 92  # the room a label needs before the next one
MONTH = 64  # the room the name of a month takes
MOST_MONTHS = 9


@dataclass(frozen=True)
class Point:
    """Something that happened, or will: its kind, its day, a number for reports."""

    kind: str
    day: date
    number: int = 0


@dataclass(frozen=True)
class Placed:
    """A point with its place on the line, how its label hangs, and whether there is room for one."""

    point: Point
    x: int
    anchor: str
    has_label: bool


@dataclass(frozen=True)
class Stretch:
    paint: str
    x: int
    width: int


@dataclass(frozen=True)
class Axis:
    events: list[Placed]
    dues: list[Placed]
    today: Placed
    months: list[tuple[int, date | None]]  # without a day where the line of today would cross it
    stretches: list[Stretch]


def drawn(
    events: list[Point],
    *,
    first_due_on: date | None,
    due_on: date | None,
    done_on: date | None,
    on: date,
) -> Axis:
    """The axis of one part; `events` come in time order and begin with the day it was issued."""
    days = [*(point.day for point in events), on]
    days += [day for day in (first_due_on, due_on) if day is not None]
    begin, end = min(days), max(days)
    margin = max((end - begin).days // 12, 4)
    line = Line(begin - timedelta(days=margin), end + timedelta(days=margin))
    dues = due_points(first_due_on, due_on)
    return Axis(
        events=line.placed(events),
        dues=[line.due(point, dues) for point in dues],
        today=line.hung(Point("today", on)),
        months=line.months(on),
        stretches=line.stretches(events[0].day, first_due_on, due_on, done_on or on),
    )


def due_points(first_due_on: date | None, due_on: date | None) -> list[Point]:
    points = []
    if first_due_on is not None and first_due_on != due_on:
        points.append(Point("first_due", first_due_on))
    if due_on is not None:
        points.append(Point("due", due_on))
    return points


@dataclass(frozen=True)
class Line:
    begin: date
    end: date

    def at(self, day: date) -> int:
        whole = max((self.end - self.begin).days, 1)
        return LEFT + (RIGHT - LEFT) * (day - self.begin).days // whole

    def hung(self, point: Point, *, has_label: bool = True) -> Placed:
        x = self.at(point.day)
        anchor = "start" if x < LEFT + LABEL else "end" if x > RIGHT - LABEL else "middle"
        return Placed(point, x, anchor, has_label)

    def placed(self, points: list[Point]) -> list[Placed]:
        """Points from left to right; one too near its neighbour keeps its dot and loses its label."""
        found: list[Placed] = []
        free = LEFT - LABEL
        for point in sorted(points, key=lambda one: one.day):
            has_label = self.at(point.day) - free >= LABEL
            found.append(self.hung(point, has_label=has_label))
            if has_label:
                free = self.at(point.day)
        return found

    def due(self, point: Point, all_of_them: list[Point]) -> Placed:
        """The first date's label hangs left and the date in force right when they are near each other."""
        placed = self.hung(point)
        places = [self.at(one.day) for one in all_of_them]
        if len(places) > 1 and abs(places[1] - places[0]) < 2 * LABEL:
            anchor = "end" if placed.x == min(places) else "start"
            return Placed(point, placed.x, anchor, True)
        return placed

    def months(self, today: date) -> list[tuple[int, date | None]]:
        """The first days of months, thinned out when there are many; none is named where today's line falls."""
        firsts = []
        day = self.begin.replace(day=1)
        while day <= self.end:
            if day >= self.begin:
                firsts.append(day)
            day = (day + timedelta(days=32)).replace(day=1)
        step = max(1, -(-len(firsts) // MOST_MONTHS))
        crossed = range(self.at(today) - MONTH, self.at(today) + 1)
        return [
            (x, None if x in crossed else day) for day in firsts[::step] for x in (self.at(day),)
        ]

    def stretches(
        self, begin: date, first_due_on: date | None, due_on: date | None, end: date
    ) -> list[Stretch]:
        """In time until the first date, moved until the date in force, late after it."""
        in_force = due_on or end
        borders = [
            ("open", begin, min(first_due_on or in_force, end)),
            ("dlate", min(first_due_on or in_force, end), min(in_force, end)),
            ("late", max(in_force, begin), end),
        ]
        return [
            Stretch(paint, self.at(start), self.at(stop) - self.at(start))
            for paint, start, stop in borders
            if stop > start
        ]
