"""Letters to people: plain text in the reader's language, written and sent after the act, never inside it."""

from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tiendo.kit import jobs
from tiendo.people.models import Person
from tiendo.people.reset import links

# What the library tells people about their own account, in our words.
NEWS = {
    "account/email/password_changed": _("Your password was changed."),
    "account/email/password_reset": _("Your password was changed through a link in a letter."),
    "account/email/password_set": _("A password was set for your account."),
    "mfa/email/totp_activated": _("An authenticator app was set up for your account."),
    "mfa/email/totp_deactivated": _("The authenticator app was taken off your account."),
    "mfa/email/recovery_codes_generated": _(
        "New recovery codes were made; the old ones work no more."
    ),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was taken off your account."),
}


def write(name: str, *, to: str, language: str = "", **facts: Any) -> None:
    """Have the letter `letters/NAME.txt` sent once the act stands; called inside the act's transaction."""
    jobs.enqueue("tiendo.people.letters.post", *worded(name, language, facts), to)


def worded(name: str, language: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Subject (the first line of the template) and body, in the reader's language."""
    with translation.override(language or translation.get_language()):
        subject, _blank, body = render_to_string(f"letters/{name}.txt", facts).partition("\n")
    return subject.strip(), body.strip() + "\n"


def post(subject: str, body: str, to: str) -> None:
    """A job: hand a letter to the mail server."""
    EmailMessage(subject, body, to=[to]).send()


@transaction.atomic
def tell(person: Person, news: str, **facts: Any) -> None:
    """Say that the way somebody signs in was changed, so that a thief is noticed."""
    if person.email:
        facts |= {"news": NEWS[news], "person": person}
        write("news", to=person.email, language=person.language, **facts)


@transaction.atomic
def send_reset(email: str, house: str) -> None:
    """Have the letter with the link written: the same work here whether anybody has this address or not."""
    jobs.enqueue("tiendo.people.letters.reset", email, house, translation.get_language() or "")


def reset(email: str, house: str, language: str) -> None:
    """A job: the letter with the link, if an account that may sign in has this address."""
    person = Person.objects.filter(email__iexact=email).first()
    if person is None or not person.may_sign_in:
        return
    key = f"{user_pk_to_url_str(person)}-{links.make_token(person)}"
    asked = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    facts = {"person": person, "link": house.rstrip("/") + asked.replace("UID-KEY", key)}
    post(*worded("reset", person.language or language, facts), person.email)
