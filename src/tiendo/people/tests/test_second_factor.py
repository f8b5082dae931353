"""Who decides on others' work signs in with more than a password; others may; people of a story are let off."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache

from makers import a_grant, a_person
from tiendo.access.backend import needs_second_factor
from tiendo.access.capabilities import Role
from tiendo.people import sealing

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXP"
NEEDS = {
    Role.ADMINISTRATOR, Role.STANDING_OFFICE, Role.COMMITTEE_HEAD, Role.MEMBER, Role.VERIFIER, Role.INSPECTOR,
}  # fmt: skip


@pytest.fixture(autouse=True)
def the_real_rule(settings):
    cache.clear()
    settings.SECOND_FACTOR = "tiendo.access.backend.needs_second_factor"


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(counters()))))


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_that_need_one(cast, role):
    assert needs_second_factor(a_person(role=role, over=cast.ministry)) == (role in NEEDS)


def test_people_of_a_story_and_those_whose_role_ended_are_let_off(cast):
    assert needs_second_factor(cast.verifier)
    cast.verifier.is_demo = True
    assert not needs_second_factor(cast.verifier)

    cast.office.grants.update(ends_on="2001-01-01")
    assert not needs_second_factor(cast.office)


class TestLedThere:
    def test_before_anything_else(self, client, cast):
        client.force_login(cast.verifier)

        assert client.get("/my-work/")["Location"] == "/account/2fa/"
        assert client.get("/account/tokens/")["Location"] == "/account/2fa/"
        page = client.get("/account/2fa/").content.decode()
        assert "a password alone is not enough" in page
        assert (
            client.get("/account/2fa/webauthn/add/").status_code == 302
        )  # asks for the password first

    def test_a_piece_of_a_page_and_the_api_are_told_so(self, client, cast):
        client.force_login(cast.verifier)

        notice = client.get("/my-work/", headers={"HX-Request": "true"})
        problem = client.get("/api/v1/tasks")
        posted = client.post("/tasks/1/drop/", {})

        assert notice.status_code == problem.status_code == posted.status_code == 403
        assert "/account/2fa/" in notice.content.decode()
        assert problem.json()["code"] == "prove-again"

    def test_others_are_not(self, client, cast):
        client.force_login(cast.officer)
        assert client.get("/my-work/").status_code == 200

    def test_a_role_given_in_the_middle_of_a_session_asks_at_the_next_request(self, client, cast):
        client.force_login(cast.officer)
        a_grant(Role.VERIFIER, cast.ministry, cast.officer)

        assert client.get("/my-work/")["Location"] == "/account/2fa/"


class TestCodes:
    @pytest.fixture
    def with_codes(self, client, cast):
        """The verifier has set up an authenticator app, through the pages."""
        client.post("/account/login/", {"login": cast.verifier.username, "password": PASSWORD})
        asked = client.get("/account/2fa/totp/activate/")
        client.post(asked["Location"], {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/")
        secret = page.context["form"].secret
        answer = client.post("/account/2fa/totp/activate/", {"code": code(secret)})
        assert answer["Location"] == "/account/2fa/recovery-codes/"
        return secret

    def test_set_up_it_opens_the_house_and_is_asked_at_the_next_sign_in(
        self, client, cast, with_codes
    ):
        assert client.get("/my-work/").status_code == 200
        client.post("/account/logout/")
        answer = client.post(
            "/account/login/", {"login": cast.verifier.username, "password": PASSWORD}
        )

        assert answer["Location"] == "/account/2fa/authenticate/"
        assert SESSION_KEY not in client.session
        Authenticator.objects.filter(type="totp").update(last_used_at=None)
        cache.clear()  # a code is good once; the test has no half minute to wait
        client.post("/account/2fa/authenticate/", {"code": code(with_codes)})
        assert client.get("/my-work/").status_code == 200

    def test_a_recovery_code_opens_once(self, client, cast, with_codes):
        page = client.get("/account/2fa/recovery-codes/")
        spare = page.context["unused_codes"][0]
        for status in (200, 302):
            client.post("/account/logout/")
            client.post("/account/login/", {"login": cast.verifier.username, "password": PASSWORD})
            client.post("/account/2fa/authenticate/", {"code": spare})
            assert client.get("/my-work/").status_code == status

    def test_the_only_one_is_not_taken_off_by_who_needs_it(self, client, with_codes):
        answer = client.post("/account/2fa/totp/deactivate/")

        assert answer.status_code == 200
        assert Authenticator.objects.filter(type="totp").exists()

    def test_the_secret_lies_sealed_in_the_database(self, with_codes):
        kept = Authenticator.objects.get(type="totp").data["secret"]

        assert with_codes not in kept
        assert sealing.opened(kept) == with_codes


class TestSealing:
    def test_a_secret_from_before_sealing_is_read_as_it_lies(self, cast):
        found = Authenticator.objects.create(
            user=cast.officer, type="totp", data={"secret": SECRET}
        )
        assert TOTP(found).validate_code(code())

    def test_a_changed_key_still_opens_what_the_old_one_sealed(self, settings):
        sealed = sealing.seal(SECRET)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "the new key of this house, long enough"

        assert sealing.opened(sealed) == SECRET
        assert sealing.seal(SECRET) != sealed


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "1", "{}", '{"id": 1}', '{"response": "x"}', '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
     '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"!!","clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}}',
     '{"id":"AA","rawId":"AA","type":"public-key","response":{"userHandle":"enp6enp6enp6eg","clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}',
     '{"id":null,"rawId":[],"type":{},"response":{"userHandle":{}}}', "\x00"],
)  # fmt: skip
@pytest.mark.parametrize("page", ["login", "add", "reauthenticate"])
def test_no_broken_passkey_breaks_the_house(client, cast, sent, page):
    address = f"/account/2fa/webauthn/{page}/"
    if page != "login":
        client.force_login(cast.nobody)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get(address, headers={"Accept": "application/json"})

    answer = client.post(address, {"credential": sent, "name": "x"})

    assert answer.status_code in {200, 302}
