"""What every answer carries, whoever asks and however it ends."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makers import a_document, a_draft, a_submission, an_issued
from tiendo.config.checks import production_is_safe
from tiendo.tasks import actions
from tiendo.tasks.actions import PartWording


def guards(answer):
    return {
        name: answer.headers.get(name, "")
        for name in (
            "Content-Security-Policy",
            "X-Frame-Options",
            "X-Content-Type-Options",
            "Cross-Origin-Opener-Policy",
            "Referrer-Policy",
            "Permissions-Policy",
        )
    }


class TestEveryAnswer:
    @pytest.mark.parametrize(
        "path",
        [
            "/my-work/",
            "/nowhere/",
            "/account/login/",
            "/api/v1/tasks",
            "/api/nowhere",
            "/stocktake/",
        ],
    )
    @pytest.mark.parametrize("host", ["localhost", "evil.example"])
    def test_is_framed_by_nobody_and_kept_by_nobody(self, cast, settings, path, host):
        settings.ALLOWED_HOSTS = ["localhost"]
        client = Client(raise_request_exception=False)
        client.force_login(cast.lead)

        answer = client.get(path, headers={"host": host})

        assert answer.status_code == 400 or host == "localhost"
        assert all(guards(answer).values()), guards(answer)
        assert "private" in answer["Cache-Control"]
        assert "HX-Request" in answer["Vary"]
        assert "camera=()" in answer["Permissions-Policy"]

    def test_a_file_is_only_ever_saved(self, cast, client):
        client.force_login(cast.office)
        evidence = a_submission(cast).evidence.get()

        for path in (f"/evidence/{evidence.pk}/", f"/documents/{a_document(cast).pk}/file/"):
            answer = client.get(path)
            assert answer["Content-Disposition"].startswith("attachment")
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["Cache-Control"] == "private, no-store"


class TestCookies:
    def test_the_language_too_is_kept_only_over_https_in_production(self, client, db, settings):
        settings.LANGUAGE_COOKIE_SECURE = True

        answer = client.post("/language/", {"language": "vi"})

        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["secure"]


class TestProduction:
    @pytest.mark.parametrize(
        ("key", "wrong"), [("short", True), ("k" * 31, True), ("k" * 50, False)]
    )
    def test_does_not_start_with_a_key_that_can_be_guessed(self, settings, key, wrong):
        settings.PRODUCTION, settings.SECRET_KEY = True, key

        faults = {fault.id for fault in production_is_safe(None)}

        assert bool(faults & {"tiendo.E001", "tiendo.E005"}) is wrong


class TestWhoReadsAReport:
    def test_a_unit_that_helps_reads_its_own_reports_and_not_the_lead_s(self, cast, client):
        task = a_draft(cast)
        actions.bring_in(task, PartWording(unit=cast.province), by=cast.office)
        actions.issue(task, by=cast.office)
        actions.accept(task.lead, by=cast.lead)
        actions.report(task.lead, by=cast.lead, words="A word for the committee alone")

        def read_by(person):
            client.force_login(person)
            return [client.get(f"/{way}tasks/{task.pk}{end}") for way, end in PLACES]

        for answer in read_by(cast.office):
            assert "for the committee alone" in answer.content.decode()
        for answer in read_by(cast.stranger):
            assert answer.status_code == 200
            assert "for the committee alone" not in answer.content.decode()


PLACES = (("", "/"), ("api/v1/", ""))


class TestAFileFromWhoMayNotReport:
    def test_is_not_kept(self, cast, client):
        task = an_issued(cast)
        client.force_login(cast.verifier)
        sent = {"words": "x", "files": SimpleUploadedFile("a.pdf", b"%PDF")}
        answer = client.post(f"/parts/{task.lead.pk}/report/", sent)

        assert answer.status_code == 403
        assert not [one for one in settings.MEDIA_ROOT.rglob("*") if one.is_file()]


class TestAnAddress:
    def test_is_not_changed_past_the_record(self, cast, client):
        client.force_login(cast.lead)

        sent = {"action_add": "", "email": "a@b.vn"}
        assert client.get("/account/email/").status_code == 404
        assert client.post("/account/email/", sent).status_code == 405

    def test_that_is_nobody_s_is_not_written_to(self, db, client, mailoutbox):
        answer = client.post("/account/password/reset/", {"email": "stranger@elsewhere.vn"})

        assert answer.status_code == 302
        assert not mailoutbox


class TestTooManyTries:
    def test_are_refused_in_the_house_s_own_words(self, cast, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}

        given = {"login": cast.lead.username, "password": "wrong"}
        answers = [client.post("/account/login/", given) for _time in range(3)]

        assert answers[-1].status_code == 429
        assert "t-" in answers[-1].content.decode()
