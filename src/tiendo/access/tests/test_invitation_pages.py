"""The list of invitations, a new one, and the page behind the link of a letter."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tiendo.access.actions_invitations import invite, revoke
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant, Invitation
from tiendo.access.tests.test_invitations import HOUSE, PASSWORD, an_invitation
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.orgs.models import UnitName
from tiendo.people.models import Person


@pytest.fixture
def named(cast):
    for name in UnitName.objects.all():
        UnitName.objects.filter(pk=name.pk).update(folded=name.text.lower())


def page_of(invitation):
    return reverse("access:invitation", args=[invitation.secret()])


def says(**given):
    return {"name": "Thu", "username": "thu", "password": PASSWORD, "language": "vi", **given}


class TestList:
    def test_who_may_see_rights_sees_them_and_who_may_give_changes_them(self, client, cast):
        invitation = an_invitation(cast)
        for who, status, shown in (
            ("lead", 200, True), ("inspector", 200, True), ("stranger", 200, False), ("officer", 403, False),
        ):  # fmt: skip
            client.force_login(getattr(cast, who))
            answer = client.get("/people/invitations/")
            assert answer.status_code == status
            assert ("thu@rivers.example" in answer.content.decode()) is shown
        for name in ("access:letter", "access:revocation"):
            address = reverse(name, args=[invitation.pk])
            for who, status in (("stranger", 404), ("inspector", 403), ("officer", 404)):
                client.force_login(getattr(cast, who))
                assert client.post(address).status_code == status
            client.force_login(cast.lead)
            assert client.get(address).status_code == 405
            assert client.post(address).status_code == 302
        assert not Invitation.objects.get().is_open

    def test_every_state_has_its_words(self, client, cast):
        an_invitation(cast)
        revoke(an_invitation(cast, email="b@rivers.example"), by=cast.lead)
        client.force_login(cast.lead)
        page = client.get("/people/invitations/").content.decode()
        assert "Waiting" in page
        assert "Taken back" in page
        with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
            client.force_login(cast.lead)
            assert "Too late" in client.get("/people/invitations/").content.decode()


def test_twenty_invitations_ask_as_much_as_one(client, cast):
    def questions():
        client.force_login(cast.lead)
        client.get("/people/invitations/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/people/invitations/")
        return len(asked)

    an_invitation(cast)
    few = questions()
    for number in range(20):
        an_invitation(cast, email=f"p{number}@rivers.example")
    assert questions() == few


class TestNew:
    def test_somebody_is_invited(self, client, cast, named):
        client.force_login(cast.lead)
        address = reverse("access:new_invitation")
        assert client.get(address).status_code == 200

        given = {"email": "thu@rivers.example", "role": "officer", "unit": "Ministry of Rivers"}
        assert client.post(address, given).status_code == 302

        assert Invitation.objects.get().given_by == cast.lead
        again = client.post(address, given)
        assert again.status_code == 409
        assert "already on its way" in again.content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"email": "x"}, {"role": "inspector"}, {"unit": "Nowhere"}, {"ends_on": "x"}]
    )
    def test_bad_input_loses_nothing(self, client, cast, named, wrong):
        client.force_login(cast.lead)
        given = {"email": "thu@rivers.example", "role": "officer", "unit": "Ministry of Rivers",
                 "their_name": "Thu Trần"}  # fmt: skip
        answer = client.post("/people/invitations/new/", {**given, **wrong})
        assert answer.status_code == 422
        assert "Thu Trần" in answer.content.decode()
        assert not Invitation.objects.exists()

    def test_who_may_give_nothing_is_not_offered_it(self, client, cast):
        for who in (cast.inspector, cast.officer):
            client.force_login(who)
            assert client.get("/people/invitations/new/").status_code == 403


class TestLink:
    def test_somebody_new_opens_an_account_and_signs_in(self, client, cast):
        address = page_of(an_invitation(cast, name="Thu Trần", language="fr"))

        page = client.get(address)
        assert page.status_code == 200
        assert page["Content-Language"] == "fr"
        assert "Thu Trần" in page.content.decode()
        answer = client.post(address, says())
        assert answer.status_code == 302
        assert client.login(username="thu", password=PASSWORD)
        assert can(Person.objects.get(username="thu"), "tasks.report", cast.ministry)
        assert client.get(address).status_code == 410

    @pytest.mark.parametrize(
        "wrong",
        [
            {"password": "short"},
            {"username": "a@b"},
            {"name": ""},
            {"language": "xx"},
            {"name": "\x00"},
        ],
    )
    def test_bad_input_stays_on_the_form(self, client, cast, wrong):
        answer = client.post(page_of(an_invitation(cast)), says(**wrong))
        assert answer.status_code == 422
        assert "t-wrong" in answer.content.decode()
        assert not Person.objects.filter(username="thu").exists()

    def test_looking_uses_nothing_up(self, client, cast):
        address = page_of(an_invitation(cast))
        for _ in range(3):
            assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
        assert Invitation.objects.get().is_open

    def test_a_link_that_is_none_says_so(self, client, cast):
        for secret in ("x", "0" * 64, "a-b_c"):
            answer = client.get(f"/invitation/{secret}/")
            assert answer.status_code == 404
            assert "none of ours" in answer.content.decode()

    def test_too_late_taken_back_or_no_longer_given_is_a_sentence(self, client, cast):
        invitation = an_invitation(cast)
        address = page_of(invitation)
        with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
            answer = client.get(address)
            assert (answer.status_code, "72 hours" in answer.content.decode()) == (410, True)
            assert client.post(address, says()).status_code == 410
        Grant.objects.filter(person=cast.lead).update(ends_on=date(2024, 1, 1))
        answer = client.get(address)
        assert (answer.status_code, "may no longer" in answer.content.decode()) == (410, True)
        Grant.objects.filter(person=cast.lead).update(ends_on=None)
        revoke(invitation, by=cast.lead)
        assert client.get(address).status_code == 410
        assert not Person.objects.filter(username="thu").exists()

    def test_whoever_has_the_address_signs_in_first(self, client, cast):
        Person.objects.filter(pk=cast.nobody.pk).update(email="thu@rivers.example")
        address = page_of(an_invitation(cast))

        page = client.get(address).content.decode()
        assert f"/account/login/?next={address}" in page
        assert client.post(address, says()).status_code == 403
        client.force_login(cast.nobody)
        assert "Take up this role" in client.get(address).content.decode()
        assert client.post(address).status_code == 302
        assert can(cast.nobody, "tasks.report", cast.ministry)

    def test_another_account_is_asked_to_leave(self, client, cast):
        for address in (page_of(an_invitation(cast)), page_of(an_invitation(cast, email="b@c.de"))):
            client.force_login(cast.officer)
            page = client.get(address)
            assert "whose address is another one" in page.content.decode()
            assert client.post(address, says()).status_code == 403
        assert not Person.objects.filter(username="thu").exists()
        Person.objects.filter(pk=cast.nobody.pk).update(email="n@rivers.example")
        other = invite(
            Role.OFFICER, cast.ministry, by=cast.lead, email="n@rivers.example", house=HOUSE
        )
        assert client.post(page_of(other)).status_code == 403
