"""What every page offers to the keyboard and to a bad line: keys, search, offline, print."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_two_keys_lead_to_a_room_and_a_page_lists_its_keys(visit):
    page = visit("office").page
    page.goto("/documents/")

    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/tasks/")
    page.keyboard.press("?")

    keys = page.locator("#keys")
    expect(keys).to_be_visible()
    expect(keys.locator("[data-keys-of-rooms] div")).to_have_count(
        page.locator("[data-go]").count()
    )
    expect(keys.locator("[data-keys-of-page]")).to_contain_text("/")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_keys_that_are_switched_off_do_nothing(visit):
    page = visit("office").page
    page.goto("/documents/")
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_timeout(300)

    assert page.url.endswith("/documents/")


def test_what_is_typed_into_the_field_is_found_beneath_it_and_reached_by_arrows(visit):
    visitor = visit("office")
    page = visitor.page
    page.goto("/documents/")

    page.keyboard.press("/")
    page.keyboard.type("tuyen quang", delay=10)
    hits = page.locator(".t-wide .t-hits")
    expect(hits.locator("a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(hits.locator("a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".t-wide [type=search]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    expect(hits).to_be_hidden()
    expect(page.locator(".t-wide [type=search]")).to_be_focused()
    assert visitor.faults == []


def test_when_the_line_is_gone_a_sentence_says_so_and_nothing_typed_is_lost(visit):
    visitor = visit("most")
    page = visitor.page
    page.goto("/account/tokens/")
    page.fill("[name=name]", "A program in the hills")

    visitor.context.set_offline(True)
    expect(page.locator("#notices")).to_contain_text("Mất kết nối")
    page.click("main form.t-form button.btn-primary")

    expect(page.locator("#notices .t-notice")).to_be_visible()
    page.click("nav.t-nav a >> nth=0")
    expect(page.locator("[name=name]")).to_have_value("A program in the hills")
    assert visitor.faults == []
    visitor.context.set_offline(False)
    expect(page.locator("#notices .t-notice")).to_have_count(0)
    page.click("main form.t-form button.btn-primary")
    expect(page.locator("main code").first).to_be_visible()


def test_a_form_sent_by_the_page_keeps_its_words_when_the_line_is_gone(visit):
    visitor = visit("most")
    page = visitor.page
    page.goto("/my-work/")
    page.locator("a[href*='/report/']").first.click()
    page.fill("[name=words]", "Half of it stands.")

    visitor.context.set_offline(True)
    page.locator("form[hx-post] button.btn-primary").first.click()

    expect(page.locator("#notices .t-notice")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("Half of it stands.")


def test_the_stocktake_prints_on_two_pages(visit, tmp_path):
    visitor = visit("office")
    for language in ("en", "vi", "fr", "ru"):
        speaks = {"name": "django_language", "value": language, "url": visitor.house.url}
        visitor.context.add_cookies([speaks])
        visitor.page.goto("/stocktake/")
        printed = visitor.page.pdf(format="A4", prefer_css_page_size=True)
        (tmp_path / f"{language}.pdf").write_bytes(printed)
        assert pages_of(printed) == 2, language


def pages_of(pdf):
    """Sheets of paper: the leaves of the tree of pages."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_who_was_signed_out_meanwhile_reads_so_and_keeps_what_was_typed(visit):
    visitor = visit("finance")
    page = visitor.page
    page.goto("/my-work/")
    page.goto(page.locator("main a[href^='/tasks/']").first.get_attribute("href"))
    page.locator("a[href*='/report/']").first.click()
    page.fill("[name=words]", "Half of it stands.")

    session = [one["name"] for one in visitor.context.cookies() if "session" in one["name"]]
    for name in session:
        visitor.context.clear_cookies(name=name)
    page.locator("form[hx-post] button.btn-primary").first.click()

    expect(page.locator("#notices .t-notice [data-words]")).to_have_text(
        page.locator("#notices").get_attribute("data-signed-out")
    )
    expect(page.locator("[name=words]")).to_have_value("Half of it stands.")


def test_styles_scripts_and_letters_are_asked_for_once(visit):
    visitor = visit()
    answers = []
    visitor.page.on("response", lambda answer: answers.append(answer))
    visitor.page.goto("/account/login/", wait_until="networkidle")

    kept = [one for one in answers if "/static/" in one.url]
    assert len(kept) > 3
    for answer in kept:
        assert "immutable" in answer.headers["cache-control"], answer.url
