"""Proposals made of other proposals: what a part keeps of the whole, and what the whole keeps of its parts."""

from collections.abc import Sequence
from typing import Any

from tiendo.documents.models import Document
from tiendo.intake.cuts import EDGES
from tiendo.intake.models import Proposal
from tiendo.intake.readings import LETTERS, fragment, names_of

JOINED_BY = ", "
LEFT_OUT = " […] "  # between stretches that do not touch
WORK_MOST = 500


def drawn(document: Document, spans: Sequence[tuple[int, int]]) -> list[Proposal]:
    """Each stretch of the text as a proposal of its own."""
    names, provisions = names_of(document), list(document.provisions.order_by("start", "position"))
    return [fragment(document, span, names, provisions) for span in spans]


# Parting ------------------------------------------------------------------------------------------


def inheriting(whole: Proposal, parts: list[Proposal]) -> list[Proposal]:
    """A part without a name of its own is for whom the whole was for; a date that stands in no part holds for all."""
    due = next((bit for bit in whole.bits if bit["what"] == "due"), None)
    for part in parts:
        if not part.assignees:
            take(part, whole, ("assignees", "partners", "lead", "post", "candidates"))
        if not part.deadline and (due is None or part.start <= int(due["start"]) < part.end):
            take(part, whole, ("deadline", "deadline_words", "due_on", "cycle"))
    return parts


def take(part: Proposal, whole: Proposal, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(part, name, getattr(whole, name))


# Joining ------------------------------------------------------------------------------------------


def joined(together: list[Proposal], text: str) -> Proposal:
    """One proposal of several: the first leads, the earliest day holds, each stretch of the text stays marked."""
    first, in_order = together[0], sorted(together, key=lambda one: (one.start, one.number))
    spans = touching([span for one in in_order for span in one.spans], text)
    dated = min((one for one in together if one.due_on), key=lambda one: one.due_on, default=None)
    timed = dated or next((one for one in together if one.cycle), first)
    led = next((one for one in together if one.lead_id), first)
    return Proposal(
        start=spans[0][0],
        end=spans[0][1],
        more=[list(span) for span in spans[1:]],
        quote=LEFT_OUT.join(text[start:end] for start, end in spans),
        work="; ".join(dict.fromkeys(one.work for one in in_order))[:WORK_MOST],
        provision=first.provision,
        assignees=named_once([*first.assignees, *(n for one in in_order for n in one.assignees)]),
        partners=named_once([n for one in in_order for n in one.partners]),
        lead_id=led.lead_id,
        post_id=led.post_id,
        candidates=list(dict.fromkeys(pk for one in together for pk in one.candidates)),
        deadline=timed.deadline,
        deadline_words=timed.deadline_words,
        due_on=timed.due_on,
        cycle=timed.cycle,
        target=next((one.target for one in together if one.target), ""),
        bits=relettered(led, timed),
    )


def touching(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Stretches with nothing but marks and spaces between them are one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or not text[found[-1][1] : start].strip(EDGES)):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def named_once(names: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({one["written"]: one for one in names}.values())


def relettered(led: Proposal, timed: Proposal) -> list[dict[str, Any]]:
    """Of the parts' marks, the lead's and the date's: the ones the joined proposal took over."""
    bits = [bit for bit in led.bits if bit["what"] == "lead"]
    bits += [bit for bit in timed.bits if bit["what"] == "due"]
    return [{**bit, "letter": LETTERS[place]} for place, bit in enumerate(bits)]
