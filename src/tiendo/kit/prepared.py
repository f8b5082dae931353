"""A question whose SQL is written once, for those asked at every request: there, writing it costs more than asking it.

The queryset stays the one place of the rule. It is built once with a stand-in for each value, and its text is kept; asked, the
stand-ins give way to the values. Rows come as the engine gives them: whole numbers and text, days as day numbers.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from tiendo.kit.dates import day_number

STRANGE = -7_150_000_000_000  # no row has such a number
FAR = date(9_900, 1, 1)


class Prepared:
    """`Prepared(lambda person, day: rows, person=int, day=date).rows(person=7, day=today)`; `rows` are values."""

    def __init__(self, ask: Callable[..., Any], **kinds: type) -> None:
        self.ask, self.kinds = ask, kinds
        self.written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        sql, places = self.written.get(connection.vendor) or self.write()
        values = [place.of(given) if isinstance(place, Place) else place for place in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def write(self) -> tuple[str, tuple[Any, ...]]:
        stand_ins = {
            name: FAR.replace(year=FAR.year + n) if kind is date else STRANGE - n
            for n, (name, kind) in enumerate(self.kinds.items())
        }
        sql, params = self.ask(**stand_ins).query.sql_with_params()
        known = {plain(value): Place(name) for name, value in stand_ins.items()}
        places = tuple(
            known.get(value, value) if isinstance(value, int) else value for value in params
        )
        if {place.name for place in places if isinstance(place, Place)} != set(self.kinds):
            raise ValueError("a stand-in was lost while the question was written")
        self.written[connection.vendor] = sql, places
        return sql, places


class Place:
    """Where a value goes."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, given: Mapping[str, Any]) -> Any:
        return plain(given[self.name])


def plain(value: Any) -> Any:
    return day_number(value) if isinstance(value, date) else value
