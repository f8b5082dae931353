"""A text laid out for the desk: numbered sentences cut where a proposal, or a part of the open one, begins or ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiendo.intake.models import Proposal

LOOKS = {
    "waiting": "is-new", "accepted": "is-kept", "followed": "is-kept", "refused": "is-refused",
}  # fmt: skip
HEADING_MOST, MARKER_MOST = 160, 20  # characters
WHOLE_MOST, MARGIN = 400, 30  # sentences


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


@dataclass(frozen=True)
class Sentence:
    """A sentence with its number; a heading has none, and begins at its own marker."""

    start: int
    end: int
    number: int
    is_heading: bool


@dataclass
class Line:
    """One sentence with its number, or a heading, cut into stretches."""

    number: int
    is_heading: bool
    stretches: list[Stretch] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """A sentence in which nothing was found."""
        return not self.is_heading and all(one.proposal is None for one in self.stretches)


def numbered(
    text: str, spans: list[list[int]], headings: list[int], starts: list[int]
) -> list[Sentence]:
    """Sentences numbered as read; those that only head a part of the text stand apart."""
    begun = sorted(starts)
    sentences: list[Sentence] = []
    number = at = owned = 0
    for start, end in spans:
        while at < len(headings) and headings[at] <= start:
            at += 1
        while owned < len(begun) and begun[owned] < start:
            owned += 1
        marker = headings[at - 1] if at else start
        heads = at > 0 and start - marker < MARKER_MOST and "\n" not in text[marker:start]
        is_proposed = owned < len(begun) and begun[owned] < end
        is_heading = heads and not is_proposed and end - start <= HEADING_MOST
        number += not is_heading
        sentences.append(Sentence(marker if is_heading else start, end, number, is_heading))
    return sentences


def lines_of(
    text: str, sentences: list[Sentence], proposals: list[Proposal], current: Proposal | None
) -> list[Line]:
    """Every sentence once, in order; where proposals overlap the first one owns the words."""
    owners = disjoint(proposals)
    lines, at = [], 0
    for sentence in sentences:
        while at < len(owners) and owners[at][1] <= sentence.start:
            at += 1
        found = stretches(text, sentence, owners, at, current)
        lines.append(Line(sentence.number, sentence.is_heading, list(found)))
    return lines


def disjoint(proposals: list[Proposal]) -> list[tuple[int, int, Proposal]]:
    """The stretches of all proposals in order, none over another; a joined one has several."""
    owned: list[tuple[int, int, Proposal]] = []
    free_from = 0
    standing = [one for one in proposals if not one.is_gone]
    stretches = [(start, end, one) for one in standing for start, end in one.spans]
    for start, end, proposal in sorted(stretches, key=lambda one: one[:2]):
        start = max(start, free_from)
        if start < end:
            owned.append((start, end, proposal))
            free_from = end
    return owned


def stretches(
    text: str,
    sentence: Sentence,
    owners: list[tuple[int, int, Proposal]],
    next_owner: int,
    current: Proposal | None,
) -> Iterable[Stretch]:
    at, end = sentence.start, sentence.end
    while next_owner < len(owners) and owners[next_owner][0] < end:
        first, last, proposal = owners[next_owner]
        next_owner += 1
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


def sentence_numbers(sentences: list[Sentence], starts: dict[int, int]) -> dict[int, int]:
    """For each proposal, by its key and where it begins, the number of its sentence."""
    numbers, ordered, at = {}, sorted(starts.items(), key=lambda one: one[1]), 0
    for sentence in sentences:
        while at < len(ordered) and ordered[at][1] < sentence.end:
            numbers[ordered[at][0]] = sentence.number
            at += 1
    return numbers


def around(sentences: list[Sentence], first: int, last: int) -> list[Sentence]:
    """The sentences in which the proposals shown stand; a text of usual length is shown whole."""
    if len(sentences) <= WHOLE_MOST:
        return sentences
    return [one for one in sentences if first - MARGIN <= one.number <= last + MARGIN]
