"""Days that come near and days that passed: told to the right rung, each stage once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_person, a_submission, a_unit, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.notifications import reminding
from tiendo.notifications.models import Heard, Notice
from tiendo.notifications.reminding import remind_at
from tiendo.tasks import actions
from tiendo.tasks.models import Part


@pytest.fixture
def whole_cast(cast):
    """With a member of the committee; the day has not been looked at."""
    cast.member = a_person("Member Yến", role=Role.MEMBER, over=cast.committee)
    return cast


def due_in(cast, days, **wording):
    """An accepted part due so many days from today; before today when negative."""
    task = an_accepted(cast, **wording)
    Part.objects.filter(task=task).update(due_on=clock.today() + timedelta(days=days))
    return task


def told(person):
    return list(
        Notice.objects.filter(person=person).order_by("pk").values_list("kind", "stage", "rung")
    )


@pytest.mark.parametrize("days", [14, 7, 1])
def test_before_the_day_whoever_does_the_work_is_reminded(whole_cast, days):
    due_in(whole_cast, days)
    remind_at(clock.now())
    assert told(whole_cast.officer) == [("due", -days, "owner")]
    assert told(whole_cast.lead) == told(whole_cast.office) == []


@pytest.mark.parametrize("days", [0, 2, 8, 13, 15, -2, -22])
def test_on_other_days_nobody_is(whole_cast, days):
    due_in(whole_cast, days)
    remind_at(clock.now())
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("late", "rung", "who"),
    [(3, "unit_head", "lead"), (7, "office", "office"), (14, "member", "member"), (21, "head", "committee_head")],
)  # fmt: skip
def test_late_work_climbs_and_those_who_do_it_hear_of_each_step(whole_cast, late, rung, who):
    due_in(whole_cast, -late)
    remind_at(clock.now())
    kind = "due" if who == "lead" else "climbed"
    assert told(getattr(whole_cast, who)) == [(kind, late, rung)]
    assert told(whole_cast.officer) == [("due", late, rung)]
    others = {"office", "member", "committee_head"} - {who}
    assert all(told(getattr(whole_cast, other)) == [] for other in others)


def test_where_nobody_stands_the_next_above_is_told(cast):
    due_in(cast, -14)  # this committee has no members
    remind_at(clock.now())
    assert told(cast.committee_head) == [("climbed", 14, "member")]


def test_once_a_day_however_often_it_is_begun(whole_cast):
    due_in(whole_cast, 7)
    for _ in range(3):
        remind_at(clock.now())
    assert len(told(whole_cast.officer)) == 1
    Heard.objects.update(reminded_on=None)
    remind_at(clock.now())
    assert len(told(whole_cast.officer)) == 1


def test_days_without_a_turn_are_made_up_for(whole_cast):
    due_in(whole_cast, 5)
    Heard.objects.update(reminded_on=clock.today() - timedelta(days=4))
    remind_at(clock.now())
    assert told(whole_cast.officer) == [("due", -7, "owner")]


def test_another_date_is_reminded_of_anew(whole_cast):
    task = due_in(whole_cast, 7)
    remind_at(clock.now())
    Part.objects.filter(task=task).update(due_on=clock.today() + timedelta(days=8))
    remind_at(clock.now() + timedelta(days=1))
    assert [stage for _kind, stage, _rung in told(whole_cast.officer)] == [-7, -7]


def test_who_has_done_their_part_is_left_in_peace(whole_cast):
    a_submission(whole_cast, due_in(whole_cast, 7))
    held = due_in(whole_cast, 7, title="Mend the old bridge")
    actions.suspend(held.lead, by=whole_cast.office, reason="The river is high.")
    refused = an_issued(whole_cast, title="Count the boats again", due_in=7)
    actions.refuse(refused.lead, by=whole_cast.lead, reason="Not ours.")
    remind_at(clock.now())
    assert not Notice.objects.exists()


def test_thousands_of_parts_ask_as_much_as_one(whole_cast):
    costs = []
    for number in (1, 40):
        for place in range(number):
            due_in(whole_cast, 7, title=f"Work {number} {place}")
        Heard.objects.update(reminded_on=None)
        with CaptureQueriesContext(connection) as asked:
            assert remind_at(clock.now()) >= number
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_where_only_a_head_is_the_head_is_the_owner(whole_cast):
    desk = a_unit("Desk", under=whole_cast.ministry)
    head = a_person("Desk Bình", role=Role.UNIT_HEAD, over=desk)
    task = an_issued(whole_cast, unit=desk)
    Part.objects.filter(task=task).update(due_on=clock.today() + timedelta(days=1))
    remind_at(clock.now())
    assert told(head) == [("due", -1, "owner")]


def test_what_nobody_looks_for_any_more_is_forgotten(whole_cast):
    due_in(whole_cast, 7)
    remind_at(clock.now())
    reminding.forget(clock.now() + reminding.KEPT + timedelta(days=1))
    assert not Notice.objects.exists()
