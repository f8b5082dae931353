"""Writes docs/rights.md, the table of rights (tests/matrix/*.toml) as people read it. A test compares the two."""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs" / "rights.md"
sys.path.insert(0, str(ROOT / "tests"))

from matrix.table import PEOPLE, RELATIONS, Row, rows, words  # noqa: E402

SIGNS = {
    "may": "●", "seen": "●", "may-not": "○", "absent": "–", "unseen": "–", "door": "→",
    "302": "●", "200": "●", "201": "●",
}  # fmt: skip
SHORT = {
    "administrator": "admin", "standing_office": "office", "committee_head": "head", "unit_head": "unit head",
    "integration": "machine",
}  # fmt: skip
HEAD = """# Who may do what

Written by hand in `tests/matrix/*.toml`, told here by `tools/rights.py`, and asked of every page and operation by the tests
in `tests/matrix`, on both databases: {cells} questions.

A person has one role over one unit. A cell says what they are answered, first about what is **theirs** (their unit, what is
beneath it, what was merged into it), after the stroke about what is **not** (the unit above, a sibling, another province).
One sign without a stroke: the same everywhere. A machine with a key is answered as its person is.

`●` may, or sees it; `○` sees it and may not; `–` it is not there for them; `→` is asked to sign in; a number is that answer
of HTTP (422: not among the choices, 409: not now).

A part of a task has a *giver*, a *doer* and a *checker*; a text has a *keeper* and *recipients*. The cell is about the unit
that stands on the side named.
"""


def told() -> str:
    table = rows()
    cells = sum(len(PEOPLE) * len(row.relations) for row in table)
    return HEAD.format(cells=f"{cells:,}") + "".join(
        chapter(room, table) for room in sorted({row.room for row in table})
    )


def chapter(room: str, table: list[Row]) -> str:
    people = " | ".join(SHORT.get(one, one.replace("_", " ")) for one in PEOPLE)
    lines = [f"\n## {room}\n", f"| Route | About | {people} |", "|---|---|" + ":-:|" * len(PEOPLE)]
    own = [row for row in table if row.room == room]
    for says in dict.fromkeys(row.says for row in own):
        alike = [row for row in own if row.says == says]
        lines.append(f"| *{says}* | |" + " |" * len(PEOPLE))
        lines += merged(alike)
    return "\n".join(lines) + "\n"


def merged(alike: list[Row]) -> list[str]:
    """Routes with the same answers about the same thing share a line."""
    shared: dict[tuple[str, str], list[Row]] = {}
    for row in alike:
        shared.setdefault((about(row), answers(row)), []).append(row)
    return [f"| {routes(group)} | {thing} | {cells} |" for (thing, cells), group in shared.items()]


def routes(group: list[Row]) -> str:
    names: dict[str, list[str]] = {}
    for row in group:
        names.setdefault(row.route, []).append(row.method)
    return ", ".join(
        f"`{route}` {'/'.join(dict.fromkeys(methods))}" for route, methods in names.items()
    )


def about(row: Row) -> str:
    return f"{row.thing}, {row.side}" if row.side else row.thing


def answers(row: Row) -> str:
    return " | ".join(answer(row, person) for person in PEOPLE)


def answer(row: Row, person: str) -> str:
    """The sign for what is theirs and for what is not; relation by relation where a rule tells them apart further."""
    signs = {one: sign(row.verdict(person, one)) for one in row.relations}
    if len(set(signs.values())) == 1:
        return next(iter(signs.values()))
    halves = [{signs[one] for one in group(name)} for name in ("mine", "foreign")]
    if all(len(half) == 1 for half in halves):
        return "/".join(half.pop() for half in halves)
    return ", ".join(f"{one} {signs[one]}" for one in row.relations)


def group(name: str) -> list[str]:
    return [one for one in str(words()["relations"][name]).split() if one in RELATIONS]


def sign(verdict: str) -> str:
    return SIGNS.get(verdict, verdict)


def main(*_asked: Any) -> None:
    PLACE.write_text(told(), encoding="utf8")
    print(f"wrote {PLACE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
