"""A spreadsheet of people as rows of words (pure: no Django, no tables); runs in a child process, for the file is a stranger's."""

import csv
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

MOST_COLUMNS, MOST_ROWS, LONGEST = 20, 5_000, 500


def read(file: str) -> list[list[str]]:
    """All rows but the empty ones, each with its number in the sheet first; one more than we take, so that it is noticed."""
    path = Path(file)
    with path.open("rb") as opened:
        is_zip = opened.read(4) == b"PK\x03\x04"
    rows = from_workbook(path) if is_zip else from_text(path)
    return rows[: MOST_ROWS + 2]


def from_workbook(path: Path) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return numbered(sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS * 4))


def from_text(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    return numbered(list(csv.reader(StringIO(text, newline=""), delimiter=mark)))


def numbered(rows: list[Any]) -> list[list[str]]:
    told = [
        [str(number), *(worded(cell) for cell in row[:MOST_COLUMNS])]
        for number, row in enumerate(rows, start=1)
    ]
    return [row for row in told if any(row[1:])]


def worded(cell: Any) -> str:
    """A cell as its reader would write it: a day as a day, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())[:LONGEST]
