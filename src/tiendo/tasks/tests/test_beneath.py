"""Work broken down: one wording for many units, tasks beneath tasks, and what counts then."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_unit, an_accepted, an_issued
from tiendo.figures.ask import Scope, ask, members
from tiendo.figures.engine import Eyes
from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.proof import root_of
from tiendo.orgs.models import Kind
from tiendo.tasks import actions, sharing, tallies
from tiendo.tasks.actions import PartWording
from tiendo.tasks.actions_beneath import Asked, break_down, give
from tiendo.tasks.models import Move, Part, Task
from tiendo.tasks.sets import Chosen, units_named, units_of
from tiendo.tasks.states import Status
from tiendo.tasks.tests.test_tallies import recounted

pytestmark = pytest.mark.django_db


def communes(cast, number=4):
    return [a_unit(f"Commune {n}", under=cast.province, kind=Kind.COMMUNE) for n in range(number)]


def counted(figure, *paths, unit=None):
    scope = Scope(paths or ("",), unit=unit)
    return ask(figure, scope, clock.today(), clock.now()).numbers["all"]


class TestGiving:
    def test_each_unit_gets_the_wording_in_a_task_of_its_own(self, cast):
        task, units = an_issued(cast), communes(cast)

        first, last = give(task, units, by=cast.office, chosen=Chosen.COMMUNES)

        given = list(task.beneath.order_by("number"))
        assert (first, last, [t.label for t in given]) == (1, 4, ["1.1", "1.2", "1.3", "1.4"])
        assert {(t.title, t.measure, t.unit) for t in given} == {
            (task.title, task.measure, cast.ministry)
        }
        leads = [t.lead for t in given]
        assert [part.unit for part in leads] == units
        assert {(p.status, p.due_on, p.first_due_on, p.verifier) for p in leads} == {
            (Status.ISSUED, task.lead.due_on, task.lead.due_on, cast.ministry)
        }
        assert all(part.post is not None and part.post.unit == part.unit for part in leads)
        assert Move.objects.filter(part__in=leads).count() == 4

    def test_the_record_holds_one_entry_with_the_root_over_the_rows(self, cast):
        task, units = an_issued(cast), communes(cast)
        before = Entry.objects.count()

        give(task, units, by=cast.office)

        assert Entry.objects.count() == before + 1
        entry = Entry.objects.get(act="tasks.given")
        rows = task.beneath.order_by("number").values_list("prefix", "number", "parts__unit__key")
        assert entry.facts["root"] == root_of([[f"{p}{n}", key] for p, n, key in rows])
        assert entry.facts["units"] == 4

    def test_the_tally_says_what_the_journal_says(self, cast):
        task = an_issued(cast)
        give(task, communes(cast), by=cast.office)
        gone = task.beneath.first()
        actions.drop(gone, by=cast.office, reason="It has no archive")

        assert tallies.said() == recounted()

    def test_statements_do_not_grow_with_the_units(self, cast):
        few, many = an_issued(cast), an_issued(cast)
        some = communes(cast, 3)
        with CaptureQueriesContext(connection) as three:
            give(few, some, by=cast.office)
        units = communes(cast, 60)
        with CaptureQueriesContext(connection) as sixty:
            give(many, units, by=cast.office)

        assert len(sixty) == len(three)

    def test_every_column_of_a_task_is_written_when_many_are_given(self):
        written = set(sharing.COPIED.replace(" ", "").split(","))
        written |= {"number", "above_id", "prefix", "last_number", "unit_id", "issued_on", "id"}
        assert {field.column for field in Task._meta.concrete_fields} == written

    def test_a_head_breaks_down_what_the_unit_leads_and_nobody_else_does(self, cast):
        task = an_accepted(cast)
        department = a_unit("Department", under=cast.ministry, kind=Kind.DEPARTMENT)

        with pytest.raises(Forbidden):
            give(task, [department], by=cast.officer)
        with pytest.raises(Forbidden):
            give(task, [department], by=cast.stranger)
        give(task, [department], by=cast.lead)

        assert task.beneath.get().unit == cast.ministry

    @pytest.mark.parametrize("wrong", ["twice", "none", "lead", "again", "late", "judge"])
    def test_what_cannot_be_given_says_why_and_leaves_nothing(self, cast, wrong):
        task, units = an_issued(cast), communes(cast, 2)
        give(task, units[:1], by=cast.office)
        asked, chosen = Asked(), [units[1]]
        if wrong == "twice":
            chosen = [units[1], units[1]]
        elif wrong == "none":
            chosen = []
        elif wrong == "lead":
            chosen = [cast.ministry]
        elif wrong == "again":
            chosen = units
        elif wrong == "late":
            asked = Asked(due_on=task.lead.due_on + timedelta(days=1))
        elif wrong == "judge":
            asked = Asked(verifier=units[1])

        with pytest.raises(Invalid):
            give(task, chosen, by=cast.office, asked=asked)

        assert task.beneath.count() == 1

    def test_a_task_that_does_not_go_on_is_not_given(self, cast):
        task = an_issued(cast)
        actions.drop(task, by=cast.office, reason="Not needed")
        with pytest.raises(Refused):
            give(task, communes(cast), by=cast.office)


class TestWhatCounts:
    def test_work_counts_once_where_the_task_above_is_in_the_set(self, cast):
        task = an_issued(cast)
        give(task, communes(cast), by=cast.office)

        assert counted("tasks.cells") == 1
        assert counted("parts.cells") == 5

    def test_it_counts_by_itself_where_the_task_above_is_not(self, cast):
        task = an_issued(cast)
        units = communes(cast)
        give(task, units, by=cast.office)

        assert counted("tasks.cells", cast.province.path) == 4
        assert counted("tasks.cells", units[0].path) == 1
        assert counted("tasks.cells", unit=cast.province.path) == 4
        assert counted("tasks.cells", unit=cast.ministry.path) == 1

    def test_the_rows_behind_a_number_are_the_number(self, cast):
        task = an_issued(cast)
        give(task, communes(cast), by=cast.office)
        for scope in (Scope(("",)), Scope((cast.province.path,))):
            number = ask("tasks.cells", scope, clock.today(), clock.now()).number
            assert len(members("tasks.cells", scope, clock.today(), clock.now())) == number
        unit = cast.ministry.pk
        rows = members("tasks.by_unit", Scope(("",)), clock.today(), clock.now(), lead=unit)
        assert len(rows) == 1

    def test_tally_and_journal_agree_when_something_was_dropped(self, cast):
        task, other = an_issued(cast), an_issued(cast)
        give(task, communes(cast), by=cast.office)
        give(other, communes(cast), by=cast.office)
        actions.drop(task, by=cast.office, reason="Both ask for the same")

        at = clock.now()
        tallied = ask("tasks.cells", Scope(("",)), clock.today(), at).numbers
        asked = ask("tasks.cells", Scope((cast.country.path,)), clock.today(), at).numbers
        assert tallied == asked
        assert (tallied["all"], tallied["dropped"]) == (1, 1)
        assert set(Part.objects.filter(task__above=task).values_list("status", flat=True)) == {
            "dropped"
        }
        assert tallies.said() == recounted()


class TestBreakingDown:
    def test_a_task_beneath_goes_through_the_same_gate(self, cast):
        task = an_accepted(cast)
        department = a_unit("Department", under=cast.ministry, kind=Kind.DEPARTMENT)
        lead = PartWording(unit=department, by_head=True, product="A list", due_on=task.lead.due_on)

        beneath = break_down(task, by=cast.lead, title="Clear the second floor", lead=lead)
        assert (beneath.label, beneath.lead.status) == ("1.1", Status.DRAFT)
        with pytest.raises(actions.NotClear):
            actions.issue(beneath, by=cast.lead)
        clear = {"measure": "shelves ÷ shelves", "authority": "The head", "responsibility": "Full"}
        actions.reword(beneath, by=cast.lead, saw=1, lead=lead, **clear)
        beneath.refresh_from_db()
        actions.issue(beneath, by=cast.lead)

        assert beneath.lead.status == Status.ISSUED
        assert beneath.lead.verifier == cast.ministry
        assert tallies.said() == recounted()

    def test_nothing_beneath_is_due_later_than_the_task(self, cast):
        task = an_accepted(cast)
        late = PartWording(unit=cast.other_ministry, due_on=task.lead.due_on + timedelta(days=1))
        with pytest.raises(Invalid):
            break_down(task, by=cast.lead, title="Clear the second floor", lead=late)
        assert not task.beneath.exists()


class TestGraded:
    def test_graded_work_is_not_there_for_who_may_not_see_it_nor_in_any_count(self, cast):
        an_issued(cast)
        graded = an_issued(cast, secrecy="secret")
        give(graded, communes(cast), by=cast.office)

        assert Task.objects.visible_to(cast.lead).count() == 6
        assert Task.objects.visible_to(cast.officer).count() == 1
        assert Part.objects.visible_to(cast.officer).count() == 1
        blind = Scope(Eyes.over((cast.country.path,), ()))
        cleared = Scope(Eyes.over((cast.country.path,), (cast.country.path,)))
        half = Scope(Eyes.over((cast.country.path,), (cast.province.path,)))
        for figure, few, many in (("tasks.cells", 1, 2), ("parts.cells", 1, 6)):
            for scope, number in ((blind, few), (cleared, many)):
                answer = ask(figure, scope, clock.today(), clock.now())
                assert answer.numbers["all"] == number
                assert len(members(figure, scope, clock.today(), clock.now())) == number
        assert ask("tasks.cells", half, clock.today(), clock.now()).number == 5

    def test_what_lies_beneath_is_graded_as_what_lies_above(self, cast):
        task = an_accepted(cast, secrecy="secret")
        lead = PartWording(unit=cast.other_ministry, due_on=task.lead.due_on)
        beneath = break_down(
            task, by=cast.lead, title="Clear the second floor", lead=lead, secrecy="open"
        )
        assert beneath.secrecy == "secret"


class TestSets:
    def test_all_communes_of_a_province(self, cast):
        units = communes(cast, 3)
        elsewhere = a_unit("Far commune", under=cast.country, kind=Kind.COMMUNE)

        inside = units_of(Chosen.COMMUNES, clock.today(), within=cast.province)
        everywhere = units_of(Chosen.COMMUNES, clock.today())

        assert list(inside) == units
        assert set(everywhere) == {*units, elsewhere}

    def test_a_list_by_hand_is_read_in_one_go(self, cast, django_assert_max_num_queries):
        units = communes(cast, 30)
        lines = [unit.name for unit in units[:20]] + [unit.key for unit in units[20:]] + [" ", ""]
        with django_assert_max_num_queries(4):
            assert units_named(lines, None) == units

    def test_a_name_that_is_not_clear_is_told(self):
        def nobody(line):
            raise ValidationError(f"No unit is called {line}")

        with pytest.raises(Invalid) as told:
            units_named(["Atlantis"], nobody)
        assert "Atlantis" in str(told.value)
