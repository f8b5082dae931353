from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_document, a_programme
from tiendo.documents.actions_bonds import bind
from tiendo.documents.states import Bond
from tiendo.intake import actions
from tiendo.intake.coverage import coverage_of
from tiendo.intake.states import RefusalReason
from tiendo.tasks import actions as tasks
from tiendo.tasks.models import Task

TEXT = """I. RESULTS
1. In 2024 the backlog was 4,000 records.
II. TASKS
1. The Ministry of Rivers shall clear the backlog of paper records before 31 March 2026.
2. The Ministry of Rivers shall report on its bridges by 31 December 2025.
"""


@pytest.fixture
def desk(cast):
    """A text of three clauses; two of them order something."""
    return actions.read_document(a_document(cast, text=TEXT), by=cast.office)


def told(desk, person):
    return {one.provision.address: one.state for one in coverage_of(desk, person).clauses}


def accepted(cast, desk, place, **wording):
    proposal = desk.proposals.standing()[place]
    given = {"programme": a_programme(cast), "title": proposal.work, "lead": cast.ministry}
    return actions.accept(
        proposal, by=cast.office, due_on=date(2026, 3, 31), **{**given, **wording}
    )


class TestCoverage:
    def test_each_clause_is_followed_waits_was_refused_or_says_nothing(self, cast, desk):
        assert told(desk, cast.office) == {"I.1": "nothing", "II.1": "waiting", "II.2": "waiting"}

        accepted(cast, desk, 0)
        actions.refuse(
            desk.proposals.standing()[1],
            by=cast.office,
            reason=RefusalReason.ELSEWHERE,
        )

        found = coverage_of(desk, cast.office)
        assert told(desk, cast.office) == {"I.1": "nothing", "II.1": "task", "II.2": "refused"}
        assert [one.provision.address for one in found.orphans] == ["I.1"]

    def test_a_clause_whose_task_was_dropped_is_an_orphan_again(self, cast, desk):
        accepted(cast, desk, 0)
        tasks.drop(Task.objects.get(), by=cast.office, reason="The law changed")

        assert told(desk, cast.office)["II.1"] == "nothing"

    def test_tasks_without_a_measure_are_listed_for_whoever_may_see_them(self, cast, desk):
        accepted(cast, desk, 0)
        bare = Task.objects.get()
        accepted(cast, desk, 1, measure="bridges seen ÷ bridges")

        assert coverage_of(desk, cast.office).unmeasured == [bare]
        assert coverage_of(desk, cast.stranger).unmeasured == []

    def test_a_plan_takes_up_a_clause_by_saying_so(self, cast, desk):
        accepted(cast, desk, 0)
        accepted(cast, desk, 1)
        plan = a_document(cast, title="Plan of a province")
        bind(plan, Bond.IMPLEMENTS, desk.document, by=cast.office)
        first = desk.document.provisions.get(address="II.1")
        bind(
            plan, Bond.IMPLEMENTS, desk.document, by=cast.office,
            provision=plan.provisions.first(), other_provision=first,
        )  # fmt: skip

        [found] = coverage_of(desk, cast.office).plans

        assert found.document == plan
        assert ([one.provision.address for one in found.skipped], found.of) == (["II.2"], 2)

    def test_a_program_is_told_the_same_and_a_stranger_nothing(self, cast, desk, client):
        accepted(cast, desk, 0)
        address = f"/api/v1/documents/{desk.document.pk}/coverage"
        client.force_login(cast.office)

        told = client.get(address).json()

        assert [(one["address"], one["state"]) for one in told["clauses"]] == [
            ("I.1", "nothing"), ("II.1", "task"), ("II.2", "waiting"),
        ]  # fmt: skip
        assert told["unmeasured"] == [Task.objects.get().pk]
        client.force_login(cast.stranger)
        assert client.get(address).status_code == 404

    def test_the_page_asks_no_more_for_more_plans(self, cast, desk, client):
        client.force_login(cast.office)
        accepted(cast, desk, 0)

        def asked():
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/desk/{desk.pk}/coverage/")
            assert answer.status_code == 200
            return len(queries)

        bind(a_document(cast), Bond.IMPLEMENTS, desk.document, by=cast.office)
        asked()
        few = asked()
        for _one in range(4):
            bind(a_document(cast), Bond.IMPLEMENTS, desk.document, by=cast.office)

        assert asked() == few
