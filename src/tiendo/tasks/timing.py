"""When a part stands where it stands: rules for one row. Pure; days are days in the country's time.

A due day is kept until its last minute: late begins the day after.
"""

from datetime import date
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
