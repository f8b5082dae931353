from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from makers import a_unit
from tiendo.kit.clock import day_of
from tiendo.kit.dates import DayField, InstantField, day_number, from_microseconds, microseconds
from tiendo.orgs.models import UnitCode


def test_a_day_is_kept_as_its_number_and_comes_back_as_a_day(db):
    unit = a_unit()

    unit.refresh_from_db()

    assert unit.begins_on == date(2000, 1, 1)
    assert type(unit).objects.filter(begins_on__lt=date(2000, 1, 2), pk=unit.pk).exists()


def test_the_last_day_is_the_first_it_is_not_true(db):
    unit = a_unit()
    for code, starts, ends in (
        ("15", date(2000, 1, 1), date(2025, 7, 1)),
        ("10", date(2025, 7, 1), None),
    ):
        UnitCode.objects.create(unit=unit, system="gso", code=code, starts_on=starts, ends_on=ends)

    assert unit.codes.as_of(date(2025, 6, 30)).get().code == "15"
    assert unit.codes.as_of(date(2025, 7, 1)).get().code == "10"


def test_an_instant_keeps_its_microseconds():
    moment = datetime(2025, 7, 31, 9, 0, 0, 123_457, tzinfo=UTC)

    assert from_microseconds(microseconds(moment)) == moment


def test_the_day_of_an_instant_is_the_country_s_day():
    assert day_of(datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == date(2025, 7, 1)
    assert day_of(datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) == date(2025, 6, 30)


@pytest.mark.parametrize("words", ["31/12/2025", "2025-02-30", "soon"])
def test_a_day_that_is_none_is_refused_with_a_sentence(words):
    with pytest.raises(ValidationError, match="year-month-day"):
        DayField().to_python(words)


def test_an_instant_without_its_zone_is_refused():
    with pytest.raises(ValidationError, match="time zone"):
        InstantField().to_python("2025-01-20T09:00")


def test_day_numbers_count_days():
    assert day_number(date(2025, 7, 1)) - day_number(date(2025, 6, 30)) == 1
