"""The library's forms where this house asks otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tiendo.people import letters

LONGEST = 80  # characters of a passkey's name


class ResetForm(ResetPasswordForm):
    """Who has this address is looked up by whoever writes the letter: here everybody costs the same."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **given: Any) -> str:
        email = str(self.cleaned_data["email"])
        letters.send_reset(email, request.build_absolute_uri("/"))
        return email


@contextmanager
def misshapen_is_wrong() -> Iterator[None]:
    """What a browser sends of a passkey has a shape. The library breaks on some others; here they are a wrong answer."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise get_adapter().validation_error("incorrect_code") from None


class Shaped:
    """For each form that takes the answer of a passkey."""

    def clean_credential(self) -> Any:
        with misshapen_is_wrong():
            return super().clean_credential()  # type: ignore[misc]


class SecondStepForm(Shaped, AuthenticateWebAuthnForm):
    """The passkey beside the password."""


class AloneForm(Shaped, LoginWebAuthnForm):
    """The passkey instead of the password."""


class AgainForm(Shaped, ReauthenticateWebAuthnForm):
    """The passkey of somebody who is in, asked once more."""


class PasskeyForm(AddWebAuthnForm):
    """A passkey that signs in by itself; one that only seconds the password is the exception."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you know it again among others: “Telephone”, “Key on my ring”."),
        max_length=LONGEST,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alone = self.fields["passwordless"]
        alone.label = _("Sign in with it alone, without a password")
        alone.help_text = _(
            "Leave this off only for an old security key that cannot ask for a finger or a number."
        )
        alone.initial = True

    def clean(self) -> dict[str, Any]:
        with misshapen_is_wrong():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=LONGEST)
