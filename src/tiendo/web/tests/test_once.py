"""A POST with a key of the sender's own is done once, whatever happens on the way."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils.module_loading import import_string

from makers import Cast, a_draft, an_accepted, an_issued
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.ledger import answers
from tiendo.ledger.models import Answer, Entry
from tiendo.people.actions import open_token
from tiendo.tasks.models import Report
from tiendo.web.tests.test_api import V1, call, is_a_problem, minutes, text_to_register

KEY = "7f1c4f3e-0e8b-4f0a-9a52-6a4d0e6c2f10"


def sent(person, path, body, key=KEY, **more):
    return call(person, "post", path, body, idempotency_key=key, **more)


class TestOnce:
    def test_the_same_request_is_answered_alike_and_done_once(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"

        first = sent(cast.lead, path, {"words": "Half done"})
        second = sent(cast.lead, path, {"words": "Half done"})

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.content == first.content
        assert second["ETag"] == first["ETag"]
        assert second["Content-Type"] == first["Content-Type"]
        assert second["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first
        assert Report.objects.count() == 1

    def test_without_a_key_twice_is_twice(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"

        for _time in range(2):
            assert call(cast.lead, "post", path, {"words": "Half done"}).status_code == 201

        assert Report.objects.count() == 2
        assert not Answer.objects.exists()

    def test_another_body_under_the_key_is_refused(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        sent(cast.lead, path, {"words": "Half done"})

        answer = sent(cast.lead, path, {"words": "All done"})

        assert answer.status_code == 422
        assert is_a_problem(answer)["code"] == "key-reused"
        assert Report.objects.count() == 1

    def test_another_thing_under_the_key_is_refused(self, cast):
        one, other = (an_issued(cast).lead.pk for _ in range(2))
        sent(cast.lead, f"/parts/{one}/acceptance", None)

        assert sent(cast.lead, f"/parts/{other}/acceptance", None).status_code == 422

    def test_a_key_is_its_persons_and_its_routes_own(self, cast):
        part = an_issued(cast).lead.pk

        assert sent(cast.lead, f"/parts/{part}/acceptance", None).status_code == 201
        assert sent(cast.lead, f"/parts/{part}/reports", {"words": "x"}).status_code == 201
        assert sent(cast.officer, f"/parts/{part}/reports", {"words": "x"}).status_code == 201
        assert Report.objects.count() == 2

    def test_a_refusal_leaves_the_key_free(self, cast):
        path = f"/tasks/{a_draft(cast, measure='').pk}/issue"

        assert sent(cast.committee_head, path, {}).status_code == 422
        assert not Answer.objects.exists()
        better = {"overrule": "The session decided so"}
        assert sent(cast.committee_head, path, better).status_code == 201

    def test_a_file_sent_again_in_another_envelope_is_the_same_request(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/evidence"

        first = sent(cast.lead, path, {"file": minutes()})
        again = wrapped(cast.lead, path, b"%PDF-1.7 minutes", boundary="another")
        other = wrapped(cast.lead, path, b"%PDF-1.7 other", boundary="another")

        assert again.content == first.content
        assert other.status_code == 422

    @pytest.mark.parametrize("key", ["", "a b", "x" * 129, "é", "\x7f"])
    def test_a_key_that_is_none_is_refused_with_its_field(self, cast, key):
        answer = sent(cast.office, "/documents", text_to_register(cast), key=key)

        assert answer.status_code == 422
        assert is_a_problem(answer)["errors"][0]["field"] == "Idempotency-Key"

    def test_a_stranger_with_a_key_is_a_stranger(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        sent(cast.lead, path, {"words": "Half done"})

        assert sent(None, path, {"words": "Half done"}).status_code == 401
        assert sent(cast.stranger, path, {"words": "Half done"}).status_code == 404

    @pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 9999])
    def test_what_cannot_be_read_is_a_problem_with_a_key_too(self, cast, body):
        client = Client(raise_request_exception=False)
        client.force_login(cast.office)
        for kind, status in (("application/json", {400, 422}), ("multipart/form-data", {415})):
            answer = client.post(
                f"{V1}/documents", body, content_type=kind, headers={"idempotency-key": KEY}
            )
            assert answer.status_code in status
            is_a_problem(answer)

    def test_too_much_is_a_problem_with_a_key_too(self, cast):
        client = Client(raise_request_exception=False)
        client.force_login(cast.office)
        body = json.dumps({"title": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
        for headers in ({}, {"idempotency-key": KEY}):
            answer = client.post(
                f"{V1}/documents", body, content_type="application/json", headers=headers
            )
            assert answer.status_code == 413
            assert is_a_problem(answer)["code"] == "too-much"


def wrapped(person, path, content, boundary):
    """A file as another library would have wrapped it."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    body = (
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="minutes.pdf"\r\n'
            f"Content-Type: application/pdf\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(V1 + path, body, content_type=kind, headers={"idempotency-key": KEY})


class TestRights:
    def test_an_answer_is_not_repeated_to_somebody_whose_rights_have_changed(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        sent(cast.lead, path, {"words": "Half done"})
        Grant.objects.filter(person=cast.lead).update(ends_on=clock.today())

        answer = sent(cast.lead, path, {"words": "Half done"})

        assert answer.status_code == 409
        body = is_a_problem(answer)
        assert body["code"] == "rights-changed"
        assert "Half done" not in answer.content.decode()

    def test_a_key_to_the_api_and_a_session_are_the_same_person(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        until = clock.today() + timedelta(days=9)
        _token, secret = open_token(
            cast.lead, by=cast.lead, name="A", expires_on=until, scope="all"
        )
        first = sent(cast.lead, path, {"words": "Half done"})

        second = sent(None, path, {"words": "Half done"}, authorization=f"Bearer {secret}")

        assert second.content == first.content

    def test_a_narrower_key_of_the_same_person_is_not_told_the_answer(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        until = clock.today() + timedelta(days=9)
        _token, secret = open_token(cast.lead, by=cast.lead, name="A", expires_on=until)
        sent(cast.lead, path, {"words": "Half done"})

        told = sent(None, path, {"words": "Half done"}, authorization=f"Bearer {secret}")

        assert told.status_code == 409
        assert is_a_problem(told)["code"] == "rights-changed"

    def test_csrf_is_asked_with_a_key_too(self, cast):
        client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        client.force_login(cast.lead)
        path = f"{V1}/parts/{an_issued(cast).lead.pk}/acceptance"

        answer = client.post(path, headers={"idempotency-key": KEY})

        assert answer.status_code == 403
        assert is_a_problem(answer)["code"] == "csrf"
        assert not Answer.objects.exists()


class TestTheAnswerStandsOrFallsWithTheAct:
    def test_a_fault_while_the_answer_is_kept_takes_the_act_back(self, cast, monkeypatch):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        before = Entry.objects.count()
        monkeypatch.setattr(answers, "keep", lambda *a, **k: 1 / 0)

        with transaction.atomic():
            answer = sent(cast.lead, path, {"words": "Half done"})

        assert answer.status_code == 500
        assert (Report.objects.count(), Entry.objects.count()) == (0, before)
        monkeypatch.undo()
        assert sent(cast.lead, path, {"words": "Half done"}).status_code == 201

    def test_who_was_cut_off_after_the_commit_gets_the_first_answer(self, several_connections):
        """The answer was on its way when the wire broke: nobody read it, and it is told again."""
        cast = Cast()
        body = text_to_register(cast)
        lost = call(cast.office, "post", "/documents", body, idempotency_key=KEY)
        del lost.headers  # never arrived

        told = sent(cast.office, "/documents", body)

        assert told.status_code == 201
        assert told["Idempotency-Replayed"] == "true"
        assert Entry.objects.filter(act="documents.registered").count() == 1


class TestSweeping:
    def test_what_is_older_than_two_days_is_forgotten_and_nothing_else(self, cast):
        path = f"/parts/{an_accepted(cast).lead.pk}/reports"
        for hours in (1, 25, 47, 49, 500):
            sent(cast.lead, path, {"words": "x"}, key=f"k{hours}")
            Answer.objects.filter(key=f"k{hours}").update(at=clock.now() - timedelta(hours=hours))

        assert answers.sweep() == 2
        assert answers.sweep() == 0
        assert set(Answer.objects.values_list("key", flat=True)) == {"k1", "k25", "k47"}

    def test_is_on_the_schedule(self):
        dotted, seconds = settings.SCHEDULE["ledger.answers"]
        assert import_string(dotted) is answers.sweep
        assert seconds <= 24 * 3600


ROUNDS, AT_ONCE = 60, 8


def test_many_at_once_have_one_effect_each(several_connections):
    """60 requests, each sent by 8 threads in the same instant: 60 effects, and nobody is told anything else."""
    cast = Cast()
    body = text_to_register(cast)
    until = clock.today() + timedelta(days=9)
    _token, secret = open_token(
        cast.office, by=cast.office, name="A", expires_on=until, scope="all"
    )
    gate = Barrier(AT_ONCE)

    def ask(number):
        try:
            gate.wait(30)
            client = Client(raise_request_exception=False)
            given = {**body, "symbol": f"{number}-KL/TW"}
            headers = {"authorization": f"Bearer {secret}", "idempotency-key": f"key-{number}"}
            answer = client.post(
                f"{V1}/documents",
                json.dumps(given),
                content_type="application/json",
                headers=headers,
            )
            return answer.status_code, answer.json().get("id"), answer.json().get("code")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        rounds = [list(pool.map(ask, [number] * AT_ONCE)) for number in range(ROUNDS)]

    for told in rounds:
        done = {number for status, number, _code in told if status == 201}
        assert len(done) == 1, told
        assert {(status, code) for status, _n, code in told if status != 201} <= {
            (409, "still-running")
        }
    assert Entry.objects.filter(act="documents.registered").count() == ROUNDS
    assert Answer.objects.count() == ROUNDS


def test_the_same_request_while_it_runs_is_told_to_come_again(several_connections):
    """On PostgreSQL a second one is told so at once; SQLite has one writer, so it waits its turn and reads the answer."""
    if connection.vendor != "postgresql":
        assert answers.take_turn(Cast().office, "POST x", KEY)
        return
    cast = Cast()
    path = f"/parts/{an_accepted(cast).lead.pk}/reports"
    route = "POST api/v1/parts/<int:pk>/reports"
    with transaction.atomic():
        assert answers.take_turn(cast.lead, route, KEY)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(elsewhere, cast.lead, path).result(60)
    assert answer.status_code == 409
    assert is_a_problem(answer)["code"] == "still-running"
    assert answer["Retry-After"] == "1"
    assert sent(cast.lead, path, {"words": "Half done"}).status_code == 201


def elsewhere(person, path):
    try:
        return sent(person, path, {"words": "Half done"})
    finally:
        connection.close()
