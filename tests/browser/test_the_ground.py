"""The ground, as a province's office walks it: a passkey, an old province's history, a receipt checked offline, a merger by two."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.hand import add_passkey, put_in_hand, sign_in_by_passkey, sign_out, take_off
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong

OFFICE = "tq.office"  # the standing office of Tuyên Quang, heir of Hà Giang
SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "check_receipt.py"


@pytest.fixture
def office(visit):
    """The office of Tuyên Quang, signed in by a passkey that is taken off again."""
    visitor = put_in_hand(visit())
    add_passkey(visitor, OFFICE, "Telephone of the office")
    sign_out(visitor.page)
    sign_in_by_passkey(visitor.page)
    yield visitor
    take_off(visitor)


def test_the_heirs_office_finds_the_past_and_proves_it_offline(office, visit, tmp_path):
    page = office.page
    found_by_name(page, "Hà Giang")
    expect(page.locator(".t-lede a", has_text="Tuyen Quang")).to_be_visible()
    expect(page.locator("main a[href^='/reforms/']")).to_have_count(1)

    page.click(".t-prov[href^='/history/']")
    line = page.locator(".t-events > li", has_text="202/2025/QH15").first
    line.locator("a[href*='/history/entry/']").click()
    with page.expect_download() as handed:
        page.click("a.btn-primary[href$='/receipt/']")
    receipt = tmp_path / "receipt.json"
    handed.value.save_as(receipt)
    anchor = tmp_path / "anchor.json"
    anchor.write_bytes(office.context.request.get("/history/anchor/").body())
    assert checked(receipt, "--anchor", anchor).returncode == 0
    assert checked(receipt).returncode == 3
    assert checked(edited(receipt), "--anchor", anchor).returncode == 1

    past = a_task_of_the_past(page)
    page.goto(past)
    page.click("a[href^='/why/']")
    reasons = page.locator(".t-clear li")
    expect(reasons.first).to_contain_text("Ma Thị Hạnh")
    merged = reasons.filter(has_text="Ha Giang").filter(has_text="Tuyen Quang")
    expect(merged.first).to_be_visible()

    assert office.faults == []
    assert office.context.request.get(a_draft_of_lao_cai(visit)).status == 404


def test_one_prepares_a_merger_and_another_carries_out_what_was_previewed(office, visit):
    secretary = visit("secretary")
    reform = prepared(secretary, "Xã Cán Tỷ", into="Xã Lùng Tám")
    previewed = what_moves(secretary.page)

    page = office.page
    page.goto(reform)
    assert what_moves(page) == previewed
    page.keyboard.press("c")
    page.wait_for_url("**/carrying-out/")
    page.click("button[name=yes]")
    page.wait_for_url(f"**{reform}")
    expect(page.locator("a[href$='/carrying-out/']")).to_have_count(0)
    expect(page.locator("#notices .is-done")).to_be_visible()

    heir = page.locator("main a[href^='/units/']", has_text="Lung Tam").first
    heir.click()
    expect(page.locator(f"main a[href='{reform}']")).to_be_visible()
    assert office.faults == secretary.faults == []


# What each of them does ---------------------------------------------------------------------------


def found_by_name(page, name):
    """From any page: a key, a name, the first unit it means."""
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    page.locator("main a[href^='/units/']:not([href*='?'])").first.click()
    page.wait_for_url(re.compile(r"/units/\d+/"))


def a_task_of_the_past(page):
    """What the old province did, as the search finds it."""
    page.goto("/search/?q=quy chế làm việc của tỉnh Hà Giang")
    return page.locator("main a[href^='/tasks/']").first.get_attribute("href")


def checked(*said):
    command = [sys.executable, str(SCRIPT), *map(str, said)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def edited(receipt):
    """The same receipt for an act that never was."""
    told = json.loads(receipt.read_text("utf8"))
    told["entry"]["act"] = "reforms.dropped"
    other = receipt.with_name("edited.json")
    other.write_text(json.dumps(told), "utf8")
    return other


def a_draft_of_lao_cai(visit):
    """Where Lào Cai's own office finds it."""
    own = visit("lc.office").page
    own.goto("/tasks/?state=draft")
    return own.locator("main a[href^='/tasks/']", has_text="Sa Pa").get_attribute("href")


def prepared(secretary, name, *, into):
    """The address of the plan, which shows what will move."""
    page = secretary.page
    page.goto("/reforms/new/?kind=merge")
    page.fill("[name=basis]", "907-NQ/HĐND (minh họa)")
    page.fill("[name=on]", "2025-11-05")
    page.fill("[name=unit_1]", name)
    page.fill("[name=heir]", into)
    page.click("main form .btn-primary")
    page.wait_for_url(re.compile(r"/reforms/\d+/$"))
    return urlsplit(page.url).path


def what_moves(page):
    """The units that end, each with its heir, by their addresses."""
    links = page.locator("main .t-rows a[href^='/units/']").all()
    assert len(links) == 2
    return [link.get_attribute("href") for link in links]
