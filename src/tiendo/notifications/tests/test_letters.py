"""Letters: one a day for most, at once for who wishes, never at night, never more than the budget, never twice, never lost."""

import socket
import threading
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from makers import a_person, a_submission, an_issued
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.kit import clock, jobs
from tiendo.notifications import actions, hearing, letters
from tiendo.notifications.models import Heard, Letter, Notice
from tiendo.notifications.states import Way
from tiendo.people.models import Person


def at(hour, days=0):
    """Today (or in some days) at this hour of the country."""
    day = clock.today() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=ZoneInfo(settings.TIME_ZONE))


@pytest.fixture
def told_cast(cast):
    """Everybody has an address; one task has come to the ministry."""
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(
            email=f"p{person.pk}@tiendo.example", language="en"
        )
    for name in ("lead", "officer", "office", "verifier"):
        getattr(cast, name).refresh_from_db()
    cast.task = an_issued(cast)
    hearing.hear_up_to(clock.now())
    Notice.objects.update(at=at(4, days=-1))  # it has waited since yesterday
    return cast


def turn(moment):
    """One turn of the job, and what it asked for."""
    letters.write_at(moment)
    jobs.run_waiting()
    return mail.outbox


def letters_to(person):
    return [letter for letter in mail.outbox if letter.to == [person.email]]


def given_again(cast, times=1):
    """More news for the ministry."""
    for number in range(times):
        an_issued(cast, title=f"Clear the records of year {number}")
    hearing.hear_up_to(clock.now())


class TestLetterOfTheDay:
    def test_it_comes_at_its_hour_once_with_all_that_waits(self, told_cast):
        given_again(told_cast)
        assert turn(at(6)) == []

        turn(at(7))
        (letter,) = letters_to(told_cast.lead)
        assert "2 notices" in letter.subject
        assert "Clear the paper backlog" in letter.body
        assert "/tasks/" in letter.body
        assert settings.ADDRESS in letter.body

        given_again(told_cast)
        turn(at(9))
        turn(at(23))
        assert len(letters_to(told_cast.lead)) == 1

        turn(at(7, days=1))
        assert len(letters_to(told_cast.lead)) == 2

    def test_it_is_in_the_reader_s_language(self, told_cast):
        Person.objects.filter(pk=told_cast.lead.pk).update(language="fr")
        Person.objects.filter(pk=told_cast.officer.pk).update(language="vi")
        turn(at(8))
        assert "avis" in letters_to(told_cast.lead)[0].subject
        assert "thông báo" in letters_to(told_cast.officer)[0].subject

    def test_what_comes_after_its_hour_waits_for_tomorrow(self, told_cast):
        Notice.objects.update(at=at(9))
        assert turn(at(10)) == []
        turn(at(7, days=1))
        assert len(letters_to(told_cast.lead)) == 1

    def test_an_hour_that_was_missed_is_made_up_for_by_day_only(self, told_cast):
        assert turn(at(21)) == []  # quiet by now
        turn(at(12))
        assert len(letters_to(told_cast.lead)) == 1

    def test_what_was_read_here_is_not_written(self, told_cast):
        (notice,) = Notice.objects.filter(person=told_cast.lead)
        actions.mark_read(notice, by=told_cast.lead)
        turn(at(8))
        assert letters_to(told_cast.lead) == []
        assert len(letters_to(told_cast.officer)) == 1

    def test_who_wants_the_bell_only_gets_no_letter(self, told_cast):
        actions.prefer(by=told_cast.lead, given="bell")
        turn(at(8))
        assert letters_to(told_cast.lead) == []

    def test_without_an_address_or_with_a_closed_account_there_is_none(self, told_cast):
        Person.objects.filter(pk=told_cast.lead.pk).update(email="")
        Person.objects.filter(pk=told_cast.officer.pk).update(is_active=False)
        assert turn(at(8)) == []

    def test_its_hour_is_the_reader_s(self, told_cast):
        actions.prefer(by=told_cast.lead, digest_hour=15)
        turn(at(8))
        assert letters_to(told_cast.lead) == []
        turn(at(15))
        assert len(letters_to(told_cast.lead)) == 1

    def test_for_twenty_people_it_asks_as_much_as_for_one(self, cast):
        costs = []
        for number in (1, 20):
            unit_head = [a_person(role=Role.UNIT_HEAD, over=cast.ministry) for _ in range(number)]
            for one in unit_head:
                Person.objects.filter(pk=one.pk).update(email=f"{one.username}@tiendo.example")
            given_again(cast)
            with CaptureQueriesContext(connection) as asked:
                letters.write_at(at(8, days=number))
            costs.append(len(asked))
        assert costs[0] + 1 == costs[1]  # one more job: twenty letters go in one


class TestAtOnce:
    @pytest.fixture
    def impatient(self, told_cast):
        actions.prefer(by=told_cast.lead, given="now", budget=2, quiet_from=20, quiet_until=6)
        return told_cast

    def test_at_once_and_by_day_only(self, impatient):
        assert turn(at(23)) == []
        assert turn(at(5)) == []
        turn(at(6))
        (letter,) = letters_to(impatient.lead)
        assert letter.subject == "Tiendo: Clear the paper backlog"
        assert letters_to(impatient.officer) == []  # her letter of the day comes at seven

    def test_what_is_over_the_budget_waits_for_the_letter_of_the_day(self, impatient):
        for hour in (10, 11, 12, 13):
            given_again(impatient)
            letters.write_at(at(hour, days=1))
        jobs.run_waiting()
        mine = letters_to(impatient.lead)
        # the letter of that day took the first two, two letters went at once, and the fourth waits
        assert mine[0].subject.endswith(": 2 notices")
        assert len(mine) == 3

        turn(at(7, days=2))
        assert len(letters_to(impatient.lead)) == 4
        told = sum(
            letter.notices.count() for letter in Letter.objects.filter(person=impatient.lead)
        )
        assert told == Notice.objects.filter(person=impatient.lead).count() == 5

    def test_several_at_one_time_go_in_one_letter(self, impatient):
        given_again(impatient, times=3)
        turn(at(6))
        assert "4 new notices" in letters_to(impatient.lead)[0].subject

    def test_never_quiet_when_both_hours_are_one(self, impatient):
        actions.prefer(by=impatient.lead, quiet_from=6, quiet_until=6)
        turn(at(3))
        assert len(letters_to(impatient.lead)) == 1


class TestRightsAtSending:
    def test_an_ended_grant_gets_nothing(self, told_cast):
        letters.write_at(at(8))
        Grant.objects.filter(person=told_cast.lead).update(ends_on=clock.today())
        jobs.run_waiting()
        assert letters_to(told_cast.lead) == []
        assert len(letters_to(told_cast.officer)) == 1
        assert Letter.objects.get(person=told_cast.lead).way == Way.EMPTY

    def test_an_account_closed_meanwhile_gets_nothing(self, told_cast):
        letters.write_at(at(8))
        Person.objects.filter(pk=told_cast.lead.pk).update(is_active=False)
        jobs.run_waiting()
        assert letters_to(told_cast.lead) == []


class TestNotTwiceNotLost:
    def test_the_job_begun_again_sends_nothing_again(self, told_cast):
        numbers = letters.write_at(at(8))
        letters.send(numbers)
        letters.send(numbers)
        jobs.run_waiting()
        assert len(letters_to(told_cast.lead)) == 1

    def test_a_no_of_the_mail_server_is_tried_again(self, told_cast, monkeypatch):
        numbers = letters.write_at(at(8))
        with answering(monkeypatch, SMTPDataError(451, b"later")), pytest.raises(SMTPDataError):
            letters.send(numbers)
        letters.send(numbers)
        assert len(letters_to(told_cast.lead)) == 1

    def test_a_mail_server_that_is_away_loses_nothing(self, told_cast, settings):
        numbers = letters.write_at(at(8))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = (
            "127.0.0.1",
            closed_port(),
            False,
        )
        with pytest.raises(ConnectionRefusedError):
            letters.send(numbers)
        assert set(Letter.objects.values_list("way", flat=True)) == {Way.WRITTEN}

        letters.write_at(at(8) + letters.AGAIN * 2)  # the queue has given up by then: asked again
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        jobs.run_waiting()
        assert len(letters_to(told_cast.lead)) == 1

    def test_cut_off_in_the_middle_it_comes_in_the_next_letter_of_the_day(
        self, told_cast, monkeypatch
    ):
        numbers = letters.write_at(at(8))
        with (
            answering(monkeypatch, SMTPServerDisconnected("gone")),
            pytest.raises(SMTPServerDisconnected),
        ):
            letters.send(numbers)
        letters.send(numbers)  # the one that was cut off is not sent again, the other is
        jobs.run_waiting()
        assert len(mail.outbox) == len(numbers) - 1

        turn(at(9) + timedelta(minutes=30))
        assert Letter.objects.filter(way=Way.CUT_OFF).count() == 1
        turn(at(7, days=1))
        assert len(letters_to(told_cast.lead)) == len(letters_to(told_cast.officer)) == 1

    def test_an_address_that_is_refused_stops_nobody_else(self, told_cast, monkeypatch):
        numbers = letters.write_at(at(8))
        with answering(monkeypatch, SMTPRecipientsRefused({})):
            letters.send(numbers)
        assert len(mail.outbox) == len(numbers) - 1
        assert turn(at(10)) == mail.outbox

    def test_after_a_restore_nothing_goes_out_before_somebody_looked(self, told_cast):
        letters.write_at(at(8))
        jobs.hold()
        before = Letter.objects.count()
        letters.write()
        assert Letter.objects.count() == before
        jobs.release()
        jobs.run_waiting()
        assert len(letters_to(told_cast.lead)) == 1

    def test_by_many_at_once_everybody_gets_one(self, several_connections):
        from makers import Cast

        cast = Cast()
        Person.objects.filter(pk=cast.lead.pk).update(email="lead@tiendo.example")
        Heard.objects.get_or_create(defaults={"upto": clock.now() - timedelta(hours=1)})
        a_submission(cast)
        hearing.hear_up_to(clock.now())
        moment, faults = at(8), []

        def one_turn():
            try:
                letters.write_at(moment)
            except DatabaseError as fault:
                faults.append(fault)
            finally:
                connection.close()

        turns = [threading.Thread(target=one_turn) for _ in range(4)]
        for one in turns:
            one.start()
        for one in turns:
            one.join()
        assert faults == []
        assert Letter.objects.count() == 1


class answering:
    """Within this block the mail server answers the first letter with this fault, and takes the others."""

    def __init__(self, monkeypatch, fault):
        self.monkeypatch, self.fault = monkeypatch, fault

    def __enter__(self):
        from django.core.mail.backends.locmem import EmailBackend

        took, faults = EmailBackend.send_messages, [self.fault]

        def send_messages(backend, messages):
            if faults:
                raise faults.pop()
            return took(backend, messages)

        self.monkeypatch.setattr(EmailBackend, "send_messages", send_messages)

    def __exit__(self, *_):
        self.monkeypatch.undo()


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
