"""On which days somebody is told of a due day, and how far late work has climbed."""

from datetime import date, timedelta

import pytest

from tiendo.notifications.ladder import Ladder

DUE = date(2025, 11, 20)
RUNGS = {"owner": 1, "unit_head": 3, "office": 7, "member": 14, "head": 21}
RULES = Ladder((14, 7, 1), RUNGS)


def on(days):
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-15, None), (-14, -14), (-13, None), (-7, -7), (-1, -1), (0, None), (1, 1), (2, None), (3, 3),
     (7, 7), (14, 14), (21, 21), (22, None)],
)  # fmt: skip
def test_each_day_has_its_stage_or_none(days, stage):
    assert RULES.reached(DUE, on(days - 1), on(days)) == stage


def test_days_on_which_nobody_looked_are_made_up_for_by_the_last_stage_only():
    assert RULES.reached(DUE, on(-20), on(-5)) == -7
    assert RULES.reached(DUE, on(-5), on(8)) == 7
    assert RULES.reached(DUE, on(21), on(400)) is None


def test_every_stage_is_reached_once_however_the_days_are_cut():
    for step in (1, 2, 5):
        days = range(-20, 31, step)
        told = [RULES.reached(DUE, on(day - step), on(day)) for day in days]
        told = [stage for stage in told if stage is not None]
        assert len(told) == len(set(told))
        assert told == sorted(told)


@pytest.mark.parametrize(
    ("stage", "rung"), [(-14, "owner"), (1, "owner"), (3, "unit_head"), (7, "office"), (21, "head")]
)
def test_the_rung_of_a_stage(stage, rung):
    assert RULES.rung(stage) == rung


def test_the_climb_says_where_the_clock_stands():
    climb = RULES.climb(DUE, on(8))
    assert [step.has_come for step in climb] == [True, True, True, False, False]
    assert [step.rung for step in climb if step.is_now] == ["office"]
    assert climb[3].on == on(14)
    assert not any(step.is_now for step in RULES.climb(DUE, on(0)))
