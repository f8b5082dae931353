"""Where a sentence may be cut into tasks, and where typed or selected words stand in a text. Pure."""

import re
from itertools import pairwise

SHORTEST = 12  # characters of a part that can still be a task
SURE = re.compile(r"[.;!?…][\"”»)]*\s+|\n+")
LIKELY = re.compile(
    r",\s+|\s+(?=(?:và|cùng với|đồng thời|et|puis|ainsi que|и|а также|and|as well as)\s)",
    re.IGNORECASE,
)
EDGES = " \t\n\r;,.:–—-"
MOST_WORDS = 4_000  # characters of words looked for


def cuts_in(quote: str) -> list[tuple[int, bool]]:
    """Offsets at which a new part may begin, each with whether it is a sure one; parts stay long enough."""
    places = {match.end(): False for match in LIKELY.finditer(quote)}
    places |= {match.end(): True for match in SURE.finditer(quote)}
    kept: list[tuple[int, bool]] = []
    for place in sorted(places):
        before = kept[-1][0] if kept else 0
        if long_enough(quote[before:place]) and long_enough(quote[place:]):
            kept.append((place, places[place]))
    return kept


def long_enough(words: str) -> bool:
    return len(words.strip(EDGES)) >= SHORTEST


def parted(quote: str, at: list[int]) -> list[tuple[int, int]]:
    """The parts between the cuts, without the marks and spaces at their edges."""
    edges = [0, *sorted(set(at)), len(quote)]
    return [bare(quote, first, last) for first, last in pairwise(edges)]


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return start, end


def span_of(words: str, text: str, near: int = 0) -> tuple[int, int] | None:
    """Where these words stand in the text, however the spaces between them were written; the place nearest to `near`."""
    sought = words.split()
    if not sought or len(words) > MOST_WORDS:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, sought)))
    found = [match.span() for match in pattern.finditer(text)]
    return min(found, key=lambda span: abs(span[0] - near), default=None)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How much two stretches are the same, of all they cover."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (one[1] - one[0] + other[1] - other[0] - shared) if shared else 0.0
