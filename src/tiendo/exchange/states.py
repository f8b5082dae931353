"""What a calendar shows, and where a delivery stands, as data."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Watches(TextChoices):
    """Whose deadlines a calendar shows."""

    OWED = "owed", _("What I answer for")
    GIVEN = "given", _("What my committee has given")


class State(TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")
    WITHHELD = "withheld", _("Withheld: its owner may not see it any more")


# after each try that failed, how long until the next; after the last nobody tries by itself
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
