"""Which acts a person is offered on a part: the same moves and the same permission the acts ask for themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tiendo.kit.permission import can, require
from tiendo.orgs.models import Unit
from tiendo.tasks.actions import require_status
from tiendo.tasks.models import Part
from tiendo.tasks.rights import giving
from tiendo.tasks.states import NOT_YET, OPEN, WORKABLE, Status, leading_to


@dataclass(frozen=True)
class Offer:
    """An act: the capability it asks for, over which unit, and the statuses it may start from."""

    capability: str
    place: Callable[[Part], Unit]
    while_in: set[Status]

    def right(self, part: Part) -> str:
        return giving(self.capability, part.task) if self.place is giver else self.capability


def doer(part: Part) -> Unit:
    return part.unit


def giver(part: Part) -> Unit:
    return part.task.unit


def verifier(part: Part) -> Unit:
    return part.verifier


OFFERS: dict[str, Offer] = {
    "receipt": Offer("tasks.report", doer, leading_to(Status.RECEIVED)),
    "acceptance": Offer("tasks.answer", doer, leading_to(Status.ACCEPTED)),
    "refusal": Offer("tasks.answer", doer, leading_to(Status.REFUSED)),
    "report": Offer("tasks.report", doer, WORKABLE),
    "nothing_new": Offer("tasks.report", doer, WORKABLE),
    "extension": Offer("tasks.report", doer, WORKABLE),
    "verdict": Offer("tasks.verify", verifier, leading_to(Status.DONE)),
    "decision": Offer("tasks.extend", giver, OPEN),
    "reissue": Offer("tasks.issue", giver, leading_to(Status.ISSUED) - NOT_YET),
    "suspension": Offer("tasks.issue", giver, leading_to(Status.SUSPENDED)),
    "resumption": Offer("tasks.issue", giver, {Status.SUSPENDED}),
    "joining": Offer("tasks.issue", giver, leading_to(Status.TRANSFERRED)),
    "issue": Offer("tasks.issue", giver, NOT_YET),
    "help": Offer("tasks.plan", giver, NOT_YET),
    "split": Offer("tasks.plan", giver, NOT_YET),
    "wording": Offer("tasks.plan", giver, NOT_YET),
    "transfer": Offer("tasks.issue", giver, leading_to(Status.TRANSFERRED)),
    "giving": Offer("tasks.assign", doer, OPEN - {Status.SUBMITTED, Status.REFUSED}),
    "breakdown": Offer("tasks.assign", doer, OPEN - {Status.SUBMITTED, Status.REFUSED}),
    "drop": Offer("tasks.issue", giver, leading_to(Status.DROPPED)),
}


def is_offered(name: str, part: Part, by: Any) -> bool:
    """May this person do this with this part now?"""
    offer = OFFERS[name]
    if part.status not in offer.while_in or not can(by, offer.right(part), offer.place(part)):
        return False
    if name == "verdict":  # the doer can never verify
        return not can(by, "tasks.report", part.unit)
    if name in {"giving", "breakdown"}:
        return part.is_lead
    if name == "extension":
        return part.due_on is not None and not any(
            asked.granted is None for asked in part.extensions.all()
        )
    return True


def require_offered(name: str, part: Part, by: Any) -> None:
    """Before a form is shown: refuse as the act itself would."""
    offer = OFFERS[name]
    require(by, offer.right(part), offer.place(part))
    require_status(part, offer.while_in)
