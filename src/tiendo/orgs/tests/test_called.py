from datetime import date

import pytest
from django.utils import translation

from makers import a_unit
from tiendo.orgs import called as names
from tiendo.orgs.called import called
from tiendo.orgs.models import UnitName

LONG_NAME = "The Ministry of Rivers, Lakes, Channels and All Other Waters"


def rename(unit, text, language="en", use="name", starts_on=date(2020, 1, 1)):
    UnitName.objects.create(
        unit=unit, language=language, text=text, folded=text, use=use, starts_on=starts_on
    )


@pytest.mark.parametrize("language", ["vi", "en", "fr", "ru"])
def test_a_list_names_units_as_their_own_page_does(db, language):
    units = [a_unit("Ministry of Rivers"), a_unit("Ministry of Roads"), a_unit("Hills")]
    rename(units[0], LONG_NAME)
    rename(units[0], "Waters", use="short")
    rename(units[1], "Министерство дорог", language="ru")
    rename(units[2], "Old hills", starts_on=date(1999, 1, 1))
    UnitName.objects.filter(unit=units[2], language="en", starts_on=date(2000, 1, 1)).delete()

    with translation.override(language):
        found = called(unit.pk for unit in units)
        assert {pk: (one.name, one.short) for pk, one in found.items()} == {
            unit.pk: (unit.name, unit.short_name) for unit in units
        }


def test_a_unit_without_any_name_is_called_by_its_key(db):
    unit = a_unit()
    unit.names.all().delete()

    assert called([unit.pk])[unit.pk].name == unit.key


def test_names_are_remembered_until_one_joins(db, monkeypatch, django_assert_num_queries):
    unit = a_unit("Ministry of Rivers")
    monkeypatch.setattr(names, "connection", Settled())
    monkeypatch.setattr(names, "remembered", names.Memory())
    first = called([unit.pk])[unit.pk].name
    with django_assert_num_queries(1):  # only whether a name has joined
        again = called([unit.pk])[unit.pk].name
    rename(unit, "Ministry of Waters")

    assert (first, again, called([unit.pk])[unit.pk].name) == (
        "Ministry of Rivers",
        "Ministry of Rivers",
        "Ministry of Waters",
    )


class Settled:
    """The connection of a request, which is in no transaction."""

    in_atomic_block = False

    def cursor(self):
        from django.db import connection

        return connection.cursor()
