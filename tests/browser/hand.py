"""A passkey in somebody's hand: an authenticator of Chromium's own making, made, used and taken off again."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

HAND = {  # a telephone that recognises its owner's finger
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


Look = Callable[[Any], None]  # what is looked at on the pages on the way


def at_nothing(page: Any) -> None:
    """Whoever only wants to come in."""


def put_in_hand(visitor: Any) -> Any:
    """Somebody with a telephone; they may refuse to show their finger, and agree again."""
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("WebAuthn.enable")
    hand = wire.send("WebAuthn.addVirtualAuthenticator", {"options": HAND})["authenticatorId"]

    def show(finger: bool) -> None:
        asked = {"authenticatorId": hand, "isUserVerified": finger}
        wire.send("WebAuthn.setUserVerified", asked)

    visitor.refuse, visitor.agree = lambda: show(False), lambda: show(True)
    return visitor


def prove(page: Any) -> None:
    page.fill("[name=password]", settings.DEMO_PASSWORD)
    page.click("main form:has([name=password]) button[type=submit]")


def add_passkey(visitor: Any, who: str, name: str, look: Look = at_nothing) -> None:
    page = visitor.page
    visitor.sign_in(who)
    page.goto("/account/2fa/webauthn/add/")
    prove(page)
    look(page)
    page.fill("[name=name]", name)
    assert page.is_checked("[name=passwordless]")
    page.click("#passkey-button")
    page.wait_for_url("**/recovery-codes/")


def sign_out(page: Any) -> None:
    page.goto("/account/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/login/")


def sign_in_by_passkey(page: Any) -> None:
    page.click("#passkey-button")
    page.wait_for_url(lambda url: "/account/" not in url)


def take_off(visitor: Any, look: Look = at_nothing) -> None:
    """Other tests sign this person in by password alone."""
    page = visitor.page
    page.goto("/account/2fa/webauthn/")
    if "/account/login/" in page.url:
        page.click("#passkey-button")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        page.goto("/account/2fa/webauthn/")
    look(page)
    page.click("main .btn-danger")
    if "reauthenticate" in page.url:
        prove(page)
    look(page)
    page.click("main .btn-danger")
    page.wait_for_url("**/account/2fa/webauthn/")
    assert page.locator("main section").count() == 0
