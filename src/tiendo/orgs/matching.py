"""A name as somebody wrote it → the units it can mean on that day, best first.

The names of a stretch of time in which nothing changes are folded once and kept in memory; a new name,
place or succession makes them be read again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tiendo.orgs.index import BREAKS, Index, Match
from tiendo.orgs.names import without_article
from tiendo.orgs.register import Register, read_register, watermark

__all__ = ["Match", "forget", "match"]

KEPT = 4
CUT, TITLE = 4, 6  # points lost for each thing left out of what was written
TITLES = re.compile(
    r"^(?:bo truong|thu truong|chu tich|pho chu tich|giam doc|pho giam doc|bi thu|pho bi thu|truong ban|dong chi|"
    r"ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|dang uy|lanh dao|minister of|chairman of|director of|head of|leaders? of|"
    r"people s committee of|ministre|president|directeur|chef|dirigeants?|responsables?|comite populaire|comite du parti|"
    r"председател\w*|директор\w*|секретар\w*|руководител\w*|министр\w*|глав[аеуы]|народн\w+ комитет\w*|комитет\w* партии)"
    r"\s+(?:(?:de la|de l|du|de|des|cua|of the|of)\s+)?"
)


def match(
    written: str, on: date, language: str | None = None, limit: int = 5, *, near: int | None = None
) -> list[Match]:
    """Units a written name can mean on a day, best first; `near` is the unit whose text it is."""
    index = index_of(on)
    for score, words in variants(written):
        found = index.exactly(words, language, near)
        if found is not None:
            return [relaxed(m, score) for m in found[:limit]]
    return index.roughly(written, language, near)[:limit]


def relaxed(found: Match, less: int) -> Match:
    return Match(found.unit_id, found.score - less, found.why, found.unit_ids) if less else found


def variants(written: str) -> Iterator[tuple[int, str]]:
    """What was written, then without what follows a comma or dash, then without the office-holder's title."""
    yield 0, written
    head = BREAKS.split(written, maxsplit=1)[0]
    if head and head != written:
        yield CUT, head
    untitled = without_article(head)
    while (shorter := without_article(TITLES.sub("", untitled))) and shorter != untitled:
        yield CUT + TITLE, shorter
        untitled = shorter


# ---------------------------------------------------------------- what is kept in memory
@dataclass(slots=True)
class Memory:
    """The register and the indexes of the stretches asked for last."""

    register: Register
    indexes: OrderedDict[int, Index] = field(default_factory=OrderedDict)


_memory: list[Memory] = []


def forget() -> None:
    """Read the names again at the next question: somebody corrected one in its place."""
    _memory.clear()


def index_of(on: date) -> Index:
    memory = current_memory()
    stretch = bisect_right(memory.register.cuts, on)
    if (index := memory.indexes.get(stretch)) is None:
        index = memory.indexes[stretch] = Index(memory.register, on)
        while len(memory.indexes) > KEPT:
            memory.indexes.popitem(last=False)
    return index


def current_memory() -> Memory:
    mark = watermark()
    if not _memory or _memory[0].register.mark != mark:
        _memory[:] = [Memory(read_register(mark))]
    return _memory[0]
