"""Production refuses to start when it is unsafe, and names the setting."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError, connection

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
        (
            not settings.HOSTS,
            "TIENDO_HOSTS is not set: say by which name people come.",
            "E010",
        ),
        (
            not settings.BEHIND_PROXY,
            "TIENDO_BEHIND_PROXY is not set: the house speaks no https itself, a proxy before it must.",
            "E011",
        ),
    ]
    return [Error(sentence, id=f"tiendo.{code}") for wrong, sentence, code in faults if wrong]


@register(Tags.security)
def letters_can_leave(app_configs: Any, **_: Any) -> list[Warning]:
    """Without a mail server nobody who forgets a password comes in again."""
    if not settings.PRODUCTION or settings.EMAIL_HOST:
        return []
    return [Warning("TIENDO_SMTP_URL is not set: no letter leaves this house.", id="tiendo.W001")]


@register(Tags.security)
def provider_is_whole(app_configs: Any, **_: Any) -> list[Error]:
    """Half a provider is none: its address, the name we have there, and the secret belong together."""
    if not settings.OIDC_ISSUER:
        return []
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    plain = settings.PRODUCTION and not settings.OIDC_ISSUER.startswith("https://")
    faults = [
        (not app["client_id"], "TIENDO_OIDC_CLIENT_ID is not set.", "E007"),
        (not app["secret"], "TIENDO_OIDC_SECRET is not set.", "E008"),
        (plain, "TIENDO_OIDC_ISSUER is not reached by https.", "E009"),
    ]
    return [Error(sentence, id=f"tiendo.{code}") for wrong, sentence, code in faults if wrong]


@register(Tags.database)
def production_keeps_what_it_promised(
    app_configs: Any, databases: Any = None, **_: Any
) -> list[Error]:
    """What would let a database lose or rewrite the record, as `doctor` finds it."""
    from tiendo.config.doctor import database, house

    if not settings.PRODUCTION or not databases:
        return []
    questions = {
        "E013": house.seal_key_is_kept,
        "E014": database.is_new_enough,
        "E015": database.keeps_its_promises,
        "E016": database.locks_stand,
    }
    try:
        if not connection.introspection.table_names():
            return []  # before the first migration there is nothing to lose
        found = {code: ask() for code, ask in questions.items()}
    except DatabaseError:
        return []  # whoever serves will hear that it does not answer
    return [
        Error(f"{one.about}: {one.says}", hint=one.do, id=f"tiendo.{code}")
        for code, one in found.items()
        if one.grade == "wrong"
    ]


@register(Tags.database)
def production_is_not_told(app_configs: Any, databases: Any = None, **_: Any) -> list[Error]:
    """A database that tells a story, or knows its people, never serves as the real one."""
    from tiendo.ledger.models import Origin
    from tiendo.people.models import Person

    if not settings.PRODUCTION or not databases:
        return []
    try:
        faults = [
            (
                Origin.objects.exists(),
                "This database tells a story (made by `tiendo demo`): its clock is moved.",
                "E004",
            ),
            (
                Person.objects.filter(is_demo=True).exists(),
                "This database has demo accounts: everybody knows their password.",
                "E006",
            ),
        ]
    except DatabaseError:
        return []  # no tables yet, so no story
    return [Error(sentence, id=f"tiendo.{code}") for wrong, sentence, code in faults if wrong]
