"""A passkey from its making to its end, in a real browser with an authenticator of Chromium's own making."""

import pytest
from browser.hand import add_passkey, put_in_hand, sign_in_by_passkey, sign_out, take_off
from browser.test_second_step import is_readable
from django.conf import settings

pytestmark = pytest.mark.browser

WHO = "verifier"


@pytest.fixture
def visitor(visit):
    """Somebody nobody knows yet, with a telephone in hand."""
    visitor = put_in_hand(visit(width=360))
    yield visitor
    visitor.agree()
    take_off(visitor, look=is_readable)


def is_in(page):
    page.goto("/account/")
    return page.url.endswith("/account/")


def test_made_named_and_signing_in_alone(visitor):
    add_passkey(visitor, WHO, "Telephone of the verifier", look=is_readable)
    page = visitor.page
    page.goto("/account/2fa/webauthn/")
    assert "Telephone of the verifier" in page.inner_text("main")
    sign_out(page)

    sign_in_by_passkey(page)

    assert is_in(page)
    assert visitor.faults == []


def test_beside_the_password(visitor):
    add_passkey(visitor, WHO, "Telephone", look=is_readable)
    page = visitor.page
    sign_out(page)
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", settings.DEMO_PASSWORD)
    page.click("main form[data-sign-in] button[type=submit]")
    page.wait_for_url("**/2fa/authenticate/")
    assert not is_in(page)

    page.goto("/account/2fa/authenticate/")
    is_readable(page)
    sign_in_by_passkey(page)

    assert is_in(page)
    assert visitor.faults == []


def test_said_again_by_passkey_and_renamed(visitor):
    add_passkey(visitor, WHO, "Telephone", look=is_readable)
    page = visitor.page
    sign_out(page)
    sign_in_by_passkey(page)
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
    add_passkey(visitor, WHO, "Telephone", look=is_readable)
    page = visitor.page
    sign_out(page)
    visitor.refuse()
    page.click("#passkey-button")
    page.wait_for_selector("#notices .is-refused")

    words = page.get_attribute("form[data-passkey]", "data-passkey-failed")
    assert words in page.inner_text("#notices")
    assert "/account/login/" in page.url
    assert visitor.faults == []
