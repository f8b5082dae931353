from datetime import date

import pytest
from django.db.models import Q

from makers import a_unit
from tiendo.kit.prepared import Prepared
from tiendo.orgs.models import Unit


def test_a_prepared_question_answers_as_the_plain_one_whatever_is_asked(
    db, django_assert_num_queries
):
    units = [a_unit(f"Unit {n}") for n in range(3)]
    Unit.objects.filter(pk=units[1].pk).update(ends_on=date(2020, 1, 1))
    asked = Prepared(
        lambda unit, on: (
            Unit.objects.as_of(on).filter(Q(pk=unit) | Q(kind="country")).values_list("pk")
        ),
        unit=int,
        on=date,
    )

    with django_assert_num_queries(6):
        found = [
            asked.rows(unit=unit.pk, on=on)
            for unit in units
            for on in (date(2019, 1, 1), date(2021, 1, 1))
        ]

    assert found == [[(units[0].pk,)]] * 2 + [[(units[1].pk,)], []] + [[(units[2].pk,)]] * 2


def test_a_value_the_question_does_not_hold_is_noticed(db):
    with pytest.raises(ValueError, match="stand-in"):
        Prepared(lambda unit: Unit.objects.filter(pk=7), unit=int).rows(unit=1)
