"""Pages of a list without counting it: one row more than shown says whether there is a next page."""

from dataclasses import dataclass
from typing import Any

PER_PAGE = 30
LAST_PAGE = 10_000


@dataclass(frozen=True)
class PageOfRows:
    rows: list[Any]
    number: int
    has_next: bool

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


def page_of(rows: Any, asked: str, size: int = PER_PAGE) -> PageOfRows:
    """The page asked for; what is no page number is the first page."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return PageOfRows(found[:size], number, len(found) > size)
