"""An invitation is bound to its unit, role and address; it works once, for 72 hours, while whoever gave it still may."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from makers import a_grant, a_person, a_post, a_unit
from tiendo.access.actions import delegate, end
from tiendo.access.actions_invitations import (
    InvitationGone,
    accept,
    invite,
    join,
    revoke,
    send_again,
)
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant, Invitation, digest_of
from tiendo.kit import clock, jobs
from tiendo.kit.permission import can
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs.models import Tenure
from tiendo.people.models import Person

HOUSE = "https://tiendo.example/"
PASSWORD = "a long sentence about rivers"


def an_invitation(cast, **given):
    asked = {"role": Role.OFFICER, "unit": cast.ministry, "by": cast.lead, **given}
    role, unit = asked.pop("role"), asked.pop("unit")
    return invite(role, unit, house=HOUSE, **{"email": "thu@rivers.example", **asked})


def joined(invitation, username="thu", **given):
    facts = {"name": "Thu", "password": PASSWORD, "language": "vi", **given}
    return join(invitation, by=invitation.given_by, username=username, **facts)


def link_of(letter):
    return re.search(r"https://tiendo\.example/invitation/(\w+)/", letter.body)[1]


class TestInviting:
    def test_a_letter_in_their_language_leads_to_an_account_with_the_role(self, cast):
        invitation = an_invitation(cast, language="fr", name="Thu Trần")

        jobs.run_waiting()

        (letter,) = mail.outbox
        assert letter.to == ["thu@rivers.example"]
        assert "Thu Trần" in letter.body
        assert digest_of(link_of(letter)) == invitation.digest
        invitation.refresh_from_db()
        assert invitation.sent_at is not None
        thu = joined(invitation)
        assert can(thu, "tasks.report", cast.ministry)
        assert thu.email == "thu@rivers.example"
        assert Grant.objects.get(person=thu).given_by == cast.lead

    def test_neither_the_tables_nor_the_queue_hold_the_secret(self, cast):
        from django_q.models import OrmQ
        from django_q.signing import SignedPackage

        invitation = an_invitation(cast)
        secret = invitation.secret()

        kept = Invitation.objects.filter(pk=invitation.pk).values().get()
        assert secret not in map(str, kept.values())
        for row in OrmQ.objects.all():
            assert secret not in str(SignedPackage.loads(row.payload))

    def test_a_letter_is_sent_once_however_often_the_job_runs(self, cast):
        from tiendo.access.letters import send_invitations

        invitation = an_invitation(cast)
        for _ in range(3):
            send_invitations([invitation.pk], HOUSE)
        assert len(mail.outbox) == 1

    def test_the_address_is_personal_and_can_be_erased(self, cast):
        entry = Entry.objects.about(an_invitation(cast)).get()
        assert "thu@" not in str(entry.facts)
        assert sentence(entry).startswith("thu@rivers.example was invited to the role “Officer”")

    @pytest.mark.parametrize("who", ["stranger", "officer", "inspector", "nobody", "verifier"])
    def test_who_may_not_give_the_role_invites_nobody(self, cast, who):
        with pytest.raises(Forbidden):
            an_invitation(cast, by=getattr(cast, who))
        assert not Invitation.objects.exists()

    def test_nobody_invites_to_what_is_not_theirs_to_give(self, cast):
        with pytest.raises(Forbidden, match="not yours to give"):
            an_invitation(cast, role=Role.UNIT_HEAD)

    def test_nobody_invites_themselves(self, cast):
        cast.lead.email = "Nam@rivers.example"
        cast.lead.save()
        with pytest.raises(Forbidden, match="to yourself"):
            an_invitation(cast, email="nam@rivers.example")

    def test_nobody_is_invited_twice_or_to_what_they_hold(self, cast):
        an_invitation(cast)
        with pytest.raises(Refused, match="already on its way"):
            an_invitation(cast, email="THU@rivers.example")
        cast.officer.email = "mai@rivers.example"
        cast.officer.save()
        with pytest.raises(Refused, match="holds this role"):
            an_invitation(cast, email="mai@rivers.example")

    @pytest.mark.parametrize("email", ["", "x", "a@b", "a b@c.de"])
    def test_what_is_no_address_is_refused(self, cast, email):
        with pytest.raises(Invalid):
            an_invitation(cast, email=email)

    def test_the_database_keeps_one_open_invitation(self, cast):
        first = an_invitation(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(
                unit=first.unit, role=first.role, email=first.email, seed="1", digest="1",
                given_by=cast.lead, given_at=clock.now(), expires_at=clock.now(),
            )  # fmt: skip


class TestTakingUp:
    def test_once(self, cast):
        invitation = an_invitation(cast)
        seen_by_two = [Invitation.objects.get(pk=invitation.pk) for _ in range(2)]
        joined(seen_by_two[0])

        with pytest.raises(InvitationGone, match="used"):
            joined(seen_by_two[1], username="second")

        assert not Person.objects.filter(username="second").exists()
        assert Grant.objects.filter(role=Role.OFFICER, unit=cast.ministry).count() == 2  # Mai's too

    def test_within_72_hours(self, cast):
        invitation = an_invitation(cast)
        for hours, works in ((71.99, True), (72, False), (73, False)):
            with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
                if works:
                    with transaction.atomic():
                        assert joined(invitation).pk
                        transaction.set_rollback(True)
                else:
                    with pytest.raises(InvitationGone, match="72 hours"):
                        joined(invitation)
                    invitation.refresh_from_db()

    def test_while_whoever_invited_still_may(self, cast):
        invitation = an_invitation(cast)
        Grant.objects.filter(person=cast.lead).update(ends_on=clock.today())

        with pytest.raises(InvitationGone, match="Lead Nam, who invited you, may no longer"):
            joined(invitation)

        assert not Person.objects.filter(username="thu").exists()

    def test_not_after_the_inviters_account_is_closed(self, cast):
        invitation = an_invitation(cast)
        Person.objects.filter(pk=cast.lead.pk).update(is_active=False)
        with pytest.raises(InvitationGone):
            joined(Invitation.objects.get(pk=invitation.pk))

    def test_for_the_days_that_were_offered(self, cast):
        today = clock.today()
        invitation = an_invitation(
            cast, starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=2)
        )
        grant = Grant.objects.get(person=joined(invitation))
        assert (grant.starts_on, grant.ends_on) == (today, today + timedelta(days=2))

    def test_not_when_the_offered_days_are_over(self, cast):
        invitation = an_invitation(cast, ends_on=clock.today() + timedelta(days=1))
        with (
            time_machine.travel(clock.now() + timedelta(days=1), tick=False),
            pytest.raises(InvitationGone, match="until a day that is past"),
        ):
            joined(invitation)
        assert not Person.objects.filter(username="thu").exists()

    def test_a_weak_password_or_a_taken_name_uses_nothing_up(self, cast):
        invitation = an_invitation(cast)
        for wrong in ({"password": "short"}, {"username": cast.lead.username}, {"name": " "}):
            with pytest.raises(Invalid), transaction.atomic():
                joined(invitation, **wrong)
            invitation.refresh_from_db()
        assert invitation.is_open
        assert joined(invitation).pk

    def test_with_an_account_that_has_the_address(self, cast):
        cast.nobody.email = "Thu@rivers.example"
        cast.nobody.save()
        invitation = an_invitation(cast)

        accept(invitation, by=cast.nobody)

        assert can(cast.nobody, "tasks.report", cast.ministry)
        entry = Entry.objects.get(act="access.invitation_accepted")
        assert sentence(entry).startswith("Nobody took up the invitation")

    def test_a_key_takes_up_nothing(self, cast):
        cast.nobody.email = "thu@rivers.example"
        cast.nobody.save()
        cast.nobody.key_scope = "all"
        with pytest.raises(Forbidden, match="key"):
            accept(an_invitation(cast), by=cast.nobody)


def test_none_of_eight_invitations_works_with_another_of_eight_accounts(cast):
    """T10: each names its unit, role and address; the table of 8 × 8 has its diagonal only."""
    people = [a_person(f"Person {n}") for n in range(8)]
    for number, person in enumerate(people):
        Person.objects.filter(pk=person.pk).update(email=f"p{number}@rivers.example")
        person.refresh_from_db()
    units = [a_unit(f"Unit {n}", under=cast.ministry) for n in range(8)]
    invitations = [
        an_invitation(cast, unit=unit, email=f"p{n}@rivers.example") for n, unit in enumerate(units)
    ]

    for row, invitation in enumerate(invitations):
        for column, person in enumerate(people):
            if row != column:
                with pytest.raises(Forbidden, match="another address"):
                    accept(invitation, by=person)
    assert not Grant.objects.filter(unit__in=units).exists()

    for invitation, person in zip(invitations, people, strict=True):
        accept(invitation, by=person)
    given = {(g.unit_id, g.person_id, g.role) for g in Grant.objects.filter(unit__in=units)}
    assert given == {
        (unit.pk, person.pk, Role.OFFICER) for unit, person in zip(units, people, strict=True)
    }
    with pytest.raises(InvitationGone):
        accept(Invitation.objects.get(pk=invitations[0].pk), by=people[0])


class TestAnotherLetter:
    def test_the_former_link_opens_nothing(self, cast):
        invitation = an_invitation(cast)
        former = invitation.secret()
        old = Invitation.objects.get(pk=invitation.pk)

        send_again(invitation, by=cast.lead, house=HOUSE)

        assert not Invitation.objects.filter(digest=digest_of(former)).exists()
        with pytest.raises(InvitationGone):
            joined(old)  # somebody still had the former page before their eyes
        jobs.run_waiting()
        assert digest_of(link_of(mail.outbox[-1])) == Invitation.objects.get().digest

    def test_it_works_for_another_72_hours_and_in_the_name_of_who_sent_it(self, cast):
        invitation = an_invitation(cast)
        with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
            send_again(invitation, by=cast.office, house=HOUSE)
            assert joined(invitation).pk
        assert Grant.objects.filter(given_by=cast.office).exists()

    def test_not_by_a_stranger_nor_once_it_is_used(self, cast):
        invitation = an_invitation(cast)
        with pytest.raises(Forbidden):
            send_again(invitation, by=cast.stranger, house=HOUSE)
        joined(invitation)
        invitation.refresh_from_db()
        with pytest.raises(Refused):
            send_again(invitation, by=cast.lead, house=HOUSE)


class TestTakingBack:
    def test_the_link_opens_nothing(self, cast):
        invitation = an_invitation(cast)
        revoke(invitation, by=cast.lead)
        with pytest.raises(InvitationGone, match="taken back"):
            joined(invitation)

    def test_once_and_only_by_who_may_give_the_role(self, cast):
        invitation = an_invitation(cast)
        with pytest.raises(Forbidden):
            revoke(invitation, by=cast.stranger)
        revoke(invitation, by=cast.office)
        with pytest.raises(Refused):
            revoke(Invitation.objects.get(), by=cast.lead)

    def test_afterwards_the_address_may_be_invited_again(self, cast):
        revoke(an_invitation(cast), by=cast.lead)
        assert an_invitation(cast).pk


def test_ending_what_was_taken_up_works_as_for_every_grant(cast):
    thu = joined(an_invitation(cast))
    grant = Grant.objects.get(person=thu)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        end(grant, by=cast.lead, on=clock.today())
        assert not can(thu, "tasks.report", cast.ministry)


def test_a_deputy_who_invited_must_still_be_deputy(cast):
    post = a_post(cast.ministry)
    a_grant(Role.UNIT_HEAD, cast.ministry, None, post=post)
    Tenure.objects.create(post=post, person=cast.lead, starts_on=clock.today())
    delegate(
        post, by=cast.lead, deputy=cast.nobody, starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=1), reason="Away",
    )  # fmt: skip
    invitation = an_invitation(cast, by=cast.nobody)
    assert Entry.objects.get(act="access.invited").post
    with (
        time_machine.travel(clock.now() + timedelta(days=1), tick=False),
        pytest.raises(InvitationGone, match="may no longer"),
    ):
        joined(invitation)
