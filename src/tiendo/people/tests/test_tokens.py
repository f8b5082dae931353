"""Keys: narrowed to their scope, ended with their day, their person, or by hand; never a session."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from makers import a_draft, an_accepted
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.people.actions import close, end_token, open_token, reopen
from tiendo.people.models import Scope, Token
from tiendo.people.tokens import bearer

SOON = timedelta(days=30)


def a_key(person, scope=Scope.ALL):
    return open_token(
        person, by=person, name="nightly", expires_on=clock.today() + SOON, scope=scope
    )


def asks(client, secret, path="/api/v1/tasks", **sent):
    headers = {"Authorization": f"Bearer {secret}"}
    if sent:
        return client.post(path, sent, content_type="application/json", headers=headers)
    return client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("scope", "looks", "reports", "issues"),
    [("read", 200, 403, 403), ("report", 200, 201, 403), ("all", 200, 201, 201)],
)
def test_a_key_does_what_its_scope_says(client, cast, scope, looks, reports, issues):
    task, draft = an_accepted(cast), a_draft(cast, title="Clear the second paper backlog")
    _token, officer = a_key(cast.officer, scope)
    _token, office = a_key(cast.office, scope)

    assert asks(client, officer).status_code == looks
    said = asks(
        client, officer, f"/api/v1/parts/{task.lead.pk}/reports", words="Half.", is_final=False
    )
    issued = asks(client, office, f"/api/v1/tasks/{draft.pk}/issue", overrule="")

    assert (said.status_code, issued.status_code) == (reports, issues)


def test_a_key_never_becomes_a_session(client, cast):
    _token, secret = a_key(cast.officer)

    answer = asks(client, secret)

    assert answer.status_code == 200
    assert not answer.cookies
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/my-work/", headers=headers).status_code == 302


def test_a_key_does_not_touch_the_account_it_belongs_to(cast):
    _token, secret = a_key(cast.officer)
    program = bearer(secret, clock.today())

    with pytest.raises(Forbidden):
        a_key(program)
    with pytest.raises(Forbidden):
        end_token(Token.objects.get(), by=program)


def test_a_key_opens_nothing_beyond_what_its_person_may(cast):
    _token, secret = a_key(cast.inspector, Scope.ALL)
    program = bearer(secret, clock.today())

    assert can(program, "tasks.view", cast.ministry)
    assert not can(program, "tasks.report", cast.ministry)


class TestEnded:
    def test_by_its_day(self, cast):
        token, secret = a_key(cast.officer)

        assert bearer(secret, token.expires_on - timedelta(days=1)) == cast.officer
        assert bearer(secret, token.expires_on) is None

    def test_by_hand(self, client, cast):
        token, secret = a_key(cast.officer)
        end_token(token, by=cast.officer)

        assert asks(client, secret).status_code == 401

    def test_with_the_account_and_for_good(self, client, cast):
        _token, secret = a_key(cast.officer)
        close(cast.officer, by=cast.office)
        assert asks(client, secret).status_code == 401

        reopen(cast.officer, by=cast.office)
        assert asks(client, secret).status_code == 401

    def test_with_the_grant_at_the_next_request(self, client, cast):
        an_accepted(cast)
        _token, secret = a_key(cast.officer)
        assert asks(client, secret).json()["items"]

        cast.officer.grants.update(ends_on=clock.today())
        assert asks(client, secret).json()["items"] == []


class TestOpening:
    @pytest.mark.parametrize("scope", ["", "everything", "ALL"])
    def test_an_unknown_scope_is_refused_by_the_act_and_by_the_database(self, cast, scope):
        with pytest.raises(Invalid) as refusal:
            a_key(cast.officer, scope)
        assert refusal.value.field == "scope"

        token, _secret = a_key(cast.officer)
        with pytest.raises(DatabaseError), transaction.atomic():
            Token.objects.filter(pk=token.pk).update(scope=scope)

    def test_the_page_offers_the_least_first_and_says_what_a_key_may_do(self, client, cast):
        client.force_login(cast.officer)
        page = client.get("/account/tokens/").content.decode()
        assert 'value="read"' in page.split("checked")[0][-200:]

        given = {"name": "nightly", "expires_on": clock.today() + SOON, "scope": "report"}
        answer = client.post("/account/tokens/", given)

        assert answer.status_code == 201
        assert Token.objects.get().scope == "report"
        assert "Look, and report on tasks" in client.get("/account/tokens/").content.decode()


def test_its_last_day_of_use_is_noted_once_a_day(client, cast, django_assert_num_queries):
    token, secret = a_key(cast.officer)
    assert token.used_on is None

    bearer(secret, clock.today())
    token.refresh_from_db()
    assert token.used_on == clock.today()
    with django_assert_num_queries(1):
        bearer(secret, clock.today())
