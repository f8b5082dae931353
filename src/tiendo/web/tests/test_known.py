"""The API reads what its document names, written as it says, and refuses the rest before anything is done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from ninja import Schema

from makers import an_accepted, an_issued
from tiendo.ledger.models import Entry

V1 = "/api/v1"


@pytest.fixture
def lead(cast):
    client = Client()
    client.force_login(cast.lead)
    return client


def minutes(name="minutes.txt"):
    return SimpleUploadedFile(name, b"Cleared")


def named(answer):
    return [one["field"] for one in answer.json()["errors"]]


def test_a_word_nobody_asks_for_is_named_in_an_address_and_in_a_form(cast, lead):
    part = an_accepted(cast).lead.pk
    evidence = f"{V1}/parts/{part}/evidence"

    assert lead.post(evidence, {"file": minutes()}).status_code == 201
    for answer, word in (
        (lead.post(f"{evidence}?unit=1", {"file": minutes()}), "unit"),
        (lead.post(evidence, {"file": minutes(), "status": "verified"}), "status"),
        (lead.post(evidence, {"file": minutes(), "other": minutes()}), "other"),
        (lead.post(evidence, {"file": [minutes("a.txt"), minutes("b.txt")]}), "file"),
        (lead.get(f"{V1}/tasks?unit__grants__role=administrator"), "unit__grants__role"),
        (lead.get(f"{V1}/me?id=1"), "id"),
    ):
        assert (answer.status_code, named(answer)) == (422, [word])


def test_where_only_the_address_is_read_a_body_is_refused(cast, lead):
    acceptance = f"{V1}/parts/{an_issued(cast).lead.pk}/acceptance"
    before = Entry.objects.count()

    for sent in (
        {"data": '{"status": "verified"}', "content_type": "application/json"},
        {"data": {"unit": "7"}},
        {"data": "status=verified", "content_type": "application/x-www-form-urlencoded"},
        {"data": "verified", "content_type": "text/plain"},
    ):
        assert lead.post(acceptance, **sent).status_code == 415
    assert Entry.objects.count() == before
    assert lead.post(acceptance, "{}", content_type="application/json").status_code == 201


def test_who_may_not_come_in_hears_nothing_of_what_is_read(cast, client):
    answer = client.post(f"{V1}/parts/{an_issued(cast).lead.pk}/acceptance?unit=1")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"version": True}, "version"),
        ({"version": "1"}, "version"),
        ({"version": 1.5}, "version"),
        ({"is_key": 1}, "is_key"),
        ({"is_key": "yes"}, "is_key"),
        ({"title": 7}, "title"),
        ({"due_on": 0}, "lead.due_on"),
        ({"due_on": "0"}, "lead.due_on"),
        ({"due_on": "2025-01-20T00:00:00"}, "lead.due_on"),
        ({"due_on": True}, "lead.due_on"),
    ],
)
def test_a_word_of_another_kind_is_not_turned_into_the_one_that_is_asked_for(cast, body, field):
    task = an_issued(cast)
    client = Client()
    client.force_login(cast.office)
    lead = {"unit": cast.ministry.pk, "product": "A list"}
    sent = {"lead": {**lead, **body}} if field.startswith("lead") else body
    answer = client.patch(f"{V1}/tasks/{task.pk}", sent, content_type="application/json")

    assert (answer.status_code, named(answer)) == (422, [field])


def test_a_whole_number_may_be_written_with_a_point(cast):
    """JSON knows one kind of number: 2.0 is a version, 2.5 is none."""
    task = an_issued(cast)
    client = Client()
    client.force_login(cast.office)
    sent = {"version": 9.0, "title": "Clear it"}
    answer = client.patch(f"{V1}/tasks/{task.pk}", sent, content_type="application/json")

    assert answer.status_code == 409  # read, and judged: the task is another version


@pytest.mark.parametrize("day", ["0", "86400", "٢٠٢٥-01-20", "20250120", "2025-1-2", "2025-01-20 "])
def test_a_day_is_written_in_one_way(cast, lead, day):
    assert lead.get(f"{V1}/units/{cast.ministry.pk}?on=2025-01-20").status_code == 200
    answer = lead.get(f"{V1}/units/{cast.ministry.pk}", {"on": day})
    assert (answer.status_code, named(answer)) == (422, ["on"])


@pytest.mark.parametrize("moment", ["0", "1737331200", "2025-01-20"])
def test_a_moment_is_written_in_one_way(lead, moment):
    answer = lead.get(f"{V1}/figures/tasks.open", {"known_at": moment})
    assert (answer.status_code, named(answer)) == (422, ["known_at"])


def test_no_two_shapes_of_the_api_share_a_name():
    """The document tells one shape under one name: a second of that name would be described as the first."""
    shapes = {}
    for one in subclasses_of(Schema):
        shapes.setdefault(one.__name__, set()).add(one.__module__)
    assert len(shapes) > 50
    assert {name: places for name, places in shapes.items() if len(places) > 1} == {}


def subclasses_of(kind):
    for one in kind.__subclasses__():
        if one.__module__.startswith("tiendo."):
            yield one
        yield from subclasses_of(one)
