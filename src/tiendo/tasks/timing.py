"""When a part stands where it stands: rules for one row. Pure; days are days in the country's time.

A due day is kept until its last minute: late begins the day after.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Cell(StrEnum):
    """The four official cells, and what lies outside them."""

    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_LATE = "open_late"
    NO_DATE = "no_date"
    OUTSIDE = "outside"


def cell(*, is_open: bool, due_on: date | None, done_on: date | None, on: date) -> Cell:
    """The cell of one part on a day. A part without a date (a cycle not yet due) is open in time only by its own word."""
    if done_on is not None:
        in_time = due_on is None or done_on <= due_on
        return Cell.DONE_IN_TIME if in_time else Cell.DONE_LATE
    if not is_open:
        return Cell.OUTSIDE
    if due_on is None:
        return Cell.NO_DATE
    return Cell.OPEN_LATE if due_on < on else Cell.OPEN_IN_TIME


def days_left(due_on: date | None, on: date) -> int | None:
    """Days until the due day, negative when it has passed; unknown without a date."""
    return None if due_on is None else (due_on - on).days


DUE_SOON = "due_soon"


def sign(
    *, is_open: bool, due_on: date | None, done_on: date | None, on: date, soon: int
) -> tuple[str, int | None]:
    """What a page shows: a cell, or due soon when at most `soon` days are left; and days late or left."""
    where = cell(is_open=is_open, due_on=due_on, done_on=done_on, on=on)
    left = days_left(due_on, done_on or on)
    if where == Cell.OPEN_IN_TIME and left is not None and left <= soon:
        return DUE_SOON, left
    return where.value, None if left is None else abs(left)


@dataclass(frozen=True)
class Claim:
    """What a unit says it did and what of it was verified, out of how many; `expected` is the share of the time gone by."""

    claimed: Decimal
    verified: Decimal
    out_of: Decimal
    expected: Decimal | None
    light: str


def claim(
    *,
    claimed: Decimal,
    verified: Decimal,
    out_of: Decimal,
    issued_on: date | None,
    due_on: date | None,
    done_on: date | None,
    on: date,
) -> Claim:
    """Green: done, or claimed keeps pace with the time gone by. Yellow: claimed lags. Red: open and late."""
    expected = pace(out_of, issued_on, due_on, done_on or on)
    if done_on is not None:
        light = "green"
    elif due_on is not None and due_on < on:
        light = "red"
    else:
        light = "yellow" if expected is not None and claimed < expected else "green"
    return Claim(claimed, verified, out_of, expected, light)


def pace(out_of: Decimal, issued_on: date | None, due_on: date | None, on: date) -> Decimal | None:
    """How many there should be on a day, if work ran evenly from issue to the due day; unknown without both."""
    if issued_on is None or due_on is None:
        return None
    whole = (due_on - issued_on).days
    gone = min(max((on - issued_on).days, 0), max(whole, 0))
    if whole <= 0:
        return out_of
    return (out_of * gone / whole).quantize(Decimal(1), ROUND_HALF_UP)
