"""The life of a text, how it stands to other texts, and its secrecy."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    OPINIONS = "opinions", _("Out for opinions")
    APPRAISAL = "appraisal", _("In appraisal")
    SIGNED = "signed", _("Signed")
    IN_FORCE = "in_force", _("In force")
    AMENDED = "amended", _("In force, amended")
    REPLACED = "replaced", _("Replaced")
    EXPIRED = "expired", _("No longer in force")


MOVES: dict[str, set[str]] = {
    Status.DRAFT: {Status.OPINIONS, Status.APPRAISAL, Status.SIGNED},
    Status.OPINIONS: {Status.DRAFT, Status.APPRAISAL},
    Status.APPRAISAL: {Status.DRAFT, Status.OPINIONS, Status.SIGNED},
    Status.SIGNED: {Status.IN_FORCE, Status.REPLACED, Status.EXPIRED},
    Status.IN_FORCE: {Status.AMENDED, Status.REPLACED, Status.EXPIRED},
    Status.AMENDED: {Status.AMENDED, Status.REPLACED, Status.EXPIRED},
    Status.REPLACED: set(),
    Status.EXPIRED: set(),
}
UNSIGNED = {Status.DRAFT, Status.OPINIONS, Status.APPRAISAL}
HOLDS = {Status.SIGNED, Status.IN_FORCE, Status.AMENDED}  # in force on the days between its two
PUBLISHED = {*HOLDS, Status.REPLACED, Status.EXPIRED}


class Secrecy(TextChoices):
    OPEN = "open", _("Not graded")
    CONFIDENTIAL = "confidential", _("Confidential")
    SECRET = "secret", _("Secret")
    TOP_SECRET = "top_secret", _("Top secret")


class Bond(TextChoices):
    """How a text stands to another; the newer one says it."""

    BASED_ON = "based_on", _("Based on")
    IMPLEMENTS = "implements", _("Implements")
    ANSWERS = "answers", _("Answers")
    AMENDS = "amends", _("Amends")
    REPLACES = "replaces", _("Replaces")
    REPEALS = "repeals", _("Repeals")


# The same bond as the other text says it.
SEEN_FROM_THE_OTHER = {
    Bond.BASED_ON: _("Is the base of"),
    Bond.IMPLEMENTS: _("Is implemented by"),
    Bond.ANSWERS: _("Is answered by"),
    Bond.AMENDS: _("Is amended by"),
    Bond.REPLACES: _("Is replaced by"),
    Bond.REPEALS: _("Is repealed by"),
}
# What becomes of a text that a newer one amends, replaces or repeals.
ENDS = {
    Bond.AMENDS: Status.AMENDED,
    Bond.REPLACES: Status.REPLACED,
    Bond.REPEALS: Status.EXPIRED,
}


class Answer(TextChoices):
    """What became of an opinion."""

    TAKEN = "taken", _("Taken")
    PARTLY = "partly", _("Partly taken")
    NOT = "not", _("Not taken")


class Cited(TextChoices):
    """What a person made of a document that the text names."""

    WAITING = "waiting", _("To be decided")
    BOUND = "bound", _("Is a relation")
    ASIDE = "aside", _("Only mentioned")
