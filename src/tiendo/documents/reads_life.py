"""What pages tell of a text's life: its stages with their clocks, the opinions, and what a person may do next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from tiendo.documents.models import Document, Opinion, OpinionRequest, Stage
from tiendo.documents.states import ENDS, MOVES, UNSIGNED, Status
from tiendo.kit.clock import day_of
from tiendo.kit.permission import beneath, can, roots
from tiendo.people.models import Person

ASKED_MOST = 20


@dataclass(frozen=True)
class Step:
    """A stage: since when, how many days it took or has been going on, whether it is past its day."""

    stage: Stage
    days: int
    is_now: bool
    is_late: bool


def steps_of(document: Document, on: date) -> list[Step]:
    stages = list(document.stages.select_related("by"))
    if not stages:
        return []  # it was entered when it was already signed
    ends = [day_of(one.begun_at) for one in stages[1:]] + [on]
    return [
        Step(
            stage=one,
            days=(end - day_of(one.begun_at)).days,
            is_now=one is stages[-1],
            is_late=one.due_on is not None and one.status in UNSIGNED and end > one.due_on,
        )
        for one, end in zip(stages, ends, strict=True)
    ]


def requests_of(document: Document) -> list[OpinionRequest]:
    opinions = Opinion.objects.select_related("given_by", "answered_by")
    rows = document.opinion_requests.select_related("unit", "answered_by")
    return list(rows.prefetch_related("unit__names", Prefetch("opinions", opinions)))


def asked_of(person: Person) -> list[OpinionRequest]:
    """Requests this person may answer that nobody has answered yet, the soonest first."""
    reach = beneath("unit__path", roots(person, "documents.opine"))
    rows = OpinionRequest.objects.filter(reach, answered_at=None, document__status=Status.OPINIONS)
    found = rows.select_related("document", "unit").defer("document__text")
    return list(found.prefetch_related("unit__names").order_by("due_on", "pk")[:ASKED_MOST])


def open_to(document: Document) -> list[str]:
    """The unsigned stages a draft may go on to, in their order."""
    moves = MOVES[Status(document.status)]
    return [str(one) for one in Status if one in moves and one in UNSIGNED]


def ends_of(document: Document) -> list[str]:
    moves = MOVES[Status(document.status)]
    return [str(one) for one in Status if one in moves and one in ENDS.values()]


def doings(document: Document, person: Person) -> set[str]:
    """What this person may do with the life of this text now, by the name of the page."""
    if document.original_id or not can(person, "documents.register", document):
        return set()
    if document.status in UNSIGNED:
        can_sign = Status.SIGNED in MOVES[Status(document.status)]
        return {"stage", "wording", "opinions_asked", *(["signature"] if can_sign else [])}
    return {"end"} if ends_of(document) else set()


def may_answer(request: OpinionRequest, person: Any) -> bool:
    return can(person, "documents.opine", request.unit)
