"""What is recorded is told to those it concerns: once, whoever asks how often."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_file, a_grant, a_person, a_post, a_submission, a_unit, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.ledger.models import Entry
from tiendo.notifications import hearing
from tiendo.notifications.models import Heard, Notice
from tiendo.orgs.models import Tenure
from tiendo.people.models import Person
from tiendo.tasks import actions
from tiendo.tasks.states import ReturnReason


def hear():
    return hearing.hear_up_to(clock.now())


def told(person):
    """What somebody was told, oldest first: the act and the kind."""
    rows = Notice.objects.filter(person=person).order_by("pk")
    return list(rows.values_list("entry__act", "kind"))


class TestWhomItConcerns:
    def test_work_comes_to_the_unit_its_report_to_who_judges_the_verdict_back(self, cast):
        report = a_submission(cast)
        actions.send_back(report, by=cast.verifier, reason=ReturnReason.EVIDENCE, note="No list.")
        hear()

        assert told(cast.lead) == [("tasks.issued", "given"), ("tasks.returned", "answered")]
        assert told(cast.officer) == told(cast.lead)
        assert told(cast.verifier) == [("tasks.submitted", "asked")]
        assert told(cast.stranger) == told(cast.nobody) == told(cast.inspector) == []

    def test_whoever_did_it_is_not_told_of_it(self, cast):
        task = an_accepted(cast)
        actions.report(task.lead, by=cast.lead, words="Done.", is_final=True, files=(a_file(),))
        actions.ask_extension(
            an_accepted(cast, title="Mend the bridge").lead,
            by=cast.lead,
            asked_on=clock.today() + timedelta(days=90),
            reason="The river is high.",
        )
        hear()

        assert ("tasks.extension_asked", "asked") in told(cast.office)
        assert ("tasks.extension_asked", "asked") in told(cast.committee_head)
        assert all(act != "tasks.issued" for act, _kind in told(cast.office))

    def test_a_part_that_is_handed_on_is_told_to_both_units(self, cast):
        roads = a_person("Roads Hải", role=Role.UNIT_HEAD, over=cast.other_ministry)
        task = an_issued(cast)
        hear()
        actions.transfer(task.lead, cast.other_ministry, by=cast.office, reason="It is a road.")
        hear()

        assert told(roads) == [("tasks.transferred", "given")]
        assert told(cast.lead)[-1] == ("tasks.transferred", "given")

    def test_nearest_to_the_place_is_told_and_nobody_above(self, cast):
        desk = a_unit("Desk", under=cast.ministry)
        officer = a_person("Desk An", role=Role.OFFICER, over=desk)
        an_issued(cast, unit=desk)
        hear()

        assert told(officer) == [("tasks.issued", "given")]
        assert told(cast.officer) == []

    def test_the_post_is_told_by_who_sits_in_it_and_who_acts_for_it(self, cast):
        post = a_post(cast.ministry)
        sits, acts = a_person("Sits Tú"), a_person("Acts Vy")
        day = clock.today() - timedelta(days=5)
        Tenure.objects.create(post=post, person=sits, starts_on=day)
        Grant.objects.create(role=Role.OFFICER, unit=cast.ministry, post=post, starts_on=day)
        Delegation.objects.create(
            post=post, deputy=acts, starts_on=day, ends_on=day + timedelta(days=30), reason="Away",
            given_by=sits,
        )  # fmt: skip
        an_issued(cast)
        hear()

        assert told(sits) == told(acts) == [("tasks.issued", "given")]

    def test_who_may_not_come_in_is_told_nothing(self, cast):
        Person.objects.filter(pk=cast.officer.pk).update(is_active=False)
        Grant.objects.filter(person=cast.lead).update(ends_on=clock.today())
        an_issued(cast)
        hear()

        assert told(cast.officer) == told(cast.lead) == []


class TestOnce:
    def test_heard_twice_it_is_told_once(self, cast):
        a_submission(cast)
        first = hear()
        assert first > 0
        assert hear() == 0

        Heard.objects.update(upto=clock.now() - timedelta(days=1), entry=0)  # as after a restore
        before = Notice.objects.count()
        hear()
        assert Notice.objects.count() == before

    def test_acts_of_one_instant_are_all_heard(self, cast, monkeypatch):
        monkeypatch.setattr(hearing, "AT_ONCE", 2)
        task = an_issued(cast)
        at = clock.now()
        Entry.objects.bulk_create(
            Entry(at=at, act="tasks.received", subject=f"x.y:{n}", version=1, path=task.path, facts={})
            for n in range(5)
        )  # fmt: skip
        heard = 0
        while some := hear():
            heard += some
        assert heard == Entry.objects.filter(at__gt=at - timedelta(minutes=5)).count()

    def test_a_turn_that_breaks_in_the_middle_never_was(self, several_connections, monkeypatch):
        from makers import Cast

        cast = Cast()
        a_submission(cast)
        before = Heard.objects.get_or_create(defaults={"upto": clock.now() - timedelta(hours=1)})[0]
        monkeypatch.setattr(Heard, "save", broken)
        with pytest.raises(RuntimeError):
            hear()
        assert not Notice.objects.exists()
        monkeypatch.undo()

        assert hear() > 0
        assert Notice.objects.exists()
        assert Heard.objects.get().upto > before.upto

    def test_by_many_at_once_each_thing_is_told_once(self, several_connections):
        from makers import Cast

        cast = Cast()
        Heard.objects.get_or_create(defaults={"upto": clock.now() - timedelta(hours=1)})
        for number in range(4):
            an_issued(cast, title=f"Clear the records {number}")
        upto = clock.now()

        def turn():
            hearing.hear_up_to(upto)
            connection.close()

        turns = [threading.Thread(target=turn) for _ in range(4)]
        for one in turns:
            one.start()
        for one in turns:
            one.join()

        assert told(cast.lead) == [("tasks.issued", "given")] * 4


def broken(*_args, **_kwargs):
    raise RuntimeError("killed here")


def test_hundreds_of_acts_ask_as_much_as_one(cast):
    costs = []
    for number in (1, 12):
        for place in range(number):
            an_issued(cast, title=f"Work {number} {place}")
        with CaptureQueriesContext(connection) as asked:
            hear()
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert Notice.objects.filter(person=cast.lead).count() == 13


def test_a_grant_over_the_heir_reaches_what_the_old_unit_left(cast):
    from tiendo.notifications.audience import Audience
    from tiendo.orgs.models import Succession

    old = a_unit("Old Ministry", under=cast.country)
    Succession.objects.create(old=old, new=cast.ministry, on=clock.today(), is_default=True)
    audience = Audience(clock.today())
    assert audience.nearest({Role.UNIT_HEAD}, old.path) == {cast.lead.pk}
    assert Audience(clock.today(), [old.path]).nearest({Role.UNIT_HEAD}, old.path) == {cast.lead.pk}
    a_grant(Role.UNIT_HEAD, old, cast.nobody)
    assert cast.nobody.pk not in Audience(clock.today()).nearest({Role.UNIT_HEAD}, old.path)
