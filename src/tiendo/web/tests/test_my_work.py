from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_draft, a_grant, a_person, a_submission, a_unit, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.orgs.models import Kind
from tiendo.tasks import actions
from tiendo.tasks.states import ReturnReason
from tiendo.web import mywork


@pytest.fixture
def groups(client):
    """What somebody's My work holds: titles by list."""

    def of(person):
        client.force_login(person)
        answer = client.get("/my-work/")
        assert answer.status_code == 200
        return {
            group.name: [todo.part.task.title for todo in group.todos]
            for group in answer.context["groups"]
        }

    return of


def page(client, person):
    client.force_login(person)
    return client.get("/my-work/").content.decode()


class TestMyWork:
    def test_the_lead_finds_each_task_in_one_list(self, cast, groups):
        an_accepted(cast, title="Long overdue", due_on=clock.today() - timedelta(days=9))
        an_accepted(cast, title="Due this month", due_in=20)
        an_accepted(cast, title="Due next year", due_in=300)
        an_issued(cast, title="Newly given")
        report = a_submission(cast, an_accepted(cast, title="Sent back"))
        actions.send_back(report, by=cast.verifier, reason=ReturnReason.FORM, note="No stamp.")
        a_draft(cast, title="Still a draft")

        assert groups(cast.lead) == {
            "late": ["Long overdue"],
            "due": ["Due this month"],
            "accept": ["Newly given"],
            "returned": ["Sent back"],
        }

    def test_a_list_too_long_to_read_opens_with_its_first_cards(self, cast, client, monkeypatch):
        monkeypatch.setattr(mywork.Group, "openly", 1)
        first, last = (an_issued(cast, title=title) for title in ("The first", "The last"))

        shown, _, folded = page(client, cast.lead).partition('<details class="card t-older">')

        assert "1 more" in folded
        assert (first.title in shown, last.title in shown, last.title in folded) == (
            True,
            False,
            True,
        )

    def test_the_verifier_and_the_office_find_what_waits_for_them(self, cast, groups):
        a_submission(cast, an_accepted(cast, title="To be judged"))
        moving = an_accepted(cast, title="Needs more time").lead
        actions.ask_extension(
            moving, by=cast.lead, asked_on=moving.due_on + timedelta(days=9), reason="Flood"
        )
        actions.refuse(an_issued(cast, title="Not ours").lead, by=cast.lead, reason="Not our river")

        assert groups(cast.verifier) == {"verify": ["To be judged"]}
        assert groups(cast.office) == {
            "verify": ["To be judged"],
            "answer": ["Needs more time", "Not ours"],
        }

    def test_who_reports_for_a_unit_is_not_asked_to_verify_it(self, cast, groups):
        a_submission(cast)
        a_grant(Role.VERIFIER, cast.committee, cast.officer)

        assert groups(cast.officer)["verify"] == []

    def test_a_stranger_finds_empty_lists_and_nobody_signs_in(self, cast, groups, client):
        an_issued(cast)

        assert client.get("/my-work/").status_code == 302
        assert groups(cast.stranger) == {"late": [], "due": [], "accept": [], "returned": []}
        assert groups(cast.inspector) == {}

    def test_work_of_a_unit_beneath_falls_to_its_own_people_first(self, cast, groups):
        office = a_unit("River Office", under=cast.ministry, kind=Kind.DEPARTMENT)
        desk = a_unit("River Desk", under=cast.ministry, kind=Kind.DEPARTMENT)
        clerk = a_person("Clerk", role=Role.OFFICER, over=office)
        an_issued(cast, title="For the office", unit=office)
        an_issued(cast, title="For the desk", unit=desk)

        assert groups(clerk)["accept"] == ["For the office"]
        assert groups(cast.lead)["accept"] == ["For the desk"]

    def test_each_card_has_its_acts_and_comes_back_here(self, cast, client):
        task = an_accepted(cast)

        shown = page(client, cast.lead)

        assert f"/parts/{task.lead.pk}/report/?next=/my-work/" in shown
        assert f'action="/parts/{task.lead.pk}/nothing-new/"' in shown
        assert 'name="next" value="/my-work/"' in shown

    def test_after_nothing_new_it_is_not_asked_again_today(self, cast, client):
        task = an_accepted(cast)
        actions.report(task.lead, by=cast.lead, words="Nothing new.", nothing_new=True)

        shown = page(client, cast.lead)

        assert "/nothing-new/" not in shown
        assert "Just sent" in shown

    def test_one_card_or_twenty_the_page_asks_as_often(self, cast, client):
        def asked(person):
            page(client, person)
            with CaptureQueriesContext(connection) as queries:
                client.get("/my-work/")
            return len(queries)

        a_grant(Role.VERIFIER, cast.other_ministry, cast.lead)
        for _ in range(2):
            a_submission(cast)
            an_accepted(cast)
            an_issued(cast)
        few = asked(cast.lead), asked(cast.office)
        for _ in range(10):
            a_submission(cast)
            an_accepted(cast)
            an_issued(cast)

        assert (asked(cast.lead), asked(cast.office)) == few
