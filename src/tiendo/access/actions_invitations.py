"""Inviting: a role over a unit is offered to an address; whoever reads its letters takes it up, once, within 72 hours."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.access.actions import give, require_in_order
from tiendo.access.capabilities import Role
from tiendo.access.giving import named, require_may_give
from tiendo.access.models import Grant, Invitation
from tiendo.kit import clock, jobs
from tiendo.kit.permission import require, require_own
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.record import record
from tiendo.orgs.actions import require_exists
from tiendo.orgs.models import Unit
from tiendo.people.actions import join as open_account
from tiendo.people.models import Person

LETTER = "tiendo.access.letters.send_invitations"


class InvitationGone(Refused):
    """It was taken up, taken back, too late, or whoever gave it may give it no more."""

    code = "invitation-gone"
    status = 410


@transaction.atomic
def invite(
    role: Role,
    unit: Unit,
    *,
    by: Person,
    email: str,
    house: str,
    name: str = "",
    language: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Invitation:
    """Offer a role to whoever reads this address; `house` is the address the link in the letter begins with."""
    require(by, "people.welcome", unit)
    require(by, "access.grant", unit)
    require_may_give(by, role, unit)
    email = address(email)
    require_exists(unit, starts_on or clock.today())
    require_in_order(starts_on or clock.today(), ends_on)
    require_open_to(email, by, role, unit)
    invitation = Invitation(
        unit=unit, role=role, email=email, name=name.strip(), language=language, given_by=by,
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    invitation.begin(clock.now())
    invitation.save()
    record("access.invited", invitation, by=by, role=role, **named(unit), personal={"email": email})
    jobs.enqueue(LETTER, [invitation.pk], house)
    return invitation


def address(email: str) -> str:
    """An address somebody can be written to, in small letters."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("This is no e-mail address."), field="email") from None
    return email


def require_open_to(email: str, by: Person, role: Role, unit: Unit) -> None:
    """Nobody invites themselves, nor somebody twice, nor to what they have."""
    if email == by.email.lower():
        raise Forbidden(_("You cannot give a role to yourself. Ask somebody else who may give it."))
    if Invitation.objects.open().filter(email=email, role=role, unit=unit).exists():
        raise Refused(
            _("An invitation to this role is already on its way. Send that one again instead.")
        )
    held = Grant.objects.as_of(clock.today()).filter(role=role, unit=unit)
    if held.filter(person__email__iexact=email).exists():
        raise Refused(_("Whoever has this address holds this role over this unit already."))


@transaction.atomic
def send_again(invitation: Invitation, *, by: Person, house: str) -> Invitation:
    """Another letter with another link, good for another 72 hours; the former link opens nothing any more."""
    require(by, "people.welcome", invitation.unit)
    require(by, "access.grant", invitation.unit)
    require_may_give(by, invitation.role, invitation.unit)
    require_open(invitation)
    require_not_of(by, invitation)
    invitation.given_by = by
    invitation.begin(clock.now())
    invitation.save()
    record(
        "access.invited_again", invitation, by=by, role=invitation.role, **named(invitation.unit),
        personal={"email": invitation.email},
    )  # fmt: skip
    jobs.enqueue(LETTER, [invitation.pk], house)
    return invitation


def require_open(invitation: Invitation) -> None:
    if not invitation.is_open:
        raise Refused(_("This invitation was taken up or taken back already."))


def require_not_of(by: Person, invitation: Invitation) -> None:
    if invitation.email == by.email.lower():
        raise Forbidden(_("You cannot give a role to yourself. Ask somebody else who may give it."))


@transaction.atomic
def revoke(invitation: Invitation, *, by: Person) -> Invitation:
    """The link opens nothing any more."""
    require(by, "access.grant", invitation.unit)
    require_may_give(by, invitation.role, invitation.unit)
    entry = record(
        "access.invitation_revoked", invitation, by=by, role=invitation.role,
        **named(invitation.unit), personal={"email": invitation.email},
    )  # fmt: skip
    if not Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=entry.at):
        require_open(Invitation.objects.get(pk=invitation.pk))
    invitation.revoked_at = entry.at
    return invitation


@transaction.atomic
def join(
    invitation: Invitation, *, by: Person, username: str, name: str, password: str, language: str
) -> Person:
    """Somebody new takes it up: their account opens and the role is theirs, in the name of who invited (`by`)."""
    require_given(invitation, by)
    person = open_account(
        username, by=by, into=invitation.unit, name=name, email=invitation.email,
        password=password, language=language,
    )  # fmt: skip
    take_up(invitation, person)
    return person


@transaction.atomic
def accept(invitation: Invitation, *, by: Person) -> Grant:
    """Somebody who has an account with this very address takes it up."""
    require_own(by, by)
    if not by.email or by.email.lower() != invitation.email:
        raise Forbidden(
            _(
                "This invitation was sent to another address than yours. Sign in with the account of that address."
            )
        )
    require_given(invitation, invitation.given_by)
    return take_up(invitation, by)


def require_given(invitation: Invitation, giver: Person) -> None:
    """It is still good, and whoever invited could give the role today."""
    now_open = Invitation.objects.open().filter(pk=invitation.pk, digest=invitation.digest)
    if giver != invitation.given_by or not now_open.exists():
        raise InvitationGone(_("This invitation has been used, or was taken back."))
    if invitation.expires_at <= clock.now():
        raise InvitationGone(
            _("This invitation was good for 72 hours, which are over. Ask for another letter.")
        )
    if not invitation.unit.exists_on(clock.today()):
        raise InvitationGone(
            _(
                "%(unit)s has ended, so nobody can have a role there. Ask its heir for another letter."
            )
            % {"unit": invitation.unit.name}
        )
    try:
        require(giver, "people.welcome", invitation.unit)
        require(giver, "access.grant", invitation.unit)
        require_may_give(giver, invitation.role, invitation.unit)
    except Forbidden:
        raise InvitationGone(
            _("%(giver)s, who invited you, may no longer give this role. Ask for another letter.")
            % {"giver": giver}
        ) from None


def take_up(invitation: Invitation, person: Person) -> Grant:
    """Once: whoever is second finds it used. The link it was opened with must still be the newest."""
    now, today = clock.now(), clock.today()
    fresh = Invitation.objects.waiting(now).filter(pk=invitation.pk, digest=invitation.digest)
    if not fresh.update(accepted_at=now, accepted_by=person):
        raise InvitationGone(_("This invitation has been used, or was taken back."))
    starts_on = max(today, invitation.starts_on or today)
    if invitation.ends_on is not None and invitation.ends_on <= starts_on:
        raise InvitationGone(
            _("The role was offered until a day that is past. Ask for another letter.")
        )
    record(
        "access.invitation_accepted", invitation, by=person, role=invitation.role,
        **named(invitation.unit), personal={"to": person},
    )  # fmt: skip
    return give(
        Role(invitation.role), invitation.unit, by=invitation.given_by, person=person,
        starts_on=starts_on, ends_on=invitation.ends_on,
    )  # fmt: skip
