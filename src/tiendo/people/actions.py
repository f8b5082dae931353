from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.permission import Place, require, require_own
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import record
from tiendo.people.models import Person, Token
from tiendo.people.tokens import new_secret


@transaction.atomic
def welcome(
    username: str,
    *,
    by: Person,
    into: Place,
    name: str,
    password: str,
    email: str = "",
    language: str = "",
    is_demo: bool = False,
) -> Person:
    """Open an account for somebody who will work in a unit the welcomer answers for."""
    require(by, "people.welcome", into)
    if Person.objects.filter(username__iexact=username).exists():
        raise Invalid(_("This sign-in name is taken. Choose another."), field="username")
    person = Person(username=username, name=name, email=email, language=language, is_demo=is_demo)
    person.set_password(password)
    person.save()
    record("people.welcomed", person, by=by)
    return person


LONGEST = 366  # days a key may work


@transaction.atomic
def open_token(person: Person, *, by: Person, name: str, expires_on: date) -> tuple[Token, str]:
    """A key for one's own programs; the secret is given once and kept nowhere."""
    require_own(by, person)
    today = clock.today()
    if not name.strip():
        raise Invalid(_("Say what the key is for."), field="name")
    if not 0 < (expires_on - today).days <= LONGEST:
        raise Invalid(_("Choose a day after today and within a year."), field="expires_on")
    secret, digest = new_secret()
    token = Token.objects.create(
        person=person,
        name=name.strip(),
        digest=digest,
        created_at=clock.now(),
        expires_on=expires_on,
    )
    record("people.token_opened", token, by=by, name=token.name, expires_on=expires_on)
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
