import itertools
from datetime import date
from decimal import Decimal

import pytest

from tiendo.tasks import axis, timing

DUE = date(2025, 9, 30)


@pytest.mark.parametrize(
    ("on", "sign"),
    [
        (date(2025, 9, 22), ("open_in_time", 8)),
        (date(2025, 9, 23), ("due_soon", 7)),
        (date(2025, 9, 30), ("due_soon", 0)),
        (date(2025, 10, 1), ("open_late", 1)),
    ],
)
def test_due_soon_begins_seven_days_before_and_late_the_day_after(on, sign):
    assert timing.sign(is_open=True, due_on=DUE, done_on=None, on=on, soon=7) == sign


def test_what_was_done_late_says_by_how_many_days():
    assert timing.sign(
        is_open=False, due_on=DUE, done_on=date(2025, 10, 6), on=date(2026, 1, 1), soon=7
    ) == ("done_late", 6)


def test_no_date_is_not_in_time():
    assert timing.sign(is_open=True, due_on=None, done_on=None, on=DUE, soon=7) == ("no_date", None)


def a_claim(**given):
    fields = {
        "claimed": Decimal(50), "verified": Decimal(0), "out_of": Decimal(100), "issued_on": date(2025, 9, 1),
        "due_on": date(2025, 9, 21), "done_on": None, "on": date(2025, 9, 11), **given,
    }  # fmt: skip
    return timing.claim(**fields)


@pytest.mark.parametrize(
    ("given", "light"),
    [
        ({}, "green"),
        ({"claimed": Decimal(49)}, "yellow"),
        ({"on": date(2025, 9, 22)}, "red"),
        ({"on": date(2025, 9, 22), "done_on": date(2025, 9, 20)}, "green"),
        ({"claimed": Decimal(0), "due_on": None}, "green"),
    ],
)
def test_the_light_compares_what_is_claimed_with_the_time_gone_by(given, light):
    assert a_claim(**given).light == light


def test_half_the_time_asks_for_half_the_work_and_no_date_asks_for_nothing():
    assert a_claim().expected == 50
    assert a_claim(due_on=None).expected is None


class TestAxis:
    def test_what_is_moved_and_what_is_late_are_painted_apart(self):
        drawn = axis.drawn(
            [axis.Point("issued", date(2025, 6, 19))],
            first_due_on=DUE, due_on=date(2025, 10, 31), done_on=None, on=date(2025, 11, 20),
        )  # fmt: skip

        assert [stretch.paint for stretch in drawn.stretches] == ["open", "dlate", "late"]
        assert [one.point.kind for one in drawn.dues] == ["first_due", "due"]

    def test_a_date_never_moved_is_shown_once(self):
        drawn = axis.drawn(
            [axis.Point("issued", date(2025, 6, 19))],
            first_due_on=DUE,
            due_on=DUE,
            done_on=None,
            on=DUE,
        )

        assert [one.point.kind for one in drawn.dues] == ["due"]

    def test_near_neighbours_keep_their_dots_and_share_the_room_for_labels(self):
        events = [axis.Point("issued", date(2025, 6, 1))]
        events += [axis.Point("report", date(2025, 6, day), day) for day in range(2, 12)]

        drawn = axis.drawn(events, first_due_on=DUE, due_on=DUE, done_on=None, on=date(2025, 6, 12))

        labelled = [one.x for one in drawn.events if one.has_label]
        assert len(drawn.events) == 11
        assert all(later - sooner >= axis.LABEL for sooner, later in itertools.pairwise(labelled))

    def test_no_month_is_named_where_the_line_of_today_would_cross_its_name(self):
        drawn = axis.drawn(
            [axis.Point("issued", date(2025, 6, 19))],
            first_due_on=DUE,
            due_on=DUE,
            done_on=None,
            on=date(2025, 11, 5),
        )

        named = [day.month for _x, day in drawn.months if day]
        assert 11 not in named
        assert {7, 8, 9, 10} <= set(named)

    def test_ten_years_on_one_line_stay_within_it(self):
        drawn = axis.drawn(
            [axis.Point("issued", date(2020, 1, 1))],
            first_due_on=None,
            due_on=date(2030, 1, 1),
            done_on=None,
            on=DUE,
        )

        assert len(drawn.months) <= axis.MOST_MONTHS
        assert all(axis.LEFT <= x <= axis.RIGHT for x, _month in drawn.months)
