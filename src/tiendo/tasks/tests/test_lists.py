"""The list of tasks: one form for its page and the API, and answers that do not hang on the way they are found."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from makers import a_draft, a_person, a_submission, an_accepted, an_issued
from tiendo.kit import clock
from tiendo.tasks import actions, lists
from tiendo.tasks.api import TasksOut
from tiendo.tasks.models import Part, Sector, Task
from tiendo.tasks.states import ReturnReason, Status


@pytest.fixture
def many(cast):
    """A task for every state that a list can be narrowed to."""
    today = clock.today()
    late = an_issued(cast, title="Late work", due_on=today - timedelta(days=3))
    soon = an_issued(cast, title="Soon due work", due_in=2, is_key=True)
    far = an_accepted(cast, title="Far off work", due_in=90)
    draft = a_draft(cast, title="Draft of work", unit=cast.other_ministry)
    sent = a_submission(cast, an_accepted(cast, title="Submitted work", due_in=60))
    done = actions.verify(
        a_submission(cast, an_accepted(cast, title="Finished work", due_in=60)), by=cast.verifier
    )
    behind = an_accepted(cast, title="Finished late work", due_on=today - timedelta(days=9))
    actions.verify(a_submission(cast, behind), by=cast.verifier)
    dropped = actions.drop(an_issued(cast, title="Dropped work"), by=cast.office, reason="Merged")
    tasks = [late, soon, far, draft, sent.part.task, done.report.part.task, behind, dropped]
    return {task.title: task for task in tasks}


NARROWED = [
    ("", None),
    ("state=open", {"Late work", "Soon due work", "Far off work", "Submitted work"}),
    ("state=late", {"Late work"}),
    ("state=due_soon", {"Soon due work"}),
    ("state=open_in_time", {"Soon due work", "Far off work", "Submitted work"}),
    ("state=no_date", set()),
    ("state=done", {"Finished work", "Finished late work"}),
    ("state=done_in_time", {"Finished work"}),
    ("state=done_late", {"Finished late work"}),
    ("state=submitted", {"Submitted work"}),
    ("state=draft", {"Draft of work"}),
    ("state=dropped", {"Dropped work"}),
    ("state=issued", {"Late work", "Soon due work"}),
    ("q=FINISHED late", {"Finished late work"}),
    ("key=on", {"Soon due work"}),
    ("unit=Ministry of Roads", {"Draft of work"}),
    ("unit=Country&beneath=on", None),
    ("unit=Country", set()),
    ("lead=Ministry of Roads", {"Draft of work"}),
    ("lead=Nowhere", set()),
    ("programme=57-NQ/TW", None),
    ("sector=infra", {"Far off work"}),
    ("sector=infra&state=late", set()),
]


@pytest.mark.parametrize(("asked", "found"), NARROWED)
def test_page_and_api_narrow_alike(client, cast, many, asked, found):
    sector = Sector.objects.create(code="infra", name_vi="x", name_en="x", name_fr="x", name_ru="x")
    Task.objects.filter(title="Far off work").update(sector=sector)
    client.force_login(cast.office)

    page = client.get(f"/tasks/?{asked}")
    answer = client.get(f"/api/v1/tasks?{asked}")

    on_page = {row.title for row in page.context["page"].rows}
    assert on_page == {task["title"] for task in answer.json()["items"]}
    assert on_page == (set(many) if found is None else found)


def test_days_narrow_by_when_it_is_due(client, cast, many):
    client.force_login(cast.office)
    today = clock.today()
    asked = f"due_from={today}&due_to={today + timedelta(days=60)}&state=open"

    found = client.get(f"/api/v1/tasks?{asked}").json()["items"]

    assert {task["title"] for task in found} == {"Soon due work", "Submitted work"}


@pytest.mark.parametrize("asked", ["programme=none", "sector=none", "due_from=x", "state=x"])
def test_the_api_refuses_what_the_page_says_beside_the_field(client, cast, asked):
    client.force_login(cast.office)

    refused = client.get(f"/api/v1/tasks?{asked}")

    assert refused.status_code == 422
    assert client.get(f"/tasks/?{asked}").context["form"].errors


@pytest.mark.parametrize("seat", ["office", "lead", "verifier", "stranger", "officer"])
def test_both_ways_to_what_somebody_may_see_find_the_same(cast, many, seat):
    person = getattr(cast, seat)
    for rows in (Task.objects, Part.objects):
        each, gathered = rows.visible_to(person), rows.visible_to(person, gathered=True)
        assert set(each.values_list("pk")) == set(gathered.values_list("pk"))


def test_somebody_without_reach_finds_nothing_either_way(cast, many):
    nobody = a_person()
    assert not Task.objects.visible_to(nobody, gathered=True).exists()
    assert not Task.objects.visible_to(nobody).exists()


def test_few_and_many_are_told_apart_beneath_all_three_ways(cast, monkeypatch):
    monkeypatch.setattr(lists, "MANY", 1)
    lists.lie_few.cache_clear()
    an_issued(cast)
    few = lists.are_few((cast.ministry.path,))
    an_issued(cast)
    lists.lie_few.cache_clear()

    assert few
    assert not lists.are_few((cast.ministry.path,))  # as who does it
    assert not lists.are_few((cast.committee.path,))  # as who gave and verifies it
    assert not lists.are_few((cast.country.path,))
    assert lists.are_few((cast.province.path,))
    lists.lie_few.cache_clear()


def test_a_row_of_the_api_has_the_shape_it_promises(client, cast, many):
    client.force_login(cast.office)

    said = client.get("/api/v1/tasks").json()

    assert TasksOut.model_validate(said).model_dump(mode="json") == said
    assert said["items"][0]["parts"][0]["timing"] == "open_late"


def test_the_api_tells_a_task_in_a_list_as_it_tells_it_alone(client, cast, many):
    client.force_login(cast.office)
    listed = client.get("/api/v1/tasks").json()["items"]

    for row in listed:
        alone = client.get(f"/api/v1/tasks/{row['id']}").json()
        parts = [{name: part[name] for name in row["parts"][0]} for part in alone["parts"]]
        assert {name: alone[name] for name in row} | {"parts": parts} == row


@pytest.mark.parametrize("address", ["/tasks/", "/api/v1/tasks", "/tasks/?state=late"])
def test_a_hundred_rows_ask_no_more_than_one(client, cast, address, django_assert_max_num_queries):
    day = clock.today() - timedelta(days=3)
    client.force_login(cast.office)
    an_issued(cast, due_on=day)
    client.get(address)
    with django_assert_max_num_queries(20) as few:
        client.get(address)
    for _ in range(20):
        an_issued(cast, due_on=day)

    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_what_a_part_is_owed_by_follows_its_steps(cast):
    task = an_accepted(cast, due_in=30)
    owed = Part.objects.values_list("owed_on", flat=True)
    part = task.lead

    assert owed.get(pk=part.pk) == part.due_on
    report = a_submission(cast, task)
    assert owed.get(pk=part.pk) == part.due_on
    actions.send_back(report, by=cast.verifier, reason=ReturnReason.FORM, note="Unsigned")
    assert owed.get(pk=part.pk) == part.due_on
    actions.drop(Task.objects.get(pk=task.pk), by=cast.office, reason="Merged")
    assert owed.get(pk=part.pk) is None
    assert owed.get(pk=a_draft(cast).lead.pk) is None
    assert Status.DRAFT not in lists.OPEN


def test_an_officer_sees_the_list_of_the_unit_and_no_other(client, cast, many):
    client.force_login(cast.officer)

    found = {row.title for row in client.get("/tasks/").context["page"].rows}

    assert found == set(many) - {"Draft of work"}


def taken_out(client, asked=""):
    """The rows of the table, by their headings."""
    answer = client.get(f"/tasks/table/?as=csv&{asked}")
    return list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))


@pytest.mark.parametrize("asked", ["", "state=late", "q=work&state=open", "unit=Ministry of Roads"])
def test_the_table_holds_what_the_list_shows(client, cast, many, asked):
    client.force_login(cast.office)

    listed = {row.title for row in client.get(f"/tasks/?{asked}").context["page"].rows}

    assert {row["Work"] for row in taken_out(client, asked)} == listed


def test_the_table_is_for_the_eyes_of_who_takes_it(client, cast, many):
    client.force_login(cast.stranger)
    assert taken_out(client) == []
    client.force_login(cast.lead)
    assert {row["Work"] for row in taken_out(client)} == set(many) - {"Draft of work"}


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_calculates(client, cast, mark):
    an_issued(cast, title=f"{mark}HYPERLINK(1)")
    client.force_login(cast.office)

    [row] = taken_out(client)
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/tasks/table/").getvalue()))

    assert row["Work"] == f"'{mark}HYPERLINK(1)"
    assert book.get_sheet_by_index(0).to_python()[1][2].strip() == f"{mark}HYPERLINK(1)".strip()


def test_a_workbook_has_a_row_for_each_part_with_days_as_days(client, cast):
    task = an_issued(cast, title="Clear the backlog")
    client.force_login(cast.office)

    answer = client.get("/tasks/table/")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0)
    heading, row = sheet.to_python()

    assert row[heading.index("Due")] == task.lead.due_on
    assert row[heading.index("Unit")] == "Ministry of Rivers"
    assert answer["Content-Disposition"].endswith('.xlsx"')


def test_a_table_of_what_cannot_be_read_leads_back_to_the_list(client, cast):
    client.force_login(cast.office)
    assert client.get("/tasks/table/?programme=none").url == "/tasks/?programme=none"


def test_a_table_asks_no_more_for_twenty_tasks_than_for_one(
    client, cast, django_assert_max_num_queries
):
    client.force_login(cast.office)
    an_issued(cast)
    taken_out(client)
    with django_assert_max_num_queries(30) as few:
        taken_out(client)
    for _ in range(20):
        an_issued(cast)

    with django_assert_max_num_queries(len(few)):
        taken_out(client)
