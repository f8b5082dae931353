"""The life of a proposal: it waits until a person decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    WAITING = "waiting", _("To settle")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


MOVES = {
    Status.WAITING: {Status.ACCEPTED, Status.REFUSED},
    Status.REFUSED: {Status.WAITING},
    Status.ACCEPTED: set(),
}
