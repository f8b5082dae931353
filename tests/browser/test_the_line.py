"""The whole line, as five people walk it: a text is read, a task is led, reported, returned, verified and counted."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong

TEXT = """\
Conclusions de la troisième session du Comité directeur central

Hanoï, le 3 novembre 2025

Le président a demandé au ministère de la Science et de la Technologie d'ouvrir un guichet d'essai \
pour les jeunes laboratoires avant le 20 décembre 2025.
Le ministère des Finances devra publier le calendrier des paiements aux communes.
Il faut relier les archives des provinces au réseau commun.
"""
ORDERED = "guichet d'essai pour les jeunes laboratoires"
LIST = {"name": "liste.txt", "mimeType": "text/plain", "buffer": b"12 guichets sur 12"}
SEPTEMBER = "?on=2025-09-30&known=2025-09-30"


def test_a_text_becomes_one_verified_task_and_every_count_is_honest(visit):
    office, lead, verifier = visit("office"), visit("most"), visit("verifier")
    before, september = counts(office), counts(office, SEPTEMBER)

    document = registered(office, TEXT, issuer="Ban Chỉ đạo Trung ương")
    desk = read_into_tasks(office)
    accept_three(office)
    task = issue_all(office)
    assert counts(office) == before | {"open_in_time": before["open_in_time"] + 3}

    accept_part(lead, task)
    report(lead, task, "Douze guichets sont ouverts.")
    give_verdict(verifier, task, back_because="La liste des guichets manque.")
    report(lead, task, "Douze guichets sont ouverts ; voici leur liste.")
    reported = counts(office)
    assert reported["done_in_time"] == before["done_in_time"]
    verdict_at = give_verdict(verifier, task)

    verified = counts(office)
    assert verified == reported | {
        "done_in_time": reported["done_in_time"] + 1,
        "open_in_time": reported["open_in_time"] - 1,
    }
    just_before = f"?known={verdict_at - timedelta(milliseconds=1):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert counts(office, just_before) == reported
    assert counts(office, SEPTEMBER) == september != verified
    assert office.faults == lead.faults == verifier.faults == []

    a_neighbour_sees_none_of_it(visit("laocai"), document, desk, task)


# What each of them does ---------------------------------------------------------------------------


def counts(visitor, asked=""):
    """The four cells of the Stocktake, by name."""
    visitor.page.goto(f"/stocktake/{asked}")
    cells = visitor.page.locator(".t-four a[href*='cell=']")
    found = {}
    for cell in cells.all():
        name = re.search(r"cell=(\w+)", cell.get_attribute("href"))[1]
        found[name] = int(re.sub(r"\D", "", cell.locator(".t-figure").inner_text()))
    assert len(found) == 4
    return found


def registered(office, text, *, issuer):
    """Pasted; the text fills in what it says of itself, and the issuer is typed by name."""
    page = office.page
    page.goto("/documents/new/")
    page.fill("main [name=text]", text)
    page.click("main [name=look]")
    expect(page.locator("main [name=issued_on]")).to_have_value("2025-11-03")
    expect(page.locator("main [name=title]")).to_have_value(text.splitlines()[0])
    expect(page.locator("main [name=language]")).to_have_value("fr")
    expect(page.locator("main [name=unit]")).not_to_have_value("")
    page.fill("main [name=issuer]", issuer)
    page.press("main [name=symbol]", "Enter")
    page.wait_for_url(re.compile(r"/documents/\d+/$"))
    return page.url


def read_into_tasks(office):
    """One key reads the text; the sentence of the open proposal stands in sight."""
    page = office.page
    page.keyboard.press("r")
    page.wait_for_url(re.compile(r"/desk/\d+/"))
    expect(page.locator(".t-prop")).to_have_count(3)
    marked = page.locator(".t-text .t-s.is-now")
    expect(marked).to_contain_text(ORDERED)
    expect(marked).to_be_in_viewport()
    return page.url


def accept_three(office):
    """What the text does not say is typed on the spot; the rest is as the reader found it."""
    page = office.page
    page.fill("#id_measure", "guichets ouverts ÷ 12")
    expect(page.locator("#id_lead")).to_have_attribute("type", "hidden")
    accept(page, drafts=1)
    page.fill("#id_due_on", "2025-12-31")
    page.fill("#id_measure", "mois publiés ÷ 12")
    accept(page, drafts=2)
    page.keyboard.press("a")  # nobody is named: the desk asks who leads, and waits there
    expect(page.locator("#id_lead")).to_be_focused()
    page.keyboard.type("Bộ Tài chính")
    page.fill("#id_due_on", "2025-12-31")
    page.fill("#id_measure", "archives reliées ÷ 34")
    accept(page, drafts=3)


def accept(page, *, drafts):
    page.locator("#id_measure").press("Enter")
    expect(page.locator(".t-issue button")).to_contain_text(str(drafts))
    expect(page.locator(".t-prop--now")).to_be_focused()  # the next one, ready for the next key


def issue_all(office):
    page = office.page
    page.click(".t-issue button")
    expect(page.locator(".t-issue")).to_have_count(0)
    opened = page.locator(".t-prop--now h2 a", has_text=ORDERED)
    expect(opened).to_be_visible()
    return opened.get_attribute("href")


def accept_part(lead, task):
    lead.page.goto(task)
    lead.page.keyboard.press("a")
    expect(lead.page.locator("[data-key=r]")).to_be_visible()


def report(lead, task, words):
    page = lead.page
    page.goto(task)
    page.keyboard.press("r")
    expect(page.locator("#act [name=words]")).to_be_focused()
    page.keyboard.type(words)
    page.set_input_files("#act [name=files]", [LIST])
    page.check("#act [name=is_final]")
    page.click("#act button.btn-primary")
    expect(page.locator("[data-key=r]")).to_have_count(0)


def give_verdict(verifier, task, *, back_because=""):
    """The moment of the verdict, as the task's history tells it."""
    page = verifier.page
    page.goto(task)
    page.keyboard.press("v")
    expect(page.locator("#act [name=note]")).to_be_visible()
    if back_because:
        page.select_option("#act [name=reason]", index=1)
        page.fill("#act [name=note]", back_because)
    page.click(f"#act [name=accepted][value={'no' if back_because else 'yes'}]")
    expect(page.locator("[data-key=v]")).to_have_count(0)
    told = page.locator("#history time, [aria-labelledby=history] time").first
    return datetime.fromisoformat(told.get_attribute("datetime"))


def a_neighbour_sees_none_of_it(laocai, document, desk, task):
    """Another province reads the text, which is in force and open, and nothing that came of it."""
    page, asked = laocai.page, laocai.context.request
    assert page.goto(document).ok
    assert page.locator("main a[href^='/tasks/']").count() == 0
    for place in (task, desk, f"/api/v1{task.rstrip('/')}"):
        assert asked.get(place).status == 404
    for place in ("/tasks/", "/stocktake/", "/my-work/", "/search/?q=guichet", "/api/v1/tasks"):
        answer = asked.get(place)
        assert answer.ok
        assert ORDERED not in answer.text().replace("&#x27;", "'")
        assert f'href="{task}"' not in answer.text()
