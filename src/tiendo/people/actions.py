from datetime import date
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.permission import Place, require, require_over, require_own
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.record import record
from tiendo.people import letters
from tiendo.people.models import Person, Scope, Token
from tiendo.people.tokens import new_secret

# Accounts --------------------------------------------------------------------------------------------


@transaction.atomic
def welcome(
    username: str,
    *,
    by: Person,
    into: Place,
    name: str,
    email: str = "",
    language: str = "",
    password: str = "",
    is_demo: bool = False,
) -> Person:
    """Open an account for somebody who will work in a unit the welcomer answers for; they choose the password."""
    require(by, "people.welcome", into)
    if password and not by.is_operator:
        raise Forbidden(_("Nobody chooses another person’s password. Leave it out."))
    person = newcomer(username, name, email, language, is_demo=is_demo)
    keep(person, password)
    record("people.welcomed", person, by=by)
    return person


@transaction.atomic
def join(
    username: str,
    *,
    by: Person,
    into: Place,
    name: str,
    email: str,
    password: str,
    language: str = "",
) -> Person:
    """Somebody takes up the invitation of `by`, who must still be allowed to give it, and chooses a password."""
    require(by, "people.welcome", into)
    person = newcomer(username, name, email, language)
    require_good(password, person)
    keep(person, password)
    record("people.joined", person, by=by)
    return person


def newcomer(
    username: str, name: str, email: str, language: str, *, is_demo: bool = False
) -> Person:
    """An account not yet kept, with a name and an address nobody else has."""
    username, name, email = username.strip(), name.strip(), email.strip()
    if not username or not name:
        raise Invalid(_("Write a name."), field="name" if username else "username")
    if "@" in username and username.lower() != email.lower():
        raise Invalid(
            _("A sign-in name has no “@” in it, or is the person’s own e-mail."), field="username"
        )
    if Person.objects.filter(username__iexact=username).exists():
        raise Invalid(_("This sign-in name is taken. Choose another."), field="username")
    require_address(email)
    return Person(username=username, name=name, email=email, language=language, is_demo=is_demo)


def require_address(email: str) -> None:
    """An address somebody can be written to, and nobody else has."""
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("This is no e-mail address."), field="email") from None
    if Person.objects.filter(email__iexact=email).exists():
        raise Invalid(_("Somebody else has this e-mail address."), field="email")


def require_good(password: str, person: Person) -> None:
    """Long enough, not among the common ones, and not the person's own name."""
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        raise Invalid(" ".join(wrong.messages), field="password") from None


def keep(person: Person, password: str) -> None:
    person.set_password(password or None)
    person.save()


@transaction.atomic
def close(person: Person, *, by: Person, reason: str = "") -> Person:
    """The account opens nothing from the next request on: no session, key, link or provider."""
    require_over(by, "people.close", person)
    entry = record("people.closed", person, by=by, reason=reason)
    closed = Person.objects.filter(pk=person.pk, is_active=True)
    if not closed.update(is_active=False, epoch=F("epoch") + 1):
        raise Refused(_("This account is already closed."))
    Token.objects.filter(person=person, ended_at__isnull=True).update(ended_at=entry.at)
    person.refresh_from_db()
    return person


@transaction.atomic
def reopen(person: Person, *, by: Person) -> Person:
    """The account may sign in again, with its password; what was handed out before the closing stays dead."""
    require_over(by, "people.close", person)
    record("people.reopened", person, by=by)
    if not Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        raise Refused(_("This account is open."))
    person.refresh_from_db()
    return person


@transaction.atomic
def send_reset(person: Person, *, by: Person, house: str) -> Person:
    """Send the link with which somebody chooses a new password; `house` is the address the link begins with."""
    require_over(by, "people.welcome", person)
    if not person.is_active:
        raise Refused(_("This account is closed. Open it first."))
    if not person.email:
        raise Refused(_("This account has no e-mail address to write to."))
    record("people.reset_sent", person, by=by)
    letters.send_reset(person.email, house)
    return person


# Ways in ---------------------------------------------------------------------------------------------


@transaction.atomic
def bind(person: Person, account: Any, *, by: Person) -> Any:
    """The identity at the provider that from now on opens this account: one, and nobody else's."""
    require_own(by, person)
    if SocialAccount.objects.filter(user=person, provider=account.provider).exists():
        raise Refused(
            _(
                "Your account is bound to another identity there. Ask the office that answers for your unit."
            )
        )
    account.user = person
    account.save()
    record("people.bound", person, by=by, provider=account.provider)
    return account


@transaction.atomic
def end_session(session: Any, *, by: Person) -> Any:
    """One of one's own sessions opens nothing from the next request on."""
    require_own(by, session.user)
    record("people.session_ended", by, by=by)
    session.end()
    return session


LONGEST = 366  # days a key may work


@transaction.atomic
def open_token(
    person: Person, *, by: Person, name: str, expires_on: date, scope: str = Scope.READ
) -> tuple[Token, str]:
    """A key for one's own programs; the secret is given once and kept nowhere."""
    require_own(by, person)
    today = clock.today()
    if not name.strip():
        raise Invalid(_("Say what the key is for."), field="name")
    if not 0 < (expires_on - today).days <= LONGEST:
        raise Invalid(_("Choose a day after today and within a year."), field="expires_on")
    if scope not in Scope.values:
        raise Invalid(_("Choose what the key may do."), field="scope")
    secret, digest = new_secret()
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        digest=digest,
        scope=scope,
        created_at=clock.now(),
        expires_on=expires_on,
    )
    record("people.token_opened", token, by=by, name=token.name, scope=scope, expires_on=expires_on)
    return token, secret


@transaction.atomic
def end_token(token: Token, *, by: Person) -> Token:
    """The key stops working at once."""
    require_own(by, token.person)
    entry = record("people.token_ended", token, by=by, name=token.name)
    if not Token.objects.filter(pk=token.pk, ended_at__isnull=True).update(ended_at=entry.at):
        raise Refused(_("This key has already been ended."))
    token.ended_at = entry.at
    return token


def read_in(person: Person, language: str) -> None:
    """Keep the language somebody reads in: a wish of their own, not an act of the office."""
    Person.objects.filter(pk=person.pk).update(language=language)
