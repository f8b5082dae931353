"""What every page of the shell knows."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tiendo.kit import clock
from tiendo.ledger.origin import told
from tiendo.notifications.reads import unread
from tiendo.web import menu
from tiendo.web.cast import demo_accounts


def shell(request: HttpRequest) -> dict[str, Any]:
    origin = told()
    return {
        "languages": settings.LANGUAGES,
        "rooms": SimpleLazyObject(lambda: menu.entries(request)),
        "notices_unread": cache(lambda: unread(request.user)),  # a number, for plurals count by it
        "told": origin is not None,
        "told_now": clock.now() if origin else None,
        "demo_accounts": demo_accounts if origin else (),
        "demo_password": settings.DEMO_PASSWORD if origin else "",
        "provider_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "provider_address": reverse("openid_connect_login", args=[settings.OIDC_PROVIDER]),
    }
