"""What is read carries its ETag: the version for who edits, a mark of the answer for who reads again."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_draft, a_grant, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.ledger.record import version_of
from tiendo.tasks import actions
from tiendo.web.api import document
from tiendo.web.tests.test_api import GETS, call, is_a_problem

TAGGED = {
    operation["operationId"]
    for path in json.loads(document())["paths"].values()
    for operation in path.values()
    if any("ETag" in answer.get("headers", {}) for answer in operation["responses"].values())
}


def test_every_thing_that_is_read_by_its_number_has_a_tag():
    told = json.loads(document())["paths"]
    single = {
        path["get"]["operationId"]
        for address, path in told.items()
        if "get" in path and address.endswith("}") and "pk" in address
    }
    assert single >= {"get_task", "get_document", "get_proposal", "get_unit"}
    assert single - TAGGED == set()


@pytest.mark.parametrize("name", sorted(TAGGED & set(GETS)))
def test_who_has_the_answer_is_not_told_again(cast, name):
    path = GETS[name](cast)
    first = call(cast.office, "get", path)

    same = call(cast.office, "get", path, if_none_match=f'"x", W/{first["ETag"]}')
    other = call(cast.office, "get", path, if_none_match='"1.0000"')

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200
    assert other.json() == first.json()


def test_what_changes_without_an_act_changes_the_tag(cast):
    task = an_issued(cast, due_in=1)
    before = call(cast.office, "get", f"/tasks/{task.pk}")

    with clock.telling(clock.now() + timedelta(days=3)):
        after = call(cast.office, "get", f"/tasks/{task.pk}", if_none_match=before["ETag"])

    assert after.status_code == 200
    assert after["ETag"].partition(".")[0] == before["ETag"].partition(".")[0]
    assert after["ETag"] != before["ETag"]


def test_readers_with_other_eyes_do_not_share_a_tag(cast):
    task = an_accepted(cast)
    actions.report(task.lead, by=cast.lead, words="Half of it")
    whole = call(cast.office, "get", f"/tasks/{task.pk}")
    a_grant(Role.MEMBER, cast.other_ministry, cast.nobody)

    assert (
        call(cast.nobody, "get", f"/tasks/{task.pk}", if_none_match=whole["ETag"]).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("who", "act", "body"),
    [
        ("lead", "acceptance", None),
        ("lead", "refusal", {"reason": "Not ours"}),
        ("lead", "reports", {"words": "Half done"}),
        ("lead", "extensions", {"asked_on": "2090-01-01", "reason": "Floods"}),
    ],
)
def test_every_act_minds_the_version_its_sender_saw(cast, who, act, body):
    task = an_issued(cast) if act in {"acceptance", "refusal"} else an_accepted(cast)
    path = f"/parts/{task.lead.pk}/{act}"
    now = version_of(task)

    late = call(getattr(cast, who), "post", path, body, if_match=f'"{now - 1}.abc"')
    done = call(getattr(cast, who), "post", path, body, if_match=f'"{now}.abc"')

    assert late.status_code == 409
    assert is_a_problem(late)["code"] == "changed-meanwhile"
    assert done.status_code == 201, done.content


def test_a_draft_may_be_reworded_by_who_saw_anything(cast):
    task = a_draft(cast)
    path = f"/tasks/{task.pk}"

    assert call(cast.office, "patch", path, {"title": "New"}, if_match="*").status_code == 422
    for wrong in ("7", '"x"', '"1.zz"', "W/1"):
        assert call(cast.office, "patch", path, {"title": "New"}, if_match=wrong).status_code == 422


class TestMe:
    def test_says_who_asks_and_what_they_may_do_where(self, cast):
        told = call(cast.lead, "get", "/me").json()

        assert (told["username"], told["name"]) == (cast.lead.username, "Lead Nam")
        assert told["rights"]["tasks.answer"] == [
            {"id": cast.ministry.pk, "key": cast.ministry.key, "name": "Ministry of Rivers"}
        ]
        assert "tasks.verify" not in told["rights"]
        assert call(cast.nobody, "get", "/me").json()["rights"] == {}

    def test_asks_as_often_for_one_right_as_for_all(self, cast):
        def questions(person):
            with CaptureQueriesContext(connection) as asked:
                assert call(person, "get", "/me").status_code == 200
            return len(asked)

        few = questions(cast.inspector)
        for unit in (cast.ministry, cast.other_ministry, cast.province):
            for role in (Role.OFFICER, Role.VERIFIER, Role.UNIT_HEAD):
                a_grant(role, unit, cast.inspector)

        assert questions(cast.inspector) == few
