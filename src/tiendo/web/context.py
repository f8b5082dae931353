"""What every page of the shell knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.ledger.origin import told
from tiendo.web import menu


def shell(request: HttpRequest) -> dict[str, Any]:
    origin = told()
    return {
        "languages": settings.LANGUAGES,
        "rooms": SimpleLazyObject(lambda: menu.entries(request)),
        "told": origin is not None,
        "told_now": clock.now() if origin else None,
        "demo_accounts": demo_accounts if origin else (),
        "demo_password": settings.DEMO_PASSWORD if origin else "",
        "provider_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "provider_address": reverse("openid_connect_login", args=[settings.OIDC_PROVIDER]),
    }


def demo_accounts() -> list[dict[str, Any]]:
    """Who may sign in to a told database; asked only by the page that lists them."""
    grants = (
        Grant.objects.as_of(clock.today())
        .filter(person__is_demo=True)
        .select_related("person", "unit")
        .prefetch_related("unit__names")
        .order_by("pk")
    )
    first: dict[int, Grant] = {}
    for grant in grants:
        first.setdefault(grant.person_id, grant)
    return [
        {
            "username": grant.person.username,
            "name": grant.person.name,
            "role": grant.get_role_display(),
            "unit": grant.unit.short_name,
        }
        for grant in first.values()
    ]
