"""Plans written as tables: one row a task, the head of each column telling what it holds."""

import re

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon
from tiendo.reading.sentences import trim

ROLES = ("task", "partner", "lead", "due")  # "phối hợp thực hiện" is a partner before a lead
RULE = re.compile(r"[|\s:+=–-]*$")


def cells_of(text: str, span: Span) -> list[Span]:
    """The cells between the bars of one row, outer spaces left out."""
    cells: list[Span] = []
    start = span[0] + (text[span[0]] == "|")
    for place in range(start, span[1]):
        if text[place] == "|":
            cells.append(trim(text, (start, place)))
            start = place + 1
    if start < span[1]:
        cells.append(trim(text, (start, span[1])))
    return cells


def is_rule(text: str, span: Span) -> bool:
    """The line under a head: "|---|---|"."""
    return bool(RULE.match(text, *span))


def columns_of(text: str, cells: list[Span], lex: Lexicon) -> dict[str, int]:
    """Which column holds the task, its lead, partners and deadline; empty when it is no head."""
    found: dict[str, int] = {}
    for number, cell in enumerate(cells):
        written = text[slice(*cell)].strip("* ")
        for role in ROLES:
            if role not in found and lex.starts_free(f"tables.{role}").fullmatch(written):
                found[role] = number
                break
    return found if "task" in found and len(found) > 1 else {}
