from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ByInvitation(DefaultAccountAdapter):
    """Accounts are made by those who answer for a unit, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False


def display(person: Any) -> str:
    return str(person.name)
