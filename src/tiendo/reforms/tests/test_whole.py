"""A reform is whole: the preview tells its effect, an error changes nothing, no past number moves, nothing is orphaned."""

import os
import signal
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makers import Cast, a_person, a_unit
from tiendo.access import actions_handover as roles
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.figures.ask import Scope, ask, members
from tiendo.intake import actions_handover as proposals
from tiendo.kit import clock
from tiendo.ledger.models import Entry
from tiendo.orgs import actions_handover as seats
from tiendo.orgs.models import Kind, Placement, Succession, Tenure, Unit
from tiendo.reforms import actions
from tiendo.reforms.models import Reform
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind as Reforming
from tiendo.reforms.tests.conftest import a_land, a_reform, a_report, a_task
from tiendo.tasks import actions as tasks
from tiendo.tasks import actions_handover as work
from tiendo.tasks import tallies
from tiendo.tasks.models import Part, Task
from tiendo.tasks.states import OPEN, Status
from tiendo.tasks.tests.test_tallies import recounted


def everything():
    """All that a reform could touch, as plain rows."""
    return {
        model.__name__: sorted(map(str, model.objects.values_list()))
        for model in (
            Unit, Placement, Succession, Tenure, Grant, Part, Task, Reform, Entry,
        )
    }  # fmt: skip


@pytest.fixture
def full(land):
    """Work in every state, a second head, duties to verify, a draft."""
    from makers import a_draft

    a_task(land, lead=land.north, helpers=(land.south,))
    a_report(a_task(land, lead=land.north).lead, land.head)
    a_task(land, lead=land.cast.ministry, verifier=land.north)
    a_task(land, lead=land.party)
    a_draft(land.cast, unit=land.north)
    return land


class TestPreviewAndEffect:
    def test_carrying_out_does_what_the_preview_said(self, full):
        reform = a_reform(full)
        preview = previewed(reform)
        counts = preview.counts
        before = {"grants": set(Grant.objects.values_list("pk", flat=True))}

        actions.carry_out(reform, by=full.office)

        one = preview.work
        for bequest in one.passing:
            part = Part.objects.get(pk=bequest.part.pk)
            assert part.status == Status.TRANSFERRED
            assert part.handed_to.unit == bequest.unit
            assert part.handed_to.verifier == bequest.verifier
        transferred = Part.objects.filter(status=Status.TRANSFERRED)
        assert transferred.count() == len(one.passing) == counts["parts"] == 2
        for bequest in one.readdressed:
            assert Part.objects.get(pk=bequest.part.pk).unit == bequest.unit
        for bequest in one.waiting:
            assert Part.objects.get(pk=bequest.part.pk).unit == bequest.part.unit
        for bequest in preview.roles.bequests:
            assert Grant.objects.get(pk=bequest.grant.pk).ends_on == full.today
        new = Grant.objects.exclude(pk__in=before["grants"])
        assert {(g.person, g.role, g.unit) for g in new} == {
            (person, one.role, one.unit)
            for one in preview.roles.bequests
            for person in one.newcomers()
        }
        assert {t.pk for t in preview.seats.tenures} == set(
            Tenure.objects.filter(ends_on=full.today).values_list("pk", flat=True)
        )
        assert set(Unit.objects.filter(ends_on=full.today)) == set(preview.ended)
        for pk, path in preview.changes.paths.items():
            assert Unit.objects.get(pk=pk).path == path
        told = Reform.objects.get(pk=reform.pk).outcome
        assert told["counts"] == counts
        assert len(told["verifiers"]) == counts["verifiers"]

    def test_afterwards_nothing_is_left_to_hand_over(self, full):
        reform = actions.carry_out(a_reform(full), by=full.office)

        left = previewed(reform)

        counts = {name: n for name, n in left.counts.items() if n}
        assert counts == {"ended": 2, "waiting": 1}  # the report that waits for its verdict
        assert left.changes.is_told

    def test_as_many_questions_for_one_part_as_for_twenty(
        self, land, django_assert_max_num_queries
    ):
        a_task(land, lead=land.north)
        reform = a_reform(land)
        with django_assert_max_num_queries(60) as few:
            assert previewed(reform).conflicts == []
        for _n in range(20):
            a_task(land, lead=land.north)
        with django_assert_max_num_queries(60) as many:
            assert previewed(reform).conflicts == []

        assert len(few) == len(many)


class TestAllOrNothing:
    @pytest.mark.parametrize(
        ("place", "name"),
        [
            (actions, "take_over"),
            (seats, "hand_over"),
            (roles, "hand_over"),
            (work, "hand_over"),
            (proposals, "hand_over"),
            (actions, "settle"),
            (actions, "record"),
        ],
    )
    @pytest.mark.parametrize("when", ["before", "after"])
    def test_an_error_anywhere_leaves_nothing_changed(self, full, monkeypatch, place, name, when):
        reform = a_reform(full)
        before = everything()
        real = getattr(place, name)

        def broken(*args, **kwargs):
            if when == "after":
                real(*args, **kwargs)
            raise RuntimeError("the disk is gone")

        monkeypatch.setattr(place, name, broken)
        with pytest.raises(RuntimeError):
            actions.carry_out(Reform.objects.get(pk=reform.pk), by=full.office)

        assert everything() == before

    def test_killed_in_the_middle_nothing_is_half_done(self, several_connections):
        land = a_land(Cast())
        a_task(land, lead=land.north)
        reform = a_reform(land)
        before = everything()
        connections.close_all()

        child = os.fork()
        if child == 0:  # all is moved, the last line is not reached
            actions.settle = lambda *_args: os.kill(os.getpid(), signal.SIGKILL)
            actions.carry_out(reform, by=land.office)
            os._exit(1)
        _pid, status = os.waitpid(child, 0)

        assert os.WTERMSIG(status) == signal.SIGKILL
        assert everything() == before
        actions.carry_out(reform, by=land.office)
        assert Reform.objects.get().status == "carried_out"


class TestNumbers:
    def asked(self, day, moment):
        scope = Scope(("",))
        return {
            "numbers": [ask("tasks.cells", scope, day, moment).numbers],
            "rows": [
                (row["task_id"], row["part_id"], row["unit_id"], row["cell"])
                for row in map(dict, members("tasks.cells", scope, day, moment))
            ],
        }

    def test_a_merger_changes_nothing_published(self, land):
        """What was known yesterday, and what was true yesterday, is told the same afterwards."""
        import time_machine

        morning = clock.now()
        with time_machine.travel(morning - timedelta(days=10), tick=True):
            a_task(land, lead=land.north, helpers=(land.south,))
            finished = a_task(land, lead=land.north, due_in=3)
            tasks.verify(a_report(finished.lead, land.head), by=land.cast.verifier)
            a_task(land, lead=land.north, due_in=2)
        eve, before = land.today - timedelta(days=1), clock.now()
        told = [self.asked(eve, before), self.asked(land.today, before)]

        actions.carry_out(a_reform(land), by=land.office)

        assert [self.asked(eve, before), self.asked(land.today, before)] == told
        assert self.asked(eve, clock.now()) == told[0]  # true on the eve, known now
        now = self.asked(land.today, clock.now())
        assert now["numbers"] == told[1]["numbers"]
        units = {unit for _task, _part, unit, cell in now["rows"] if cell != "done_in_time"}
        assert units == {land.south.pk}


class TestNothingIsOrphaned:
    @settings(
        max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_whatever_merges_and_splits_come(self, db, data):
        from django.db import transaction

        with transaction.atomic():
            self.one_story(data)
            transaction.set_rollback(True)

    def one_story(self, data):
        cast = Cast()
        secretary = a_person("Secretary", role=Role.STANDING_OFFICE, over=cast.country)
        units = [a_unit(f"P{n}", under=cast.country, kind=Kind.PROVINCE) for n in range(4)]
        units += [a_unit(f"C{n}", under=units[n % 4], kind=Kind.COMMUNE) for n in range(4)]
        land = _Land(cast, secretary)
        for unit in units:
            a_person("Officer", role=Role.OFFICER, over=unit)
        for _n in range(data.draw(st.integers(1, 5))):
            lead, *helpers = data.draw(
                st.lists(st.sampled_from(units), min_size=1, max_size=3, unique=True)
            )
            a_task(land, lead=lead, helpers=helpers)
        tasks_before = Task.objects.count()
        for _n in range(data.draw(st.integers(1, 3))):
            self.reform_by_lot(data, land)

        today = clock.today()
        gone = Q(unit__ends_on__lte=today)
        assert not Part.objects.filter(gone, status__in=OPEN).exists()
        assert not Part.objects.filter(verifier__ends_on__lte=today, status__in=OPEN).exists()
        assert not Grant.objects.as_of(today).filter(gone).exists()
        assert not Tenure.objects.as_of(today).filter(post__unit__ends_on__lte=today).exists()
        standing = Placement.objects.as_of(today).filter(tree="state").select_related("parent")
        assert all(row.parent is None or row.parent.exists_on(today) for row in standing)
        assert all(row.path == Unit.objects.get(pk=row.unit_id).path for row in standing)
        numbers = ask("tasks.cells", Scope(("",)), today, clock.now()).numbers
        assert numbers["all"] == tasks_before
        assert +tallies.said() == +recounted()

    def reform_by_lot(self, data, land):
        today = clock.today()
        standing = [
            unit
            for unit in Unit.objects.as_of(today).filter(kind__in=["province", "commune"])
            if unit.begins_on < today
        ]
        kind = data.draw(st.sampled_from(["merge", "split"]))
        if kind == "merge" and len(standing) > 1:
            old, heir = data.draw(
                st.lists(st.sampled_from(standing), min_size=2, max_size=2, unique=True)
            )
            plan = {"units": [old.pk], "heirs": [{"unit": heir.pk}]}
        elif standing:
            old = data.draw(st.sampled_from(standing))
            parent = int(old.path.split("/")[-3])
            new = [{"names": {"vi": f"New {n}"}, "kind": old.kind, "beneath": parent} for n in "ab"]
            plan = {"units": [old.pk], "heirs": [{"unit": -1}, {"unit": -2}], "new": new}
            kind = "split"
        else:
            return
        reform = a_reform(land, Reforming(kind), **plan)
        if not previewed(reform).conflicts:  # a unit into one that hangs beneath it
            actions.carry_out(reform, by=land.office)


class _Land:
    def __init__(self, cast, secretary):
        self.cast, self.secretary, self.office = cast, secretary, cast.office
        self.committee, self.today = cast.committee, clock.today()
