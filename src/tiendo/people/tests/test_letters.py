"""Letters: the link for a new password, and the news that the way in was changed, in the reader's language."""

import re
import socket
import threading
import time

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from tiendo.kit import jobs
from tiendo.people import actions, letters
from tiendo.people.models import Person

NEW = {"password1": "another good sentence", "password2": "another good sentence"}


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def ask(client, email="mai@rivers.example"):
    return client.post("/account/password/reset/", {"email": email})


def link_of(letter):
    return re.search(r"http://testserver(/account/password/reset/key/\S+)", letter.body)[1]


def the_link(client):
    ask(client)
    jobs.run_waiting()
    return link_of(mail.outbox[-1])


def opens(client, link):
    answer = client.get(link, follow=True)
    return "older than an hour" not in answer.content.decode()


class TestReset:
    def test_a_letter_in_her_language_leads_to_a_new_password(self, client, mai):
        link = the_link(client)
        letter = mail.outbox[0]
        assert letter.to == ["mai@rivers.example"]
        assert letter.subject == "Un nouveau mot de passe pour Tiendo"
        assert "mai" in letter.body

        place = client.get(link)["Location"]
        client.post(place, NEW)

        mai.refresh_from_db()
        assert mai.check_password(NEW["password1"])
        jobs.run_waiting()
        assert "par un lien" in mail.outbox[1].body

    def test_known_or_not_the_answer_and_the_work_are_the_same(
        self, client, mai, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        costs, answers = [], []
        for email in ("mai@rivers.example", "nobody@rivers.example"):
            with CaptureQueriesContext(connection) as asked:
                answers.append(ask(client, email))
            costs.append(len(asked))

        assert costs[0] == costs[1]
        assert {answer["Location"] for answer in answers} == {"/account/password/reset/done/"}
        assert mail.outbox == []  # nothing is sent while the asker waits
        jobs.run_waiting()
        assert len(mail.outbox) == 1

    def test_nobody_s_mailbox_is_filled(self, client, mai):
        answers = [ask(client).status_code for _ in range(6)]

        assert answers == [302] * 5 + [429]

    @pytest.mark.parametrize("password", ["short", "password1234"])
    def test_a_weak_password_is_refused(self, client, mai, password):
        place = client.get(the_link(client))["Location"]

        answer = client.post(place, {"password1": password, "password2": password})

        assert answer.status_code == 200
        mai.refresh_from_db()
        assert mai.check_password("a long enough password")


class TestLink:
    def test_works_once(self, client, mai):
        link = the_link(client)
        client.post(client.get(link)["Location"], NEW)
        assert not opens(client, link)

    def test_works_for_an_hour(self, client, mai):
        link = the_link(client)
        with time_machine.travel(time.time() + 59 * 60):
            assert opens(client, link)
        with time_machine.travel(time.time() + 61 * 60):
            assert not opens(client, link)

    def test_dies_with_the_closing_of_the_account_for_good(self, client, mai):
        link = the_link(client)
        administrator = Person.objects.operator()
        actions.close(mai, by=administrator)
        assert not opens(client, link)

        actions.reopen(mai, by=administrator)
        assert not opens(client, link)
        assert opens(client, the_link(client))

    def test_a_closed_account_gets_none(self, client, mai):
        Person.objects.update(is_active=False)
        ask(client)
        jobs.run_waiting()
        assert mail.outbox == []

    def test_the_office_sends_one_too(self, client, mai, cast):
        cast.officer.email, cast.officer.language = "officer@rivers.example", "vi"
        cast.officer.save()

        actions.send_reset(cast.officer, by=cast.lead, house="http://testserver/")

        jobs.run_waiting()
        assert mail.outbox[0].subject == "Mật khẩu mới cho Tiendo"
        assert opens(client, link_of(mail.outbox[0]))


class TestNews:
    def test_a_change_of_password_is_told(self, client, mai, sign_in):
        sign_in()
        client.post(
            "/account/password/change/", {"oldpassword": "a long enough password", **NEW},
            HTTP_USER_AGENT="Firefox on a desk",
        )  # fmt: skip
        assert mail.outbox == []
        jobs.run_waiting()

        letter = mail.outbox[0]
        assert letter.subject.startswith("Tiendo")
        assert "Votre mot de passe a été changé." in letter.body
        assert "127.0.0.1" in letter.body
        assert "Firefox on a desk" in letter.body

    def test_every_piece_of_the_library_s_news_has_our_words(self):
        """Whatever the library may write about an account is a sentence of ours, or is never written."""
        from pathlib import Path

        import allauth

        never = {
            "account/email/account_already_exists", "account/email/email_changed", "account/email/email_confirm",
            "account/email/email_confirmation", "account/email/email_confirmation_signup", "account/email/email_deleted",
            "account/email/login_code", "account/email/password_reset_key", "account/email/unknown_account",
            "account/email/password_reset_code",
        }  # fmt: skip
        templates = Path(allauth.__file__).parent / "templates"
        written = {
            str(place.relative_to(templates)).removesuffix("_subject.txt")
            for room in ("account", "mfa")
            for place in (templates / room / "email").glob("*_subject.txt")
        }
        assert written - never == set(letters.NEWS)

    def test_who_has_no_address_gets_no_letter(self, cast):
        letters.tell(cast.officer, "account/email/password_changed", at="", address="", browser="")
        assert jobs.run_waiting() == 0


class Postman(threading.Thread):
    """The smallest mail server: takes one letter, remembers it."""

    def __init__(self):
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.heard = []

    def run(self):
        talk, _ = self.door.accept()
        with talk, talk.makefile("rwb") as line:
            self.say(line, b"220 postman")
            taking = False
            while words := line.readline():
                self.heard.append(words.decode())
                if taking and words != b".\r\n":
                    continue
                if words.upper().startswith(b"QUIT"):
                    self.say(line, b"221 bye")
                    return
                taking = words.upper().startswith(b"DATA")
                self.say(line, b"354 go on" if taking else b"250 well")

    @staticmethod
    def say(line, words):
        line.write(words + b"\r\n")
        line.flush()


def test_a_letter_goes_through_a_real_mail_server(client, mai, settings):
    postman = Postman()
    postman.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postman.port
    settings.EMAIL_USE_TLS = False

    ask(client)
    jobs.run_waiting()
    postman.join(10)

    heard = "".join(postman.heard)
    assert "rcpt to:<mai@rivers.example>" in heard.lower()
    assert "/account/password/reset/key/" in heard


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", ("filebased", "", 587, "", False, False)),
        ("smtp://mail.example", ("smtp", "mail.example", 587, "", False, True)),
        ("smtp://me:a%40b@mail.example:2525", ("smtp", "mail.example", 2525, "a@b", False, True)),
        ("smtps://mail.example", ("smtp", "mail.example", 465, "", True, False)),
        ("smtp://localhost:25?plain", ("smtp", "localhost", 25, "", False, False)),
    ],
)
def test_one_address_says_all_of_the_mail_server(url, said):
    import json
    import os
    import subprocess
    import sys

    names = "EMAIL_BACKEND EMAIL_HOST EMAIL_PORT EMAIL_HOST_PASSWORD EMAIL_USE_SSL EMAIL_USE_TLS"
    asked = f"import json; from tiendo.config import settings as s; print(json.dumps([getattr(s, n) for n in '{names}'.split()]))"
    env = {**os.environ, "TIENDO_SMTP_URL": url}
    env.pop("TIENDO_EMAIL_BACKEND", None)
    found = subprocess.run(
        [sys.executable, "-c", asked], env=env, capture_output=True, check=True, text=True
    )
    backend, *rest = json.loads(found.stdout)
    assert (backend.split(".")[-2], *rest) == said


def test_production_says_when_no_letter_can_leave(settings):
    from tiendo.config.checks import letters_can_leave

    settings.EMAIL_HOST = ""
    assert letters_can_leave(None) == []
    settings.PRODUCTION = True
    assert [warning.id for warning in letters_can_leave(None)] == ["tiendo.W001"]
    settings.EMAIL_HOST = "mail.example"
    assert letters_can_leave(None) == []
