import pytest

from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.ledger.models import Entry
from tiendo.people.actions import welcome
from tiendo.people.hashers import Argon2
from tiendo.people.models import Person

WORDS = {"name": "Mai Trần", "password": "a long enough password"}


def test_the_office_opens_an_account_for_a_unit_beneath_it(cast):
    person = welcome("mai", by=cast.office, into=cast.ministry, **WORDS)

    assert person.check_password("a long enough password")
    assert Entry.objects.about(person).get().act == "people.welcomed"


def test_nobody_opens_accounts_for_another_s_unit(cast):
    with pytest.raises(Forbidden):
        welcome("mai", by=cast.stranger, into=cast.ministry, **WORDS)

    assert not Person.objects.filter(username="mai").exists()


def test_a_sign_in_name_is_taken_whatever_its_case(cast):
    welcome("mai", by=cast.office, into=cast.ministry, **WORDS)

    with pytest.raises(Invalid) as refusal:
        welcome("Mai", by=cast.office, into=cast.ministry, **WORDS)

    assert refusal.value.field == "username"


def test_a_password_costs_two_passes_over_19_mebibytes():
    hashed = Argon2().encode("a long enough password", "saltsaltsalt")

    assert "$m=19456,t=2,p=1$" in hashed


def test_the_record_holds_no_password(cast):
    person = welcome("mai", by=cast.office, into=cast.ministry, **WORDS)

    assert Entry.objects.about(person).get().facts == {}
