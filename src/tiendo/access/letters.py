"""Letters of invitation, written by a job after the act."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tiendo.access.models import Invitation
from tiendo.kit import clock
from tiendo.kit.words import day_in_words
from tiendo.people.letters import post, worded


def send_invitations(numbers: list[int], house: str) -> None:
    """A job: write to all who wait for their letter; what was sent before is not sent again."""
    waiting = Invitation.objects.waiting(clock.now()).filter(pk__in=numbers, sent_at__isnull=True)
    for invitation in waiting.select_related("unit", "given_by").prefetch_related("unit__names"):
        post(*letter(invitation, house), invitation.email)
        sent = Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest)
        sent.update(sent_at=clock.now())


def letter(invitation: Invitation, house: str) -> tuple[str, str]:
    """Subject and body in the language of whoever is invited."""
    language = invitation.language or "vi"
    with translation.override(language):
        facts = {
            "name": invitation.name,
            "giver": invitation.given_by.name,
            "role": invitation.get_role_display(),
            "unit": invitation.unit.name,
            "until": moment_in_words(invitation.expires_at),
            "link": house.rstrip("/") + reverse("access:invitation", args=[invitation.secret()]),
        }
        return worded("invitation", language, facts)


def moment_in_words(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{day_in_words(at)} {local:%H:%M}"
