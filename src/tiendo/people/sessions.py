"""Sessions as the framework keeps them; each knows when somebody signed in. An impossible cookie is no cookie."""

import time

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as KeptInTheDatabase

IDLE = 30 * 60  # seconds without a sign of the person
LONGEST = 12 * 3600  # seconds from signing in
NOTED_EVERY = 60  # seconds between two notes that the person is still there
BEGAN, SEEN = "began", "seen"


class SessionStore(KeptInTheDatabase):
    """Whoever signs in, by whatever door, is kept in a session that knows its first moment."""

    def save(self, must_create: bool = False) -> None:
        if SESSION_KEY in self and BEGAN not in self:
            self[BEGAN] = self[SEEN] = time.time()
        super().save(must_create)

    def _validate_session_key(self, key: str) -> bool:
        """A quoted cookie may carry a NUL, at which PostgreSQL breaks instead of finding nothing."""
        long_enough = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(long_enough and key.isascii() and key.isalnum())


def is_over(session: SessionBase, now: float) -> bool:
    """Idle for too long, or too long ago since the person signed in."""
    return now - session.get(SEEN, 0) > IDLE or now - session.get(BEGAN, 0) > LONGEST


def note(session: SessionBase, now: float) -> bool:
    """Note that the person is there, at most once a minute; whether it was noted."""
    if now - session[SEEN] < NOTED_EVERY:
        return False
    session[SEEN] = now
    return True
