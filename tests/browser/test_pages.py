"""Every page a person can reach: readable by everybody, in light and dark, on a phone, without a fault in the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.conftest import STARTS

pytestmark = pytest.mark.browser

AT_MOST = 250_000  # bytes over the wire for a first visit
KINDS = {
    "account_login", "web:stocktake", "web:my_work", "web:search", "tasks:tasks", "tasks:task", "documents:documents",
    "documents:document", "documents:registration", "intake:desks", "intake:desk", "orgs:units", "orgs:unit",
    "figures:figure",
}  # fmt: skip


def test_every_kind_of_page_can_be_reached_by_following_links(pages):
    assert KINDS - {kind for _account, kind, _place in pages} == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_the_console_is_silent(visit, pages, theme):
    wrong = []
    for account in STARTS:
        visitor = visit(account, theme=theme)
        for kind, place in [(kind, place) for who, kind, place in pages if who == account]:
            visitor.page.goto(place)
            wrong += [
                f"{account or 'nobody'} {place}: {fault}" for fault in seen_by_axe(visitor.page)
            ]
            wrong += [
                f"{account or 'nobody'} {place} ({kind}): {fault}" for fault in visitor.faults
            ]
            visitor.faults.clear()
    assert not wrong, "\n" + "\n".join(wrong)


def seen_by_axe(page):
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"


def test_nothing_scrolls_sideways_on_a_phone(visit, pages):
    wide = []
    for account in STARTS:
        visitor = visit(account, width=360)
        for place in [place for who, _kind, place in pages if who == account]:
            visitor.page.goto(place)
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            if width > 360:
                wide.append(f"{account or 'nobody'} {place}: {width} px")
    assert not wide, "\n" + "\n".join(wide)


@pytest.mark.parametrize(("account", "place"), [("", "/account/login/"), ("office", "/stocktake/")])
def test_a_first_page_is_light(visit, account, place):
    visitor = visit(account)
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    visitor.page.goto(place, wait_until="networkidle")

    assert len(sizes) > 1
    assert sum(sizes) < AT_MOST


def test_the_eye_for_faults_sees(visit):
    """The guard bites: an unreadable page with a fault in its script does not pass."""
    visitor = visit()
    visitor.page.goto("/account/login/")
    visitor.page.evaluate(
        "document.body.innerHTML = '<img src=/nowhere.png><p>wide</p>';"
        "document.querySelector('p').style.minWidth = '2000px'; console.error('broken')"
    )

    assert any("image-alt" in fault for fault in seen_by_axe(visitor.page))
    assert any("broken" in fault for fault in visitor.faults)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") > 1440
