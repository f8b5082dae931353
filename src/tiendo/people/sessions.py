"""Sessions as the framework keeps them; a cookie that no session could have is no cookie."""

from django.contrib.sessions.backends.db import SessionStore as KeptInTheDatabase


class SessionStore(KeptInTheDatabase):
    """A quoted cookie may carry a NUL, at which PostgreSQL breaks instead of finding nothing."""

    def _validate_session_key(self, key: str) -> bool:
        long_enough = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(long_enough and key.isascii() and key.isalnum())
