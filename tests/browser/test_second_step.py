"""The pages around the second step of signing in: they need one that is set up, so a person sets it up here."""

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from browser.test_pages import seen_by_axe
from django.conf import settings

pytestmark = pytest.mark.browser
WHO = "planning"  # signs in nowhere else in these tests


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def is_readable(page):
    assert list(seen_by_axe(page)) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def test_a_second_step_is_set_up_used_and_taken_away(visit):
    visitor = visit(width=360)
    page = visitor.page
    visitor.sign_in(WHO)
    page.goto("/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        is_readable(page)
        page.fill("[name=password]", settings.DEMO_PASSWORD)
        page.click("main button[type=submit]")
    is_readable(page)
    secret = page.locator(".t-secret").inner_text().replace(" ", "").strip()
    page.fill("[name=code]", code_of(secret))
    page.locator("main form button").last.click()
    page.goto("/account/2fa/recovery-codes/")
    is_readable(page)
    code = page.locator(".t-codes code").first.inner_text().strip()
    page.goto("/account/2fa/recovery-codes/generate/")
    is_readable(page)

    again = visit(width=360)
    again.page.goto("/account/login/")
    again.page.fill("[name=login]", WHO)
    again.page.fill("[name=password]", settings.DEMO_PASSWORD)
    again.page.click("main button[type=submit]")
    again.page.wait_for_url("**/2fa/authenticate/**")
    is_readable(again.page)
    again.page.fill("[name=code]", code)
    again.page.click("main button[type=submit]")
    again.page.goto("/account/2fa/totp/deactivate/")
    is_readable(again.page)
    assert visitor.faults == again.faults == []
