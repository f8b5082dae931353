"""The life of a part of a task, as data. Even “open” is derived from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused by the unit")
    UNDER_WAY = "under_way", _("Under way")
    SUBMITTED = "submitted", _("Submitted, waiting for a verdict")
    RETURNED = "returned", _("Returned")
    DONE = "done", _("Done")
    SUSPENDED = "suspended", _("Suspended")
    DROPPED = "dropped", _("Dropped")
    TRANSFERRED = "transferred", _("Transferred")


_LEAVE = {Status.SUSPENDED, Status.DROPPED, Status.TRANSFERRED}

MOVES: dict[Status, set[Status]] = {
    Status.DRAFT: {Status.ISSUED, Status.DROPPED},
    Status.ISSUED: {Status.RECEIVED, Status.ACCEPTED, Status.REFUSED} | _LEAVE,
    Status.RECEIVED: {Status.ACCEPTED, Status.REFUSED} | _LEAVE,
    Status.REFUSED: {Status.ISSUED} | _LEAVE,
    Status.ACCEPTED: {Status.UNDER_WAY, Status.SUBMITTED} | _LEAVE,
    Status.UNDER_WAY: {Status.SUBMITTED} | _LEAVE,
    Status.SUBMITTED: {Status.DONE, Status.RETURNED, Status.UNDER_WAY},  # a cycle goes on
    Status.RETURNED: {Status.UNDER_WAY, Status.SUBMITTED} | _LEAVE,
    Status.SUSPENDED: {Status.UNDER_WAY, Status.DROPPED, Status.TRANSFERRED},
    Status.DONE: set(),
    Status.DROPPED: set(),
    Status.TRANSFERRED: set(),
}
CLOSED = {status for status, onward in MOVES.items() if not onward}
NOT_YET = {Status.DRAFT}
OPEN = set(MOVES) - CLOSED - NOT_YET  # suspended counts as open
WORKABLE = {Status.ACCEPTED, Status.UNDER_WAY, Status.RETURNED}


def leading_to(status: Status) -> set[Status]:
    """The statuses a part may come from."""
    return {start for start, onward in MOVES.items() if status in onward}


class ReturnReason(TextChoices):
    EVIDENCE = "evidence", _("The evidence does not show it")
    INCOMPLETE = "incomplete", _("Part of the product is missing")
    WRONG = "wrong", _("The product is not the one asked for")
    FORM = "form", _("The form or signature is not right")
    OTHER = "other", _("Another reason")


class Role(TextChoices):
    LEAD = "lead", _("Lead")
    WITH = "with", _("With")


class Cycle(TextChoices):
    ONCE = "", _("Once")
    WEEKLY = "P1W", _("Every week")
    MONTHLY = "P1M", _("Every month")
    QUARTERLY = "P3M", _("Every quarter")
    HALF_YEARLY = "P6M", _("Every half-year")
    YEARLY = "P1Y", _("Every year")


class Level(TextChoices):
    """How high a unit stands; the higher, the fewer there are, and the more of their results are checked."""

    CENTRAL = "central", _("Central")
    PROVINCE = "province", pgettext_lazy("level of a unit", "Province")
    COMMUNE = "commune", pgettext_lazy("level of a unit", "Commune")
    OTHER = "other", pgettext_lazy("level of a unit", "Department or office")


SHARES: dict[str, int] = {Level.CENTRAL: 100, Level.PROVINCE: 20, Level.OTHER: 10, Level.COMMUNE: 5}


class Finding(TextChoices):
    """What was found on the spot."""

    THERE = "there", _("The product is there")
    PARTLY = "partly", _("Part of it is there")
    NOT_THERE = "not_there", _("The product is not there")
