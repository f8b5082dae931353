"""Whether the members of a committee are those its rule asks for (pure: no Django, no tables).

A share is an exact fraction of all members, those of unknown group included. People are whole, so "at least" is rounded
up and "at most" down: of 10 members at least 1/3 is 4, at most 1/3 is 3. A member whose group nobody wrote down counts
for none; as long as such members could decide a line, the line is *unknown*, neither met nor failed. A committee
without members is judged by its size alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

WRITTEN = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*%?|(\d{1,4})\s*/\s*(\d{1,4})", re.ASCII)
Verdict = Literal["met", "short", "over", "unknown", "nobody"]
MOST_SEATS = 1000  # no committee is larger; a rule without a largest size is tried up to here


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the members must, and may at most, come from one group."""

    group: str
    least: Fraction | None = None
    most: Fraction | None = None

    def needed(self, size: int) -> int:
        return 0 if self.least is None else ceil(self.least * size)

    def allowed(self, size: int) -> int:
        return size if self.most is None else floor(self.most * size)


@dataclass(frozen=True, slots=True)
class Rule:
    """How many members, and which parts of them from which groups."""

    shares: tuple[Share, ...] = ()
    smallest: int | None = None
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One group against its share: `gap` is by how many members it is short or over at this size."""

    share: Share
    have: int
    size: int
    needed: int
    allowed: int
    verdict: Verdict
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The whole committee against its rule."""

    size: int
    unknown: int
    size_verdict: Verdict
    size_gap: int
    lines: tuple[Line, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all lines: failed before unknown before met."""
        said = {self.size_verdict, *(line.verdict for line in self.lines)}
        order: tuple[Verdict, ...] = ("short", "over", "unknown", "met")
        return next((verdict for verdict in order if verdict in said), "nobody")


def judge(members: Iterable[str | None], rule: Rule) -> Judgement:
    """The members, each by group (or none known), against the rule."""
    counts = Counter(members)
    size, unknown = counts.total(), counts[None]
    lines = tuple(line(share, counts[share.group], size, unknown) for share in rule.shares)
    verdict, gap = judged_size(size, rule)
    return Judgement(size, unknown, verdict, gap, lines)


def line(share: Share, have: int, size: int, unknown: int) -> Line:
    needed, allowed = share.needed(size), share.allowed(size)
    if not size:
        return Line(share, 0, 0, 0, 0, "nobody")
    if have + unknown < needed:
        return Line(share, have, size, needed, allowed, "short", needed - have)
    if have > allowed:
        return Line(share, have, size, needed, allowed, "over", have - allowed)
    open_still = have < needed or have + unknown > allowed
    return Line(share, have, size, needed, allowed, "unknown" if open_still else "met")


def judged_size(size: int, rule: Rule) -> tuple[Verdict, int]:
    if rule.smallest is not None and size < rule.smallest:
        return "short", rule.smallest - size
    if rule.largest is not None and size > rule.largest:
        return "over", size - rule.largest
    return "met", 0


def can_still_be_met(members: Iterable[str | None], rule: Rule) -> bool:
    """Whether filling free seats, and removing nobody, can bring the committee to what its rule asks."""
    counts = Counter(members)
    size = counts.total()
    last = rule.largest if rule.largest is not None else MOST_SEATS
    return any(
        fits(counts, rule, total) for total in range(max(size, rule.smallest or 0), last + 1)
    )


def fits(counts: Counter[str | None], rule: Rule, total: int) -> bool:
    """Whether a committee of `total` can hold those who sit already and still meet every share."""
    free = total - counts.total()
    if any(counts[share.group] > share.allowed(total) for share in rule.shares):
        return False
    return sum(max(0, s.needed(total) - counts[s.group]) for s in rule.shares) <= free


def is_sound(rule: Rule) -> bool:
    """Whether some committee, of one member at least, could meet it at all."""
    sizes = range(max(1, rule.smallest or 0), (rule.largest or MOST_SEATS) + 1)
    return any(fits(Counter(), rule, size) for size in sizes)


def part_read(written: str) -> Fraction | None:
    """“30 %”, “12.5” (percent) or “1/3” as an exact part; nothing when it cannot be read."""
    read = WRITTEN.fullmatch(written.strip())
    if read is None or (read[4] and not int(read[4])):
        return None
    if read[3]:
        return Fraction(int(read[3]), int(read[4]))
    return Fraction(f"{read[1]}.{read[2] or 0}") / 100
