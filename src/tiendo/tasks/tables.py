"""The list of tasks taken out as a table: a row for each part, written as it is read, so that memory does not grow with it."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Refused
from tiendo.orgs.called import Called, called
from tiendo.tasks.models import Sector
from tiendo.tasks.states import OPEN, Cycle, Role, Status
from tiendo.tasks.timing import Cell, cell

AT_ONCE = 2_000
LIVELY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take what begins so for a formula
MOST = 1_048_575  # rows a sheet holds beneath its heading
TASK = ("programme__symbol", "prefix", "number", "title", "is_key", "sector", "unit", "issued_on")
PART = (
    "role", "unit", "product", "first_due_on", "due_on", "cycle", "status", "done_on", "verifier",
)  # fmt: skip

Values = list[Any]


def headings() -> list[str]:
    return [
        _("Programme"), _("Number"), _("Work"), _("Key task"), _("Sector"), _("Given by"), _("Issued"),
        _("Role"), _("Unit"), _("Product"), _("First date"), _("Due"), _("Repeated"), _("Where it stands"),
        _("Work and timing"), _("Done on"), _("Verified by"),
    ]  # fmt: skip


def rows(tasks: Any, on: date) -> Iterator[Values]:
    """A row for each part of these tasks, but for what was handed on."""
    columns = (*TASK, *(f"parts__{name}" for name in PART))
    parts = tasks.order_by("pk", "parts").values_list(*columns).iterator(AT_ONCE)
    words = Words()
    while read := list(islice(parts, AT_ONCE)):
        names = called(unit for row in read for unit in (row[6], row[9], row[16]))
        yield from (words.row(row, names, on) for row in read if row[14] != Status.TRANSFERRED)


class Words:
    """What every row says in the reader's language, looked up once."""

    def __init__(self) -> None:
        self.roles = {one.value: str(one.label) for one in Role}
        self.statuses = {one.value: str(one.label) for one in Status}
        self.cycles = {one.value: str(one.label) for one in Cycle}
        self.sectors = {one.pk: str(one) for one in Sector.objects.all()}
        self.yes = _("yes")
        self.cells = {
            Cell.DONE_IN_TIME: _("Done in time"), Cell.DONE_LATE: _("Done late"),
            Cell.OPEN_IN_TIME: _("Open in time"), Cell.OPEN_LATE: _("Open late"),
            Cell.NO_DATE: _("No date"), Cell.OUTSIDE: "",
        }  # fmt: skip

    def row(self, row: tuple[Any, ...], names: dict[int, Called], on: date) -> Values:
        symbol, prefix, number, title, is_key, sector, given_by, issued_on = row[:8]
        role, unit, product, first_due_on, due_on, cycle, status, done_on, verifier = row[8:]
        where = cell(is_open=status in OPEN, due_on=due_on, done_on=done_on, on=on)
        return [
            symbol, f"{prefix}{number}", title, self.yes if is_key else "", self.sectors.get(sector, ""),
            names[given_by].name, issued_on, self.roles[role], names[unit].name, product, first_due_on, due_on,
            self.cycles[cycle] if cycle else "", self.statuses[status], self.cells[where], done_on,
            names[verifier].name,
        ]  # fmt: skip


# As text ------------------------------------------------------------------------------------------


class Passing:
    """Takes a line and hands it straight on."""

    def write(self, line: str) -> str:
        return line


def as_text(found: Iterable[Values]) -> Iterator[str]:
    """Lines of a CSV that Excel reads as what it is: with the mark of UTF-8, days as 2025-10-28, nothing that calculates."""
    line = csv.writer(Passing()).writerow
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + line(headings())
    for row in found:
        yield line([plain(value) for value in row])


def plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    text = str(value or "")
    return f"'{text}" if text.startswith(LIVELY) else text


# As a workbook ------------------------------------------------------------------------------------


def as_workbook(found: Iterable[Values]) -> IO[bytes]:
    """A sheet written row by row into a file of its own, which ends with its reader."""
    file = TemporaryFile()  # noqa: SIM115 - whoever is answered reads it to its end and closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        sheet.write_row(0, 0, headings(), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(found, 1):
            if number > MOST:
                raise Refused(_("A sheet holds no more rows. Narrow the list, or take it as CSV."))
            write_row(sheet, number, row, day)
    file.seek(0)
    return file


def write_row(sheet: Any, number: int, row: Values, day: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, date):
            sheet.write_datetime(number, column, value, day)
        elif value:
            sheet.write_string(number, column, value)
