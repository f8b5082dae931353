from datetime import date, timedelta

import pytest
import time_machine

from makers import (
    a_draft,
    a_file,
    a_grant,
    a_person,
    a_post,
    a_submission,
    an_accepted,
    an_issued,
)
from tiendo.access.actions import delegate, end, end_delegation, give
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.sentences import sentence
from tiendo.orgs import actions_committees as orgs
from tiendo.orgs.history import history_of
from tiendo.orgs.models import Tenure
from tiendo.people.actions import open_token
from tiendo.tasks import actions as tasks
from tiendo.tasks.models import Extension

WEEK = timedelta(days=7)


@pytest.fixture
def seat(cast):
    """The head's post of the ministry with the unit head's role, and who sits in it."""
    post = a_post(cast.ministry, "Minister")
    Grant.objects.create(
        role=Role.UNIT_HEAD, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1)
    )
    holder = a_person("Minister An")
    Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
    return post, holder


def stand_in(post, by, deputy, **dates):
    today = clock.today()
    given = {"starts_on": today, "ends_on": today + WEEK, "reason": "Abroad", **dates}
    return delegate(post, by=by, deputy=deputy, **given)


class TestDelegating:
    def test_the_holder_names_a_deputy_who_then_holds_the_posts_rights(self, cast, seat):
        post, holder = seat
        assert not can(cast.nobody, "tasks.answer", cast.ministry)

        made = stand_in(post, holder, cast.nobody)

        assert can(cast.nobody, "tasks.answer", cast.ministry)
        assert not can(cast.nobody, "tasks.answer", cast.province)
        assert can(holder, "tasks.answer", cast.ministry)  # delegating takes nothing away
        entry = Entry.objects.about(made).get()
        assert "Nobody acts for the post “Minister”" in sentence(entry)
        assert "Abroad" in sentence(entry)

    def test_it_works_from_its_first_day_and_not_on_its_last(self, cast, seat):
        post, holder = seat
        today = clock.today()
        stand_in(post, holder, cast.nobody, starts_on=today + WEEK, ends_on=today + 2 * WEEK)

        def on(days):
            with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
                return can(cast.nobody, "tasks.answer", cast.ministry)

        assert [on(6), on(7), on(13), on(14)] == [False, True, True, False]

    def test_it_follows_the_post_and_not_its_holders_other_rights(self, cast, seat):
        post, holder = seat
        a_grant(Role.VERIFIER, cast.province, holder)
        stand_in(post, holder, cast.nobody)

        assert not can(cast.nobody, "tasks.verify", cast.province)

    def test_the_holders_delegation_ends_when_the_holder_leaves(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)

        Tenure.objects.filter(person=holder).update(ends_on=clock.today())

        assert not can(cast.nobody, "tasks.answer", cast.ministry)

    def test_who_may_give_the_posts_roles_names_a_deputy_for_a_vacant_post(self, cast, seat):
        post, holder = seat
        Tenure.objects.filter(person=holder).update(ends_on=clock.today())

        made = stand_in(post, cast.office, cast.nobody)

        assert made.tenure is None
        assert can(cast.nobody, "tasks.answer", cast.ministry)

    def test_who_may_not_give_the_posts_roles_names_nobody(self, cast, seat):
        post, _holder = seat
        for by in (cast.stranger, cast.lead, cast.inspector, cast.officer):
            with pytest.raises(Forbidden):
                stand_in(post, by, cast.nobody)
        assert not Delegation.objects.exists()

    def test_a_deputy_hands_nothing_on(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)

        with pytest.raises(Forbidden, match="sits in this post"):
            stand_in(post, cast.nobody, a_person("Third"))

    def test_a_deputy_of_the_office_delegates_no_other_post_either(self, cast, seat):
        post, _holder = seat
        office = a_post(cast.committee, "Head of the standing office")
        head = a_person("Head of office")
        Tenure.objects.create(post=office, person=head, starts_on=date(2020, 1, 1))
        Grant.objects.create(
            role=Role.STANDING_OFFICE, unit=cast.country, post=office, starts_on=date(2020, 1, 1)
        )
        stand_in(office, head, cast.nobody)

        with pytest.raises(Forbidden, match="sits in this post"):
            stand_in(post, cast.nobody, a_person("Third"))
        stand_in(post, head, a_person("Third"))

    def test_nobody_delegates_to_themselves(self, cast, seat):
        post, holder = seat
        with pytest.raises(Forbidden, match="to yourself"):
            stand_in(post, holder, holder)
        with pytest.raises(Forbidden, match="to yourself"):
            stand_in(post, cast.office, cast.office)

    def test_nobody_delegates_beyond_the_day_they_leave(self, cast, seat):
        post, holder = seat
        leaves = clock.today() + timedelta(days=3)
        Tenure.objects.filter(person=holder).update(ends_on=leaves)

        with pytest.raises(Invalid, match="leave this post"):
            stand_in(post, holder, cast.nobody)
        stand_in(post, holder, cast.nobody, ends_on=leaves)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"ends_on": date(2020, 1, 1)}, "ends_on"), ({"reason": "  "}, "reason")],
    )
    def test_what_is_not_said_well_is_refused_beside_its_field(self, cast, seat, wrong, field):
        post, holder = seat
        with pytest.raises(Invalid) as refusal:
            stand_in(post, holder, cast.nobody, **wrong)
        assert refusal.value.field == field

    def test_a_closed_account_or_one_that_acts_already_is_no_deputy(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)
        with pytest.raises(Invalid, match="already"):
            stand_in(post, holder, cast.nobody)
        cast.officer.is_active = False
        with pytest.raises(Invalid, match="closed"):
            stand_in(post, holder, cast.officer)

    def test_a_post_without_a_role_has_nothing_to_delegate(self, cast):
        post, holder = a_post(cast.ministry, "Driver"), a_person("Driver")
        Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
        with pytest.raises(Refused, match="carries no role"):
            stand_in(post, holder, cast.nobody)


class TestEndingADelegation:
    def test_holder_deputy_and_office_may_end_it_and_nobody_else(self, cast, seat):
        post, holder = seat
        deputy = a_person("Deputy")
        for ender in (holder, cast.office, deputy):
            who = deputy if ender == deputy else a_person("Another deputy")
            made = stand_in(post, holder, who, starts_on=clock.today() - WEEK)
            with pytest.raises(Forbidden):
                end_delegation(made, by=cast.stranger, on=clock.today())
            end_delegation(made, by=ender, on=clock.today())
            assert not can(who, "tasks.answer", cast.ministry)

    def test_it_is_ended_once(self, cast, seat):
        post, holder = seat
        made = stand_in(post, holder, cast.nobody, starts_on=clock.today() - WEEK)
        end_delegation(made, by=holder, on=clock.today())
        with pytest.raises(Invalid, match="already"):
            end_delegation(made, by=holder, on=clock.today())

    def test_a_grant_is_ended_once(self, cast):
        grant = a_grant(Role.OFFICER, cast.ministry, cast.nobody)
        end(grant, by=cast.lead, on=clock.today())
        with pytest.raises(Invalid, match="already"):
            end(grant, by=cast.lead, on=clock.today())


class TestSeating:
    """Whoever puts somebody into a post gives them its roles."""

    def test_the_office_seats_whom_it_may_give_the_posts_roles_to(self, cast, seat):
        post, holder = seat
        Tenure.objects.filter(person=holder).update(ends_on=clock.today())

        orgs.appoint(cast.nobody, post, by=cast.office, on=clock.today())
        assert can(cast.nobody, "tasks.answer", cast.ministry)

    def test_nobody_takes_a_seat_with_roles_themselves(self, cast, seat):
        post, _holder = seat
        with pytest.raises(Forbidden, match="to yourself"):
            orgs.appoint(cast.office, post, by=cast.office, on=clock.today())

    def test_a_post_with_roles_that_are_not_ones_own_to_give_is_filled_by_others(self, cast):
        post = a_post(cast.committee, "Head of the committee")
        Grant.objects.create(
            role=Role.COMMITTEE_HEAD, unit=cast.country, post=post, starts_on=date(2020, 1, 1)
        )
        with pytest.raises(Forbidden, match="not yours to give"):
            orgs.appoint(cast.nobody, post, by=cast.office, on=clock.today())

    def test_nobody_gives_a_role_to_a_post_they_sit_in_or_act_for(self, cast, seat):
        post, _holder = seat
        Tenure.objects.create(
            post=post, person=cast.office, starts_on=clock.today() + timedelta(days=30)
        )
        with pytest.raises(Forbidden, match="to yourself"):
            give(Role.VERIFIER, cast.ministry, by=cast.office, post=post, starts_on=clock.today())


@pytest.fixture
def deputies(cast):
    """The cast's rights are moved to posts, and deputies act for them: the unit's, the office's, the verifier's."""

    def of(person, unit, title):
        post = a_post(unit, title)
        Grant.objects.filter(person=person).update(person=None, post=post)
        Tenure.objects.create(post=post, person=person, starts_on=date(2020, 1, 1))
        deputy = a_person(f"Deputy of {person}")
        stand_in(post, person, deputy)
        return deputy, post

    return of


def sent(cast):
    return an_issued(cast).lead


def under_way(cast):
    return an_accepted(cast).lead


def asked(cast):
    lead = an_accepted(cast).lead
    return tasks.ask_extension(lead, by=cast.lead, asked_on=lead.due_on + WEEK, reason="Floods")


def resting(cast):
    return tasks.suspend(under_way(cast), by=cast.office, reason="Floods")


def refused(cast):
    return tasks.refuse(sent(cast), by=cast.lead, reason="Not ours")


# act: (whose deputy, over which unit, what is there before, the act)
ACTS = {
    "tasks.issued": ("office", "committee", a_draft, lambda x, by: tasks.issue(x, by=by)),
    "tasks.received": ("lead", "ministry", sent, lambda x, by: tasks.receive(x, by=by)),
    "tasks.accepted": ("lead", "ministry", sent, lambda x, by: tasks.accept(x, by=by)),
    "tasks.refused": (
        "lead",
        "ministry",
        sent,
        lambda x, by: tasks.refuse(x, by=by, reason="Not ours"),
    ),
    "tasks.reissued": (
        "office",
        "committee",
        refused,
        lambda x, by: tasks.reissue(x, by=by, note="It is yours"),
    ),
    "tasks.reported": (
        "lead",
        "ministry",
        under_way,
        lambda x, by: tasks.report(x, by=by, words="Half of it"),
    ),
    "tasks.submitted": (
        "lead",
        "ministry",
        under_way,
        lambda x, by: tasks.report(x, by=by, words="All", is_final=True, files=(a_file(),)),
    ),
    "tasks.verified": (
        "verifier",
        "committee",
        a_submission,
        lambda x, by: tasks.verify(x, by=by),
    ),
    "tasks.extension_asked": (
        "lead",
        "ministry",
        under_way,
        lambda x, by: tasks.ask_extension(x, by=by, asked_on=x.due_on + WEEK, reason="Floods"),
    ),
    "tasks.extension_granted": (
        "office",
        "committee",
        asked,
        lambda x, by: tasks.decide_extension(x, by=by, granted=True, note="Yes"),
    ),
    "tasks.suspended": (
        "office",
        "committee",
        under_way,
        lambda x, by: tasks.suspend(x, by=by, reason="Floods"),
    ),
    "tasks.resumed": (
        "office",
        "committee",
        resting,
        lambda x, by: tasks.resume(x, by=by, note="Dry again"),
    ),
    "tasks.dropped": (
        "office",
        "committee",
        lambda cast: under_way(cast).task,
        lambda x, by: tasks.drop(x, by=by, reason="Overtaken"),
    ),
}


class TestActingForAPost:
    @pytest.mark.parametrize("name", ACTS)
    def test_the_record_says_for_which_post(self, cast, deputies, name):
        whose, where, before, act = ACTS[name]
        person = getattr(cast, whose)
        subject = before(cast)
        deputy, post = deputies(person, getattr(cast, where), "Seat")

        act(subject, deputy)

        entry = Entry.objects.get(act=name)
        assert (entry.by, entry.post) == (key_of(deputy), key_of(post))
        assert not Entry.objects.filter(by=key_of(person)).exclude(post="").exists()

    def test_who_may_in_their_own_right_acts_in_their_own_name(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.lead)  # who is the ministry's unit head already

        tasks.accept(sent(cast), by=cast.lead)

        assert Entry.objects.get(act="tasks.accepted").post == ""

    def test_what_a_deputy_does_as_themselves_afterwards_is_their_own(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)
        tasks.accept(sent(cast), by=cast.nobody)

        open_token(cast.nobody, by=cast.nobody, name="Script", expires_on=clock.today() + WEEK)

        assert Entry.objects.get(act="tasks.accepted").post == key_of(post)
        assert Entry.objects.get(act="people.token_opened").post == ""

    def test_a_deputy_gives_the_posts_roles_in_the_posts_name(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)

        give(
            Role.OFFICER,
            cast.ministry,
            by=cast.nobody,
            person=a_person("New"),
            starts_on=clock.today(),
        )

        assert Entry.objects.get(act="access.given").post == key_of(post)

    def test_a_deputy_of_the_doer_cannot_verify_either(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.verifier)
        report = a_submission(cast)

        with pytest.raises(Forbidden, match="outside the unit"):
            tasks.verify(report, by=cast.verifier)

    def test_the_history_says_for_whom(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.nobody)
        part = sent(cast)
        tasks.accept(part, by=cast.nobody)

        newest, *older = history_of(part.task)

        assert newest.person == "Nobody, for the post “Minister” of Ministry of Rivers"
        assert [line.person for line in older] == ["Office Hoa", "Office Hoa"]

    def test_the_extension_of_a_deputy_is_answered_by_another(self, cast, seat):
        post, holder = seat
        stand_in(post, holder, cast.office)
        part = under_way(cast)
        asked_for = tasks.ask_extension(
            part, by=cast.office, asked_on=part.due_on + WEEK, reason="Floods"
        )
        with pytest.raises(Forbidden, match="Somebody else"):
            tasks.decide_extension(asked_for, by=cast.office, granted=True, note="Yes")
        assert Extension.objects.get().granted is None
