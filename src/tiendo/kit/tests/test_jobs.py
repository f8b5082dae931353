"""A job is asked for inside an act, and done once the act has happened."""

from datetime import datetime

import pytest
from django.db import transaction
from django_q.models import OrmQ, Schedule

from tiendo.kit import jobs

DONE: list[tuple] = []
NOTE = f"{__name__}.note"


def note(*given):
    DONE.append(given)


@pytest.fixture(autouse=True)
def nothing_done_yet():
    DONE.clear()


class Undone(Exception):
    pass


@transaction.atomic
def an_act_that_breaks():
    jobs.enqueue(NOTE, 7)
    raise Undone


class TestEnqueue:
    def test_what_was_asked_in_an_act_is_done_afterwards(self, db):
        jobs.enqueue(NOTE, 7, "a letter")
        assert DONE == []

        assert jobs.run_waiting() == 1
        assert DONE == [(7, "a letter")]
        assert not OrmQ.objects.exists()

    def test_an_act_undone_asked_for_nothing(self, several_connections):
        with pytest.raises(Undone):
            an_act_that_breaks()
        assert jobs.run_waiting() == 0

    def test_outside_an_act_nothing_is_asked_for(self, several_connections):
        with pytest.raises(RuntimeError, match="inside the action's transaction"):
            jobs.enqueue(NOTE, 7)

    @pytest.mark.parametrize("stranger", ["os.system", "tiendos.kit.jobs.beat", "subprocess.run"])
    def test_only_this_house_s_functions_are_jobs(self, db, stranger):
        with pytest.raises(ValueError, match="no job of this house"):
            jobs.enqueue(stranger, "true")

    def test_a_misspelt_job_breaks_the_act_at_once(self, db):
        with pytest.raises(ImportError):
            jobs.enqueue("tiendo.kit.jobs.baet")

    def test_a_thing_is_given_by_its_number(self, cast):
        with pytest.raises(TypeError):
            jobs.enqueue(NOTE, object())

    def test_a_job_that_breaks_stays(self, db):
        jobs.enqueue("tiendo.kit.jobs.named", "os.system")

        with pytest.raises(ValueError, match="no job"):
            jobs.run_waiting()
        assert OrmQ.objects.count() == 1


class TestSchedule:
    def test_it_is_what_settings_say_however_often_it_is_kept(self, db, settings):
        settings.SCHEDULE = {"kit.beat": (jobs.BEAT, 60), "kit.note": (NOTE, 3600)}
        jobs.keep_schedule()
        first = list(Schedule.objects.order_by("name").values_list("pk", "next_run"))
        jobs.keep_schedule()

        assert list(Schedule.objects.order_by("name").values_list("pk", "next_run")) == first
        assert dict(Schedule.objects.values_list("name", "minutes")) == {
            "kit.beat": 1,
            "kit.note": 60,
        }

    @pytest.mark.parametrize(
        ("seconds", "now", "first"),
        [
            (3600, "2025-09-30T10:00:00+07:00", "2025-09-30T10:00:00+07:00"),
            (86_400, "2025-09-30T10:00:00+07:00", "2025-10-01T02:00:00+07:00"),
            (86_400, "2025-09-30T01:00:00+07:00", "2025-09-30T02:00:00+07:00"),
        ],
    )
    def test_what_runs_daily_begins_in_the_night(self, seconds, now, first):
        turn = jobs.first_turn(seconds, datetime.fromisoformat(now))
        assert turn == datetime.fromisoformat(first)

    def test_what_settings_no_longer_name_is_gone(self, db, settings):
        settings.SCHEDULE = {"kit.beat": (jobs.BEAT, 60), "kit.note": (NOTE, 3600)}
        jobs.keep_schedule()
        settings.SCHEDULE = {"kit.note": (NOTE, 7200)}
        jobs.keep_schedule()

        assert list(Schedule.objects.values_list("name", "minutes")) == [("kit.note", 120)]

    @pytest.mark.parametrize("entry", [(NOTE, 59), ("os.getpid", 60)])
    def test_a_wrong_entry_is_refused_by_name(self, db, settings, entry):
        settings.SCHEDULE = {"wrong": entry}
        with pytest.raises(ValueError, match=r"wrong|os\.getpid"):
            jobs.keep_schedule()
