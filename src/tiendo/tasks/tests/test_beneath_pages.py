"""Giving, breaking down and looking beneath, on pages and over the API."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from makers import a_draft, a_programme, a_unit, an_accepted, an_issued
from tiendo.kit import clock
from tiendo.orgs.models import Kind
from tiendo.tasks import actions
from tiendo.tasks.actions_beneath import give
from tiendo.tasks.models import Part, Sector, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(client):
    def as_person(person):
        client.force_login(person)
        return client

    return as_person


@pytest.fixture
def communes(cast):
    return [a_unit(f"Commune {n}", under=cast.province, kind=Kind.COMMUNE) for n in range(3)]


def text(answer):
    return answer.content.decode()


class TestGiving:
    def test_first_it_is_looked_at_and_then_given(self, cast, browse, communes):
        task = an_issued(cast)
        address = reverse("tasks:giving", args=[task.pk])
        wanted = {"chosen": "communes", "within": "Hill Province"}

        looked = browse(cast.office).post(address, {**wanted, "step": "look"})
        assert looked.status_code == 200
        assert "It goes to 3 units" in text(looked)
        assert not task.beneath.exists()
        given = browse(cast.office).post(address, {**wanted, "step": "give"}, follow=True)

        assert "Given to 3 units" in text(given)
        assert task.beneath.count() == 3
        assert "Beneath this task" in text(given)

    def test_a_list_by_hand_with_an_unknown_name_loses_nothing(self, cast, browse, communes):
        task = an_issued(cast)
        lines = f"{communes[0].key}\nAtlantis"
        answer = browse(cast.office).post(
            reverse("tasks:giving", args=[task.pk]),
            {"chosen": "listed", "units": lines, "product": "Photographs", "step": "give"},
        )
        assert answer.status_code == 422
        assert "No unit is called “Atlantis”" in text(answer)
        assert "Photographs" in text(answer)
        assert communes[0].key in text(answer)
        assert not task.beneath.exists()

    def test_the_day_is_no_later_than_the_task(self, cast, browse, communes):
        task = an_issued(cast)
        late = task.lead.due_on + timedelta(days=1)
        answer = browse(cast.office).post(
            reverse("tasks:giving", args=[task.pk]),
            {"chosen": "communes", "due_on": late.isoformat(), "step": "give"},
        )
        assert answer.status_code == 422
        assert "due no later than the task itself" in text(answer)

    def test_over_the_api(self, cast, browse, communes):
        task = an_issued(cast)
        answer = browse(cast.office).post(
            f"/api/v1/tasks/{task.pk}/giving",
            json.dumps({"set": "communes", "within": cast.province.pk}),
            content_type="application/json",
        )
        assert answer.status_code == 201, answer.content
        assert answer.json() == {"units": 3, "first": "1.1", "last": "1.3"}
        listed = browse(cast.office).get(f"/api/v1/tasks/{task.pk}/beneath").json()
        assert [row["label"] for row in listed["items"]] == ["1.1", "1.2", "1.3"]


class TestBreakdown:
    def test_the_head_writes_a_task_beneath_and_issues_it(self, cast, browse):
        task = an_accepted(cast)
        a_unit("Department of Paper", under=cast.ministry, kind=Kind.DEPARTMENT)
        form = {
            "title": "Clear the second floor",
            "lead": "Department of Paper",
            "post": "head",
            "due_on": task.lead.due_on.isoformat(),
            "product": "A list",
            "measure": "shelves ÷ shelves",
            "responsibility": "The head answers",
            "authority": "The head signs",
        }
        answer = browse(cast.lead).post(
            reverse("tasks:breakdown", args=[task.pk]), form, follow=True
        )
        beneath = Task.objects.get(above=task)
        assert "Clear the second floor" in text(answer)
        assert "Task 1 of 57-NQ/TW" in text(answer)  # the way back up
        assert "Task 1.1 of 57-NQ/TW" in text(answer)
        browse(cast.lead).post(reverse("tasks:issue", args=[beneath.pk]), {"version": 1})
        assert Part.objects.get(task=beneath).status == "issued"

    def test_what_the_task_above_allows_no_longer_is_said_at_its_field(self, cast, browse):
        task = an_accepted(cast)
        late = task.lead.due_on + timedelta(days=1)
        answer = browse(cast.lead).post(
            reverse("tasks:breakdown", args=[task.pk]),
            {"title": "Clear it", "lead": "Hill Province", "due_on": late.isoformat()},
        )
        assert answer.status_code == 422
        assert "due no later than the task itself" in text(answer)


class TestBeneath:
    def test_where_it_stopped_is_drawn_for_every_level(self, cast, browse, communes):
        task = an_issued(cast)
        give(task, communes, by=cast.office)
        below = task.beneath.first()
        village = a_unit("Village", under=communes[0], kind=Kind.DEPARTMENT)
        give(below, [village], by=cast.office)

        page = text(browse(cast.office).get(reverse("tasks:beneath", args=[task.pk])))

        assert "Level 1 beneath" in page
        assert "Level 2 beneath" in page
        assert "Not taken up yet" in page

    def test_as_many_questions_for_one_row_as_for_twenty(self, cast, browse):
        tasks = [an_issued(cast), an_issued(cast)]
        for task, number in zip(tasks, (1, 20), strict=True):
            units = [
                a_unit(f"Ward {n} {number}", under=cast.province, kind=Kind.WARD)
                for n in range(number)
            ]
            give(task, units, by=cast.office)
        browser = browse(cast.office)
        for address in (
            lambda pk: f"/tasks/{pk}/beneath/",
            lambda pk: f"/api/v1/tasks/{pk}/beneath",
        ):
            asked = []
            for task in tasks:
                with CaptureQueriesContext(connection) as queries:
                    assert browser.get(address(task.pk)).status_code == 200
                asked.append(len(queries))
            assert asked[0] == asked[1]

    def test_progress_comes_from_what_lies_beneath(self, cast, browse, communes):
        task = an_issued(cast)
        give(task, communes, by=cast.office)
        part = Part.objects.filter(task__above=task).first()
        Part.objects.filter(pk=part.pk).update(status="done", done_on=clock.today())

        page = text(browse(cast.office).get(task.get_absolute_url()))
        assert "1 of 3" in page


class TestTransfer:
    def test_the_office_hands_a_part_to_another_unit(self, cast, browse):
        task = an_accepted(cast)
        page = reverse("tasks:transfer", args=[task.lead.pk])
        answer = browse(cast.office).post(
            page, {"unit": "Ministry of Roads", "reason": "It is theirs now"}, follow=True
        )
        assert "Handed over" in text(answer)
        assert Task.objects.get(pk=task.pk).lead.unit == cast.other_ministry
        again = browse(cast.office).post(page, {"unit": "Ministry of Roads", "reason": "Twice"})
        assert again.status_code == 409


class TestFields:
    def test_a_helper_keeps_its_own_product_and_day_when_the_draft_is_reworded(self, cast, browse):
        task = a_draft(cast)
        browser = browse(cast.office)
        own = (task.lead.due_on - timedelta(days=9)).isoformat()
        browser.post(
            reverse("tasks:help", args=[task.pk]),
            {"unit": "Ministry of Roads", "product": "A map of roads", "due_on": own},
        )
        browser.post(
            reverse("tasks:wording", args=[task.pk]),
            {
                "title": "Clear all of the backlog",
                "lead": "Ministry of Rivers",
                "helpers": "Ministry of Roads",
                "due_on": task.lead.due_on.isoformat(),
                "verifier": "Steering Committee",
                "version": "2",
            },
        )
        helper = Part.objects.get(task=task, role="with")
        assert (helper.product, helper.due_on.isoformat()) == ("A map of roads", own)

    def test_the_further_fields_are_kept_and_shown(self, cast, browse):
        sector = Sector.objects.create(
            code="data", name_vi="Dữ liệu", name_en="Data", name_fr="Données", name_ru="Данные"
        )
        answer = browse(cast.office).post(
            reverse("tasks:new"),
            {
                "programme": a_programme(cast).pk,
                "title": "Clear the paper backlog",
                "lead": "Ministry of Rivers",
                "legal_base": "Decree 42",
                "acceptance": "Signed by the archive",
                "sector": sector.pk,
                "secrecy": "confidential",
                "cycle": "P3M",
                "cycle_ends_on": "2031-12-31",
                "verifier": "Steering Committee",
            },
            follow=True,
        )
        page = text(answer)
        for words in ("Decree 42", "Signed by the archive", "Data", "Confidential", "until"):
            assert words in page

    def test_a_dropped_task_drops_what_lies_beneath(self, cast, browse, communes):
        task = an_issued(cast)
        give(task, communes, by=cast.office)
        actions.drop(task, by=cast.office, reason="Not needed any more")
        assert set(Part.objects.filter(task__above=task).values_list("status", flat=True)) == {
            "dropped"
        }


class TestMovesOverTheApi:
    """The assigning side's moves, and what a wrong state answers."""

    @pytest.fixture
    def send(self, browse):
        def to(person, name, pk, **given):
            return browse(person).post(
                reverse(name, args=[pk]), json.dumps(given), content_type="application/json"
            )

        return to

    def test_a_part_is_received_suspended_taken_up_and_handed_over(self, cast, send):
        part = an_issued(cast).lead

        assert send(cast.officer, "api:part-receipt", part.pk).status_code == 201
        assert send(cast.officer, "api:part-receipt", part.pk).status_code == 409
        for name, reason in (("suspension", "Floods"), ("resumption", "Dry again")):
            assert send(cast.office, f"api:part-{name}", part.pk, reason=reason).status_code == 201
        assert send(cast.office, "api:part-resumption", part.pk, reason="Twice").status_code == 409
        assert send(cast.office, "api:part-suspension", part.pk, reason=" ").status_code == 422
        moved = send(
            cast.office, "api:part-transfer", part.pk, unit=cast.other_ministry.pk, reason="Theirs"
        )
        assert moved.status_code == 201
        assert {row["status"] for row in moved.json()["parts"]} == {"transferred", "issued"}

    def test_a_refusal_is_answered(self, cast, send):
        part = an_issued(cast).lead
        assert send(cast.office, "api:part-reissue", part.pk, reason="Yours").status_code == 409
        actions.refuse(part, by=cast.lead, reason="Not ours")
        assert send(cast.office, "api:part-reissue", part.pk, reason="Yours").status_code == 201

    def test_a_task_is_broken_down_and_dropped(self, cast, send):
        task = an_issued(cast)
        lead = {"unit": cast.other_ministry.pk, "due_on": task.lead.due_on.isoformat()}
        made = send(cast.lead, "api:task-breakdown", task.pk, title="Clear one room", lead=lead)
        assert (made.status_code, made.json()["label"]) == (201, "1.1")
        wrong = send(cast.lead, "api:task-breakdown", task.pk, title=" ", lead=lead)
        assert wrong.status_code == 422
        dropped = send(cast.office, "api:task-drop", task.pk, reason="Overtaken")
        assert dropped.status_code == 201
        assert Part.objects.get(task__above=task).status == "dropped"
        assert send(cast.office, "api:task-drop", task.pk, reason="Twice").status_code == 409
