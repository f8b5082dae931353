import pytest

from tiendo.access.capabilities import Role
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.people.actions import close, join, reopen, send_reset, welcome
from tiendo.people.hashers import Argon2
from tiendo.people.models import Person

GOOD = "a long enough password"
NEW = {"name": "Mai Trần", "email": "mai@rivers.example"}


def act_of(person):
    return [entry.act for entry in Entry.objects.about(person)]


class TestWelcome:
    def test_the_office_opens_an_account_and_its_owner_chooses_the_password(self, cast):
        person = welcome("mai", by=cast.office, into=cast.ministry, **NEW)

        assert not person.has_usable_password()
        assert act_of(person) == ["people.welcomed"]

    def test_nobody_opens_accounts_for_another_s_unit(self, cast):
        with pytest.raises(Forbidden):
            welcome("mai", by=cast.stranger, into=cast.ministry, **NEW)

        assert not Person.objects.filter(username="mai").exists()

    def test_nobody_but_the_console_chooses_another_s_password(self, cast):
        with pytest.raises(Forbidden):
            welcome("mai", by=cast.office, into=cast.ministry, password=GOOD, **NEW)

        console = Person.objects.operator()
        assert welcome("mai", by=console, into=cast.ministry, password=GOOD, **NEW).check_password(
            GOOD
        )

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"username": "Mai"}, "username"),
            ({"username": "  "}, "username"),
            ({"username": "other@rivers.example"}, "username"),
            ({"username": "new", "name": " "}, "name"),
            ({"username": "new", "email": "MAI@rivers.example"}, "email"),
            ({"username": "new", "email": "nowhere"}, "email"),
        ],
    )
    def test_names_and_addresses_are_one_person_s_and_can_be_used(self, cast, wrong, field):
        welcome("mai", by=cast.office, into=cast.ministry, **NEW)
        given = {"name": "Other", "email": "", **wrong}

        with pytest.raises(Invalid) as refusal:
            welcome(given.pop("username"), by=cast.office, into=cast.ministry, **given)

        assert refusal.value.field == field


class TestJoin:
    def test_the_invited_choose_their_password(self, cast):
        person = join("mai", by=cast.office, into=cast.ministry, password=GOOD, **NEW)

        assert person.check_password(GOOD)
        assert act_of(person) == ["people.joined"]
        assert Entry.objects.about(person).get().facts == {}

    @pytest.mark.parametrize("password", ["short", "password1234", "mai@rivers.example"])
    def test_a_weak_password_is_none(self, cast, password):
        with pytest.raises(Invalid) as refusal:
            join("mai", by=cast.office, into=cast.ministry, password=password, **NEW)

        assert refusal.value.field == "password"
        assert not Person.objects.filter(username="mai").exists()

    def test_an_invitation_ends_with_the_right_of_whoever_gave_it(self, cast):
        grant = cast.office.grants.get()
        grant.ends_on = grant.starts_on.replace(year=2001)
        grant.save()

        with pytest.raises(Forbidden):
            join("mai", by=cast.office, into=cast.ministry, password=GOOD, **NEW)


class TestClose:
    def test_the_office_closes_and_opens_again(self, cast):
        close(cast.officer, by=cast.office, reason="Left the ministry.")
        assert not cast.officer.may_sign_in

        reopen(cast.officer, by=cast.office)
        assert cast.officer.may_sign_in
        assert act_of(cast.officer) == ["people.closed", "people.reopened"]

    def test_a_unit_head_closes_an_officer_of_the_unit_and_nobody_higher_or_elsewhere(self, cast):
        close(cast.officer, by=cast.lead)
        for other in (cast.stranger, cast.office, cast.verifier, cast.nobody):
            with pytest.raises(Forbidden):
                close(other, by=cast.lead)
            other.refresh_from_db()
            assert other.is_active

    def test_nobody_closes_themselves_or_the_console(self, cast):
        for person in (cast.office, Person.objects.operator()):
            with pytest.raises(Forbidden):
                close(person, by=cast.office)

    def test_an_office_does_not_close_those_whose_role_it_cannot_give(self, cast):
        from makers import a_person

        administrator = a_person(role=Role.ADMINISTRATOR, over=cast.country)
        with pytest.raises(Forbidden):
            close(administrator, by=cast.office)

        close(cast.office, by=administrator)
        close(cast.nobody, by=administrator)  # holds nothing and held nothing

    def test_a_closed_account_is_not_closed_twice_nor_an_open_one_opened(self, cast):
        with pytest.raises(Refused):
            reopen(cast.officer, by=cast.office)
        close(cast.officer, by=cast.office)
        with pytest.raises(Refused):
            close(cast.officer, by=cast.office)

    def test_who_lost_their_role_is_still_closed_by_who_could_give_it(self, cast):
        grant = cast.officer.grants.get()
        grant.ends_on = grant.starts_on.replace(year=2001)
        grant.save()

        with pytest.raises(Forbidden):
            close(cast.officer, by=cast.stranger)
        close(cast.officer, by=cast.lead)


class TestSendReset:
    def test_it_needs_an_open_account_with_an_address(self, cast):
        with pytest.raises(Refused):
            send_reset(cast.officer, by=cast.office, house="https://tiendo.example/")
        with pytest.raises(Forbidden):
            send_reset(cast.officer, by=cast.stranger, house="https://tiendo.example/")


def test_a_password_costs_two_passes_over_19_mebibytes():
    hashed = Argon2().encode("a long enough password", "saltsaltsalt")

    assert "$m=19456,t=2,p=1$" in hashed
