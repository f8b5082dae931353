"""What a notice is about, how somebody wants to hear of it, and the rungs of the ladder, as data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a notice is about; each person chooses for each how to be told."""

    DUE = "due", _("Days that come near or have passed")
    GIVEN = "given", _("Work that comes to me, changes or is taken away")
    ASKED = "asked", _("What others wait for: reports to verify, requests to answer")
    ANSWERED = "answered", _("Answers to me: verdicts, new dates")
    CLIMBED = "climbed", _("Late work that has climbed up to me")


class Manner(TextChoices):
    NOW = "now", _("A letter at once")
    DIGEST = "digest", _("In the letter of the day")
    BELL = "bell", _("Only here, no letter")


class Rung(TextChoices):
    """Who is told of late work, from the bottom up."""

    OWNER = "owner", _("Whoever answers for it")
    UNIT_HEAD = "unit_head", _("Head of the unit")
    OFFICE = "office", _("Standing office")
    MEMBER = "member", _("Committee members")
    HEAD = "head", _("Head of the committee")


class Post(TextChoices):
    """Two kinds of letter."""

    DIGEST = "digest", _("The letter of the day")
    NOW = "now", _("A letter at once")


class Way(TextChoices):
    """Where a letter stands. Begun and not ended means: nobody knows whether it went out."""

    WRITTEN = "written"
    BEGUN = "begun"
    SENT = "sent"
    EMPTY = "empty"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
