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


class RefusalReason(TextChoices):
    GUIDANCE = "guidance", _("Guidance: no product, no date")
    FOLLOWED = "followed", _("Already followed by another task")
    ELSEWHERE = "elsewhere", _("Not ours to follow")
    MISREAD = "misread", _("The reader misread the sentence")
    OTHER = "other", _("Another reason")
