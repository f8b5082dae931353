"""A text laid out for the desk: numbered sentences cut where a proposal, or a part of the open one, begins or ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiendo.intake.models import Proposal

LOOKS = {"waiting": "is-new", "accepted": "is-kept", "refused": "is-refused"}
HEADING_MOST = 160


@dataclass(frozen=True)
class Bit:
    """A stretch of a sentence; with a letter when it ties to a field of the open proposal."""

    text: str
    letter: str = ""


@dataclass
class Stretch:
    """Bits that belong to one proposal, or to none."""

    bits: list[Bit]
    proposal: Proposal | None = None
    look: str = ""


@dataclass
class Line:
    """One sentence with its number, or a heading."""

    number: int
    stretches: list[Stretch] = field(default_factory=list)
    is_heading: bool = False


def lines_of(
    text: str,
    sentences: list[list[int]],
    proposals: list[Proposal],
    current: Proposal | None,
    headings: set[int],
) -> list[Line]:
    """Every sentence once, in order; where proposals overlap the first one owns the words."""
    owners = disjoint(proposals)
    lines, at = [], 0
    for number, (start, end) in enumerate(sentences, 1):
        while at < len(owners) and owners[at][1] <= start:
            at += 1
        line = Line(number, list(stretches(text, start, end, owners[at:], current)))
        is_plain = all(one.proposal is None for one in line.stretches)
        line.is_heading = start in headings and is_plain and end - start <= HEADING_MOST
        lines.append(line)
    return lines


def disjoint(proposals: list[Proposal]) -> list[tuple[int, int, Proposal]]:
    owned, free_from = [], 0
    for proposal in sorted(proposals, key=lambda one: (one.start, one.end)):
        start = max(proposal.start, free_from)
        if start < proposal.end:
            owned.append((start, proposal.end, proposal))
            free_from = proposal.end
    return owned


def stretches(
    text: str,
    start: int,
    end: int,
    owners: list[tuple[int, int, Proposal]],
    current: Proposal | None,
) -> Iterable[Stretch]:
    at = start
    for first, last, proposal in owners:
        if first >= end:
            break
        if first > at:
            yield Stretch([Bit(text[at:first])])
        first, last = max(first, at), min(last, end)
        is_now = current is not None and proposal.pk == current.pk
        bits = bits_between(text, first, last, proposal.bits if is_now else [])
        yield Stretch(bits, proposal, "is-now" if is_now else LOOKS[proposal.status])
        at = last
    if at < end:
        yield Stretch([Bit(text[at:end])])


def bits_between(text: str, start: int, end: int, marked: list[dict[str, object]]) -> list[Bit]:
    bits, at = [], start
    for mark in sorted(marked, key=lambda one: int(str(one["start"]))):
        first, last = max(int(str(mark["start"])), at), min(int(str(mark["end"])), end)
        if first >= last:
            continue
        bits += [Bit(text[at:first])] if first > at else []
        bits.append(Bit(text[first:last], str(mark["letter"])))
        at = last
    return bits + ([Bit(text[at:end])] if at < end else [])


def sentence_numbers(sentences: list[list[int]], proposals: list[Proposal]) -> dict[int, int]:
    """For each proposal the number of the sentence it begins in."""
    numbers, ordered, at = {}, sorted(proposals, key=lambda one: one.start), 0
    for number, (_start, end) in enumerate(sentences, 1):
        while at < len(ordered) and ordered[at].start < end:
            numbers[ordered[at].pk] = number
            at += 1
    return numbers
