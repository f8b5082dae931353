"""The table itself: it leaves out no route and no method, names only things the world can make, and is told in docs."""

import sys
from pathlib import Path

import pytest
from house import doors

from matrix.table import METHODS, Row, Unreadable, line_of, row_of, rows
from matrix.world import MAKERS, SIDES

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import rights


def said(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def test_every_thing_and_side_is_one_the_world_can_make():
    strange = {row.name for row in rows() if row.thing and row.thing not in MAKERS}
    strange |= {row.name for row in rows() if row.side not in SIDES}
    said(sorted(strange))


def test_every_row_says_its_rule_in_words():
    said([row.name for row in rows() if not row.says.strip()])


def test_the_guard_of_rows_bites():
    page = next(door for door in doors.doors() if door.name == "tasks:wording")
    operation = next(door for door in doors.doors() if door.name == "api:wording")
    assert doors.methods(page) == {"GET", "POST"}
    assert "PATCH" in doors.methods(operation)
    assert {method for door in doors.doors() for method in doors.methods(door)} <= set(METHODS)


@pytest.mark.parametrize("text", ["unit_hed mine may", "unit_head mine perhaps", "mine may", "may"])
def test_a_line_nobody_can_judge_by_is_refused(text):
    with pytest.raises(Unreadable):
        line_of(text)


def test_a_row_that_leaves_somebody_out_is_refused():
    with pytest.raises(Unreadable, match="nobody"):
        row_of(
            "x",
            "x:y",
            "GET",
            "",
            {"method": "GET", "verdicts": "readers expert administrator mine may"},
        )


def test_the_first_line_that_fits_decides():
    row: Row = row_of("x", "x:y", "GET", "doer", {
        "method": "GET", "thing": "draft", "verdicts": "unit mine may\nreaders mine may-not\nall anywhere absent",
    })  # fmt: skip
    answers = [
        row.verdict("officer", "own"),
        row.verdict("member", "child"),
        row.verdict("officer", "other"),
    ]
    assert answers == ["may", "may-not", "absent"]
    assert row.verdict("anonymous", "own") == "door"


def test_the_table_told_in_docs_is_this_one():
    """Run tools/rights.py and commit what it writes."""
    assert rights.PLACE.read_text(encoding="utf8") == rights.told()
