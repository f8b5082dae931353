"""Who may give what to whom: the rules behind giving, delegating and appointing. Nobody gives what is not theirs to give."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.access.backend import Right, held, rights
from tiendo.access.capabilities import MAY_GIVE, Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.kit.permission import speak_for
from tiendo.kit.refusals import Forbidden
from tiendo.orgs.models import Post, Tenure, Unit


def gives(own: Iterable[Right], role: str, path: str) -> bool:
    """Whether one of these rights gives that role over that place."""
    return bool(givers(own, role, path))


def givers(own: Iterable[Right], role: str, path: str) -> list[Right]:
    return [right for right in own if role in MAY_GIVE.get(right.role, ()) and right.covers(path)]


def reaches(by: Any, capability: str, person: Any) -> bool:
    """Whether somebody holds this capability over all the other holds, with roles that give the other's roles."""
    if by.pk == person.pk or person.is_operator:
        return False
    own = rights(by, capability)
    held_now = Grant.objects.held_by(person, clock.today())
    grants = list((held_now or Grant.objects.ever_held_by(person)).select_related("unit"))
    if not grants:
        return any(right.role == Role.ADMINISTRATOR for right in own)
    return all(gives(own, grant.role, grant.unit.path) for grant in grants)


def may_give_this(by: Any, role: str, path: str) -> bool:
    """Whether a page offers to give or end this role there."""
    return gives(rights(by, "access.grant"), role, path)


def may_give_anything(by: Any) -> bool:
    """Whether any role is this person's to give, somewhere."""
    return bool(rights(by, "access.grant"))


def may_delegate(by: Any, post: Post, on: date) -> bool:
    """Whether a page offers to delegate the post: its holder's business, or of who may give its roles."""
    carried = rights_of(post, on)
    if not carried:
        return False
    if Tenure.objects.as_of(on).filter(post=post, person=by).exists():
        return True
    own = [right for right in rights(by, "access.grant") if right.is_own]
    return all(gives(own, grant.role, grant.unit.path) for grant in carried)


def may_end_delegation(by: Any, delegation: Delegation, on: date) -> bool:
    """Whether a page offers to end it: its deputy's and its post's holder's business, or of who may give its roles."""
    return by.pk == delegation.deputy_id or may_delegate(by, delegation.post, on)


def require_may_give(by: Any, role: str, unit: Unit) -> None:
    """The giver must hold, over this node, a role that gives this one; a deputy gives in the post's name."""
    found = givers(held(by), role, unit.path)
    if not found:
        raise Forbidden(_("You cannot give a role that is not yours to give."))
    speak_for(by, None if any(right.is_own for right in found) else found[0].acts_for)


def require_not_oneself(by: Any, person: Any, post: Post | None, on: date) -> None:
    """Nor to oneself through a post one sits in, will sit in, or acts for."""
    if person == by or (post is not None and is_concerned(by, post, on)):
        raise Forbidden(_("You cannot give a role to yourself. Ask somebody else who may give it."))


def is_concerned(person: Any, post: Post, on: date) -> bool:
    """Whether the post's rights are this person's, that day or later."""
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    sits = Tenure.objects.filter(going_on, post=post, person=person)
    acts = Delegation.objects.filter(going_on, post=post, deputy=person)
    return sits.exists() or acts.exists()


def rights_of(post: Post, on: date) -> list[Grant]:
    """The grants of a post, that day or later."""
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    return list(Grant.objects.filter(going_on, post=post).select_related("unit"))


def require_may_seat(by: Any, person: Any, post: Post, on: date) -> None:
    """Who appoints somebody to a post gives them its roles: they must be theirs to give, and not to themselves."""
    carried = rights_of(post, on)
    own = held(by) if carried else ()
    if not all(gives(own, grant.role, grant.unit.path) for grant in carried):
        raise Forbidden(
            _("This post carries roles that are not yours to give. Ask somebody who may give them.")
        )
    if carried and person == by:
        raise Forbidden(_("You cannot give a role to yourself. Ask somebody else who may give it."))


def require_may_deputise(by: Any, post: Post, on: date) -> None:
    """Who does not sit in the post must hold, in their own right, what gives each of its roles: no chains."""
    own = [right for right in held(by) if right.is_own]
    if not all(gives(own, grant.role, grant.unit.path) for grant in rights_of(post, on)):
        raise Forbidden(
            _("Only who sits in this post, or may give its roles, can delegate its rights.")
        )


def named(unit: Unit) -> dict[str, Any]:
    """How the record names a unit: its name, which outlives it, and its key, for readers of other languages."""
    return {"unit": unit.name_on(None, "vi"), "unit_key": unit.key}
