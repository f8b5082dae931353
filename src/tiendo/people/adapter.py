"""Where the sign-in library asks this house how it wants things."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tiendo.kit import clock
from tiendo.people import letters, sealing
from tiendo.people.models import Person

WAYS = {  # the library's words, in ours
    "reauthenticate": lazy("With my password"),
    "mfa_reauthenticate": lazy("With a code"),
    "mfa_reauthenticate:webauthn": lazy("With a passkey"),
}
BROWSER = 120  # characters of a browser's description worth writing in a letter


class ByInvitation(DefaultAccountAdapter):
    """Accounts are made by those who answer for a unit, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **login: Any) -> HttpResponse | None:
        """The last question of every way in: password, passkey, provider."""
        if user.may_sign_in:
            return None
        clear_login(request)
        answer: HttpResponse = headed_redirect_response("account_inactive")
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has nothing but the provider says there who they are."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for one in ways:
            one["description"] = WAYS.get(one["id"], one["description"])
        if not ways and settings.OIDC_ISSUER:
            address = reverse("openid_connect_login", args=[settings.OIDC_PROVIDER])
            ways.append({"id": "provider", "description": settings.OIDC_NAME, "url": address})
        return ways

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """The library's news, as a letter of ours in the person's language."""
        letters.tell(
            user,
            template_prefix,
            at=clock.now(),
            address=self.get_client_ip(self.request),
            browser=self.get_http_user_agent(self.request)[:BROWSER],
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count per name and address: a stranger elsewhere cannot lock anybody out."""
        login = credentials.get("email") or credentials.get("username") or ""
        return f"{login.lower()}:{self.get_client_ip(request)}"


class SecondFactors(DefaultMFAAdapter):
    """Secrets lie sealed in the database; names are ours."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor takes off none but a spare one."""
        needs = import_string(settings.SECOND_FACTOR)(authenticator.user)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=ASKED_AT_SIGN_IN)
        return not needs or others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("My passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


ASKED_AT_SIGN_IN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: Person) -> bool:
    """Whether signing in asks this person for more than the password."""
    return bool(Authenticator.objects.filter(user=person, type__in=ASKED_AT_SIGN_IN).exists())


def display(person: Any) -> str:
    return str(person.name)
