from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import BEGINNING, a_document, a_draft, a_person, a_post, a_unit, an_issued
from tiendo.access.capabilities import Role
from tiendo.orgs.actions_committees import form_committee
from tiendo.orgs.matching import forget
from tiendo.orgs.models import Committee, Kind, Tenure, Unit, UnitName
from tiendo.orgs.names import fold
from tiendo.web import search


@pytest.fixture
def ask(client):
    def asked(person, words):
        client.force_login(person)
        return client.get(reverse("web:search"), {"q": words})

    return asked


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def hagiang(cast):
    unit = a_unit("Tỉnh Hà Giang", under=cast.country, kind=Kind.PROVINCE)
    Unit.objects.filter(pk=unit.pk).update(ends_on=date(2025, 7, 1))
    UnitName.objects.filter(unit=unit).update(folded=fold("Tỉnh Hà Giang"))
    return unit


@pytest.mark.parametrize("words", ["hà giang", "ha giang", "HA GIANG", "Hà  Giang"])
def test_a_unit_of_the_past_is_found_with_its_end_marked(ask, cast, hagiang, words):
    page = text_of(ask(cast.nobody, words))

    assert reverse("orgs:unit", args=[hagiang.pk]) in page
    assert "Until 30\N{NO-BREAK SPACE}Jun\N{NO-BREAK SPACE}2025" in page


@pytest.mark.parametrize("words", ["so hoa ho so", "số hoá hồ sơ", "Số hóa hồ sơ", "hồ sơ số"])
def test_a_task_is_found_with_or_without_accents_by_those_who_see_it(ask, cast, words):
    task = an_issued(cast, title="Số hóa hồ sơ hộ tịch")

    assert task.get_absolute_url() in text_of(ask(cast.lead, words))
    stranger = text_of(ask(cast.stranger, words))
    assert task.get_absolute_url() not in stranger
    assert "Nothing found that you may see" in stranger


def test_a_draft_is_found_by_its_owner_alone(ask, cast):
    task = a_draft(cast, title="Secret plans of the office")

    assert task.get_absolute_url() in text_of(ask(cast.office, "secret plans"))
    assert task.get_absolute_url() not in text_of(ask(cast.lead, "secret plans"))


@pytest.mark.parametrize(
    "words", ["02-KH/BCĐTW", "02-kh/bcdtw", "02-KH/BCÐTW", "02-KH", " 02-kh/bcđtw "]
)
def test_a_text_is_found_by_its_symbol_with_or_without_the_stroke(ask, cast, words):
    plan = a_document(cast, symbol="02-KH/BCĐTW", title="Kế hoạch thúc đẩy")

    assert plan.get_absolute_url() in text_of(ask(cast.nobody, words))


def test_a_secret_text_is_not_there_for_a_stranger(ask, cast):
    plan = a_document(cast, title="Kế hoạch mật", secrecy="secret")

    assert plan.get_absolute_url() in text_of(ask(cast.office, "ke hoach"))
    assert plan.get_absolute_url() not in text_of(ask(cast.stranger, "ke hoach"))


def test_people_are_found_by_those_who_welcome_them_and_by_nobody_else(ask, cast):
    mai = a_person("Trần Thị Đào", role=Role.OFFICER, over=cast.ministry)
    Tenure.objects.create(post=a_post(cast.ministry, "Clerk"), person=mai, starts_on=BEGINNING)

    assert "Clerk, Ministry of Rivers" in text_of(ask(cast.office, "tran thi dao"))
    assert "Trần Thị Đào" in text_of(ask(cast.lead, "Đào"))
    for outsider in (cast.stranger, cast.inspector, cast.nobody):
        assert "Trần Thị Đào" not in text_of(ask(outsider, "tran thi dao"))


def test_ten_of_each_and_the_nearest_first(ask, cast):
    for number in range(12):
        an_issued(cast, title=f"Open the rivers office {number}")
    exact = an_issued(cast, title="Rivers office")

    page = text_of(ask(cast.office, "rivers office"))

    assert page.count('href="/tasks/') == 10 + page.count('href="/tasks/"')
    assert page.index(exact.get_absolute_url()) < page.index("Open the rivers office")


@pytest.mark.parametrize("words", ["", "  ", "¿?"])
def test_an_empty_field_says_what_can_be_searched(ask, cast, words):
    answer = ask(cast.nobody, words)

    assert answer.status_code == 200
    assert "What are you looking for?" in text_of(answer) or "Nothing found" in text_of(answer)


@pytest.mark.parametrize("words", ["x" * 201, "a\x00b"])
def test_words_that_cannot_be_searched_are_refused_and_not_lost(ask, cast, words):
    answer = ask(cast.nobody, words)

    assert answer.status_code == 422
    assert words[:2].strip("\x00") in text_of(answer)


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "<script>", "\U0001f600", "a" * 200])
def test_odd_words_find_nothing_and_break_nothing(ask, cast, words):
    answer = ask(cast.office, words)

    assert answer.status_code == 200
    assert "<script>" not in text_of(answer).partition("<main")[2].partition("</main>")[0]


def test_twenty_found_ask_as_much_as_one(ask, cast):
    def rows(number):
        an_issued(cast, title=f"Dig the rivers {number}")
        a_document(cast, title=f"On rivers {number}")
        unit = a_unit(f"Rivers {number}", under=cast.country)
        person = a_person(f"Rivers Lan {number}", role=Role.OFFICER, over=unit)
        Tenure.objects.create(post=a_post(unit), person=person, starts_on=BEGINNING)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert "Rivers Lan" in text_of(ask(cast.office, "rivers"))
        return len(asked.captured_queries)

    rows(0)
    queries()
    few = queries()
    for number in range(1, 20):
        rows(number)
    assert queries() == few


def test_a_committee_leads_to_its_own_page(ask, cast):
    council = form_committee(
        "council.1", {"vi": "Hội đồng Tư vấn Sông ngòi"}, by=cast.office, beneath=cast.country,
        on=date(2025, 6, 1), type=Committee.Type.COUNCIL, level=Committee.Level.CENTRAL,
    )  # fmt: skip

    page = text_of(ask(cast.nobody, "tu van song"))

    assert reverse("orgs:committee", args=[council.pk]) in page
    assert reverse("orgs:unit", args=[council.unit_id]) not in page


@pytest.mark.parametrize("words", ["tinh Tuyn Quang", "tỉnh Tuyen Quagn"])
def test_a_unit_written_wrongly_is_still_meant(ask, cast, words):
    quang = a_unit("Tỉnh Tuyên Quang", under=cast.country, kind=Kind.PROVINCE)
    forget()

    assert reverse("orgs:unit", args=[quang.pk]) in text_of(ask(cast.nobody, words))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("ĐỀ ÁN Ở XÃ H\N{RIGHT SINGLE QUOTATION MARK}LEO", "de an o xa hleo"),
        ("ЦИФРОВЫЕ АРХИВЫ Ёлки", "цифровые архивы елки"),
        ("Décision déjà prise à l'Œuvre", "decision prise oeuvre"),
        ("Ho\N{COMBINING GRAVE ACCENT}a bình", "hòa binh"),
        ("Kế hoạch (50 % số xã)", "50% so xa"),
    ],
)
def test_marks_and_capitals_are_left_out_alike_on_both_engines(ask, cast, title, words):
    task = an_issued(cast, title=title)

    assert task.get_absolute_url() in text_of(ask(cast.office, words))


def test_an_old_title_is_found_as_well_as_a_new_one(ask, cast, monkeypatch):
    old = an_issued(cast, title="Số hóa hồ sơ hộ tịch")
    for number in range(5):
        an_issued(cast, title=f"Dig the rivers {number}")
    monkeypatch.setattr(search, "NEAR", 3)

    assert old.get_absolute_url() in text_of(ask(cast.office, "so hoa"))


class TestBeneathTheField:
    """While one types the first few of each kind are shown, and nothing else of the page."""

    def test_a_few_of_each_kind_and_the_way_to_all(self, cast, client):
        for number in range(6):
            an_issued(cast, title=f"Dig the rivers {number}")
        client.force_login(cast.office)

        piece = text_of(client.get("/search/?q=rivers", headers={"HX-Request": "true"}))

        assert piece.count('href="/tasks/') == search.FEW
        assert 'href="/search/?q=rivers"' in piece
        assert "<html" not in piece

    def test_shows_nothing_that_the_page_would_not(self, cast, client):
        task = a_draft(cast, title="Secret plans of the office")
        client.force_login(cast.lead)

        piece = text_of(client.get("/search/?q=secret+plans", headers={"HX-Request": "true"}))

        assert task.get_absolute_url() not in piece
        assert "Nothing found that you may see" in piece


def test_nobody_is_asked_to_sign_in(client, db):
    assert client.get(reverse("web:search")).status_code == 302
