"""What must be read again and must not lie open in a database or its copies: sealed with the house's own key."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

MARK = (
    "sealed:"  # what lies open from before is read as it is, and sealed the next time it is written
)


def seal(text: str) -> str:
    return MARK + keys().encrypt(text.encode()).decode()


def opened(kept: str) -> str:
    if not kept.startswith(MARK):
        return kept
    return keys().decrypt(kept.removeprefix(MARK).encode()).decode()


def keys() -> MultiFernet:
    """Sealed with the key of today, opened with it or with one that was changed since."""
    return ring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def ring(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key_of(secret)) for secret in secrets])


def key_of(secret: str) -> bytes:
    digest = hashlib.sha256(f"tiendo.people.sealing:{secret}".encode()).digest()
    return base64.urlsafe_b64encode(digest)
