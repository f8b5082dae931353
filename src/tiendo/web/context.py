"""What every page of the shell knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tiendo.kit import clock
from tiendo.ledger.origin import told


def shell(request: HttpRequest) -> dict[str, Any]:
    origin = told()
    return {
        "languages": settings.LANGUAGES,
        "told": origin is not None,
        "told_now": clock.now() if origin else None,
    }
