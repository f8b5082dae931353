"""Production refuses to start with a key of seals that others can read, and names the setting."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from tiendo.ledger import keys


@register(Tags.security)
def the_key_of_seals_is_kept_well(app_configs: Any, **_: Any) -> list[Error]:
    if not settings.PRODUCTION:
        return []
    fault = keys.unsafe(Path(settings.SEAL_KEY))
    return [Error(fault, id="tiendo.E020")] if fault else []
