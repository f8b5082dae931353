"""The list of tasks, and the same taken out as a table: one form says what is asked of either."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Q
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tiendo.kit import clock
from tiendo.kit.permission import roots
from tiendo.kit.words import day_in_words
from tiendo.orgs.called import called
from tiendo.orgs.models import Kind, Unit
from tiendo.orgs.register import watermark
from tiendo.tasks import lists, tables
from tiendo.tasks.forms import COLUMNS, USUAL, TaskFilter
from tiendo.tasks.lists import Row
from tiendo.tasks.models import Sector
from tiendo.tasks.states import Cycle, Status

SIZE, DEEPEST = 25, 400
CENTRAL = (Kind.BODY, Kind.MINISTRY, Kind.AGENCY, Kind.PROVINCE, Kind.PARTY, Kind.COMMITTEE)


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    on, person = clock.today(), request.user
    form = TaskFilter(request.GET, programmes=lists.programmes_of(person))
    asked = form.asked
    page = lists.page_of(
        lists.seen_by(person), asked, on, size=SIZE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    columns = asked.get("columns") or list(USUAL)
    context = {
        "form": form,
        "page": page,
        "rows": shown(page, columns, on),
        "columns": [words for name, words in COLUMNS if name in columns],
        "chosen": columns,
        "units": suggested_units(),
        "may_write": bool(roots(person, "tasks.plan")),
    }
    return render(request, "tasks/list.html", context)


@dataclass(slots=True)
class Cell:
    """One word of a row: `old` is struck through, `sign` is a timing with its days, `small` stands beneath."""

    heading: str
    text: str = ""
    old: str = ""
    sign: str = ""
    days: int | None = None
    small: str = ""


@dataclass(slots=True)
class Line:
    """A row as the page shows it."""

    row: Row
    url: str
    beneath: str
    cells: list[Cell]


def shown(page: lists.Page, columns: Iterable[str], on: date) -> list[Line]:
    headings = {name: str(words) for name, words in COLUMNS if name in columns}
    sectors = sectors_named() if "sector" in headings else {}
    words = _("Task %(number)s of %(programme)s")
    task = reverse("tasks:task", args=[0])  # one address written once, with its number put in
    return [
        Line(
            row,
            task.replace("/0/", f"/{row.task}/"),
            words % {"number": row.label, "programme": page.symbols[row.programme]},
            [cell_of(name, heading, row, page, sectors, on) for name, heading in headings.items()],
        )
        for row in page.rows
    ]


def cell_of(
    name: str, heading: str, row: Row, page: lists.Page, sectors: dict[int, str], on: date
) -> Cell:
    if name == "state":
        return state_cell(heading, row, on)
    if name == "due":
        return due_cell(heading, row)
    words = {
        "lead": lambda: page.names[row.unit].short,
        "given_by": lambda: page.names[row.given_by].short,
        "verifier": lambda: page.names[row.verifier].short,
        "programme": lambda: page.symbols[row.programme],
        "sector": lambda: sectors.get(row.sector or 0, ""),
        "product": lambda: row.product,
        "issued_on": lambda: day_in_words(row.issued_on) if row.issued_on else "",
        "done_on": lambda: day_in_words(row.done_on) if row.done_on else "",
    }
    return Cell(heading, words[name]())


def state_cell(heading: str, row: Row, on: date) -> Cell:
    sign, days = row.sign_on(on)
    is_said = sign == row.status or row.status == Status.DONE
    small = "" if is_said else str(Status(row.status).label)
    return Cell(heading, sign=sign, days=days, small=small)


def due_cell(heading: str, row: Row) -> Cell:
    old = day_in_words(row.first_due_on, short=True) if row.is_extended and row.first_due_on else ""
    if row.due_on:
        return Cell(heading, day_in_words(row.due_on), old)
    return Cell(heading, str(Cycle(row.cycle).label) if row.cycle else _("No date"), old)


def sectors_named() -> dict[int, str]:
    return {sector.pk: str(sector) for sector in Sector.objects.all()}


def page_number(request: HttpRequest) -> int:
    """Of a list that is short enough to be numbered."""
    asked = request.GET.get("page", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 6
    return min(max(int(asked), 1), DEEPEST) if is_number else 1


# Taken out ----------------------------------------------------------------------------------------


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    """The same list, part by part: a workbook, or lines of text as they are read."""
    on, person = clock.today(), request.user
    form = TaskFilter(request.GET, programmes=lists.programmes_of(person))
    if not form.is_valid():  # a table of something else than was asked would be taken for it
        return redirect(f"{reverse('tasks:tasks')}?{request.GET.urlencode()}")
    narrowed = lists.narrowed(lists.seen_by(person), form.asked, on, Q(led__isnull=False))
    found = tables.rows(narrowed, on)
    name = f"{_('tasks')}-{on.isoformat()}"
    if request.GET.get("as") == "csv":
        answer = StreamingHttpResponse(
            tables.as_text(found), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return answer
    return FileResponse(tables.as_workbook(found), as_attachment=True, filename=f"{name}.xlsx")


# Names offered while typing -----------------------------------------------------------------------


def suggested_units() -> tuple[str, ...]:
    """Names a field of units may offer while typing; the thousands of communes are typed in full."""
    if connection.in_atomic_block:  # what is changed here may be taken back
        return central_names()
    return names_under(watermark(), get_language() or "vi")


@lru_cache(maxsize=16)
def names_under(mark: tuple[int, ...], language: str) -> tuple[str, ...]:
    """Read again when the tree has changed."""
    return central_names()


def central_names() -> tuple[str, ...]:
    units = Unit.objects.filter(kind__in=CENTRAL, ends_on=None).values_list("pk", flat=True)[:400]
    return tuple(sorted(one.name for one in called(units).values()))
