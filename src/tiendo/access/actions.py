from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.access.backend import gives, held
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.ledger.record import record
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person


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
    if person == by:
        raise Forbidden(_("You cannot give a role to yourself. Ask somebody else who may give it."))
    if (person is None) == (post is None):
        raise Invalid(_("Name one person or one post who gets this role."), field="person")
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")
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
        unit=unit.name_on(starts_on, "vi"),
        personal={"to": person or post},
        starts_on=starts_on,
    )
    return grant


@transaction.atomic
def end(grant: Grant, *, by: Person, on: date) -> Grant:
    """End a grant: it stops working at the next request on that day."""
    require(by, "access.grant", grant.unit)
    require_may_give(by, Role(grant.role), grant.unit)
    if on <= grant.starts_on:
        raise Invalid(_("The last day must come after the first."), field="ends_on")
    grant.ends_on = on
    grant.save(update_fields=["ends_on"])
    record("access.ended", grant, by=by, role=grant.role, ends_on=on)
    return grant


def require_may_give(by: Person, role: Role, unit: Unit) -> None:
    """The giver must hold, over this node, a role that gives this one."""
    if not gives(held(by), role, unit.path):
        raise Forbidden(_("You cannot give a role that is not yours to give."))
