"""Why may they, or why not: the same rights as behind every list and check, told in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tiendo.access.backend import Right, held, rights, with_grants
from tiendo.access.capabilities import ALLOWED, MAY_GIVE, WORDS, Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.kit.permission import Place, can
from tiendo.kit.words import day_in_words
from tiendo.orgs.models import Succession, Tenure, Unit

MOST = 6  # names or ways worth reading


@dataclass(frozen=True)
class Way:
    """One right that covers the place, told from its grant down to the place."""

    right: Right
    sentences: list[str]


@dataclass(frozen=True)
class Why:
    """The answer: the ways in which somebody may, or what is missing, and who could give it."""

    may: bool
    capability: str
    ways: list[Way] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    givers: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return str(WORDS[self.capability])


def why(person: Any, capability: str, place: Place) -> Why:
    """Whether and why this person may do this at this place, today."""
    today = clock.today()
    covering = [
        right for right in with_grants(rights(person, capability)) if right.covers(place.path)
    ]
    if covering:
        ways = [Way(right, told(person, right, place, today)) for right in covering[:MOST]]
        return Why(True, capability, ways)
    givers = who_could_give(capability, place, today)
    return Why(False, capability, missing=missing(person, capability), givers=givers)


def in_short(person: Any, capability: str, place: Place) -> tuple[str, Any, bool]:
    """(capability, its words, whether the person may): a line of the table of all."""
    return capability, WORDS[capability], bool(can(person, capability, place))


def may_be_told(by: Any, person: Any, place: Place) -> bool:
    """Anybody asks about themselves; about others, who may see rights at that place."""
    return bool(by == person or can(by, "access.view", place))


# A way, from the grant down to the place ------------------------------------------------------------


def told(person: Any, right: Right, place: Place, today: date) -> list[str]:
    if right.grant is None:
        return [_("The console of the server reaches everything an administrator may do.")]
    return [
        *given(person, right.grant),
        *held_through(person, right, today),
        *lies(right, place),
    ]


def given(person: Any, grant: Grant) -> list[str]:
    facts = {
        "role": grant.get_role_display(),
        "unit": grant.unit.name,
        "to": person,
        "post": grant.post,
        "seat": grant.post.unit.name if grant.post else "",
        "giver": grant.given_by,
    }
    return [giving_of(grant) % facts, span(grant.starts_on, grant.ends_on)]


def giving_of(grant: Grant) -> str:
    if grant.post is None and grant.given_by is None:
        return _("%(to)s has the role “%(role)s” over %(unit)s; nobody is on record as its giver.")
    if grant.post is None:
        return _("%(giver)s gave %(to)s the role “%(role)s” over %(unit)s.")
    if grant.given_by is None:
        return _(
            "The post “%(post)s” of %(seat)s has the role “%(role)s” over %(unit)s; nobody is on record as its giver."
        )
    return _("%(giver)s gave the post “%(post)s” of %(seat)s the role “%(role)s” over %(unit)s.")


def span(starts_on: date, ends_on: date | None) -> str:
    days = {"start": day_in_words(starts_on), "end": day_in_words(ends_on) if ends_on else ""}
    if ends_on is None:
        return _("It holds from %(start)s, without a last day.") % days
    return _("It holds from %(start)s and stops on %(end)s.") % days


def held_through(person: Any, right: Right, today: date) -> list[str]:
    """For a post's role: the tenure or the delegation by which the person has it."""
    post = right.grant.post if right.grant else None
    if post is None:
        return []
    if right.is_own:
        tenure = Tenure.objects.as_of(today).filter(post=post, person=person).first()
        said = _("%(who)s sits in this post.") % {"who": person}
        return [said, span(tenure.starts_on, tenure.ends_on)] if tenure else [said]
    found = Delegation.objects.standing(today).filter(post=post, deputy=person)
    return [sentence for one in found.select_related("given_by") for sentence in deputy_of(one)]


def deputy_of(delegation: Delegation) -> list[str]:
    facts = {
        "giver": delegation.given_by,
        "who": delegation.deputy,
        "reason": delegation.reason,
    }
    said = (
        _("%(giver)s, who sits in this post, delegated its rights to %(who)s: %(reason)s")
        if delegation.tenure_id
        else _("%(giver)s delegated the rights of this post to %(who)s: %(reason)s")
    )
    return [said % facts, span(delegation.starts_on, delegation.ends_on)]


def lies(right: Right, place: Place) -> list[str]:
    """How the place lies beneath the node of the grant: itself, in its branch, or merged into it."""
    node = right.grant.unit if right.grant else None
    unit = unit_at(place.path)
    if node is None or unit is None:
        return []
    names = {"place": unit.name, "unit": node.name}
    if unit.pk == node.pk:
        return [_("That is this very unit.")]
    if place.path.startswith(node.path):
        return [_("%(place)s lies beneath %(unit)s.") % names]
    old = next(path for path in right.paths[1:] if place.path.startswith(path))
    return inherited(unit, unit_at(old), node)


def inherited(unit: Unit, old: Unit | None, node: Unit) -> list[str]:
    """Each step by which the old unit's past came to the node; heirs reach what was merged into them."""
    said = []
    if old is not None and unit.pk != old.pk:
        said.append(_("%(place)s lay beneath %(unit)s.") % {"place": unit.name, "unit": old.name})
    for step in line(old.pk if old else 0, node.pk):
        facts = {"old": step.old.name, "heir": step.new.name, "day": day_in_words(step.on)}
        said.append(
            _(
                "%(old)s was merged into %(heir)s on %(day)s; who answers for the heir reaches its past."
            )
            % facts
        )
    return said


def line(old: int, heir: int) -> list[Succession]:
    """The successions that lead from one unit to another, the shortest way."""
    ways: dict[int, list[Succession]] = {old: []}
    frontier = [old]
    while frontier and heir not in ways:
        rows = Succession.objects.filter(old__in=frontier).select_related("old", "new")
        fresh = {row.new_id: [*ways[row.old_id], row] for row in rows if row.new_id not in ways}
        ways |= fresh
        frontier = list(fresh)
    return ways.get(heir, [])


def unit_at(path: str) -> Unit | None:
    """The unit at the end of a path."""
    numbers = path.strip("/").rpartition("/")[2]
    return Unit.objects.filter(pk=int(numbers)).first() if numbers else None


# What is missing, and who could give it ----------------------------------------------------------------


def missing(person: Any, capability: str) -> list[str]:
    """Why not, nearest first: the account, the place, the role."""
    facts = {"who": person, "do": WORDS[capability], "roles": roles_in_words(ALLOWED[capability])}
    if not person.is_active:
        return [_("The account of %(who)s is closed.") % facts]
    elsewhere = names_over(with_grants(rights(person, capability)))
    if elsewhere:
        facts["units"] = ", ".join(elsewhere)
        return [_("%(who)s may do this over %(units)s, and this place does not lie there.") % facts]
    others = [right for right in with_grants(held(person)) if right.role not in ALLOWED[capability]]
    said = [] if others else [_("%(who)s holds no role today.") % facts]
    for right in others[:MOST]:
        facts |= {"role": right.role.label, "units": ", ".join(names_over([right]))}
        said.append(
            _("%(who)s holds the role “%(role)s” over %(units)s, which does not let them do this.")
            % facts
        )
    return [*said, _("These roles let somebody do this: %(roles)s.") % facts]


def roles_in_words(roles: Iterable[Role]) -> str:
    return ", ".join(str(role.label) for role in Role if role in set(roles))


def names_over(found: Iterable[Right]) -> list[str]:
    names = (right.grant.unit.name for right in found if right.grant)
    return list(dict.fromkeys(names))[:MOST]


def who_could_give(capability: str, place: Place, today: date) -> list[str]:
    """People whose role over this place gives a role with the capability."""
    roles = [giver for giver, given in MAY_GIVE.items() if given & ALLOWED[capability]]
    grants = (
        Grant.objects.as_of(today)
        .filter(role__in=roles, unit__in=covering_units(place.path))
        .select_related("unit", "person", "post__unit")
        .order_by("-unit__path", "pk")[:MOST]
    )
    return [giver for grant in grants for giver in holders(grant, today)]


def holders(grant: Grant, today: date) -> list[str]:
    """Who holds a grant, each with the role in words."""
    seats = Tenure.objects.as_of(today).filter(post=grant.post).select_related("person")
    people = [grant.person] if grant.person else [seat.person for seat in seats]
    facts = {"role": grant.get_role_display(), "unit": grant.unit.name}
    return [
        _("%(who)s, %(role)s over %(unit)s") % {**facts, "who": who}
        for who in people
        if who.is_active
    ]


def covering_units(path: str) -> set[int]:
    """The units a grant over which reaches this path: those on it, and all that came after one of them."""
    found = {int(number) for number in path.split("/") if number}
    frontier = set(found)
    while frontier:
        heirs = Succession.objects.filter(old__in=frontier).values_list("new", flat=True)
        frontier = set(heirs) - found
        found |= frontier
    return found
