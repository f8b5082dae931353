from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.kit.permission import Place, require
from tiendo.kit.refusals import Invalid
from tiendo.ledger.record import record
from tiendo.people.models import Person


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


def read_in(person: Person, language: str) -> None:
    """Keep the language somebody reads in: a wish of their own, not an act of the office."""
    Person.objects.filter(pk=person.pk).update(language=language)
