"""How units are called today, for lists: remembered between requests, for a thousand rows name the same few hundred units.

Names only join, so the newest one says whether anything was forgotten. Inside a transaction, which may yet be taken back, nothing
is remembered.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.utils.translation import get_language

from tiendo.orgs.models import LANGUAGES_BY_NEED, LONG, Unit, UnitName

Words = dict[tuple[str, str], str]  # by language and use
MOST = 50_000  # units remembered


class Called(NamedTuple):
    """A unit as a list names it; `short` where a long name would crowd the line."""

    id: int
    key: str
    name: str
    short: str

    @property
    def ref(self) -> dict[str, object]:
        return {"id": self.id, "key": self.key, "name": self.name}


class Memory:
    """What was read under one mark."""

    def __init__(self) -> None:
        self.mark: tuple[object, ...] = ()
        self.words: dict[int, tuple[str, Words]] = {}


remembered = Memory()


def called(units: Iterable[int]) -> dict[int, Called]:
    """Today's names of these units in the reader's language, as far as known."""
    wanted = set(units)
    memory = Memory() if connection.in_atomic_block else current(remembered)
    missing = wanted - memory.words.keys()
    if missing:
        memory.words.update(read(missing))
    order = LANGUAGES_BY_NEED.get((get_language() or "vi")[:2], ("en", "vi"))
    return {
        unit: as_called(unit, *memory.words[unit], order) for unit in wanted & memory.words.keys()
    }


def current(memory: Memory) -> Memory:
    """The memory, emptied when a name has joined since, or when it has grown too large."""
    mark = newest()
    if mark != memory.mark or len(memory.words) > MOST:
        memory.words, memory.mark = {}, mark
    return memory


def newest() -> tuple[object, ...]:
    table = UnitName._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, unit_id, language, text FROM {table} ORDER BY id DESC LIMIT 1")  # noqa: S608 - own table
        return tuple(cursor.fetchone() or ())


def read(units: set[int]) -> dict[int, tuple[str, Words]]:
    """Keys and latest names, in two questions."""
    keys = dict(Unit.objects.filter(pk__in=units).values_list("pk", "key"))
    words: dict[int, Words] = {unit: {} for unit in keys}
    rows = UnitName.objects.filter(unit__in=units).order_by("starts_on")
    for unit, language, use, text in rows.values_list("unit", "language", "use", "text"):
        words[unit][language, use] = text
    return {unit: (key, words[unit]) for unit, key in keys.items()}


def as_called(unit: int, key: str, words: Words, order: Iterable[str]) -> Called:
    """By the rules of `Unit.name_on` and `Unit.short_name` without a day."""
    name = first(words, UnitName.Use.NAME, order) or key
    short = name if len(name) <= LONG else first(words, UnitName.Use.SHORT, order) or name
    return Called(unit, key, name, short)


def first(words: Words, use: str, order: Iterable[str]) -> str:
    return next((words[language, use] for language in order if (language, use) in words), "")
