"""What a number, a day and a state look like to the person who reads them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from tiendo.web.templatetags import tiendo as words


def written(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template("{% load tiendo %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [
        (21914 - 223 - 5640 + 5640, 21914, "98.98 %"),
        (14068, 14264, "98.63 %"),
        (1, 8, "12.50 %"),
        (0, 5, "0.00 %"),
        (5, 5, "100.00 %"),
    ],
)
def test_a_rate_has_two_places(numerator, denominator, said):
    assert words.rate(numerator, denominator).replace("\xa0", " ") == said


def test_half_is_rounded_away_from_zero_and_not_to_even():
    assert words.rate(1, 200, 0).replace("\xa0", " ") == "1 %"  # 0.5 %
    assert words.rate(5, 200, 0).replace("\xa0", " ") == "3 %"  # 2.5 %: to even would be 2


def test_zero_nothing_due_and_unknown_read_differently():
    assert len({words.rate(0, 5), words.rate(0, 0), words.rate(None, 5)}) == 3
    assert words.number(0) == "0"
    assert words.number(None) == "No data"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "21,914"), ("vi", "21.914"), ("fr", "21\u202f914"), ("ru", "21\xa0914")],
)
def test_each_language_groups_a_count_its_own_way(language, said):
    assert written("{{ n|number }}", language, n=21914) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "28 Oct 2025"), ("vi", "28-10-2025"), ("fr", "28 oct. 2025"), ("ru", "28 окт. 2025")],
)
def test_each_language_writes_a_day_its_own_way(language, said):
    day = written("{{ d|day }}", language, d=date(2025, 10, 28))
    assert day.replace("\xa0", " ") == said


def test_an_evening_in_utc_is_the_next_day_in_viet_nam():
    evening = datetime(2025, 10, 28, 17, 40, tzinfo=UTC)
    assert words.day(evening).replace("\xa0", " ") == "29 Oct 2025"
    assert words.moment(evening).replace("\xa0", " ") == "29 Oct 2025 00:40"


@pytest.mark.parametrize(
    ("cell", "days", "said"),
    [
        ("open_late", 13, "Late, 13 days"),
        ("open_late", 1, "Late, 1 day"),
        ("open_late", None, "Open late"),
        ("due_soon", 0, "Due today"),
        ("due_soon", 3, "Due in 3 days"),
        ("done_late", 6, "Done 6 days late"),
    ],
)
def test_a_state_says_its_days(cell, days, said):
    with translation.override("en"):
        assert said in words.state(cell, days)


def test_a_bar_never_leaves_its_track():
    assert 'width="100.00%"' in words.bar(7, 5)
    assert words.bar(None, 5).count("<rect") == 1  # unknown: the track alone


def test_a_name_with_a_tag_in_it_stays_text():
    assert "<b>" not in words.state("open_late", words="<b>late</b>")
