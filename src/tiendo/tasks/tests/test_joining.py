"""Two open parts of one clause that met in one unit become one, once, with both histories."""

from datetime import timedelta

import pytest
from django.urls import reverse

from makers import a_document, a_draft, a_person, an_issued
from tiendo.access.capabilities import Role
from tiendo.documents.models import Provision
from tiendo.figures.ask import Scope, ask
from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.tasks import actions
from tiendo.tasks.models import Part, Task


@pytest.fixture
def clause(cast):
    text = a_document(cast)
    return Provision.objects.create(
        document=text, position=1, address="II.1.x", kind="item", start=0, end=9
    )


def one_of_clause(cast, clause, *, due_in=30, unit=None):
    """A task from the clause, issued to a unit; afterwards it lies with the ministry, as a merger leaves it."""
    task = a_draft(cast, provision=clause, document=clause.document, due_in=due_in,
                   unit=unit or cast.ministry)  # fmt: skip
    task = actions.issue(Task.objects.get(pk=task.pk), by=cast.office)
    if unit is not None:
        actions.transfer(task.lead, cast.ministry, by=cast.office, reason="Merged")
    return Task.objects.get(pk=task.pk)


@pytest.fixture
def pair(cast, clause):
    return one_of_clause(cast, clause), one_of_clause(cast, clause, unit=cast.other_ministry)


class TestJoin:
    def test_two_tasks_of_one_clause_become_one_and_count_once_from_then_on(self, cast, pair):
        stays, goes = pair
        before = clock.now()

        actions.join(goes.lead, stays.lead, by=cast.office, reason="One unit, one list")

        gone = Task.objects.get(pk=goes.pk)
        assert gone.lead.handed_to == stays.lead
        told = [ask("tasks.cells", Scope(("",)), clock.today(), at) for at in (before, clock.now())]
        assert [answer.numbers["all"] for answer in told] == [2, 1]
        assert "was joined to task" in sentence(Entry.objects.about(goes).last())
        assert "also carries on task" in sentence(Entry.objects.about(stays).last())

    def test_only_once_and_only_what_is_one_clause(self, cast, pair):
        stays, goes = pair
        other = an_issued(cast, title="Something else")

        with pytest.raises(Refused, match="come from one clause"):
            actions.join(other.lead, stays.lead, by=cast.office, reason="No")
        with pytest.raises(Refused, match="come from one clause"):
            actions.join(stays.lead, stays.lead, by=cast.office, reason="No")
        actions.join(goes.lead, stays.lead, by=cast.office, reason="Yes")
        with pytest.raises(Refused):
            actions.join(goes.lead, stays.lead, by=cast.office, reason="Again")

    def test_nobody_gains_time_by_it(self, cast, clause):
        soon, late = one_of_clause(cast, clause, due_in=5), one_of_clause(cast, clause, due_in=50)

        with pytest.raises(Refused, match="due later to the one that is due first"):
            actions.join(soon.lead, late.lead, by=cast.office, reason="More time")
        actions.join(late.lead, soon.lead, by=cast.office, reason="Less time")

    def test_the_unit_itself_may_not(self, cast, pair):
        stays, goes = pair

        with pytest.raises(Forbidden):
            actions.join(goes.lead, stays.lead, by=cast.lead, reason="Less work")


class TestThePage:
    def test_the_office_is_offered_it_and_both_tasks_tell_it(self, client, cast, pair):
        stays, goes = pair
        client.force_login(cast.office)
        address = reverse("tasks:joining", args=[goes.lead.pk])
        assert address in client.get(goes.get_absolute_url()).content.decode()
        form = client.get(address).content.decode()
        assert f'value="{stays.lead.pk}"' in form

        lost = client.post(address, {"into": "", "reason": "Kept words"})
        assert lost.status_code == 422
        assert "Kept words" in lost.content.decode()
        assert client.post(address, {"into": "999999", "reason": "x"}).status_code == 422
        done = client.post(address, {"into": stays.lead.pk, "reason": "One unit"})

        assert done.status_code == 302
        gone = client.get(goes.get_absolute_url()).content.decode()
        assert stays.get_absolute_url() in gone
        assert goes.get_absolute_url() in client.get(stays.get_absolute_url()).content.decode()

    def test_a_part_that_meets_no_other_offers_nothing(self, client, cast):
        task = an_issued(cast)
        client.force_login(cast.office)

        assert (
            reverse("tasks:joining", args=[task.lead.pk])
            not in client.get(task.get_absolute_url()).content.decode()
        )

    def test_who_only_looks_and_who_is_a_stranger(self, client, cast, pair):
        address = reverse("tasks:joining", args=[pair[1].lead.pk])
        other = a_person("Elsewhere", role=Role.OFFICER, over=cast.province)
        for person, status in ((cast.lead, 403), (cast.inspector, 403), (other, 404)):
            client.force_login(person)
            assert client.get(address).status_code == status
        assert Part.objects.filter(handed_to__task=pair[0]).count() == 0

    def test_a_clause_of_another_unit_is_not_offered(self, client, cast, clause):
        mine = one_of_clause(cast, clause)
        theirs = a_draft(cast, provision=clause, document=clause.document, unit=cast.other_ministry)
        theirs = actions.issue(Task.objects.get(pk=theirs.pk), by=cast.office)
        client.force_login(cast.office)

        form = client.get(reverse("tasks:joining", args=[mine.lead.pk])).content.decode()

        assert f'value="{theirs.lead.pk}"' not in form
        assert timedelta(0) == mine.lead.due_on - theirs.lead.due_on
