"""The door: who is let in, what an unknown name costs, how many tries there are."""

import threading
from datetime import UTC, datetime

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from tiendo.kit import clock
from tiendo.people import hashers
from tiendo.people.models import Person

WRONG = "not the password at all"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.mark.parametrize("login", ["mai", "MAI", "mai@rivers.example", "Mai@Rivers.example"])
def test_by_name_or_address_whatever_its_case(client, mai, sign_in, login):
    answer = sign_in(login)

    assert answer.status_code == 302
    assert client.session[SESSION_KEY] == str(mai.pk)


def test_when_they_came_in_is_read_on_the_clock_of_the_house(mai, sign_in):
    story = datetime(2025, 11, 5, 1, tzinfo=UTC)
    with clock.telling(story):
        sign_in("mai")

    mai.refresh_from_db()
    assert mai.last_login == story


@pytest.mark.parametrize("login", ["mai", "mai@rivers.example", "nobody", "nobody@rivers.example"])
def test_known_or_not_a_wrong_password_costs_one_hash_and_gets_one_answer(
    client, counted, mai, sign_in, login
):
    mai.set_password("a long enough password")
    mai.save()
    counted.clear()

    answer = sign_in(login, WRONG)

    assert len(counted) == 1
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "incorrect" in shown or "correct" in shown
    assert SESSION_KEY not in client.session


def test_a_closed_account_and_one_without_password_cost_the_same(client, counted, mai, sign_in):
    mai.set_password("a long enough password")
    mai.is_active = False
    mai.save()
    counted.clear()
    sign_in("mai", WRONG)
    closed = len(counted)
    mai.set_unusable_password()
    mai.save()
    counted.clear()
    sign_in("mai", WRONG)

    assert closed == len(counted) == 1


def test_a_closed_account_is_told_so_only_with_its_password(client, mai, sign_in):
    Person.objects.update(is_active=False)

    assert sign_in("mai", WRONG).status_code == 200
    answer = sign_in("mai")

    assert answer["Location"] == "/account/inactive/"
    assert SESSION_KEY not in client.session


def test_the_key_of_the_session_changes_at_the_door(client, mai, sign_in):
    client.get("/account/login/")
    session = client.session
    session["seen before"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    sign_in("mai")

    assert client.session.session_key != before


class TestDemo:
    def test_a_real_house_refuses_the_people_of_a_story(self, client, mai, sign_in, settings):
        Person.objects.update(is_demo=True)
        client.force_login(mai)
        assert client.get("/account/").status_code == 200
        settings.PRODUCTION = True

        assert client.get("/account/").status_code == 302  # a session from before
        client.cookies.clear()
        assert sign_in("mai")["Location"] == "/account/inactive/"
        assert SESSION_KEY not in client.session

    def test_production_does_not_start_with_them(self, mai, settings):
        from tiendo.config.checks import production_is_not_told

        settings.PRODUCTION = True
        assert production_is_not_told(None, databases=["default"]) == []
        Person.objects.update(is_demo=True)
        found = production_is_not_told(None, databases=["default"])
        assert [error.id for error in found] == ["tiendo.E006"]

    def test_their_account_page_says_what_they_are(self, client, mai):
        client.force_login(mai)
        assert "demo account" not in client.get("/account/").content.decode()
        Person.objects.update(is_demo=True, language="en")
        assert "demo account" in client.get("/account/").content.decode()


class TestTries:
    def test_five_wrong_passwords_from_one_address_close_the_door_for_that_name_there_only(
        self, client, counted, mai, sign_in
    ):
        mai.set_password("a long enough password")
        mai.save()
        for _ in range(5):
            sign_in("mai", WRONG, REMOTE_ADDR="192.0.2.1")
        counted.clear()

        sign_in("mai", REMOTE_ADDR="192.0.2.1")
        assert counted == []  # refused before any hash
        assert SESSION_KEY not in client.session
        sign_in("mai", REMOTE_ADDR="192.0.2.2")  # the real Mai, at her own desk
        assert SESSION_KEY in client.session

    def test_the_count_is_one_for_all_workers(self, mai, sign_in, settings):
        """Kept in the database of either kind, where every worker looks."""
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "cache_of_this_test",
            }
        }
        call_command("createcachetable", verbosity=0)
        for _ in range(6):
            answer = sign_in("mai", WRONG)

        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM cache_of_this_test")
            kept = [row[0] for row in cursor.fetchall()]
        assert any("login_failed" in key for key in kept)
        assert "Too many" in answer.content.decode()


class TestTurns:
    def test_two_hash_at_a_time_and_who_waits_too_long_is_asked_to_try_again(
        self, client, counted, mai, sign_in, monkeypatch
    ):
        monkeypatch.setattr(hashers, "PATIENCE", 0.01)
        busy = [hashers.turns.acquire(timeout=0) for _ in range(hashers.AT_ONCE)]
        assert all(busy)
        try:
            answer = sign_in("mai", WRONG)
        finally:
            for _ in busy:
                hashers.turns.release()

        assert answer.status_code == 503
        assert sign_in("mai", WRONG).status_code == 200

    def test_never_more_than_two(self, counted, monkeypatch):
        inside, most = [], []
        real = hashers.Argon2PasswordHasher.encode

        def slow(self, password, salt):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.02)
            inside.pop()
            return real(self, password, salt)

        monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", slow)
        threads = [
            threading.Thread(target=hashers.Argon2().encode, args=("x", "saltsaltsalt"))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(most) == 6
        assert max(most) == hashers.AT_ONCE
