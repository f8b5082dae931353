"""How long a session lasts, what ends it, and how somebody ends their own."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tiendo.ledger.models import Entry
from tiendo.people import actions, sessions

NINE = datetime(2025, 10, 1, 9, tzinfo=UTC)
PAGE = "/account/"


def at(**later):
    return time_machine.travel(NINE + timedelta(**later), tick=False)


@pytest.fixture
def here(client, mai):
    with at(seconds=0):
        client.force_login(mai)
    return client


def is_in(client):
    return client.get(PAGE).status_code == 200


class TestIdle:
    def test_after_thirty_minutes_to_the_second(self, here):
        with at(minutes=30):
            assert is_in(here)
        with at(minutes=60, seconds=1):
            assert not is_in(here)

    def test_whoever_keeps_working_stays(self, here):
        for minutes in range(25, 12 * 60, 25):
            with at(minutes=minutes):
                assert is_in(here)

    def test_it_is_noted_at_most_once_a_minute(self, here):
        def writes(second):
            with at(seconds=second), CaptureQueriesContext(connection) as asked:
                here.get(PAGE)
            return [q for q in asked.captured_queries if q["sql"].startswith(("UPDATE", "INSERT"))]

        assert writes(59) == []
        assert len(writes(60)) == 2  # the session, and the line in the list of browsers
        assert writes(119) == []

    def test_a_page_that_asks_for_a_piece_is_led_to_the_door_where_it_says_so(self, here):
        with at(minutes=31):
            answer = here.get(PAGE, headers={"HX-Request": "true"}, follow=True)

        assert answer.request["PATH_INFO"] == "/account/login/"
        assert "You were signed out" in answer.content.decode()

    def test_the_api_says_sign_in(self, here):
        with at(minutes=31):
            assert here.get("/api/v1/tasks").status_code == 401


class TestAbsolute:
    def test_after_twelve_hours_however_busy(self, here):
        for minutes in range(25, 12 * 60, 25):
            with at(minutes=minutes):
                here.get(PAGE)
        with at(hours=12):
            assert is_in(here)
        with at(hours=12, seconds=1):
            assert not is_in(here)

    def test_a_new_password_does_not_begin_it_anew(self, here, mai):
        with at(minutes=20):
            began = here.session[sessions.BEGAN]
            here.post(
                "/account/password/change/",
                {
                    "oldpassword": "a long enough password",
                    "password1": "another good sentence",
                    "password2": "another good sentence",
                },
            )
            mai.refresh_from_db()
            assert mai.check_password("another good sentence")
            assert here.session[sessions.BEGAN] == began
            assert is_in(here)


def test_a_session_that_does_not_know_when_it_began_opens_nothing(here):
    """As those kept before sessions knew it."""
    with at(minutes=1):
        assert is_in(here)
        kept = here.session
        without = {name: value for name, value in kept.items() if name != sessions.BEGAN}
        Session.objects.filter(pk=kept.session_key).update(session_data=kept.encode(without))
        assert not is_in(here)


class TestOwnSessions:
    """Listed with the browser, ended one by one or all others together, at the next request."""

    @pytest.fixture
    def two(self, mai):
        """Mai at her desk and on her telephone."""
        clients = [
            Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140"),
            Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) AppleWebKit Safari/605"),
        ]
        for one in clients:
            one.post("/account/login/", {"login": "mai", "password": "a long enough password"})
        return clients

    def test_the_list_says_which_browsers(self, two):
        shown = two[0].get("/account/sessions/").content.decode()

        assert "Firefox · Linux" in shown
        assert "Safari · iPhone" in shown

    def test_all_others_end(self, two):
        desk, telephone = two
        desk.post("/account/sessions/")

        assert is_in(desk)
        assert not is_in(telephone)

    def test_one_ends(self, two, mai):
        desk, telephone = two
        other = UserSession.objects.get(session_key=telephone.session.session_key)

        answer = desk.post(f"/account/sessions/{other.pk}/ending/")

        assert answer.status_code == 302
        assert is_in(desk)
        assert not is_in(telephone)
        assert Entry.objects.about(mai).filter(act="people.session_ended").exists()

    def test_another_person_s_is_not_there(self, two, client, cast):
        client.force_login(cast.nobody)
        other = UserSession.objects.first()

        assert client.post(f"/account/sessions/{other.pk}/ending/").status_code == 404
        assert is_in(two[0])

    def test_a_new_password_ends_the_others(self, two):
        desk, telephone = two
        new = {"password1": "another good sentence", "password2": "another good sentence"}
        desk.post("/account/password/change/", {"oldpassword": "a long enough password", **new})

        assert is_in(desk)
        assert not is_in(telephone)


class TestClosed:
    def test_the_session_ends_at_the_next_request_and_does_not_come_back(self, client, cast):
        client.force_login(cast.officer)
        assert is_in(client)

        actions.close(cast.officer, by=cast.office)
        assert not is_in(client)

    def test_nor_when_the_account_is_opened_again(self, client, cast):
        client.force_login(cast.officer)
        actions.close(cast.officer, by=cast.office)
        actions.reopen(cast.officer, by=cast.office)

        assert not is_in(client)
