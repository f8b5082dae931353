"""A second reading beside the first: what stays as decided, what moves, what is new, what is proposed no more."""

from dataclasses import dataclass, field

from tiendo.intake.cuts import overlap, span_of
from tiendo.intake.fragments import LEFT_OUT
from tiendo.intake.models import Proposal
from tiendo.intake.states import Origin, Status

SAME = 0.5  # of what two stretches cover together
READ_AGAIN = (
    "quote", "work", "provision_id", "assignees", "partners", "deadline", "deadline_words", "target", "bits",
    "lead_id", "post_id", "candidates", "due_on", "cycle", "start", "end", "source",
)  # fmt: skip


@dataclass
class Compared:
    """By what happens to each proposal when the text is read again."""

    moved: list[Proposal] = field(default_factory=list)
    gone: list[Proposal] = field(default_factory=list)
    refreshed: list[Proposal] = field(default_factory=list)
    revived: list[Proposal] = field(default_factory=list)
    withdrawn: list[Proposal] = field(default_factory=list)
    new: list[Proposal] = field(default_factory=list)


def compared(kept: list[Proposal], found: list[Proposal], text: str) -> Compared:
    """Whatever a person decided, cut, joined or marked stays; only untouched proposals are read anew."""
    told = Compared()
    for proposal in kept:
        place_again(proposal, text, told)
    left = list(found)
    for proposal in kept:
        again = taken_from(left, proposal)
        if again is None:
            if is_untouched(proposal):
                told.withdrawn.append(proposal)
        elif is_untouched(proposal) and differs(proposal, again):
            read_anew(proposal, again)
            told.refreshed.append(proposal)
        elif was_withdrawn(proposal):
            read_anew(proposal, again)
            told.revived.append(proposal)
    told.new = [one for one in left if not any(is_same(one, other) for other in kept)]
    moved = {proposal.pk for proposal in [*told.refreshed, *told.revived, *told.withdrawn]}
    told.moved = [proposal for proposal in told.moved if proposal.pk not in moved]
    told.gone = [proposal for proposal in told.gone if proposal.pk not in moved]
    return told


def place_again(proposal: Proposal, text: str, told: Compared) -> None:
    """Find its stretches in the text as it is now; what is not there any more is kept, and said to be gone."""
    pieces = proposal.quote.split(LEFT_OUT) if proposal.more else [proposal.quote]
    found = [
        span_of(piece, text, start)
        for piece, (start, _end) in zip(pieces, proposal.spans, strict=False)
    ]
    spans = [span for span in found if span]
    if len(spans) < len(pieces):
        if not proposal.is_gone:
            proposal.is_gone = True
            told.gone.append(proposal)
    elif spans != proposal.spans or proposal.is_gone:
        proposal.bits = shifted_bits(proposal, spans[0][0] - proposal.start)
        proposal.start, proposal.end = spans[0]
        proposal.more, proposal.is_gone = [list(span) for span in spans[1:]], False
        told.moved.append(proposal)


def shifted_bits(proposal: Proposal, by: int) -> list[dict[str, object]]:
    if proposal.more:
        return [] if by else proposal.bits
    return [{**bit, "start": bit["start"] + by, "end": bit["end"] + by} for bit in proposal.bits]


def taken_from(left: list[Proposal], proposal: Proposal) -> Proposal | None:
    """The new reading's proposal of the same stretch, taken off the list."""
    again = next((one for one in left if is_same(one, proposal)), None)
    if again:
        left.remove(again)
    return again


def is_same(one: Proposal, other: Proposal) -> bool:
    """The same stretch of the text, or within it: a part that a person cut, or a whole that a person joined."""
    if other.is_gone:
        return False
    return any(
        overlap((one.start, one.end), span) >= SAME or span[0] <= one.start < one.end <= span[1]
        for span in other.spans
    )


def is_untouched(proposal: Proposal) -> bool:
    """It waits as a reader proposed it."""
    return proposal.status == Status.WAITING and proposal.origin == Origin.READER


def was_withdrawn(proposal: Proposal) -> bool:
    """An earlier second reading no longer proposed it; nobody put others in its place."""
    replaced = proposal.status == Status.REPLACED and proposal.origin == Origin.READER
    return replaced and not proposal.made_into.all()


def differs(proposal: Proposal, again: Proposal) -> bool:
    return any(
        getattr(proposal, name) != getattr(again, name) for name in READ_AGAIN if name != "source"
    )


def read_anew(proposal: Proposal, again: Proposal) -> None:
    for name in READ_AGAIN:
        setattr(proposal, name, getattr(again, name))
    proposal.is_gone = False
