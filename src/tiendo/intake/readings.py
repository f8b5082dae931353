"""One reading of a document: what the reader found, matched to the units of that day. Writes nothing."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tiendo import reading
from tiendo.documents.models import Document, Provision
from tiendo.intake.models import Proposal
from tiendo.orgs import matching
from tiendo.orgs.matching import Match
from tiendo.reading.shape import Directive
from tiendo.tasks.states import Cycle

READER = "3"  # counts up whenever the rules read otherwise
LIKELY = 88  # out of 100; a likeness from here on is offered as the lead; a person still decides
CLEARLY = 5  # and by how much it must lead the next
LETTERS = "ABCDEFGH"


@dataclass
class Found:
    """Proposals not yet kept, the sentences as spans, and which reader found them."""

    reader: str
    sentences: list[tuple[int, int]]
    proposals: list[Proposal] = field(default_factory=list)


def found_in(document: Document) -> Found:
    """Read the text with the day it was issued on, and match its units on that day."""
    told = reading.read(document.text, document.language, document.issued_on)
    provisions = list(document.provisions.order_by("start", "position"))
    names = Names(document.issued_on, document.language, document.issuer_id)
    found = Found(f"{told.language}-{READER}", [(start, end) for start, end in told.sentences])
    for number, directive in enumerate(told.directives, 1):
        found.proposals.append(proposal_of(directive, number, provisions, names))
    return found


class Names:
    """Written names matched on one day; each is asked once however often it is written."""

    def __init__(self, on: date, language: str, issuer: int) -> None:
        self.on, self.language, self.issuer = on, language, issuer
        self.known: dict[str, dict[str, Any]] = {}

    def meant(self, written: str) -> dict[str, Any]:
        """`unit` when one unit is meant, `units` when several may be or a group is."""
        if written not in self.known:
            found = matching.match(written, on=self.on, language=self.language, near=self.issuer)
            self.known[written] = {"written": written, **told_by(found)}
        return self.known[written]


def told_by(found: list[Match]) -> dict[str, Any]:
    """The one unit meant, if one stands clearly before the others; the rest as candidates."""
    group = next((list(match.unit_ids) for match in found if match.unit_id is None), [])
    if group:
        return {"unit": None, "units": group, "group": True}
    ids = [match.unit_id for match in found]
    if not found or found[0].score < LIKELY:
        return {"unit": None, "units": ids, "group": False}
    gap = 1 if found[0].why in {"exact", "near"} else CLEARLY
    is_clear = len(found) == 1 or found[0].score - found[1].score >= gap
    return {"unit": ids[0] if is_clear else None, "units": ids[is_clear:], "group": False}


def proposal_of(
    directive: Directive, number: int, provisions: list[Provision], names: Names
) -> Proposal:
    meant = [names.meant(written) for written in directive.assignees]
    helping = [names.meant(written) for written in directive.partners]
    lead = next((one["unit"] for one in meant if one["unit"]), None)
    due_on, cycle = timing_of(directive.deadline)
    return Proposal(
        number=number,
        start=directive.span[0],
        end=directive.span[1],
        quote=directive.quote,
        provision=place_of(directive.span[0], provisions),
        work=work_of(directive),
        assignees=meant,
        partners=helping,
        deadline=(directive.deadline or "")[:20],
        deadline_words=(directive.deadline_text or "")[:200],
        target=(directive.target or "")[:300],
        bits=bits_of(directive),
        lead_id=lead,
        candidates=[pk for one in meant for pk in one["units"]][:200],
        due_on=due_on,
        cycle=cycle,
    )


def timing_of(written: str | None) -> tuple[date | None, str]:
    """The last day of a day, month, quarter or year; the cycle of what repeats."""
    if not written:
        return None, ""
    if written.startswith("R/"):
        cycle = written[2:]
        return None, cycle if cycle in Cycle.values else ""
    return reading.last_day(written), ""


def place_of(start: int, provisions: list[Provision]) -> Provision | None:
    """The deepest provision in which a place stands: the last one that began before it."""
    index = bisect_right([provision.start for provision in provisions], start)
    return provisions[index - 1] if index else None


def work_of(directive: Directive) -> str:
    words = " ".join((directive.action or directive.quote).split())
    return words[:1].upper() + words[1:]


def bits_of(directive: Directive) -> list[dict[str, Any]]:
    """Where in the text the lead, the work, the date and the target are written; none overlaps another."""
    spans = [("lead", span) for span in directive.assignee_spans[:1]]
    spans += within(directive, "work", directive.action)
    spans += [("due", directive.deadline_span)] if directive.deadline_span else []
    spans += within(directive, "measure", directive.target)
    kept: list[dict[str, Any]] = []
    for what, (start, end) in spans:
        if start < end and all(end <= bit["start"] or start >= bit["end"] for bit in kept):
            kept.append({"letter": LETTERS[len(kept)], "what": what, "start": start, "end": end})
    return kept


def within(directive: Directive, what: str, words: str | None) -> list[tuple[str, tuple[int, int]]]:
    """The words in the quote, when they stand there as they are."""
    place = directive.quote.lower().find(words.lower()) if words else -1
    if place < 0 or not words or len(directive.quote.lower()) != len(directive.quote):
        return []
    start = directive.span[0] + place
    return [(what, (start, start + len(words)))]
