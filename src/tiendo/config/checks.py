"""Production refuses to start when it is unsafe, and names the setting."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

SHORTEST_KEY = 32  # characters; shorter ones are guessed at leisure from one signed cookie


@register(Tags.security)
def production_is_safe(app_configs: Any, **_: Any) -> list[Error]:
    """A laptop may be lax; what thousands sign in to may not."""
    if not settings.PRODUCTION:
        return []
    faults = [
        (settings.SECRET_KEY == settings.UNSAFE_KEY, "TIENDO_SECRET_KEY is not set.", "E001"),
        (len(settings.SECRET_KEY) < SHORTEST_KEY, "TIENDO_SECRET_KEY is too short.", "E005"),
        (settings.DEBUG, "TIENDO_DEBUG is on.", "E002"),
        ("*" in settings.ALLOWED_HOSTS, "TIENDO_HOSTS names every host.", "E003"),
    ]
    return [Error(sentence, id=f"tiendo.{code}") for wrong, sentence, code in faults if wrong]


@register(Tags.database)
def production_is_not_told(app_configs: Any, databases: Any = None, **_: Any) -> list[Error]:
    """A database that tells a story never serves as the real one."""
    from tiendo.ledger.models import Origin

    if not settings.PRODUCTION or not databases:
        return []
    try:
        story = Origin.objects.exists()
    except DatabaseError:
        return []  # no tables yet, so no story
    if not story:
        return []
    return [
        Error(
            "This database tells a story (made by `tiendo demo`): its clock is moved.",
            id="tiendo.E004",
        )
    ]
