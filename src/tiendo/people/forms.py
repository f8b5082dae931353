"""The library's forms where this house asks otherwise."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
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


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=LONGEST)
