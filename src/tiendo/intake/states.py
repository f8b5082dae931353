"""The life of a proposal: it waits until a person decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    WAITING = "waiting", _("To settle")
    ACCEPTED = "accepted", _("Accepted")
    FOLLOWED = "followed", _("Followed already")
    REFUSED = "refused", _("Refused")
    REPLACED = "replaced", _("Replaced")


MOVES = {
    Status.WAITING: {Status.ACCEPTED, Status.FOLLOWED, Status.REFUSED, Status.REPLACED},
    Status.REFUSED: {Status.WAITING},
    Status.FOLLOWED: {Status.WAITING},
    Status.REPLACED: {Status.WAITING},
    Status.ACCEPTED: set(),
}


class Origin(TextChoices):
    """Who proposed: the rules of the reader, a person at the desk, or the model of an outside service."""

    READER = "reader", _("the reader")
    PERSON = "person", _("by hand")
    MODEL = "model", _("a language model")


class RefusalReason(TextChoices):
    GUIDANCE = "guidance", _("Guidance: no product, no date")
    ELSEWHERE = "elsewhere", _("Not ours to follow")
    MISREAD = "misread", _("The reader misread the sentence")
    OTHER = "other", _("Another reason")
