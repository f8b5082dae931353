"""The personal action programme, a statement in place of a file, and a report that crossed midnight."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import BEGINNING, a_draft, an_accepted, an_issued
from tiendo.kit import clock
from tiendo.orgs.models import Tenure
from tiendo.tasks import actions
from tiendo.tasks.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


def seated(person, *tasks):
    for task in tasks:
        Tenure.objects.create(post=task.lead.post, person=person, starts_on=BEGINNING)


class TestPersonal:
    def test_it_writes_itself_from_what_the_posts_answer_for(self, cast, browse):
        mine = an_issued(cast, title="Clear the paper backlog")
        draft = a_draft(cast, title="Write the next plan")
        dropped = an_issued(cast, title="Print the forms")
        seated(cast.lead, mine, draft, dropped)
        actions.drop(dropped, by=cast.office, reason="Not needed")

        page = browse(cast.lead).get(reverse("tasks:mine"), follow=True).content.decode()

        assert "Action programme of Lead Nam" in page
        assert mine.title in page
        assert mine.measure in page
        assert draft.title not in page
        assert dropped.title not in page

    def test_another_reads_it_as_far_as_they_see_its_tasks(self, cast, browse):
        task = an_issued(cast)
        graded = an_issued(cast, title="Guard the archive", secrecy="secret")
        seated(cast.lead, task, graded)
        address = reverse("tasks:personal", args=[cast.lead.pk])

        assert graded.title in browse(cast.office).get(address).content.decode()
        seen = browse(cast.officer).get(address).content.decode()
        assert task.title in seen
        assert graded.title not in seen
        assert browse(cast.stranger).get(address).status_code == 404
        assert browse(cast.nobody).get(reverse("tasks:mine"), follow=True).status_code == 200

    def test_as_many_questions_for_one_task_as_for_twenty(self, cast, browse):
        seated(cast.lead, an_issued(cast))
        browser, asked = browse(cast.lead), []
        address = reverse("tasks:personal", args=[cast.lead.pk])
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            asked.append(len(queries))
            seated(cast.lead, *(an_issued(cast) for _ in range(19)))
        assert asked[0] == asked[1]


class TestStatement:
    def test_a_statement_stands_in_the_place_of_a_file(self, cast, browse):
        part = an_accepted(cast).lead
        given = {"words": "Done", "is_final": "on"}
        address = reverse("tasks:report", args=[part.pk])
        assert browse(cast.lead).post(address, given).status_code == 422
        words = "I saw it. https://example.org/list is the page."
        browse(cast.lead).post(address, {**given, "statement": words})

        report = Report.objects.get(part=part)
        assert report.statement == words
        page = browse(cast.verifier).get(reverse("tasks:verdict", args=[report.pk]))
        assert "I saw it." in page.content.decode()
        assert 'href="https://example.org' not in page.content.decode()  # a URL is text


def test_a_report_begun_before_midnight_and_sent_after_is_late(cast, browse):
    with time_machine.travel("2025-05-14T16:58:00Z", tick=False) as there:  # 23:58 in the country
        part = an_accepted(cast, due_on=clock.today()).lead
        address = reverse("tasks:report", args=[part.pk])
        form = browse(cast.lead).get(address).context["form"]
        there.shift(timedelta(minutes=2))  # the first instant of the next day
        browse(cast.lead).post(
            address,
            {
                "words": "Done",
                "is_final": "on",
                "statement": "Here",
                "begun": form["begun"].value(),
            },
        )
        report = Report.objects.get(part=part)
        actions.verify(report, by=cast.verifier)
        page = browse(cast.verifier).get(part.task.get_absolute_url()).content.decode()

    part.refresh_from_db()
    assert (report.sent_at - report.begun_at) == timedelta(minutes=2)
    assert part.done_on == part.due_on + timedelta(days=1)
    assert "late" in page.lower()
