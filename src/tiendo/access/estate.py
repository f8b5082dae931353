"""What becomes of roles over units that end, and of roles held by their posts. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.orgs.takeovers import Ending
from tiendo.people.models import Person

ENDS = ""
# What somebody may become in the heir: the same, less, or nothing. Nobody gains by a reform.
MAY_BECOME: dict[Role, tuple[str, ...]] = {
    Role.UNIT_HEAD: (Role.UNIT_HEAD, Role.OFFICER, ENDS),
    Role.COMMITTEE_HEAD: (Role.COMMITTEE_HEAD, Role.MEMBER, ENDS),
}
ONE_AT_A_TIME = (Role.UNIT_HEAD, Role.COMMITTEE_HEAD)


class Choice(NamedTuple):
    """What was chosen for a grant: the role in the heir (empty: it ends), and which heir."""

    role: str
    unit: Unit | None = None


@dataclass(frozen=True)
class Bequest:
    """A role that ends on the day, and the one that begins over the heir instead; `holders` are those who hold it by name then."""

    grant: Grant
    unit: Unit
    role: str
    holders: tuple[Person, ...]
    chosen: bool
    already: frozenset[int] = frozenset()  # holders who have this role there anyway

    @property
    def goes_on(self) -> bool:
        return self.role != ENDS

    @property
    def may_become(self) -> tuple[str, ...]:
        return MAY_BECOME.get(Role(self.grant.role), (self.grant.role, ENDS))

    @property
    def post(self) -> Post | None:
        """The post that keeps the role, when it is not one of those that end."""
        return None if self.holders or self.grant.post_id is None else self.grant.post

    def newcomers(self) -> list[Person]:
        return [person for person in self.holders if person.pk not in self.already]

    def begins_on(self, on: date) -> date:
        later: date = max(on, self.grant.starts_on)
        return later


@dataclass(frozen=True)
class Clash:
    """Two heads over one unit: somebody must say what the newcomer becomes."""

    bequest: Bequest
    others: tuple[str, ...]


@dataclass
class Estate:
    bequests: list[Bequest] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def estate(
    endings: Sequence[Ending], on: date, chosen: Mapping[int, Choice] | None = None
) -> Estate:
    """Roles over the units that end, or held by their posts, with what becomes of each."""
    by_unit = {ending.unit.pk: ending for ending in endings}
    grants = list(concerned(set(by_unit), on))
    sitting = sitters([grant.post_id for grant in grants if grant.post_id], on)
    wanted = [bequest(grant, by_unit, sitting, chosen or {}) for grant in grants]
    standing = standing_over({one.unit.pk for one in wanted}, set(by_unit), on)
    bequests = [with_already(one, standing) for one in wanted]
    return Estate(bequests, clashes(bequests, standing))


def concerned(ended: set[int], on: date) -> list[Grant]:
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    rows = Grant.objects.filter(going_on, Q(unit__in=ended) | Q(post__unit__in=ended))
    return list(
        rows.select_related("unit", "person", "post__unit")
        .prefetch_related("unit__names")
        .order_by("unit", "role", "pk")
    )


def sitters(posts: Sequence[int], on: date) -> dict[int, tuple[Person, ...]]:
    """Who sits in these posts on the day, had they not ended."""
    found: dict[int, tuple[Person, ...]] = {}
    rows = Tenure.objects.as_of(on).filter(post__in=posts).select_related("person").order_by("pk")
    for row in rows:
        found[row.post_id] = (*found.get(row.post_id, ()), row.person)
    return found


def bequest(
    grant: Grant,
    endings: Mapping[int, Ending],
    sitting: Mapping[int, tuple[Person, ...]],
    chosen: Mapping[int, Choice],
) -> Bequest:
    """The role is kept over the heir; one that only came with a post that ends goes with it, unless chosen otherwise."""
    ending = endings.get(grant.unit_id)
    usual = Choice(grant.role if ending else ENDS)
    choice = chosen.get(grant.pk, usual)
    unit = grant.unit if ending is None else heir_of(ending, choice.unit)
    role = choice.role if choice.role in (*allowed(grant), ENDS) else usual.role
    post_ends = grant.post is not None and grant.post.unit_id in endings
    holders = sitting.get(grant.post_id or 0, ()) if post_ends else persons(grant)
    if post_ends and not holders:
        role = ENDS  # nobody sits there who could hold it
    return Bequest(grant, unit, role, holders, chosen=grant.pk in chosen)


def persons(grant: Grant) -> tuple[Person, ...]:
    return (grant.person,) if grant.person else ()


def allowed(grant: Grant) -> tuple[str, ...]:
    return MAY_BECOME.get(Role(grant.role), (grant.role,))


def heir_of(ending: Ending, chosen: Unit | None) -> Unit:
    return chosen if chosen and chosen in [h.unit for h in ending.heirs] else ending.heir


def standing_over(units: set[int], ended: set[int], on: date) -> list[Grant]:
    """Roles that people hold over the heirs anyway, by name or by a post that stays."""
    rows = Grant.objects.as_of(on).filter(unit__in=units - ended)
    rows = rows.exclude(post__unit__in=ended)
    return list(rows.select_related("person", "post").order_by("pk"))


def with_already(one: Bequest, standing: Sequence[Grant]) -> Bequest:
    same = [g for g in standing if g.unit_id == one.unit.pk and g.role == one.role]
    have = frozenset(g.person_id for g in same if g.person_id and g.ends_on is None)
    return Bequest(one.grant, one.unit, one.role, one.holders, one.chosen, have)


def clashes(bequests: Sequence[Bequest], standing: Sequence[Grant]) -> list[Clash]:
    """Newcomers nobody decided about who would be head beside another."""
    found = []
    for one in bequests:
        if one.role not in ONE_AT_A_TIME or one.chosen:
            continue
        own = {person.pk for person in one.holders}
        there = [g for g in standing if (g.unit_id, g.role) == (one.unit.pk, one.role)]
        names = [str(g.person or g.post) for g in there if g.person_id not in own]
        names += [
            str(person)
            for other in bequests
            if other is not one and (other.unit, other.role) == (one.unit, one.role)
            for person in other.holders
            if person.pk not in own
        ]
        if names:
            found.append(Clash(one, tuple(dict.fromkeys(names))))
    return found
