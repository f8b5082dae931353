"""Machines that watch learn what they need; strangers learn that the house stands."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tiendo.config import probes, reading
from tiendo.config.doctor import database, machine, rounds
from tiendo.config.doctor.findings import wrong
from tiendo.kit import jobs

STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def look_again(monkeypatch):
    monkeypatch.setattr(probes, "_last", (float("-inf"), []))
    monkeypatch.setattr(reading, "_last", (float("-inf"), False))


def fail(*_given):
    raise DatabaseError("password authentication failed for user tiendo")


class TestLive:
    def test_it_answers_anybody_without_a_question_to_the_database(
        self, db, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            assert Client(**STRANGER).get("/healthz/live").json() == {"status": "live"}


class TestReady:
    def test_a_house_that_is_well_lets_people_in(self, db):
        answer = Client().get("/healthz/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready"})

    def test_what_is_wrong_is_told_to_the_watcher_and_not_to_a_stranger(self, db, monkeypatch):
        monkeypatch.setattr(rounds, "READY", [lambda: wrong("disk", "0 GiB of secrets", "…")])
        own = Client().get("/healthz/ready")
        assert own.status_code == 503
        assert own.json() == {"status": "not ready", "reasons": ["disk"]}

        strange = Client(**STRANGER).get("/healthz/ready")
        assert (strange.status_code, strange.json()) == (503, {"status": "not ready"})

    @pytest.mark.parametrize("broken", ["is_reachable", "asked"])
    def test_a_database_that_fails_is_a_reason_not_a_fault(self, db, monkeypatch, broken):
        monkeypatch.setattr(database, broken, fail)
        answer = Client().get("/healthz/ready")
        assert (answer.status_code, answer.json()["reasons"]) == (503, ["database"])

    def test_it_is_looked_at_again_after_a_moment_not_at_once(self, db, monkeypatch):
        Client().get("/healthz/ready")
        monkeypatch.setattr(rounds, "READY", [lambda: wrong("disk", "", "")])
        assert Client().get("/healthz/ready").status_code == 200
        monkeypatch.setattr(probes, "GOOD_FOR", -1)
        assert Client().get("/healthz/ready").status_code == 503


class TestMetrics:
    def test_the_watcher_sees_counts_and_gauges(self, db):
        Client().get("/healthz/live")
        text = Client().get("/metrics").content.decode()
        assert 'tiendo_requests_total{method="GET",route="live",status="200"}' in text
        assert 'tiendo_request_seconds_bucket{le="0.8",route="live"}' in text
        for gauge in ("job_queue_age_seconds", "unsealed_age_seconds", "disk_free_ratio"):
            assert f"\ntiendo_{gauge} " in text

    def test_what_waits_is_seen(self, db):
        from django_q.models import OrmQ

        jobs.enqueue(jobs.BEAT)
        OrmQ.objects.update(lock=timezone.now() - timedelta(minutes=10))
        text = Client().get("/metrics").content.decode()
        (line,) = [one for one in text.splitlines() if one.startswith("tiendo_job_queue_age_sec")]
        assert 599 < float(line.split()[1]) < 660

    def test_a_stranger_finds_no_such_page_and_a_token_opens_it(self, db, settings):
        assert Client(**STRANGER).get("/metrics").status_code == 404
        assert Client().get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 404

        settings.METRICS_TOKEN = "a-long-token"
        client = Client(**STRANGER)
        assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404
        opened = client.get("/metrics", headers={"Authorization": "Bearer a-long-token"})
        assert opened.status_code == 200

    def test_no_token_is_no_key(self, db):
        answer = Client(**STRANGER).get("/metrics", headers={"Authorization": "Bearer "})
        assert answer.status_code == 404


class TestOnlyReading:
    @pytest.fixture(autouse=True)
    def own_place(self, settings, tmp_path):
        settings.VAR = tmp_path

    def test_by_the_administrator_s_word(self, cast):
        client = Client()
        client.force_login(cast.office)
        reading.set_only_reading(True)
        refused = client.post("/language/", {"language": "vi"})
        assert refused.status_code == 503
        assert refused["Retry-After"] == "300"
        assert "Only reading just now" in refused.content.decode()
        assert client.get("/account/logout/").status_code == 200

        machine_ = client.post("/api/v1/documents", {}, content_type="application/json")
        assert (machine_.status_code, machine_.json()["code"]) == (503, "only-reading")

        reading.set_only_reading(False)
        assert client.post("/language/", {"language": "vi"}).status_code == 302

    def test_because_the_disk_is_nearly_full_and_back_by_itself(self, db, monkeypatch):
        monkeypatch.setattr(reading, "LOOK", -1)
        free = SimpleNamespace(free=reading.FULL - 1)
        monkeypatch.setattr(reading.shutil, "disk_usage", lambda place: free)
        assert Client().post("/language/", {"language": "vi"}).status_code == 503

        free.free = reading.FULL
        assert Client().post("/language/", {"language": "vi"}).status_code == 302


def test_the_disk_of_the_house_is_the_one_looked_at(settings, monkeypatch):
    seen = []
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda p: seen.append(p) or (100, 1, 99))
    machine.has_room()
    assert seen == [settings.VAR]
