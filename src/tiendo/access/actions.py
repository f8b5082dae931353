from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.access.capabilities import Role
from tiendo.access.giving import (
    is_concerned,
    named,
    require_may_deputise,
    require_may_give,
    require_not_oneself,
    rights_of,
)
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.kit.permission import require, require_own
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.record import record
from tiendo.orgs.actions import require_exists
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.people.models import Person

# Grants -------------------------------------------------------------------------------------------


@transaction.atomic
def give(
    role: Role,
    unit: Unit,
    *,
    by: Person,
    person: Person | None = None,
    post: Post | None = None,
    starts_on: date,
    ends_on: date | None = None,
) -> Grant:
    """Give a role over a node to a person or a post; nobody gives what they lack."""
    require(by, "access.grant", unit)
    require_may_give(by, role, unit)
    require_not_oneself(by, person, post, starts_on)
    if (person is None) == (post is None):
        raise Invalid(_("Name one person or one post who gets this role."), field="person")
    require_exists(unit, starts_on)
    require_in_order(starts_on, ends_on)
    require_news(role, unit, person, post, starts_on)
    grant = Grant.objects.create(
        role=role,
        unit=unit,
        person=person,
        post=post,
        given_by=by,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(
        "access.given",
        grant,
        by=by,
        role=role.value,
        **named(unit),
        personal={"to": person or post},
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return grant


def require_in_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")


def require_news(
    role: Role, unit: Unit, person: Person | None, post: Post | None, on: date
) -> None:
    """The same role over the same unit is held once."""
    held = Grant.objects.as_of(on).filter(role=role, unit=unit, person=person, post=post)
    if held.exists():
        raise Refused(
            _("%(to)s already holds this role over this unit on that day.") % {"to": person or post}
        )


@transaction.atomic
def end(grant: Grant, *, by: Person, on: date) -> Grant:
    """End a grant: it stops working at the next request on that day."""
    require(by, "access.grant", grant.unit)
    require_may_give(by, grant.role, grant.unit)
    require_still_to_come(grant, on)
    grant.ends_on = on
    grant.save(update_fields=["ends_on"])
    record(
        "access.ended", grant, by=by, role=grant.role, **named(grant.unit), ends_on=on,
        personal={"to": grant.person or grant.post},
    )  # fmt: skip
    return grant


def require_still_to_come(dated: Grant | Delegation, on: date) -> None:
    """Nobody ends a thing twice, nor before it began."""
    if on <= dated.starts_on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")
    if dated.ends_on is not None and dated.ends_on <= on:
        raise Invalid(_("It ends before that day already."), field="ends_on")


# Delegations --------------------------------------------------------------------------------------


@transaction.atomic
def delegate(
    post: Post, *, by: Person, deputy: Person, starts_on: date, ends_on: date, reason: str
) -> Delegation:
    """A deputy has the rights of a post for a time: its holder says so, or who may give the post's roles."""
    tenure = require_may_delegate(by, post, starts_on)
    require_in_order(starts_on, ends_on)
    require_within(tenure, ends_on)
    require_deputy(deputy, by, post, starts_on)
    if not reason.strip():
        raise Invalid(_("Say why somebody else acts for this post."), field="reason")
    delegation = Delegation.objects.create(
        post=post, deputy=deputy, tenure=tenure, given_by=by, reason=reason.strip(),
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    record(
        "access.delegated", delegation, by=by, title=post.recorded_title, **named(post.unit),
        starts_on=starts_on, ends_on=ends_on, reason=delegation.reason, personal={"to": deputy},
    )  # fmt: skip
    return delegation


def require_may_delegate(by: Person, post: Post, on: date) -> Tenure | None:
    """The tenure of the holder who delegates; nothing when somebody who may give the post's roles does."""
    tenure: Tenure | None = Tenure.objects.as_of(on).filter(post=post, person=by).first()
    if tenure is not None:
        require_own(by, tenure.person)
    else:
        require(by, "access.grant", post)
        require_may_deputise(by, post, on)
    if not rights_of(post, on):
        raise Refused(_("This post carries no role, so there is nothing to delegate."))
    return tenure


def require_within(tenure: Tenure | None, ends_on: date) -> None:
    """Nobody delegates beyond the day on which they leave the post."""
    if tenure is not None and tenure.ends_on is not None and ends_on > tenure.ends_on:
        raise Invalid(
            _("You leave this post before that day. Choose an earlier one."), field="ends_on"
        )


def require_deputy(deputy: Person, by: Person, post: Post, on: date) -> None:
    if deputy == by:
        raise Forbidden(_("You cannot delegate a post to yourself."))
    if not deputy.is_active or deputy.is_operator:
        raise Invalid(_("This account is closed. Choose somebody who may sign in."), field="deputy")
    if is_concerned(deputy, post, on):
        raise Invalid(_("This person already sits in this post or acts for it."), field="deputy")


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Person, on: date) -> Delegation:
    """The deputy stops acting for the post: its holder, the deputy or who may give its roles says so."""
    require_may_end(by, delegation, on)
    require_still_to_come(delegation, on)
    delegation.ends_on = on
    delegation.save(update_fields=["ends_on"])
    record(
        "access.delegation_ended", delegation, by=by, title=delegation.post.recorded_title,
        **named(delegation.post.unit), ends_on=on, personal={"to": delegation.deputy},
    )  # fmt: skip
    return delegation


def require_may_end(by: Person, delegation: Delegation, on: date) -> None:
    post = delegation.post
    sits = Tenure.objects.as_of(clock.today()).filter(post=post, person=by).exists()
    if sits or by == delegation.deputy:
        require_own(by, by)
    else:
        require(by, "access.grant", post)
        require_may_deputise(by, post, on)
