"""Signing in through the office's identity provider: a real one on this machine, in a thread."""

from urllib.parse import quote, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY

from tiendo.ledger.models import Entry
from tiendo.people import actions
from tiendo.people.models import Person

DOOR = "/account/provider/office/"
MAI = {"email": "mai@rivers.example", "email_verified": True, "name": "Mai at the provider"}


@pytest.fixture(scope="module")
def server():
    with oidc_provider_mock.run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server, settings):
    settings.OIDC_ISSUER, settings.OIDC_NAME = server, "Office account"
    office = {
        "provider_id": settings.OIDC_PROVIDER,
        "name": settings.OIDC_NAME,
        "client_id": "tiendo",
        "secret": "known to both",
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [office]}}
    return server


def comes(client, provider, sub="mai-at-office", **claims):
    """Through the door, past the provider, and back."""
    put = requests.put(f"{provider}/users/{quote(sub)}", json=claims or MAI, timeout=10)
    assert put.status_code == 204
    away = client.get(DOOR)
    assert away["Location"].startswith(provider)
    back = requests.post(away["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    place = urlsplit(back.headers["Location"])
    return client.get(f"{place.path}?{place.query}")


def said(client):
    return client.get("/account/login/").content.decode()


class TestKnown:
    def test_by_a_verified_address_and_from_then_on_by_the_identity(self, client, provider, mai):
        comes(client, provider)
        assert client.session[SESSION_KEY] == str(mai.pk)
        assert [entry.act for entry in Entry.objects.about(mai)] == ["people.bound"]

        client.post("/account/logout/")
        comes(client, provider, email="new.name@rivers.example", email_verified=True)
        assert client.session[SESSION_KEY] == str(mai.pk)

        mai.refresh_from_db()
        assert (mai.name, mai.email) == ("Mai Trần", "mai@rivers.example")  # ours, not theirs
        assert mai.check_password("a long enough password")

    def test_the_page_asked_for_comes_after(self, client, provider, mai):
        requests.put(f"{provider}/users/mai", json=MAI, timeout=10)
        away = client.get(f"{DOOR}?next=/account/tokens/")
        back = requests.post(
            away["Location"], data={"sub": "mai"}, allow_redirects=False, timeout=10
        )
        place = urlsplit(back.headers["Location"])

        assert client.get(f"{place.path}?{place.query}")["Location"] == "/account/tokens/"

    def test_who_has_nothing_else_says_there_again_who_they_are(self, client, provider, mai):
        mai.set_unusable_password()
        mai.save()
        comes(client, provider)
        long_ago = client.session
        long_ago["began"] -= 31 * 60
        long_ago.save()

        asked = client.post("/account/tokens/", {})

        assert asked["Location"] == f"{DOOR}?next=%2Faccount%2Ftokens%2F"
        comes(client, provider)
        assert client.post("/account/tokens/", {}).status_code == 422  # asked no more


class TestUnknown:
    @pytest.mark.parametrize(
        "claims",
        [
            {"email": "stranger@rivers.example", "email_verified": True},
            {"email": "mai@rivers.example", "email_verified": False},
            {"email": "mai@rivers.example", "email_verified": "false"},
            {"email": "mai@rivers.example"},
            {"name": "No address"},
        ],
    )
    def test_opens_nothing_and_makes_nobody(self, client, provider, mai, claims):
        comes(client, provider, sub=f"x{len(str(claims))}", **claims)

        assert "belongs to no account here" in said(client)
        assert SESSION_KEY not in client.session
        assert Person.objects.count() == 1
        assert not SocialAccount.objects.exists()

    def test_a_second_identity_does_not_take_the_account_of_the_first(self, client, provider, mai):
        comes(client, provider)
        client.post("/account/logout/")

        comes(client, provider, sub="somebody-with-her-old-address", **MAI)

        assert "another identity" in said(client)
        assert SESSION_KEY not in client.session


class TestClosed:
    def test_a_closed_account_is_not_opened(self, client, provider, mai):
        Person.objects.update(is_active=False)

        comes(client, provider)

        assert "account is closed" in said(client)
        assert SESSION_KEY not in client.session

    def test_nor_one_that_was_bound_before(self, client, provider, mai, cast):
        comes(client, provider)
        administrator = Person.objects.operator()
        actions.close(mai, by=administrator)

        assert client.get("/account/").status_code == 302  # the session of before
        answer = comes(client, provider)
        assert answer["Location"] == "/account/inactive/"
        assert client.get("/account/").status_code == 302


class TestDoor:
    def test_there_is_none_unless_it_is_configured(self, client, db):
        assert "provider/office" not in said(client)
        assert client.get(DOOR).status_code == 404
        assert client.get("/account/provider/office/back/").status_code == 404

    def test_there_is_a_button_when_it_is(self, client, provider, db):
        assert "Sign in with Office account" in said(client)

    def test_another_provider_is_not_there(self, client, provider, db):
        assert client.get("/account/provider/elsewhere/").status_code == 404

    def test_nobody_binds_an_identity_to_a_session_that_is_open(self, client, provider, mai):
        client.force_login(mai)
        requests.put(f"{provider}/users/evil", json=MAI, timeout=10)
        away = client.get(f"{DOOR}?process=connect")
        back = requests.post(
            away["Location"], data={"sub": "evil"}, allow_redirects=False, timeout=10
        )
        place = urlsplit(back.headers["Location"])
        client.get(f"{place.path}?{place.query}")

        assert not SocialAccount.objects.exists()

    def test_a_provider_that_does_not_answer_is_said(self, client, provider, settings, db):
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"]["server_url"] = "http://localhost:9"

        assert client.get(DOOR)["Location"] == "/account/login/"
        assert "does not answer" in said(client)

    @pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=access_denied"])
    def test_an_answer_nobody_asked_for_is_turned_away(self, client, provider, db, query):
        answer = client.get(f"{DOOR}back/{query}")

        assert answer["Location"] == "/account/login/"
        assert "did not work" in said(client)


class TestWhole:
    def test_half_a_provider_is_none(self, provider, settings):
        from tiendo.config.checks import provider_is_whole

        assert provider_is_whole(None) == []
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["client_id"] = app["secret"] = ""
        settings.PRODUCTION = True
        found = [error.id for error in provider_is_whole(None)]
        assert found == ["tiendo.E007", "tiendo.E008", "tiendo.E009"]
