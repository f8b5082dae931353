"""A calendar of one's deadlines: what any reader of calendars finds in it, and who sees nothing."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar as ICalendar

from makers import a_submission, an_accepted, an_issued
from tiendo.access.models import Grant
from tiendo.exchange.actions import end_calendar, open_calendar
from tiendo.exchange.models import Calendar
from tiendo.kit import clock
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.people.models import Person
from tiendo.tasks.models import Part

ZONE = ZoneInfo(settings.TIME_ZONE)


def opened(person, watches="owed"):
    calendar, secret = open_calendar(person, by=person, name="Telephone", watches=watches)
    return calendar, f"/calendar/{secret}.ics"


def events(client, address):
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(ICalendar.from_ical(answer.content).walk("VEVENT"))


class TestCalendar:
    def test_a_reader_finds_the_deadline_half_open_in_the_country_s_zone(self, client, cast):
        task = an_accepted(cast)
        day = task.lead.due_on
        _calendar, address = opened(cast.lead)

        (event,) = events(client, address)
        begins = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        assert event.start == begins
        assert event.end == begins + timedelta(days=1)
        assert str(event.start.tzinfo) == settings.TIME_ZONE
        assert task.title in event["SUMMARY"]
        assert event["URL"].endswith(f"/tasks/{task.pk}/")
        assert event["UID"].startswith(f"part-{task.lead.pk}@")

    def test_written_and_read_and_written_again_it_is_the_same(self, client, cast):
        an_accepted(cast, title="Mend the bridge; count, the boats\\ of Hồ Tây — " + "х" * 90)
        _calendar, address = opened(cast.lead)
        text = client.get(address).content
        read = ICalendar.from_ical(text)
        assert read.to_ical() == text
        assert read.walk("VTIMEZONE")
        assert max(len(line) for line in text.split(b"\r\n")) <= 75
        assert client.get(address).content == text

    def test_a_new_date_moves_the_same_event(self, client, cast):
        task = an_accepted(cast)
        _calendar, address = opened(cast.lead)
        (before,) = events(client, address)
        Part.objects.filter(task=task).update(due_on=task.lead.due_on + timedelta(days=9))
        (after,) = events(client, address)
        assert after["UID"] == before["UID"]
        assert after.start == before.start + timedelta(days=9)

    def test_what_is_done_leaves(self, client, cast):
        from tiendo.tasks.actions import verify

        verify(a_submission(cast), by=cast.verifier)
        _calendar, address = opened(cast.lead)
        assert events(client, address) == []

    def test_each_sees_their_own(self, client, cast):
        an_issued(cast)
        counts = {
            name: len(events(client, opened(getattr(cast, name))[1]))
            for name in ("lead", "officer", "stranger", "office", "inspector", "nobody")
        }
        assert counts == {
            "lead": 1, "officer": 1, "stranger": 0, "office": 0, "inspector": 0, "nobody": 0,
        }  # fmt: skip
        assert len(events(client, opened(cast.office, "given")[1])) == 1
        assert len(events(client, opened(cast.stranger, "given")[1])) == 0

    def test_a_right_that_ends_empties_it_and_an_account_that_closes_shuts_it(self, client, cast):
        an_issued(cast)
        _calendar, address = opened(cast.lead)
        Grant.objects.filter(person=cast.lead).update(ends_on=clock.today())
        assert events(client, address) == []
        Person.objects.filter(pk=cast.lead.pk).update(is_active=False)
        assert client.get(address).status_code == 404

    def test_ended_it_is_gone_at_once(self, client, cast):
        calendar, address = opened(cast.lead)
        assert client.get(address).status_code == 200
        end_calendar(calendar, by=cast.lead)
        assert client.get(address).status_code == 404
        with pytest.raises(Refused):
            end_calendar(calendar, by=cast.lead)

    def test_it_opens_no_session_and_nothing_else(self, client, cast):
        _calendar, address = opened(cast.lead)
        answer = client.get(address)
        assert answer.cookies == {}
        assert client.get("/notices/").status_code == 302
        secret = address.removeprefix("/calendar/").removesuffix(".ics")
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        assert client.get("/api/v1/me", **bearer).status_code == 401

    def test_unchanged_it_is_not_sent_again(self, client, cast):
        an_issued(cast)
        _calendar, address = opened(cast.lead)
        tag = client.get(address)["ETag"]
        assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304

    @pytest.mark.parametrize("secret", ["x", "0" * 43, "ả", "%00", "a" * 5000])
    def test_an_address_nobody_opened_is_not_there(self, client, cast, secret):
        assert client.get(f"/calendar/{secret}.ics").status_code == 404

    def test_the_secret_is_kept_nowhere(self, cast):
        _calendar, address = opened(cast.lead)
        secret = address.removeprefix("/calendar/").removesuffix(".ics")
        assert secret not in str(Calendar.objects.values())

    def test_it_is_in_its_person_s_language(self, client, cast):
        an_issued(cast)
        Person.objects.filter(pk=cast.lead.pk).update(language="fr")
        _calendar, address = opened(cast.lead)
        assert "Échéance" in events(client, address)[0]["SUMMARY"]

    def test_twenty_deadlines_ask_as_much_as_one(self, client, cast):
        an_issued(cast)
        _calendar, address = opened(cast.lead)
        client.get(address)  # notes the day it was used
        costs = []
        for number in (0, 19):
            for place in range(number):
                an_issued(cast, title=f"Clear the records of year {place}")
            with CaptureQueriesContext(connection) as asked:
                assert len(events(client, address)) == number + 1
            costs.append(len(asked))
        assert costs[0] == costs[1]


class TestCalendars:
    def test_one_opens_an_address_sees_it_once_and_ends_it(self, client, cast):
        client.force_login(cast.lead)
        sent = {"name": "Telephone", "watches": "owed"}
        answer = client.post("/account/calendars/", sent)
        assert answer.status_code == 201
        assert "/calendar/" in answer.content.decode()
        later = client.get("/account/calendars/").content.decode()
        assert "Telephone" in later
        assert ".ics" not in later

        calendar = Calendar.objects.get()
        assert client.post(f"/account/calendars/{calendar.pk}/ending/").status_code == 302
        assert Calendar.objects.get().ended_at is not None

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"watches": "all"}, {"name": "x" * 81}])
    def test_what_is_wrong_is_said(self, client, cast, wrong):
        client.force_login(cast.lead)
        sent = {"name": "Telephone", "watches": "owed"} | wrong
        assert client.post("/account/calendars/", sent).status_code == 422
        assert not Calendar.objects.exists()

    def test_another_person_s_is_not_there(self, client, cast):
        calendar, _address = opened(cast.lead)
        client.force_login(cast.office)
        assert client.post(f"/account/calendars/{calendar.pk}/ending/").status_code == 404
        with pytest.raises(Forbidden):
            end_calendar(calendar, by=cast.office)
