"""A passkey from its making to its end, in a real browser with an authenticator of Chromium's own making."""

import pytest
from browser.test_second_step import is_readable
from django.conf import settings

pytestmark = pytest.mark.browser

WHO = "verifier"
HAND = {  # a telephone that recognises its owner's finger
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def visitor(visit):
    """Somebody nobody knows yet, with a telephone in hand."""
    visitor = visit(width=360)
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    hand = wire.send("WebAuthn.addVirtualAuthenticator", {"options": HAND})["authenticatorId"]
    visitor.refuse = lambda: wire.send(
        "WebAuthn.setUserVerified", {"authenticatorId": hand, "isUserVerified": False}
    )
    visitor.agree = lambda: wire.send(
        "WebAuthn.setUserVerified", {"authenticatorId": hand, "isUserVerified": True}
    )
    yield visitor
    visitor.agree()
    take_off(visitor)


def prove(page):
    page.fill("[name=password]", settings.DEMO_PASSWORD)
    page.click("main form:has([name=password]) button[type=submit]")


def add_one(visitor, name):
    page = visitor.page
    visitor.sign_in(WHO)
    page.goto("/account/2fa/webauthn/add/")
    prove(page)
    is_readable(page)
    page.fill("[name=name]", name)
    assert page.is_checked("[name=passwordless]")
    page.click("#passkey-button")
    page.wait_for_url("**/recovery-codes/")


def sign_out(page):
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/login/")


def take_off(visitor):
    """Other tests sign this person in by password alone."""
    page = visitor.page
    page.goto("/account/2fa/webauthn/")
    if "/account/login/" in page.url:
        page.click("#passkey-button")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        page.goto("/account/2fa/webauthn/")
    is_readable(page)
    page.click("main .btn-danger")
    if "reauthenticate" in page.url:
        prove(page)
    is_readable(page)
    page.click("main .btn-danger")
    page.wait_for_url("**/account/2fa/webauthn/")
    assert page.locator("main section").count() == 0


def is_in(page):
    page.goto("/account/")
    return page.url.endswith("/account/")


def test_made_named_and_signing_in_alone(visitor):
    add_one(visitor, "Telephone of the verifier")
    page = visitor.page
    page.goto("/account/2fa/webauthn/")
    assert "Telephone of the verifier" in page.inner_text("main")
    sign_out(page)

    page.click("#passkey-button")
    page.wait_for_url("**/my-work/")

    assert is_in(page)
    assert visitor.faults == []


def test_beside_the_password(visitor):
    add_one(visitor, "Telephone")
    page = visitor.page
    sign_out(page)
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", settings.DEMO_PASSWORD)
    page.click("main form[data-sign-in] button[type=submit]")
    page.wait_for_url("**/2fa/authenticate/")
    assert not is_in(page)

    page.goto("/account/2fa/authenticate/")
    is_readable(page)
    page.click("#passkey-button")
    page.wait_for_url("**/my-work/")

    assert is_in(page)
    assert visitor.faults == []


def test_said_again_by_passkey_and_renamed(visitor):
    add_one(visitor, "Telephone")
    page = visitor.page
    sign_out(page)
    page.click("#passkey-button")
    page.wait_for_url("**/my-work/")
    page.goto("/account/2fa/webauthn/")
    page.click("main section .btn:not(.btn-danger)")
    page.click("main a[href*='webauthn/reauthenticate']")
    is_readable(page)
    page.click("#passkey-button")
    page.wait_for_url("**/edit/")
    is_readable(page)
    page.fill("[name=name]", "Another name")
    page.click("main form:has([name=name]) button[type=submit]")

    assert "Another name" in page.inner_text("main")
    assert visitor.faults == []


def test_a_finger_that_is_not_known_is_said_in_words(visitor):
    add_one(visitor, "Telephone")
    page = visitor.page
    sign_out(page)
    visitor.refuse()
    page.click("#passkey-button")
    page.wait_for_selector("#notices .is-refused")

    words = page.get_attribute("form[data-passkey]", "data-passkey-failed")
    assert words in page.inner_text("#notices")
    assert "/account/login/" in page.url
    assert visitor.faults == []
