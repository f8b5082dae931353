import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Busy

AT_ONCE = 2  # hashes a process computes side by side
PATIENCE = 5.0  # seconds one waits for a turn
turns = threading.BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """OWASP's smaller cost: 40 ms and 19 MiB a sign-in, a few at a time, so that a morning's rush is not a denial of service."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with a_turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with a_turn():
            return super().verify(password, encoded)


@contextmanager
def a_turn() -> Iterator[None]:
    """Wait for one of the few places; who waits too long is asked to try again."""
    if not turns.acquire(timeout=PATIENCE):
        raise Busy(_("Very many people are signing in at this moment. Try again in a minute."))
    try:
        yield
    finally:
        turns.release()
