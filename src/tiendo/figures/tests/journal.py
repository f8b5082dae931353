"""Lays whole journals at once: for sets too large to be told act by act, and for histories drawn by lot."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from makers import Cast, a_programme
from tiendo.kit.clock import day_of
from tiendo.tasks import tallies
from tiendo.tasks.models import Move, Part, Task
from tiendo.tasks.states import Role, Status

DAWN = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)
_numbers = count(10_001)


@dataclass(frozen=True)
class Step:
    """Where a part stood after one move."""

    status: Status
    at: datetime
    due_on: date | None
    first_due_on: date | None
    done_on: date | None = None
    true_on: date | None = None

    @property
    def true(self) -> date:
        return self.true_on or day_of(self.at)


def issued(at: datetime = DAWN, due_on: date | None = date(2025, 6, 30)) -> Step:
    return Step(Status.ISSUED, at, due_on, due_on)


def done(last: Step, submitted_at: datetime, verified_at: datetime) -> list[Step]:
    """A submission and the verdict that accepts it: done on the day it was sent, known when it was judged."""
    day = day_of(submitted_at)
    sent = replace(last, status=Status.SUBMITTED, at=submitted_at)
    return [sent, replace(sent, status=Status.DONE, at=verified_at, done_on=day, true_on=day)]


def lay(cast: Cast, journals: list[list[Step]], **fields: Any) -> list[Task]:
    """A task with its lead part for each journal, standing where its last step left it."""
    programme = fields.pop("programme", None) or a_programme(cast)
    unit = fields.pop("unit", cast.ministry)
    tasks = Task.objects.bulk_create(
        Task(
            programme=programme, number=next(_numbers), unit=programme.unit, title="Clear the backlog",
            issued_on=steps[0].true, **fields,
        )
        for steps in journals
    )  # fmt: skip
    parts = Part.objects.bulk_create(
        Part(
            task=task, role=Role.LEAD, unit=unit, verifier=cast.committee, status=steps[-1].status,
            first_due_on=steps[-1].first_due_on, due_on=steps[-1].due_on, done_on=steps[-1].done_on,
        )
        for task, steps in zip(tasks, journals, strict=True)
    )  # fmt: skip
    Move.objects.bulk_create(
        move
        for part, steps in zip(parts, journals, strict=True)
        for move in moves_of(cast, part, steps)
    )
    tallies.rebuild()
    return tasks


def moves_of(cast: Cast, part: Part, steps: list[Step]) -> list[Move]:
    before = [Status.DRAFT, *(step.status for step in steps)]
    return [
        Move(
            part=part, was=was, status=step.status, at=step.at, true_on=step.true, unit=part.unit,
            first_due_on=step.first_due_on, due_on=step.due_on, done_on=step.done_on, by=cast.office,
        )
        for was, step in zip(before, steps, strict=False)
    ]  # fmt: skip


def days(number: int) -> timedelta:
    return timedelta(days=number)
