from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from makers import BEGINNING, a_person, a_post, a_unit
from tiendo.orgs import portrait
from tiendo.orgs.models import Kind, Placement, Succession, Tenure, Unit, UnitCode, UnitName

REFORM = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)


@pytest.fixture
def reader(client, db):
    client.force_login(a_person())
    return client


@pytest.fixture
def country(db):
    return a_unit("Land", kind=Kind.COUNTRY)


def a_place(name, under, kind=Kind.PROVINCE, *, starts=BEGINNING, ends=None, folded=None):
    """A unit with its days and an unmarked key to find it by."""
    unit = a_unit(name, under=under, kind=kind)
    Unit.objects.filter(pk=unit.pk).update(begins_on=starts, ends_on=ends)
    Placement.objects.filter(unit=unit).update(starts_on=starts, ends_on=ends)
    UnitName.objects.filter(unit=unit).update(folded=folded or name.casefold())
    unit.refresh_from_db()
    return unit


@pytest.fixture
def merged(country):
    """Hà Giang joined Tuyên Quang: districts before, communes and wards after."""
    heir = a_place("Tuyên Quang", country, folded="tuyen quang")
    gone = a_place("Hà Giang", country, ends=REFORM, folded="ha giang")
    a_place("Đồng Văn", gone, Kind.DISTRICT, ends=REFORM, folded="dong van")
    for number in range(1, 4):
        a_place(f"Xã {number}", heir, Kind.COMMUNE, starts=REFORM)
    a_place("Phường Hà Giang 1", heir, Kind.WARD, starts=REFORM, folded="phuong ha giang 1")
    Succession.objects.create(
        old=gone, new=heir, on=REFORM, is_default=True, legal_basis="202/2025/QH15"
    )
    UnitCode.objects.create(unit=gone, system="gso", code="02", starts_on=BEGINNING, ends_on=REFORM)
    return gone, heir


class TestTree:
    def test_the_tree_opens_at_the_country_with_its_provinces_of_the_day(self, reader, merged):
        today = reader.get(reverse("orgs:units"))
        before = reader.get(reverse("orgs:units"), {"on": BEFORE})

        assert b"Tuy\xc3\xaan Quang" in today.content
        assert "Hà Giang" not in today.content.decode()
        assert "Hà Giang" in before.content.decode()
        assert "2 provinces and cities" in before.content.decode()

    def test_a_branch_comes_alone_to_htmx_and_with_its_page_to_a_plain_browser(
        self, reader, merged
    ):
        asked = {"under": merged[1].pk}

        alone = reader.get(reverse("orgs:units"), asked, headers={"HX-Request": "true"})
        page = reader.get(reverse("orgs:units"), asked)

        assert "Xã 3" in alone.content.decode()
        assert "<html" not in alone.content.decode()
        assert "<html" in page.content.decode()

    def test_many_children_are_paged(self, reader, country):
        for number in range(70):
            a_place(f"Province {number}", country)

        first = reader.get(reverse("orgs:units"))
        second = reader.get(reverse("orgs:units"), {"page": 2})

        assert first.content.count(b"<li><a") + second.content.count(b"<li><a") == 70
        assert "61 to 70 of 70" in second.content.decode()

    @pytest.mark.parametrize("words", ["ha giang", "Hà Giang", "HÀ  GIANG", "ha giang "])
    def test_a_name_is_found_with_or_without_accents_of_today_and_before(
        self, reader, merged, words
    ):
        page = reader.get(reverse("orgs:units"), {"q": words}).content.decode()

        assert reverse("orgs:unit", args=[merged[0].pk]) in page
        assert "Until 30\N{NO-BREAK SPACE}Jun\N{NO-BREAK SPACE}2025" in page
        assert "Phường Hà Giang 1" in page

    @pytest.mark.parametrize("words", ["zzz", "%", "_", "\x00", "¿?", "' OR 1=1"])
    def test_nothing_found_says_what_to_do(self, reader, merged, words):
        page = reader.get(reverse("orgs:units"), {"q": words})

        assert "No unit by this name" in page.content.decode() or page.status_code == 422

    def test_a_day_that_is_none_is_said_beside_the_field_and_shown_as_of_today(
        self, reader, merged
    ):
        page = reader.get(reverse("orgs:units"), {"on": "31-31-2025"})

        assert page.status_code == 422
        assert "Enter a valid date" in page.content.decode()
        assert "Tuyên Quang" in page.content.decode()

    @pytest.mark.parametrize("under", ["abc", "0", str(10**30)])
    def test_a_branch_that_is_none_is_not_there(self, reader, merged, under):
        assert reader.get(reverse("orgs:units"), {"under": under}).status_code == 404

    def test_twenty_children_ask_as_much_as_one(
        self, reader, country, django_assert_num_queries, django_assert_max_num_queries
    ):
        a_place("Province 0", country)
        url = reverse("orgs:units")
        reader.get(url)
        with django_assert_max_num_queries(30) as few:
            reader.get(url)
        for number in range(1, 20):
            a_place(f"Province {number}", country)
        with django_assert_num_queries(len(few.captured_queries)):
            reader.get(url)

    def test_nobody_is_asked_to_sign_in(self, client, merged):
        answer = client.get(reverse("orgs:units"))

        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


class TestUnit:
    def page(self, reader, unit, **asked):
        return reader.get(reverse("orgs:unit", args=[unit.pk]), asked)

    def test_the_heir_shows_whom_it_took_in_by_which_law_and_that_the_share_is_unknown(
        self, reader, merged
    ):
        page = self.page(reader, merged[1]).content.decode()

        for words in ("Hà Giang", "202/2025/QH15", "share unknown", "went on"):
            assert words in page

    def test_its_children_are_counted_by_kind_and_the_reform_shows(self, reader, merged):
        now = self.page(reader, merged[1]).content.decode()
        then = self.page(reader, merged[0], on=BEFORE).content.decode()

        assert "4: 3 communes, 1 ward" in now
        assert "1 district" in then

    def test_a_unit_that_ended_is_shown_as_it_last_stood(self, reader, merged):
        page = self.page(reader, merged[0]).content.decode()

        assert "Shown as of <b>30\N{NO-BREAK SPACE}Jun\N{NO-BREAK SPACE}2025</b>" in page
        assert "Đồng Văn" in page

    def test_the_heir_too_can_be_looked_at_before_and_after(self, reader, merged):
        page = self.page(reader, merged[1]).content.decode()

        assert 'href="?on=2025-06-30"' in page
        assert 'href="?on=2025-07-01"' in page

    def test_a_unit_that_ended_names_its_heir(self, reader, merged):
        page = self.page(reader, merged[0]).content.decode()

        assert "What it owed is carried on by:" in page
        assert "Code 02 of the statistics office" in page

    def test_a_reader_of_french_sees_the_vietnamese_name_beside(self, reader, merged):
        UnitName.objects.create(
            unit=merged[1],
            language="fr",
            text="Tuyen Quang",
            folded="tuyen quang",
            starts_on=BEGINNING,
        )
        page = reader.get(
            reverse("orgs:unit", args=[merged[1].pk]), headers={"Accept-Language": "fr"}
        )

        assert "Tuyen Quang" in page.content.decode()
        assert '<span class="t-quiet" lang="vi">Tuyên Quang</span>' in page.content.decode()

    def test_posts_say_who_holds_them_and_which_are_vacant(self, reader, merged):
        held, _vacant = a_post(merged[1], "Chair"), a_post(merged[1], "Deputy")
        Tenure.objects.create(post=held, person=a_person("Hoa Lê"), starts_on=BEGINNING)

        page = self.page(reader, merged[1]).content.decode()

        assert "Hoa Lê" in page
        assert page.count("Vacant") == 1

    def test_its_communes_are_drawn_as_dots_when_their_points_are_known(self, reader, merged):
        assert "t-dots" not in self.page(reader, merged[1]).content.decode()
        for step, unit in enumerate(Unit.objects.filter(kind=Kind.COMMUNE)):
            Unit.objects.filter(pk=unit.pk).update(lat=Decimal(22 + step), lon=Decimal("105.5"))

        page = self.page(reader, merged[1]).content.decode()

        assert page.count('<circle class="k-commune" cx="') == 3 + 1  # and one in the legend

    def test_twenty_relatives_ask_as_much_as_one(
        self, reader, merged, country, django_assert_num_queries, django_assert_max_num_queries
    ):
        a_post(merged[1], "Head")  # one of each, so that the twenty ask nothing of a new kind
        self.page(reader, merged[1])
        with django_assert_max_num_queries(40) as few:
            self.page(reader, merged[1])
        for number in range(20):
            old = a_place(f"Old {number}", country, ends=REFORM)
            Succession.objects.create(old=old, new=merged[1], on=REFORM, is_default=True)
            a_place(f"New {number}", merged[1], Kind.COMMUNE, starts=REFORM)
            a_post(merged[1], f"Post {number}")
        with django_assert_num_queries(len(few.captured_queries)):
            self.page(reader, merged[1])

    @pytest.mark.parametrize("pk", ["0", str(10**25)])
    def test_a_unit_that_is_none_is_not_there(self, reader, db, pk):
        assert reader.get(f"/units/{pk}/").status_code == 404

    @pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
    def test_the_ends_of_the_calendar_are_days_like_others(self, reader, merged, on):
        assert self.page(reader, merged[1], on=on).status_code == 200


def test_wards_are_in_the_order_people_count():
    assert sorted(["Ward 10", "Ward 2", "Ward 1"], key=portrait.in_order) == [
        "Ward 1",
        "Ward 2",
        "Ward 10",
    ]


def test_what_a_unit_carries_on_reaches_back_through_two_reforms(merged, country):
    older = a_place("Hà Tuyên", country, ends=date(2001, 1, 1))
    Succession.objects.create(old=older, new=merged[0], on=date(2001, 1, 1), is_default=True)

    assert portrait.merged_into(merged[1]) == sorted([merged[0].pk, older.pk])
