"""Roles, delegations, invitations and reasons over the API: the same acts and rights as the pages."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import a_person, a_post
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant, Invitation
from tiendo.access.tests.test_invitations import an_invitation
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.ledger.models import Entry
from tiendo.orgs.models import Tenure

V1 = "/api/v1"


def ask(client, person, path, /, **asked):
    client.force_login(person)
    return client.get(V1 + path, asked)


def send(client, person, path, /, **body):
    client.force_login(person)
    given = json.dumps(body, default=str)
    return client.post(V1 + path, given, content_type="application/json")


def a_seat(cast):
    post, holder = a_post(cast.ministry, "Minister"), a_person("Minister An")
    Grant.objects.create(
        role=Role.UNIT_HEAD, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1)
    )
    Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
    return post, holder


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("api:grants", "/grants"),
        ("api:giving", "/grants"),
        ("api:grant-ending", "/grants/7/ending"),
        ("api:delegations", "/delegations"),
        ("api:delegating", "/posts/7/delegations"),
        ("api:delegation-ending", "/delegations/7/ending"),
        ("api:invitations", "/invitations"),
        ("api:inviting", "/invitations"),
        ("api:invitation-letter", "/invitations/7/letter"),
        ("api:invitation-revocation", "/invitations/7/revocation"),
        ("api:why", "/why"),
    ],
)
def test_everything_is_where_integrators_find_it(name, address):
    assert reverse(name, kwargs={"pk": 7} if "7" in address else {}) == V1 + address


class TestGrants:
    def test_who_sees_rights_lists_those_beneath(self, client, cast):
        mine = ask(client, cast.lead, "/grants").json()["items"]
        assert {row["person"]["name"] for row in mine} == {"Lead Nam", "Officer Mai"}
        narrow = ask(client, cast.office, "/grants", unit=cast.province.pk, on="2025-01-01").json()
        assert [row["role"] for row in narrow["items"]] == ["unit_head"]
        own = ask(client, cast.office, "/grants", person=cast.officer.pk).json()["items"]
        assert len(own) == 1
        assert ask(client, cast.officer, "/grants").status_code == 403
        assert ask(client, cast.office, "/grants", surprise=1).status_code == 422
        assert client.get(V1 + "/grants").status_code == 200

    def test_a_role_is_given_and_ended(self, client, cast):
        given = {
            "role": "officer", "unit": cast.ministry.pk, "person": cast.nobody.username,
            "starts_on": clock.today() - timedelta(days=1),
        }  # fmt: skip
        made = send(client, cast.lead, "/grants", **given)
        assert made.status_code == 201, made.content
        assert made.json()["given_by"] == "Lead Nam"
        assert can(cast.nobody, "tasks.report", cast.ministry)

        path = f"/grants/{made.json()['id']}/ending"
        assert send(client, cast.stranger, path, on=clock.today()).status_code == 404
        assert send(client, cast.inspector, path, on=clock.today()).status_code == 403
        assert send(client, cast.lead, path, on=clock.today()).status_code == 201
        assert not can(cast.nobody, "tasks.report", cast.ministry)

    @pytest.mark.parametrize(
        ("wrong", "status"),
        [
            ({"role": "king"}, 422),
            ({"role": "inspector"}, 403),
            ({"unit": 10**12}, 422),
            ({"person": "zzz"}, 422),
            ({"person": None}, 422),
            ({"post": 10**12}, 422),
            ({"ends_on": "2001-01-01"}, 422),
            ({"odd": 1}, 422),
        ],
    )
    def test_what_cannot_be_taken_is_said(self, client, cast, wrong, status):
        given = {
            "role": "officer", "unit": cast.ministry.pk, "person": cast.nobody.username,
            "starts_on": clock.today(),
        }  # fmt: skip
        assert send(client, cast.lead, "/grants", **{**given, **wrong}).status_code == status
        assert not Entry.objects.filter(act="access.given").exists()


class TestDelegations:
    def test_the_holder_delegates_and_the_deputy_ends_it(self, client, cast):
        post, holder = a_seat(cast)
        today = clock.today()
        given = {
            "deputy": cast.nobody.username, "starts_on": today - timedelta(days=1),
            "ends_on": today + timedelta(days=9), "reason": "Abroad",
        }  # fmt: skip
        path = f"/posts/{post.pk}/delegations"

        assert send(client, cast.stranger, path, **given).status_code == 403
        made = send(client, holder, path, **given)
        assert made.status_code == 201, made.content
        assert can(cast.nobody, "tasks.answer", cast.ministry)
        listed = ask(client, cast.nobody, "/delegations").json()["items"]
        assert [row["id"] for row in listed] == [made.json()["id"]]
        assert ask(client, cast.stranger, "/delegations").json()["items"] == []

        ending = f"/delegations/{made.json()['id']}/ending"
        assert send(client, cast.stranger, ending, on=today).status_code == 404
        assert send(client, cast.inspector, ending, on=today).status_code == 403
        assert send(client, cast.nobody, ending, on=today).status_code == 201
        assert not can(cast.nobody, "tasks.answer", cast.ministry)

    def test_bad_input(self, client, cast):
        post, holder = a_seat(cast)
        given = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=9)}
        path = f"/posts/{post.pk}/delegations"
        for wrong in ({"deputy": "zzz", "reason": "x"}, {"deputy": "nobody"}, {}):
            assert send(client, holder, path, **given, **wrong).status_code == 422
        assert (
            send(
                client, holder, "/posts/987654/delegations", deputy="x", reason="x", **given
            ).status_code
            == 404
        )
        assert not Delegation.objects.exists()


class TestInvitations:
    def test_invited_written_to_again_and_taken_back(self, client, cast):
        given = {"email": "thu@rivers.example", "role": "officer", "unit": cast.ministry.pk}
        made = send(client, cast.lead, "/invitations", **given)
        assert made.status_code == 201, made.content
        assert made.json()["state"] == "waiting"
        digest = Invitation.objects.get().digest
        assert digest not in made.content.decode()
        path = f"/invitations/{made.json()['id']}"

        for act in ("/letter", "/revocation"):
            assert send(client, cast.stranger, path + act).status_code == 404
            assert send(client, cast.inspector, path + act).status_code == 403
            assert send(client, cast.lead, path + act).status_code == 201
        assert Invitation.objects.get().digest != digest
        (row,) = ask(client, cast.inspector, "/invitations").json()["items"]
        assert row["state"] == "revoked"
        assert ask(client, cast.officer, "/invitations").status_code == 403

    @pytest.mark.parametrize(
        ("wrong", "status"),
        [({"email": "x"}, 422), ({"role": "verifier"}, 403), ({"unit": 10**12}, 422), ({"language": "xx"}, 422)],
    )  # fmt: skip
    def test_what_cannot_be_taken_is_said(self, client, cast, wrong, status):
        given = {"email": "thu@rivers.example", "role": "officer", "unit": cast.ministry.pk}
        assert send(client, cast.lead, "/invitations", **{**given, **wrong}).status_code == status


class TestWhy:
    def test_about_oneself_and_about_others(self, client, cast):
        asked = {"capability": "tasks.report", "unit": cast.ministry.pk}

        yes = ask(client, cast.officer, "/why", **asked).json()
        assert yes["may"]
        assert yes["ways"][0][-1] == "That is this very unit."
        no = ask(client, cast.stranger, "/why", **asked).json()
        assert (no["may"], bool(no["missing"]), bool(no["givers"])) == (False, True, True)
        other = {**asked, "person": cast.officer.pk}
        assert ask(client, cast.lead, "/why", **other).json()["may"]
        assert ask(client, cast.stranger, "/why", **other).status_code == 422  # not there for them
        assert ask(client, cast.stranger, "/why", **{**asked, "capability": "x"}).status_code == 422
        assert (
            ask(client, cast.stranger, "/why", capability="tasks.view", unit=10**12).status_code
            == 422
        )


@pytest.mark.parametrize("path", ["/grants", "/delegations", "/invitations"])
def test_twenty_rows_ask_as_much_as_one(client, cast, path):
    post, holder = a_seat(cast)

    def questions():
        ask(client, cast.lead, path)
        with CaptureQueriesContext(connection) as asked:
            assert ask(client, cast.lead, path).status_code == 200
        return len(asked)

    def another(number):
        an_invitation(cast, email=f"p{number}@rivers.example")
        person = a_person(f"More {number}", role=Role.OFFICER, over=cast.ministry)
        days = {"starts_on": date(2020, 1, 1), "ends_on": date(2099, 1, 1)}
        Delegation.objects.create(post=post, deputy=person, given_by=holder, reason="x", **days)

    another(0)
    few = questions()
    for number in range(1, 20):
        another(number)
    assert questions() == few
