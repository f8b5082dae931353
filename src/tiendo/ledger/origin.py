"""Is this database real, or does it tell a story? Asked once per process."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError

from tiendo.kit.refusals import Refused
from tiendo.ledger.models import Entry, Origin


@lru_cache(maxsize=1)
def told() -> Origin | None:
    """The story's origin, or nothing for a real database."""
    if settings.PRODUCTION:
        return None  # the system check tiendo.E004 refuses to start production on a told database
    try:
        return Origin.objects.first()
    except DatabaseError:
        return None  # before the first migration there is no story either


def offset() -> timedelta:
    origin = told()
    return timedelta(microseconds=origin.offset_us) if origin else timedelta(0)


def begin_story(stands_at: datetime) -> Origin:
    """Make this empty database a told one, whose clock stands at this moment now."""
    if (begun := told()) is not None:
        return begun
    if settings.PRODUCTION or Entry.objects.exists():
        raise Refused("A story can only be told into an empty database that is not in production.")
    made_at = datetime.now(UTC)
    moved = (stands_at - made_at) // timedelta(microseconds=1)
    origin = Origin.objects.create(offset_us=moved, made_at=made_at)
    told.cache_clear()
    return origin
