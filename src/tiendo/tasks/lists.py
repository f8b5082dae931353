"""The list of tasks: narrowed by the words of one form, along an index, page by page from a bookmark; nothing counts how many."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from tiendo.kit.dates import day_number
from tiendo.kit.permission import beneath, roots
from tiendo.orgs.called import Called, called
from tiendo.tasks.models import Part, Programme, Task
from tiendo.tasks.states import OPEN, Role, Status
from tiendo.tasks.timing import Cell, sign

MANY = 2_000  # parts beneath somebody: from here on each row is asked whether they see it
HOUR = 3_600
MOST_WORDS = 8
BY_DAY = {"open", "open_in_time", "late", "due_soon", "no_date"}
NO_DAY = date.max  # what is owed without a date stands last


# Whose they are -----------------------------------------------------------------------------------


def seen_by(person: Any) -> Any:
    """The tasks somebody may see, each with its standing lead part as `led`; one that was joined to another has none."""
    few = are_few(roots(person, "tasks.view"))
    standing = Q(parts__role=Role.LEAD) & ~Q(parts__status=Status.TRANSFERRED)
    led = FilteredRelation("parts", condition=standing)
    return Task.objects.visible_to(person, gathered=few).annotate(led=led)


def programmes_of(person: Any) -> list[Programme]:
    few = are_few(roots(person, "tasks.view"))
    return list(Programme.objects.visible_to(person, gathered=few).order_by("symbol", "pk"))


def are_few(paths: tuple[str, ...]) -> bool:
    """Whether so little lies beneath that it is gathered first. It only chooses the way to the same answer."""
    if any(path.count("/") <= 1 for path in paths):  # a top of the tree
        return False
    return lie_few(paths, int(time.monotonic()) // HOUR)


@lru_cache(maxsize=10_000)
def lie_few(paths: tuple[str, ...], hour: int) -> bool:
    """Asked once an hour."""
    ways = ("unit__path", "verifier__path", "task__unit__path")
    return not any(
        Part.objects.filter(beneath(way, paths)).order_by()[MANY : MANY + 1].exists()
        for way in ways
    )


# What is asked ------------------------------------------------------------------------------------


def narrowed(tasks: Any, asked: dict[str, Any], on: date, *more: Q) -> Any:
    """Those of the tasks that the form's words ask for (`TaskFilter`): the one place where they mean something."""
    own = {name: asked[name] for name in ("programme", "sector") if asked.get(name)}
    tasks = tasks.filter(**own)
    if asked.get("key"):
        tasks = tasks.filter(is_key=True)
    if asked.get("unit") is not None or asked.get("status"):
        tasks = tasks.filter(with_a_part(asked))
    for word in asked.get("q", "").split()[:MOST_WORDS]:
        tasks = tasks.filter(holds(word))
    return tasks.filter(leading(asked, on), *more)


def leading(asked: dict[str, Any], on: date) -> Q:
    """What they ask of the lead part, to be filtered by at once: each filter of its own would join the part again."""
    wanted = state_of(asked.get("state", ""), on)
    if asked.get("lead") is not None:
        wanted &= Q(led__unit__in=asked["lead"])
    if asked.get("due_from"):
        wanted &= Q(led__due_on__gte=asked["due_from"])
    if asked.get("due_to"):
        wanted &= Q(led__due_on__lte=asked["due_to"])
    return wanted


def with_a_part(asked: dict[str, Any]) -> Q:
    """Tasks of which one part is such a unit's (or one beneath it), and stands so."""
    parts = Part.objects.filter(**({"status": asked["status"]} if asked.get("status") else {}))
    units = asked.get("unit")
    if units is None:
        return Q(Exists(parts.filter(task=OuterRef("pk"))))
    paths = tuple(unit.path for unit in units)
    own = beneath("unit__path", paths) if asked.get("beneath") else Q(unit__in=units)
    if asked.get("beneath") and not are_few(paths):
        return Q(Exists(parts.filter(own, task=OuterRef("pk"))))
    return Q(pk__in=parts.filter(own).values("task"))


def holds(word: str) -> Q:
    """The word in the title, however its letters are cased: SQLite folds only the Latin ones."""
    found = Q()
    for way in {word, word.lower(), word.capitalize(), word.upper()}:
        found |= Q(title__icontains=way) | Q(programme__symbol__icontains=way)
    if word.isascii() and word.isdigit() and len(word) < 9:
        found |= Q(number=int(word))
    return found


def state_of(state: str, on: date) -> Q:
    """A cell, a group of cells, or where the lead part stands on its way."""
    soon = on + timedelta(days=settings.TASKS_DUE_SOON_DAYS)
    in_time = Q(led__due_on__isnull=True) | Q(led__done_on__lte=F("led__due_on"))
    states = {
        "": Q(),
        "open": Q(led__owed_on__isnull=False),
        "open_in_time": Q(led__owed_on__gte=on, led__owed_on__lt=NO_DAY),
        "late": Q(led__owed_on__lt=on),
        "due_soon": Q(led__owed_on__gte=on, led__owed_on__lte=soon),
        "no_date": Q(led__owed_on=NO_DAY),
        "done_in_time": Q(led__status=Status.DONE) & in_time,
        "done_late": Q(led__status=Status.DONE, led__done_on__gt=F("led__due_on")),
    }
    return states[state] if state in states else Q(led__status=state)


# A page of it -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Row:
    """A task as the list shows it, by its lead part."""

    task: int
    prefix: str
    number: int
    programme: int
    sector: int | None
    title: str
    is_key: bool
    given_by: int
    issued_on: date | None
    part: int
    unit: int
    product: str
    first_due_on: date | None
    due_on: date | None
    owed_on: date | None
    cycle: str
    status: str
    done_on: date | None
    verifier: int

    @property
    def label(self) -> str:
        return f"{self.prefix}{self.number}"

    @property
    def is_extended(self) -> bool:
        return self.first_due_on is not None and self.first_due_on != self.due_on

    def sign_on(self, on: date) -> tuple[str, int | None]:
        """The mark of its lead part on a day; what stands outside the cells shows its status."""
        found = sign(
            is_open=self.status in OPEN, due_on=self.due_on, done_on=self.done_on, on=on,
            soon=settings.TASKS_DUE_SOON_DAYS,
        )  # fmt: skip
        return (self.status, None) if found[0] == Cell.OUTSIDE else found


SHOWN = (
    "pk", "prefix", "number", "programme", "sector", "title", "is_key", "unit", "issued_on", "led__pk",
    "led__unit", "led__product", "led__first_due_on", "led__due_on", "led__owed_on", "led__cycle", "led__status",
    "led__done_on", "led__verifier",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Rows in their order, the bookmarks to go on from either end, and the names of the units in them."""

    rows: list[Row]
    before: str
    after: str
    names: dict[int, Called]
    symbols: dict[int, str]


def page_of(
    tasks: Any, asked: dict[str, Any], on: date, *, after: str = "", before: str = "", size: int
) -> Page:
    """What is open goes by the day it is owed, the rest newest first; after a bookmark, or the page before one."""
    by_day = asked.get("state", "") in BY_DAY
    mark = place_of(after or before, by_day)
    backward = bool(before and not after and mark)
    place = beyond(mark, by_day, backward) if mark else Q()
    rows = narrowed(tasks, asked, on, Q(led__isnull=False), place)
    found = [
        Row(*values)
        for values in rows.order_by(*order_of(by_day, backward)).values_list(*SHOWN)[: size + 1]
    ]
    shown, more = found[:size], len(found) > size
    if backward:
        shown.reverse()
    first, last = (mark_of(row, by_day) for row in (shown[0], shown[-1])) if shown else ("", "")
    goes_back = more if backward else bool(mark)
    goes_on = bool(mark) if backward else more
    units = {unit for row in shown for unit in (row.unit, row.given_by, row.verifier)}
    symbols = Programme.objects.filter(pk__in={row.programme for row in shown})
    return Page(
        shown,
        first if goes_back else "",
        last if goes_on else "",
        called(units),
        dict(symbols.values_list("pk", "symbol")),
    )


Place = tuple[date | None, int]
MARK = re.compile(r"(?:(\d{1,7})\.)?(\d{1,18})", re.ASCII)


def place_of(mark: str, by_day: bool) -> Place | None:
    """The bookmark read; one that cannot be, or of another order, is the beginning."""
    found = MARK.fullmatch(mark)
    if found is None or bool(found[1]) != by_day:
        return None
    if by_day and not 1 <= int(found[1]) <= day_number(date.max):
        return None
    return date.fromordinal(int(found[1])) if by_day else None, int(found[2])


def mark_of(row: Row, by_day: bool) -> str:
    day = f"{day_number(row.owed_on)}." if by_day and row.owed_on else ""
    return f"{day}{row.task}"


def beyond(mark: Place, by_day: bool, backward: bool) -> Q:
    """What comes after the bookmark, or before it; the range that an index takes stands first."""
    day, task = mark
    if not by_day:
        return Q(**{f"led__task__{'gt' if backward else 'lt'}": task})
    more, same = ("lt", "lte") if backward else ("gt", "gte")
    behind = Q(**{f"led__owed_on__{more}": day}) | Q(**{f"led__task__{more}": task})
    return Q(**{f"led__owed_on__{same}": day}) & behind


def order_of(by_day: bool, backward: bool) -> Iterable[Any]:
    """By columns of the lead part, where the indexes are."""
    task, day = F("led__task"), F("led__owed_on")
    if by_day:
        return (day.desc(), task.desc()) if backward else (day, task)
    return (task.asc(),) if backward else (task.desc(),)
