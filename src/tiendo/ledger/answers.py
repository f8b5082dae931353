"""A request sent twice is done once: the first answer to it is kept beside the act, in the act's own transaction."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import connection, models

from tiendo.kit import clock
from tiendo.ledger.models import Answer, key_of

KEPT_FOR = timedelta(hours=48)
SWEPT_AT_ONCE = 5_000


def take_turn(by: models.Model, route: str, key: str) -> bool:
    """Whether nobody else is busy with this very request. SQLite has one writer: whose turn it is, is alone.

    Asked inside the transaction, whose end gives the turn back.
    """
    if connection.vendor != "postgresql":
        return True
    name = "\0".join((key_of(by), route, key)).encode()
    number = int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def kept(by: models.Model, route: str, key: str) -> Answer | None:
    """The answer this request was given before, if it was."""
    found: Answer | None = Answer.objects.filter(by=key_of(by), route=route, key=key).first()
    return found


def keep(by: models.Model, route: str, key: str, **answer: Any) -> Answer:
    """Keep the answer; it stands or falls with the act that it answers."""
    return Answer.objects.create(by=key_of(by), route=route, key=key, at=clock.now(), **answer)


def sweep() -> int:
    """Forget answers that nobody will ask for again; may run twice, and stop in the middle."""
    old = Answer.objects.filter(at__lt=clock.now() - KEPT_FOR).values("pk")[:SWEPT_AT_ONCE]
    gone, _by_kind = Answer.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    return gone
