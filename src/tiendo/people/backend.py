from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from tiendo.people.models import Person


class OneCheck(AuthenticationBackend):
    """One look, one hash, whatever was typed: nobody learns from the time it takes who has an account."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        named = credentials.get("username") or credentials.get("email") or ""
        return self._check_password(Person.objects.named(named), credentials.get("password") or "")

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at signing in, and of every session at every request."""
        return bool(user is not None and user.may_sign_in)
