"""Ask a figure: the number, its two dates, its set in words, its rule; and the rows behind it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tiendo.figures.arithmetic import rate
from tiendo.figures.engine import (
    Pair,
    Question,
    Row,
    Scope,
    holds_later,
    parts_work,
    rows,
    sees_all,
)
from tiendo.figures.registry import COUNTED, DONE, FIGURES, OPEN, TALLIED, Figure

__all__ = ["Answer", "Pair", "Scope", "ask", "ask_several", "members"]
COUNTS = (
    "done_in_time", "done_late", "open_in_time", "open_late", "no_date",
    "dropped", "due_soon", "submitted", "kept", "past_first",
)  # fmt: skip
LISTED_AT_MOST = 1_000  # rows of a group figure are listed whole; rows behind a number are paged


@dataclass(frozen=True)
class Answer:
    """What a figure says: whole numbers, what they are divided by, and what one must know to repeat the question."""

    figure: Figure
    scope: Scope
    true_on: date
    known_at: datetime
    numbers: dict[str, int]
    rows: tuple[Row, ...] = ()
    since: Pair | None = None
    before: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.figure.key

    @property
    def version(self) -> str:
        return self.figure.version

    @property
    def number(self) -> int:
        """How many rows stand behind it."""
        if self.figure.grain not in {"all", "unit", "programme"}:
            return sum(self.numbers.values())
        return total(self.numbers, self.figure.cells)

    @property
    def numerator(self) -> int | None:
        return total(self.numbers, self.figure.numerator) if self.figure.is_rate else None

    @property
    def denominator(self) -> int | None:
        return total(self.numbers, self.figure.denominator) if self.figure.is_rate else None

    @property
    def percent(self) -> Decimal | None:
        """Two decimals; None when nothing can be divided (and for figures that are not rates)."""
        if self.numerator is None or self.denominator is None:
            return None
        return rate(self.numerator, self.denominator)


def ask(
    key: str, scope: Scope, true_on: date, known_at: datetime, *, since: Pair | None = None
) -> Answer:
    """The answer of one figure, for these eyes, true on a day and as known at an instant."""
    return ask_several((key,), scope, true_on, known_at, since=since)[key]


def ask_several(
    keys: tuple[str, ...],
    scope: Scope,
    true_on: date,
    known_at: datetime,
    *,
    since: Pair | None = None,
) -> dict[str, Answer]:
    """Several figures at once; those that share a text share one question to the database."""
    pairs = (Pair(true_on, known_at), *((since,) if since else ()))
    asked: dict[tuple[str, ...], list[Row]] = {}
    answers = {}
    for key in keys:
        figure = FIGURES[key]
        own = scope_of(figure, scope)
        place = (*figure.count, str(own.key_only))
        if place not in asked:
            asked[place] = counted(figure, own, pairs)
        answers[key] = answer_of(figure, own, pairs, asked[place])
    return answers


def counted(figure: Figure, scope: Scope, pairs: tuple[Pair, ...]) -> list[Row]:
    """The counts of each pair; from the tally where it says the same as the journal, which it does at once."""
    tallied = TALLIED.get(figure.count)
    if tallied is None or parts_work(scope) or not sees_all(scope) or holds_later(pairs[0]):
        return rows(figure.count, Question(scope, pairs, figure.cells))
    found = rows(tallied, Question(scope, pairs[:1], figure.cells))
    for place, pair in enumerate(pairs[1:], 1):
        earlier = rows(figure.count, Question(scope, (pair,), figure.cells))
        found += [{**row, "pair": place} for row in earlier if row["grain"] == "all"]
    return found


def members(
    key: str,
    scope: Scope,
    true_on: date,
    known_at: datetime,
    *,
    cell: str = "",
    lead: int = 0,
    since: Pair | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Row]:
    """The rows behind a number, from the same set as the number itself; `cell` and `lead` name one cell of it."""
    figure = FIGURES[key]
    pairs = (Pair(true_on, known_at), *((since,) if since else ()))
    if figure.grain == "decision":
        return rows(figure.rows, Question(scope, pairs, figure.cells))[offset : offset + limit]
    cells, mark = chosen_cells(figure, cell)
    why = cell if figure.grain == "why" else ""
    question = Question(scope_of(figure, scope), pairs, cells, mark=mark, why=why, lead=lead)
    return rows(figure.rows, question, limit, offset)


def scope_of(figure: Figure, scope: Scope) -> Scope:
    if figure.key != "tasks.key":
        return scope
    return Scope(scope.roots, scope.programme, scope.unit, key_only=True)


MARKS = {"kept", "due_soon", "submitted"}
GROUPS = {"done": DONE, "open": OPEN, "all": COUNTED, "in_time": ("done_in_time", "open_in_time"),
          "late": ("done_late", "open_late")}  # fmt: skip


def chosen_cells(figure: Figure, cell: str) -> tuple[tuple[str, ...], str]:
    """The cells and the mark whose rows stand behind one cell of a figure, or behind the whole of it."""
    if not cell or figure.grain == "why":
        return figure.cells, figure.mark
    if cell in MARKS:
        return COUNTED, cell
    return GROUPS.get(cell, (cell,)), ""


def answer_of(figure: Figure, scope: Scope, pairs: tuple[Pair, ...], found: list[Row]) -> Answer:
    numbers, before = zero(), {}
    if figure.grain in {"all", "unit", "programme"}:
        numbers, before = totals(found, 0), totals(found, 1) if len(pairs) > 1 else {}
        own = [with_sums(row) for row in found if row["grain"] == figure.grain and row["pair"] == 0]
        listed = tuple(own) if figure.grain != "all" else ()
    else:
        numbers, listed = listed_numbers(figure, found), tuple(found)
    since = pairs[1] if len(pairs) > 1 else None
    return Answer(
        figure, scope, pairs[0].true_on, pairs[0].known_at, numbers, listed, since, before
    )


def listed_numbers(figure: Figure, found: list[Row]) -> dict[str, int]:
    if figure.grain == "why":
        return dict.fromkeys(REASONS, 0) | {row["why"]: row["tasks"] for row in found}
    if figure.grain == "type":
        return {"all": sum(row["texts"] for row in found)}
    return {"all": len(found)}


REASONS = (
    "still_late",
    "fell_due",
    "returned",
    "given_late",
    "done_since",
    "new_date",
    "dropped_since",
    "left",
)


def zero() -> dict[str, int]:
    return dict.fromkeys(COUNTS, 0)


def totals(found: list[Row], pair: int) -> dict[str, int]:
    """The counts over everything; no row is zero of everything, for a count of rows is never unknown."""
    own = [row for row in found if row["grain"] == "all" and row["pair"] == pair]
    return with_sums(own[0] if own else zero())


def with_sums(row: Row) -> Row:
    counts = {name: int(row[name]) for name in COUNTS}
    sums = {name: total(counts, cells) for name, cells in GROUPS.items()}
    return {"id": row.get("id"), **counts, **sums, "due": counts["open_late"] + sums["done"]}


def total(numbers: dict[str, int], names: tuple[str, ...]) -> int:
    return sum(numbers[name] for name in names)
