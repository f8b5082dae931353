"""Keys to the API: the secret, its hash, whose it is."""

import hashlib
import secrets
from datetime import date

from tiendo.people.models import Person, Token

MARK = "tiendo_"  # so that a leaked key is recognised for what it is


def new_secret() -> tuple[str, str]:
    """32 random bytes as text, and the hash that is kept in their stead."""
    secret = MARK + secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    """The secret is random: a plain hash of it cannot be guessed back."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def bearer(secret: str, on: date) -> Person | None:
    """Whose key this is, narrowed to its scope, if it works on that day and the person may sign in."""
    found = Token.objects.standing(on).filter(digest=digest_of(secret))
    token = found.select_related("person").first()
    if token is None or not token.person.may_sign_in:
        return None
    if token.used_on != on:
        Token.objects.filter(pk=token.pk).update(used_on=on)
    person: Person = token.person
    person.key_scope = token.scope
    return person
