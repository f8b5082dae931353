"""Puts a question into a figure's SQL text and reads the rows. The same text runs on every engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from tiendo.figures.registry import text
from tiendo.kit.dates import day_number, microseconds
from tiendo.orgs.models import STATE, Placement
from tiendo.tasks.models import Move, Task

Row = dict[str, Any]
NOBODY = None  # a pattern that no path is like


class Eyes(tuple[str, ...]):
    """The paths over which somebody sees figures; graded work only beneath those of `cleared`."""

    cleared: tuple[str, ...] = ()

    @classmethod
    def over(cls, paths: tuple[str, ...], cleared: tuple[str, ...]) -> "Eyes":
        eyes = cls(paths)
        eyes.cleared = cleared
        return eyes


@dataclass(frozen=True)
class Scope:
    """Whose eyes and what part: paths of the asking person's units; a programme, a unit's path, key tasks only."""

    roots: tuple[str, ...]
    programme: int | None = None
    unit: str | None = None
    key_only: bool = False

    @property
    def cleared(self) -> tuple[str, ...]:
        """Where these eyes see graded work too: nowhere, unless they say so."""
        return getattr(self.roots, "cleared", ())


@dataclass(frozen=True)
class Pair:
    """The two dates of a question: true on a day, known at an instant."""

    true_on: date
    known_at: datetime


@dataclass(frozen=True)
class Question:
    """All that a text needs to know; `pairs[0]` is the one in question, a second one is compared with it."""

    scope: Scope
    pairs: tuple[Pair, ...]
    cells: tuple[str, ...]
    mark: str = ""
    why: str = ""
    lead: int = 0  # rows of exactly this unit (or, for documents, this type)


def sees_all(scope: Scope) -> bool:
    """Whether these eyes see every unit there ever was, and graded work everywhere or nowhere."""
    tops = Placement.objects.filter(tree=STATE, parent__isnull=True).values_list("path", flat=True)
    return covers(scope.roots, tops) and (not scope.cleared or covers(scope.cleared, tops))


def covers(paths: tuple[str, ...], tops: Iterable[str]) -> bool:
    """Whether each top of the tree lies beneath one of the paths."""
    return bool(paths) and all(top.startswith(paths) for top in tops)


def parts_work(scope: Scope) -> bool:
    """Whether a task above may lie outside this set while one beneath it lies within: the tally cannot tell."""
    return scope.unit is not None and Task.objects.filter(above__isnull=False).exists()


def holds_later(pair: Pair) -> bool:
    """Whether the journal holds a step that this pair must not see; where a part stands now is then no answer."""
    return Move.objects.filter(Q(at__gt=pair.known_at) | Q(true_on__gt=pair.true_on)).exists()


def rows(texts: tuple[str, ...], question: Question, *tail: int) -> list[Row]:
    """Ask the engine; `tail` fills the limits at the end of a text."""
    sql, values = written(text(texts), question)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *tail])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def written(sql: str, question: Question) -> tuple[str, list[Any]]:
    """The text with the question's tables in it, and their values in order."""
    pieces = (
        ("pairs", pairs_of(question)),
        ("chosen", chosen_of(question)),
        ("reach", table("pattern", [f"{root}%" for root in question.scope.roots] or [NOBODY])),
        ("wanted", table("cell", question.cells or [NOBODY])),
        ("cleared", table("pattern", [f"{root}%" for root in question.scope.cleared] or [NOBODY])),
    )
    values: list[Any] = []
    for name, (piece, own) in pieces:
        sql = sql.replace(f"{{{name}}}", piece)
        values += own
    return sql, values


def pairs_of(question: Question) -> tuple[str, list[Any]]:
    soon = timedelta(days=settings.TASKS_DUE_SOON_DAYS)
    given = [
        (
            number,
            day_number(pair.true_on),
            microseconds(pair.known_at),
            day_number(pair.true_on + soon),
        )
        for number, pair in enumerate(question.pairs)
    ]
    return select(("pair", "true_on", "known_at", "soon_on"), given)


def chosen_of(question: Question) -> tuple[str, list[Any]]:
    scope = question.scope
    row = (
        scope.programme or 0,
        f"{scope.unit}%" if scope.unit else "",
        1 if scope.key_only else 0,
        question.lead,
        question.mark,
        question.why,
    )
    return select(("programme", "under", "key_only", "lead", "mark", "why"), [row])


def table(column: str, values: Iterable[str | None]) -> tuple[str, list[Any]]:
    """A table of one column of text."""
    return select((column,), [(value,) for value in values])


def select(names: Sequence[str], given: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """`select … union all select …` with a place for every value; whole numbers and text only."""
    lines = []
    for row in given:
        places = (
            f"cast(%s as {kind(value)}) as {name}" for name, value in zip(names, row, strict=True)
        )
        lines.append("  select " + ", ".join(places))
    return "\n  union all\n".join(lines), [value for row in given for value in row]


def kind(value: Any) -> str:
    return "bigint" if isinstance(value, int) else "text"
