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


def judged() -> set[tuple[str, str]]:
    return {(row.route, row.method) for row in rows()}


def test_every_route_and_method_has_a_row():
    """Add yours to tests/matrix/ROOM.toml; tests/matrix/README.md shows how."""
    missing = {
        (door.name, method)
        for door in doors.doors()
        if door.is_ours and door.name not in {*NOT_OURS_TO_ROW, *NEXT.split()}
        for method in doors.methods(door)
    } - judged()
    said([f"{name} {method}: no row of the table says who may" for name, method in sorted(missing)])


# Doors that are nobody's in particular, and where they are tested instead.
NOT_OURS_TO_ROW = {
    "api-nowhere": "an address that is none: web/tests/test_api.py",
    "account_email": "a page of the library that this house does not keep: tests/test_house.py",
    "account_email_verification_sent": "the library's, open before signing in: tests/test_house.py",
}


# Born while the table was being laid: their rows come next. Nothing may be added here, and the list must go.
NEXT = """
    api:closing api:committee api:committee_ending api:committees api:composition api:ending
    api:group api:name api:place api:posts api:reform api:reform_carrying_out
    api:reform_drop api:reform_preparation api:reform_preview api:reform_revision api:reforms api:standing
    api:standing_office api:tenure api:units live metrics openid_connect_callback
    openid_connect_login orgs:closing orgs:committee orgs:committee_ending orgs:committees orgs:composition
    orgs:ending orgs:forming orgs:founding orgs:group orgs:name orgs:place
    orgs:post orgs:standing_office orgs:tenure ready reforms:carrying_out reforms:choices
    reforms:drop reforms:moves reforms:new reforms:reform reforms:reforms reforms:revision
    web:account web:proven web:session_ending
    web:anchor web:entry web:history web:receipt web:receipt_script web:record api:part_joining tasks:joining web:guide
    """


def test_every_row_is_about_a_route_that_stands():
    known = {(door.name, method) for door in doors.doors() for method in doors.methods(door)}
    said([f"{name} {method}: there is no such door" for name, method in sorted(judged() - known)])


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
