"""A verdict half an hour after the last proof: the notice, the other tab, the same form sent again; and without JavaScript."""

import os
import subprocess

import pytest
from browser.conftest import TIENDO
from django.conf import settings

pytestmark = pytest.mark.browser

AGE = """
from django.contrib.sessions.models import Session
from tiendo.people.sessions import SessionStore
session = SessionStore({key!r})
session["began"] -= 31 * 60
session.save()
"""


@pytest.fixture
def verifier(visit, house):
    visitor = visit()
    visitor.sign_in("verifier")
    cookies = {one["name"]: one["value"] for one in visitor.context.cookies()}
    visitor.state = visitor.context.storage_state()

    def grow_old():
        subprocess.run(
            [str(TIENDO), "shell", "-v", "0", "-c", AGE.format(key=cookies["sessionid"])],
            env={**os.environ, "TIENDO_VAR": str(house.var), "PYTHONWARNINGS": "ignore"},
            check=True,
        )  # fmt: skip

    visitor.grow_old = grow_old
    return visitor


def prove(page):
    page.fill("[name=password]", settings.DEMO_PASSWORD)
    page.click("main form:has([name=password]) button[type=submit]")


def verdict_address(page):
    page.goto("/my-work/")
    return page.get_attribute("a[href*='/verdict/']", "href")


def test_with_javascript_nothing_typed_is_lost(verifier):
    page = verifier.page
    page.goto("/my-work/")
    page.locator("a[href*='/verdict/']").first.click()
    page.fill("[name=note]", "Not all of it is here: the annex is missing.")
    verifier.grow_old()
    page.click("button[name=accepted][value=yes]")
    page.wait_for_selector("#notices .is-refused a")

    with page.expect_popup() as opened:
        page.click("#notices .is-refused a")
    prove(opened.value)
    opened.value.wait_for_url("**/account/proven/")
    assert page.input_value("[name=note]").startswith("Not all of it")
    page.click("button[name=accepted][value=yes]")
    page.wait_for_selector("#notices .is-done")


def test_without_javascript_what_was_sent_is_done_after_the_answer(verifier, browser, house):
    plain = browser.new_context(
        base_url=house.url, java_script_enabled=False, storage_state=verifier.state
    )
    page = plain.new_page()
    page.goto(verdict_address(page))
    page.fill("[name=note]", "Seen, with its annex.")
    verifier.grow_old()
    page.click("button[name=accepted][value=yes]")
    assert "/account/reauthenticate/" in page.url
    prove(page)

    assert "/reauthenticate/" not in page.url
    assert page.locator("#notices .is-done").count() == 1
    plain.close()
