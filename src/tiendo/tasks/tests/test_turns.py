"""A part that repeats: each turn with its own day, rolled by a job that may run twice."""

from datetime import date, timedelta

import pytest
import time_machine

from makers import a_draft, a_file
from tiendo.kit import clock
from tiendo.tasks import actions, tallies, turns
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Part
from tiendo.tasks.states import Cycle, Status
from tiendo.tasks.tests.test_tallies import recounted


@pytest.mark.parametrize(
    ("cycle", "first", "number", "day"),
    [
        (Cycle.MONTHLY, date(2025, 1, 31), 2, date(2025, 2, 28)),
        (Cycle.MONTHLY, date(2025, 1, 31), 3, date(2025, 3, 31)),
        (Cycle.MONTHLY, date(2025, 2, 28), 2, date(2025, 3, 31)),  # the last day stays the last
        (Cycle.MONTHLY, date(2025, 1, 30), 2, date(2025, 2, 28)),
        (Cycle.MONTHLY, date(2025, 11, 15), 3, date(2026, 1, 15)),
        (Cycle.QUARTERLY, date(2025, 3, 31), 4, date(2025, 12, 31)),
        (Cycle.HALF_YEARLY, date(2025, 6, 30), 3, date(2026, 6, 30)),
        (Cycle.YEARLY, date(2024, 2, 29), 2, date(2025, 2, 28)),
        (Cycle.WEEKLY, date(2025, 12, 29), 2, date(2026, 1, 5)),
    ],
)
def test_the_day_of_a_turn(cycle, first, number, day):
    assert turns.turn(cycle, first, number) == day


@pytest.mark.parametrize(
    ("cycle", "end"),
    [
        (Cycle.WEEKLY, date(2025, 5, 18)),
        (Cycle.MONTHLY, date(2025, 5, 31)),
        (Cycle.QUARTERLY, date(2025, 6, 30)),
        (Cycle.HALF_YEARLY, date(2025, 6, 30)),
        (Cycle.YEARLY, date(2025, 12, 31)),
    ],
)
def test_without_a_day_the_first_turn_ends_with_its_period(cycle, end):
    assert turns.period_end(cycle, date(2025, 5, 14)) == end


def a_monthly(cast, **lead):
    given = {"unit": cast.ministry, "by_head": True, "product": "A report", "cycle": Cycle.MONTHLY}
    task = a_draft(cast)
    wanted = PartWording(**{**given, "verifier": cast.committee, **lead})
    actions.reword(task, by=cast.office, saw=1, lead=wanted)
    actions.issue(task, by=cast.office)
    return actions.accept(Part.objects.get(task=task), by=cast.lead)


def answered(cast, part):
    part.refresh_from_db()
    told = actions.report(part, by=cast.lead, words="Done", is_final=True, files=(a_file(),))
    actions.verify(told, by=cast.verifier)
    part.refresh_from_db()
    return told


@pytest.mark.django_db
class TestLife:
    @pytest.fixture(autouse=True)
    def in_may(self):
        with time_machine.travel("2025-05-14T03:00:00Z", tick=False) as there:
            self.there = there
            yield

    def goes_on(self, days):
        self.there.shift(timedelta(days=days))

    def test_issuing_begins_with_the_first_turn(self, cast):
        part = a_monthly(cast)
        assert (part.due_on, part.first_due_on) == (date(2025, 5, 31), date(2025, 5, 31))
        assert [(t.number, t.due_on) for t in part.occurrences.all()] == [(1, date(2025, 5, 31))]

    def test_the_job_adds_what_has_come_and_running_it_twice_adds_nothing(self, cast):
        part = a_monthly(cast)
        assert turns.roll() == 0
        self.goes_on(60)  # 13 July

        assert turns.roll() == 1
        assert turns.roll() == 0
        days = [t.due_on for t in part.occurrences.all()]
        assert days == [date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31)]
        part.refresh_from_db()
        assert part.due_on == date(2025, 5, 31)  # late, for one is

    def test_an_answered_turn_brings_the_next_and_the_first_days_stay(self, cast):
        part = a_monthly(cast)
        told = answered(cast, part)

        assert told.occurrence.number == 1
        assert (part.status, part.due_on) == (Status.UNDER_WAY, date(2025, 6, 30))
        assert not part.is_extended
        assert [t.done_on for t in part.occurrences.all()] == [date(2025, 5, 14), None]
        assert tallies.said() == recounted()

    def test_another_day_for_one_turn_leaves_the_others(self, cast):
        part = a_monthly(cast)
        asked = actions.ask_extension(
            part, by=cast.lead, asked_on=date(2025, 6, 5), reason="The survey is late"
        )
        actions.decide_extension(asked, by=cast.office, granted=True, note="Once")
        part.refresh_from_db()
        assert (part.first_due_on, part.due_on) == (date(2025, 5, 31), date(2025, 6, 5))
        answered(cast, part)

        assert (part.first_due_on, part.due_on) == (date(2025, 6, 30), date(2025, 6, 30))
        turn = part.occurrences.get(number=1)
        assert (turn.first_due_on, turn.due_on) == (date(2025, 5, 31), date(2025, 6, 5))

    def test_after_the_last_turn_the_part_is_done(self, cast):
        part = a_monthly(cast, cycle_ends_on=date(2025, 6, 30))
        answered(cast, part)
        assert part.status == Status.UNDER_WAY
        answered(cast, part)

        assert (part.status, part.done_on) == (Status.DONE, date(2025, 5, 14))
        self.goes_on(90)
        assert turns.roll() == 0

    def test_a_unit_that_takes_over_goes_on_with_the_open_turns(self, cast):
        part = a_monthly(cast)
        answered(cast, part)
        heir = actions.transfer(part, cast.other_ministry, by=cast.office, reason="Theirs now")

        assert [t.number for t in part.occurrences.all()] == [1]
        assert [t.number for t in heir.occurrences.all()] == [2]
        self.goes_on(90)
        assert turns.roll() == 1
        assert heir.occurrences.count() > 2
        assert clock.today() <= heir.occurrences.last().due_on
