import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from makers import (
    a_document,
    a_draft,
    a_person,
    a_programme,
    a_submission,
    a_unit,
    an_accepted,
    an_issued,
)
from tiendo.access.capabilities import Role
from tiendo.documents.models import Document
from tiendo.intake import actions as intake
from tiendo.intake.models import Intake, Proposal
from tiendo.kit import clock
from tiendo.ledger.models import Entry
from tiendo.ledger.record import version_of
from tiendo.people.actions import end_token, open_token
from tiendo.people.models import Token
from tiendo.tasks import actions
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Extension, Part, Report, Task
from tiendo.tasks.states import Status
from tiendo.web.api import document as openapi

V1 = "/api/v1"
PROBLEM = "application/problem+json"
ROOT = Path(__file__).resolve().parents[4]


def call(person, method, path, body=None, **headers):
    """A request as a signed-in browser makes it."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    if body is None or "file" in body:
        sent = {"data": body} if body else {}
    else:
        sent = {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(client, method)(V1 + path, headers=headers, **sent)


def is_a_problem(answer):
    body = answer.json()
    assert answer["Content-Type"] == PROBLEM
    assert {"type", "title", "status", "detail", "code", "errors", "since"} == set(body)
    assert body["status"] == answer.status_code
    return body


# --- the story each route is asked in: (path, body) ---------------------------------------------


def a_secret_text(cast):
    text = "The Ministry of Rivers shall report on the rivers by 30 June 2025."
    return a_document(cast, text=text, secrecy="confidential")


def a_proposal(cast):
    row = Intake.objects.create(
        document=a_secret_text(cast), reader="test", read_at=clock.now(), read_by=cast.office
    )
    return Proposal.objects.create(
        intake=row, number=1, start=0, end=5, quote="The M", work="Report on rivers"
    )


def a_request(cast):
    lead = an_accepted(cast).lead
    return actions.ask_extension(
        lead, by=cast.lead, asked_on=lead.due_on + timedelta(days=9), reason="Floods"
    )


def text_to_register(cast):
    return {
        "unit": cast.committee.pk,
        "issuer": cast.committee.pk,
        "title": "Conclusion",
        "text": "The Ministry of Rivers shall report.",
        "language": "en",
        "issued_on": "2025-01-20",
        "symbol": "7-KL/TW",
        "recipients": [cast.ministry.pk],
    }


def acceptance_of(cast):
    return {
        "programme": a_programme(cast).pk,
        "title": "Report on rivers",
        "lead": cast.ministry.pk,
        "verifier": cast.committee.pk,
        "due_on": "2025-06-30",
    }


def later(cast, part):
    return str(part.due_on + timedelta(days=3))


def minutes():
    return SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 minutes")


GETS = {
    "list_documents": lambda cast: "/documents",
    "get_document": lambda cast: f"/documents/{a_secret_text(cast).pk}",
    "list_proposals": lambda cast: f"/documents/{a_proposal(cast).intake.document_id}/proposals",
    "get_proposal": lambda cast: f"/proposals/{a_proposal(cast).pk}",
    "who_am_i": lambda cast: "/me",
    "list_tasks": lambda cast: "/tasks",
    "get_task": lambda cast: f"/tasks/{an_issued(cast).pk}",
    "list_figures": lambda cast: "/figures",
    "ask_figure": lambda cast: "/figures/tasks.cells",
    "find_units": lambda cast: "/units?q=rivers",
    "get_unit": lambda cast: f"/units/{cast.ministry.pk}",
}
FOR_ALL = {
    "who_am_i",
    "list_documents",
    "list_tasks",
    "list_figures",
    "ask_figure",
    "find_units",
    "get_unit",
}

# operation: (who may, method, path, body)
ACTS = {
    "register_document": ("office", "post", lambda c: ("/documents", text_to_register(c))),
    "read_document": (
        "office",
        "post",
        lambda c: (f"/documents/{a_secret_text(c).pk}/reading", None),
    ),
    "accept_proposal": (
        "office",
        "post",
        lambda c: (f"/proposals/{a_proposal(c).pk}/acceptance", acceptance_of(c)),
    ),
    "refuse_proposal": (
        "office",
        "post",
        lambda c: (f"/proposals/{a_proposal(c).pk}/refusal", {"reason": "No order"}),
    ),
    "reword_task": (
        "office",
        "patch",
        lambda c: (f"/tasks/{a_draft(c).pk}", {"title": "Clear all the backlog", "version": 1}),
    ),
    "issue_task": ("office", "post", lambda c: (f"/tasks/{a_draft(c).pk}/issue", {})),
    "accept_part": ("lead", "post", lambda c: (f"/parts/{an_issued(c).lead.pk}/acceptance", None)),
    "refuse_part": (
        "lead",
        "post",
        lambda c: (f"/parts/{an_issued(c).lead.pk}/refusal", {"reason": "Not ours"}),
    ),
    "send_evidence": (
        "lead",
        "post",
        lambda c: (f"/parts/{an_accepted(c).lead.pk}/evidence", {"file": minutes()}),
    ),
    "report": (
        "lead",
        "post",
        lambda c: (f"/parts/{an_accepted(c).lead.pk}/reports", {"words": "Half done"}),
    ),
    "judge_report": (
        "verifier",
        "post",
        lambda c: (f"/reports/{a_submission(c).pk}/verdict", {"accepted": True}),
    ),
    "ask_extension": ("lead", "post", lambda c: extension_of(c)),
    "decide_extension": (
        "office",
        "post",
        lambda c: (f"/extensions/{a_request(c).pk}/decision", {"granted": True, "note": "Granted"}),
    ),
}
TO_ALL_SIGNED_IN = {  # there is no thing yet that could be hidden
    "register_document": 403,
    "prepare_reform": 403,
}


# reforms: one office prepares, another carries out
def a_plan(cast):
    plan = {"units": [cast.ministry.pk], "heirs": [{"unit": cast.other_ministry.pk}]}
    return {"on": str(clock.today()), "basis": "7/2025", "plan": plan}


def a_prepared(cast):
    from tiendo.reforms import actions as reforms
    from tiendo.reforms.plan import read_plan
    from tiendo.reforms.states import Kind

    secretary = a_person("Secretary", role=Role.STANDING_OFFICE, over=cast.country)
    plan = read_plan(a_plan(cast)["plan"])
    return reforms.prepare(Kind.MERGE, by=secretary, on=clock.today(), basis="7/2025", plan=plan)


def seen_of(cast):
    from tiendo.reforms.preview import previewed

    reform = a_prepared(cast)
    return f"/reforms/{reform.pk}/carrying-out", {"seen": previewed(reform).fingerprint}


GETS |= {
    "list_reforms": lambda cast: "/reforms",
    "get_reform": lambda cast: f"/reforms/{a_prepared(cast).pk}",
    "preview_reform": lambda cast: f"/reforms/{a_prepared(cast).pk}/preview",
}
FOR_ALL |= {"list_reforms"}
ACTS |= {
    "prepare_reform": ("office", "post", lambda c: ("/reforms", {"kind": "merge", **a_plan(c)})),
    "revise_reform": (
        "office",
        "post",
        lambda c: (f"/reforms/{a_prepared(c).pk}/revision", a_plan(c)),
    ),
    "carry_out_reform": ("office", "post", seen_of),
    "drop_reform": (
        "office",
        "post",
        lambda c: (f"/reforms/{a_prepared(c).pk}/drop", {"reason": "No vote"}),
    ),
    "join_part": ("office", "post", lambda c: two_that_meet(c)),
}


def two_that_meet(cast):
    """A task whose helping part came to its lead: one unit owes both."""
    helper = PartWording(
        unit=cast.other_ministry, verifier=cast.committee, due_on=clock.today() + timedelta(days=30)
    )
    task = a_draft(cast)
    actions.bring_in(task, helper, by=cast.office)
    task = actions.issue(type(task).objects.get(pk=task.pk), by=cast.office)
    Part.objects.filter(task=task).update(unit=cast.ministry)
    part = task.parts.get(role="with")
    return f"/parts/{part.pk}/joining", {"into": task.parts.get(role="lead").pk, "reason": "One"}


def extension_of(cast):
    part = an_accepted(cast).lead
    return f"/parts/{part.pk}/extensions", {"asked_on": later(cast, part), "reason": "Floods"}


class TestTheFirstRooms:
    """Who may, on whole bodies, and that a refusal leaves no trace; every route is judged in tests/matrix."""

    @pytest.mark.parametrize("name", GETS)
    def test_who_may_look_sees_it_and_for_a_stranger_it_is_not_there(self, cast, name):
        path = GETS[name](cast)

        assert call(cast.office, "get", path).status_code == 200
        assert call(cast.inspector, "get", path).status_code == 200
        assert call(cast.stranger, "get", path).status_code == (200 if name in FOR_ALL else 404)
        nobody = call(None, "get", path)
        assert nobody.status_code == 401
        assert nobody["WWW-Authenticate"].startswith("Bearer")
        assert is_a_problem(nobody)["code"] == "not-signed-in"

    @pytest.mark.parametrize("name", ACTS)
    def test_only_the_one_who_may_does_it_and_the_others_leave_no_trace(self, cast, name):
        owner, method, made = ACTS[name]
        path, body = made(cast)
        before = Entry.objects.count()

        others = [
            call(who, method, path, body and again(body))
            for who in (cast.inspector, cast.stranger, None)
        ]

        assert [a.status_code for a in others] == [403, TO_ALL_SIGNED_IN.get(name, 404), 401]
        assert all(is_a_problem(answer) for answer in others)
        assert Entry.objects.count() == before
        done = call(getattr(cast, owner), method, path, body)
        assert done.status_code == (200 if method == "patch" else 201), done.content


def again(body):
    """The same body once more; a file is read from its beginning."""
    return {**body, "file": minutes()} if "file" in body else body


ADDRESSES = [
    ("api:documents", "/documents"),
    ("api:registration", "/documents"),
    ("api:document", "/documents/7"),
    ("api:reading", "/documents/7/reading"),
    ("api:proposals", "/documents/7/proposals"),
    ("api:proposal", "/proposals/7"),
    ("api:me", "/me"),
    ("api:proposal-acceptance", "/proposals/7/acceptance"),
    ("api:proposal-refusal", "/proposals/7/refusal"),
    ("api:part-acceptance", "/parts/7/acceptance"),
    ("api:part-refusal", "/parts/7/refusal"),
    ("api:tasks", "/tasks"),
    ("api:task", "/tasks/7"),
    ("api:wording", "/tasks/7"),
    ("api:issue", "/tasks/7/issue"),
    ("api:evidence", "/parts/7/evidence"),
    ("api:report", "/parts/7/reports"),
    ("api:verdict", "/reports/7/verdict"),
    ("api:extension", "/parts/7/extensions"),
    ("api:decision", "/extensions/7/decision"),
    ("api:figures", "/figures"),
    ("api:units", "/units"),
    ("api:unit", "/units/7"),
    ("api:part_joining", "/parts/7/joining"),
    ("api:reforms", "/reforms"),
    ("api:reform_preparation", "/reforms"),
    ("api:reform_preview", "/reforms/7/preview"),
    ("api:reform_carrying_out", "/reforms/7/carrying-out"),
    ("api:openapi-json", "/openapi.json"),
]


@pytest.mark.parametrize(("name", "address"), ADDRESSES)
def test_integrators_find_everything_where_it_was(name, address):
    place = reverse(name, kwargs={"pk": 7}) if "7" in address else reverse(name)
    assert place == V1 + address


def test_a_figure_is_asked_by_its_key():
    assert reverse("api:figure", kwargs={"key": "tasks.cells"}) == f"{V1}/figures/tasks.cells"


class TestTheLine:
    def test_a_text_becomes_a_verified_task(self, cast):
        made = call(cast.office, "post", "/documents", text_to_register(cast)).json()
        call(cast.office, "post", f"/documents/{made['id']}/reading")
        [proposal] = call(cast.office, "get", f"/documents/{made['id']}/proposals").json()["items"]
        accepted = {**acceptance_of(cast), "measure": "rivers ÷ all", "authority": "The minister",
                    "responsibility": "Answers", "product": "A report"}  # fmt: skip
        taken = call(
            cast.office, "post", f"/proposals/{proposal['id']}/acceptance", accepted
        ).json()
        task = call(cast.office, "post", f"/tasks/{taken['task']}/issue", {}).json()
        part = task["parts"][0]["id"]
        call(cast.lead, "post", f"/parts/{part}/acceptance")
        sent = call(cast.lead, "post", f"/parts/{part}/evidence", {"file": minutes()}).json()
        final = {
            "words": "Done",
            "is_final": True,
            "evidence": [sent["seal"]],
            "amount": 3,
            "out_of": 3,
        }
        told = call(cast.lead, "post", f"/parts/{part}/reports", final).json()
        report = told["parts"][0]["reports"][0]

        done = call(
            cast.verifier, "post", f"/reports/{report['id']}/verdict", {"accepted": True}
        ).json()

        assert report["evidence"] == [{"name": "minutes.pdf", "size": 16, "sha256": sent["sha256"]}]
        assert done["parts"][0]["status"] == "done"
        assert done["quote"].startswith("The Ministry of Rivers shall report")
        figure = call(cast.office, "get", "/figures/tasks.of_all?programme=57-NQ/TW").json()
        assert (figure["numerator"], figure["denominator"], figure["percent"]) == (1, 1, "100.00")

    def test_the_wrong_state_is_refused_with_its_sentence(self, cast):
        answer = call(
            cast.lead, "post", f"/parts/{an_issued(cast).lead.pk}/reports", {"words": "Done"}
        )

        assert answer.status_code == 409
        assert "Accept the task first" in is_a_problem(answer)["detail"]

    def test_an_unclear_task_says_what_is_missing(self, cast):
        answer = call(cast.office, "post", f"/tasks/{a_draft(cast, measure='').pk}/issue", {})

        assert answer.status_code == 422
        assert [one["field"] for one in is_a_problem(answer)["errors"]] == ["measure"]

    def test_a_second_reading_is_refused(self, cast):
        text = a_secret_text(cast)
        intake.read_document(text, by=cast.office)

        assert call(cast.office, "post", f"/documents/{text.pk}/reading").status_code == 409

    def test_a_seal_of_a_colleague_opens_nothing(self, cast):
        part = an_accepted(cast).lead
        seal = call(cast.lead, "post", f"/parts/{part.pk}/evidence", {"file": minutes()}).json()[
            "seal"
        ]

        answer = call(
            cast.officer, "post", f"/parts/{part.pk}/reports", {"words": "x", "evidence": [seal]}
        )

        assert answer.status_code == 422
        assert not Report.objects.exists()

    def test_a_file_of_a_kind_we_do_not_take_is_refused(self, cast):
        part = an_accepted(cast).lead
        bad = {"file": SimpleUploadedFile("virus.exe", b"MZ")}

        answer = call(cast.lead, "post", f"/parts/{part.pk}/evidence", bad)

        assert answer.status_code == 422
        assert is_a_problem(answer)["errors"][0]["field"] == "file"

    def test_a_report_is_returned_only_with_a_reason(self, cast):
        path = f"/reports/{a_submission(cast).pk}/verdict"

        assert (
            call(cast.verifier, "post", path, {"accepted": False, "note": "Where?"}).status_code
            == 422
        )
        given = {"accepted": False, "reason": "evidence", "note": "Where?"}
        assert call(cast.verifier, "post", path, given).json()["parts"][0]["status"] == "returned"


class TestVersions:
    def test_the_second_editor_is_shown_what_the_first_did(self, cast):
        task = a_draft(cast)
        etag = call(cast.office, "get", f"/tasks/{task.pk}")["ETag"]
        first = call(
            cast.office, "patch", f"/tasks/{task.pk}", {"title": "A better title"}, if_match=etag
        )

        second = call(
            cast.committee_head, "patch", f"/tasks/{task.pk}", {"title": "Another"}, if_match=etag
        )

        assert first.status_code == 200
        assert first["ETag"].startswith('"2.')
        assert second.status_code == 409
        assert is_a_problem(second)["code"] == "changed-meanwhile"
        assert "A better title" in second.json()["since"][0]["sentence"]
        assert Task.objects.get().title == "A better title"

    def test_what_is_left_out_of_a_rewording_stays(self, cast):
        task = a_draft(cast)

        call(
            cast.office, "patch", f"/tasks/{task.pk}", {"is_key": True, "version": version_of(task)}
        )

        now = Task.objects.get()
        assert (now.title, now.measure, now.is_key) == (task.title, task.measure, True)
        assert now.lead.product == task.lead.product

    def test_a_rewording_names_the_version_it_saw(self, cast):
        path = f"/tasks/{a_draft(cast).pk}"

        for header, status in (("7", 422), ('"x"', 422), (None, 422), ('"99"', 409)):
            headers = {"if_match": header} if header else {}
            answer = call(cast.office, "patch", path, {"title": "New title"}, **headers)
            assert answer.status_code == status, header

    def test_a_verdict_on_an_older_state_is_refused(self, cast):
        report = a_submission(cast)

        answer = call(
            cast.verifier, "post", f"/reports/{report.pk}/verdict", {"accepted": True, "version": 1}
        )

        assert answer.status_code == 409
        report.part.refresh_from_db()
        assert report.part.status == Status.SUBMITTED


UNKEEPABLE = ["\x00", "a\x00b", "\ud800", "x\udfff"]


WRONG = [
    *((field, words) for field in ("title", "text", "symbol", "type") for words in UNKEEPABLE),
    ("unit", 10**30), ("unit", 0), ("unit", 987654321), ("title", "  "), ("title", "x" * 501), ("text", 7),
    ("issued_on", "31-31-2025"), ("issued_on", None), ("language", "xx"), ("recipients", [1, "a"]),
    ("recipients", [987654321]), ("surprise", 1), ("secrecy", "none"), ("type", "ZZ"),
]  # fmt: skip
BODIES = [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null", b'{"words": NaN}', b"[" * 9999]
QUESTIONS = [
    "/tasks?q=%00", "/tasks?limit=0", "/tasks?limit=999", "/tasks?after=-1", "/tasks?surprise=1",
    "/tasks?status=nowhere", f"/tasks?after={10**30}", "/units?q=%00", "/units?q=", "/units?q=x&on=never",
    "/documents?q=%00", "/figures/tasks.cells?true_on=x", "/figures/tasks.cells?known_at=2025-01-01T00:00:00",
    "/figures/tasks.cells?unit=0", "/figures/tasks.cells?programme=none",
]  # fmt: skip
NOWHERE = [
    "/figures/nonsense",
    "/nowhere",
    f"/tasks/{10**30}",
    "/tasks/0",
    "/tasks/x",
    "",
    "/tasks/",
]


class TestBadInput:
    def test_a_wrong_field_is_named_and_nothing_is_kept(self, cast):
        for field, value in WRONG:
            answer = call(
                cast.office, "post", "/documents", {**text_to_register(cast), field: value}
            )

            assert answer.status_code == 422, (field, value, answer.content)
            assert is_a_problem(answer)["errors"][0]["field"].split(".")[0] == field
        assert not Document.objects.exists()

    def test_a_body_that_is_none_is_a_problem(self, cast):
        client = Client(raise_request_exception=False)
        client.force_login(cast.lead)
        path = f"{V1}/parts/{an_accepted(cast).lead.pk}/reports"

        for body in BODIES:
            answer = client.post(path, data=body, content_type="application/json")

            assert answer.status_code in {400, 422}, body
            is_a_problem(answer)
        assert not Report.objects.exists()

    def test_a_number_or_a_word_that_cannot_be_kept_is_refused(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        numbers = ["NaN", "Infinity", "1e400", "-1", 10**20, "1.23456", "x"]
        wrong = [{"amount": number, "out_of": 3} for number in numbers]
        wrong += [{"words": words} for words in UNKEEPABLE] + [
            {"evidence": ["\x00"]},
            {"out_of": 0, "amount": 0},
        ]

        for given in wrong:
            assert call(cast.lead, "post", path, {"words": "Done", **given}).status_code == 422, (
                given
            )
        assert not Report.objects.exists()

    def test_a_damaged_question_is_refused(self, cast):
        for path in QUESTIONS:
            answer = call(cast.office, "get", path)

            assert answer.status_code == 422, (path, answer.content)
            is_a_problem(answer)

    def test_an_address_that_is_none_is_a_problem(self, cast):
        for path in NOWHERE:
            answer = call(cast.office, "get", path)

            assert answer.status_code == 404, path
            is_a_problem(answer)

    def test_what_cannot_be_done_at_an_address_says_what_can(self, cast):
        answer = call(cast.office, "delete", "/documents")

        assert answer.status_code == 405
        assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
        is_a_problem(answer)

    def test_refusals_are_in_the_readers_language(self, cast):
        answer = call(cast.office, "get", "/nowhere", accept_language="fr")

        assert answer.headers["Content-Language"] == "fr"


class TestDoors:
    def test_a_key_acts_in_its_persons_name_without_a_session(self, cast):
        _token, secret = a_key(cast.office)

        answer = Client().get(f"{V1}/tasks", headers={"authorization": f"Bearer {secret}"})

        assert answer.status_code == 200
        assert not answer.cookies

    def test_a_key_has_its_persons_rights_and_no_more(self, cast):
        _token, secret = a_key(cast.stranger)

        answer = Client().get(
            f"{V1}/tasks/{an_issued(cast).pk}", headers={"authorization": f"Bearer {secret}"}
        )

        assert answer.status_code == 404

    @pytest.mark.parametrize("why", ["ended", "expired", "wrong", "person gone"])
    def test_a_key_that_does_not_work_opens_nothing_even_beside_a_session(self, cast, why):
        token, secret = a_key(cast.office)
        if why == "ended":
            end_token(token, by=cast.office)
        if why == "expired":
            Token.objects.update(expires_on=clock.today())
        if why == "person gone":
            type(cast.office).objects.filter(pk=cast.office.pk).update(is_active=False)
        client = Client()
        client.force_login(cast.lead)
        secret = "tiendo_nonsense" if why == "wrong" else secret

        answer = client.get(f"{V1}/tasks", headers={"authorization": f"Bearer {secret}"})

        assert answer.status_code == 401

    def test_a_browser_without_its_csrf_token_changes_nothing(self, cast):
        task = an_issued(cast)
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.lead)

        answer = client.post(f"{V1}/parts/{task.lead.pk}/acceptance")

        assert answer.status_code == 403
        assert is_a_problem(answer)["code"] == "csrf"
        task.lead.refresh_from_db()
        assert task.lead.status == Status.ISSUED

    def test_the_description_is_for_those_who_may_use_it(self, cast):
        assert call(None, "get", "/openapi.json").status_code == 401
        assert call(cast.lead, "get", "/openapi.json").json()["openapi"] == "3.1.0"


def a_key(person):
    return open_token(
        person, by=person, name="My program", expires_on=clock.today() + timedelta(days=30)
    )


def test_the_committed_description_is_the_api():
    committed = (ROOT / "docs" / "openapi.json").read_text("utf8")
    assert committed == openapi(), (
        "The API changed: run tools/openapi.py and look at the difference."
    )


def test_lists_go_on_after_their_bookmark(cast):
    for number in range(5):
        a_draft(cast, title=f"Task number {number}")

    first = call(cast.office, "get", "/tasks?limit=3").json()
    second = call(cast.office, "get", f"/tasks?limit=3&after={first['next']}").json()

    assert [len(first["items"]), len(second["items"]), second["next"]] == [3, 2, None]


def test_twenty_tasks_ask_as_much_as_one(
    cast, django_assert_num_queries, django_assert_max_num_queries
):
    a_draft(cast)
    call(cast.office, "get", "/tasks")
    with django_assert_max_num_queries(30) as few:
        call(cast.office, "get", "/tasks")
    for number in range(19):
        a_draft(
            cast,
            title=f"Task number {number}",
            unit=a_unit(f"Ministry {number}", under=cast.country),
        )
    with django_assert_num_queries(len(few.captured_queries)):
        assert len(call(cast.office, "get", "/tasks").json()["items"]) == 20


def test_twenty_texts_ask_as_much_as_one(
    cast, django_assert_num_queries, django_assert_max_num_queries
):
    a_document(cast)
    call(cast.office, "get", "/documents")
    with django_assert_max_num_queries(30) as few:
        call(cast.office, "get", "/documents")
    for _number in range(19):
        a_document(cast)
    with django_assert_num_queries(len(few.captured_queries)):
        assert len(call(cast.office, "get", "/documents").json()["items"]) == 20


class TestKeysPage:
    def test_a_person_opens_a_key_sees_it_once_and_ends_it(self, client, cast):
        client.force_login(cast.lead)
        until = str(clock.today() + timedelta(days=9))

        opened = client.post(
            reverse("web:tokens"), {"name": "Nightly", "scope": "read", "expires_on": until}
        )
        token = Token.objects.get()

        assert opened.status_code == 201
        assert "tiendo_" in opened.content.decode()
        assert "tiendo_" not in client.get(reverse("web:tokens")).content.decode()
        client.post(reverse("web:token_ending", args=[token.pk]))
        token.refresh_from_db()
        assert token.ended_at is not None
        assert [e.act for e in Entry.objects.about(token)] == [
            "people.token_opened",
            "people.token_ended",
        ]

    @pytest.mark.parametrize(
        ("field", "value"), [("name", ""), ("name", "  "), ("expires_on", "2000-01-01"), ("expires_on", "x"),
                             ("expires_on", "2999-01-01"), ("name", "x\x00"), ("scope", ""), ("scope", "everything")],
    )  # fmt: skip
    def test_a_wrong_field_is_said_and_nothing_typed_is_lost(self, client, cast, field, value):
        client.force_login(cast.lead)
        given = {
            "name": "Nightly",
            "scope": "read",
            "expires_on": str(clock.today() + timedelta(days=9)),
            field: value,
        }

        answer = client.post(reverse("web:tokens"), given)

        assert answer.status_code == 422
        assert field == "name" or "Nightly" in answer.content.decode()
        assert not Token.objects.exists()

    def test_another_persons_key_is_not_there(self, client, cast):
        token, _secret = a_key(cast.office)
        client.force_login(cast.lead)

        assert "My program" not in client.get(reverse("web:tokens")).content.decode()
        assert client.post(reverse("web:token_ending", args=[token.pk])).status_code == 404

    def test_an_ended_key_cannot_be_ended_again(self, client, cast):
        token, _secret = a_key(cast.lead)
        end_token(token, by=cast.lead)
        client.force_login(cast.lead)

        assert client.post(reverse("web:token_ending", args=[token.pk])).status_code == 409

    def test_nobody_is_asked_to_sign_in(self, client, db):
        assert client.get(reverse("web:tokens")).status_code == 302

    def test_twenty_keys_ask_as_much_as_one(
        self, client, cast, django_assert_num_queries, django_assert_max_num_queries
    ):
        client.force_login(cast.lead)
        a_key(cast.lead)
        client.get(reverse("web:tokens"))
        with django_assert_max_num_queries(15) as few:
            client.get(reverse("web:tokens"))
        for _number in range(19):
            a_key(cast.lead)
        with django_assert_num_queries(len(few.captured_queries)):
            client.get(reverse("web:tokens"))


def test_nobody_opens_a_key_for_another(cast):
    from tiendo.kit.refusals import Forbidden

    with pytest.raises(Forbidden):
        open_token(
            cast.lead, by=cast.office, name="x", expires_on=clock.today() + timedelta(days=9)
        )
    assert not Token.objects.exists()


def test_an_extension_is_decided_once(cast):
    asked = a_request(cast)
    path = f"/extensions/{asked.pk}/decision"

    first = call(cast.office, "post", path, {"granted": False, "note": "No"})
    second = call(cast.office, "post", path, {"granted": True, "note": "Yes"})

    assert (first.status_code, second.status_code) == (201, 409)
    assert Extension.objects.get().granted is False
