"""One reading of a document: what the reader found, matched to the units of that day. Writes nothing."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field, replace
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
MOSTLY = 0.8  # of what was marked, from which on the reader's own wording stands for it


@dataclass
class Found:
    """Proposals not yet kept, the sentences as spans, and which reader found them."""

    reader: str
    sentences: list[tuple[int, int]]
    proposals: list[Proposal] = field(default_factory=list)
    text_hash: str = ""


def found_in(document: Document) -> Found:
    """Read the text with the day it was issued on, and match its units on that day."""
    told = reading.read(document.text, document.language, document.issued_on)
    provisions = list(document.provisions.order_by("start", "position"))
    names = names_of(document)
    found = Found(reader_for(told.language), [(start, end) for start, end in told.sentences])
    found.text_hash = hash_of(document.text)
    for number, directive in enumerate(told.directives, 1):
        found.proposals.append(proposal_of(directive, number, provisions, names))
    for proposal in found.proposals:
        proposal.source = source_of(found.text_hash, proposal)
    return found


def reader_for(language: str) -> str:
    return f"{language}-{READER}"


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def source_of(text_hash: str, proposal: Proposal) -> dict[str, Any]:
    """Where a proposal was first read, for ever: in which text, and where in it."""
    return {"text": text_hash, "spans": [list(span) for span in proposal.spans]}


def names_of(document: Document) -> "Names":
    return Names(document.issued_on, document.language, document.issuer_id)


def fragment(
    document: Document, span: tuple[int, int], names: "Names", provisions: list[Provision]
) -> Proposal:
    """A stretch of the text that a person marked, with whatever the reader finds in those words alone."""
    text = document.text[slice(*span)]
    told = reading.read(text, document.language, document.issued_on)
    best = max(told.directives, key=lambda one: one.span[1] - one.span[0], default=None)
    if best is None:
        bare = Proposal(quote=text, work=work_worded(text), lead=None)
    else:
        bare = proposal_of(moved(best, span[0]), 0, provisions, names)
        bare.work = bare.work if covers(best.span, text) else work_worded(text)
    bare.start, bare.end, bare.quote = span[0], span[1], text
    bare.provision = place_of(span[0], provisions)
    return bare


def covers(span: tuple[int, int], text: str) -> bool:
    """The reader took nearly all of what was marked as one directive."""
    return span[1] - span[0] >= MOSTLY * len(text)


def moved(directive: Directive, by: int) -> Directive:
    """A directive read in a stretch of the text, with its places in the whole text."""
    said = directive.deadline_span
    return replace(
        directive,
        span=shifted(directive.span, by),
        deadline_span=shifted(said, by) if said else None,
        assignee_spans=tuple(shifted(span, by) for span in directive.assignee_spans),
    )


def shifted(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


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
    return work_worded(directive.action or directive.quote)


def work_worded(words: str) -> str:
    words = " ".join(words.split())
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
