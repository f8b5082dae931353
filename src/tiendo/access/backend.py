"""The answer to kit's questions: over which paths may this person do this today, and in the name of which post?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tiendo.access.capabilities import ALLOWED, SCOPES, SECOND_FACTOR, Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.kit.permission import Place
from tiendo.kit.prepared import Prepared
from tiendo.orgs.models import Post, Succession, Unit

EVERYWHERE = (
    "",
)  # every path starts with it: the console's reach, limited to what an administrator may do


@dataclass(frozen=True)
class Right:
    """A role somebody holds, with the paths it covers. The console's comes from no grant."""

    role: Role
    paths: tuple[str, ...]
    number: int | None = None  # of its grant
    is_own: bool = True  # a deputy's is not

    @cached_property
    def grant(self) -> Grant | None:
        """Fetched by those who tell where a right comes from; whoever only uses it need not know."""
        rows = Grant.objects.select_related("unit", "post__unit")
        return None if self.number is None else rows.get(pk=self.number)

    @property
    def acts_for(self) -> Post | None:
        """The post whose deputy they are; nothing when the right is their own."""
        return None if self.is_own or self.grant is None else self.grant.post

    def covers(self, path: str) -> bool:
        return path.startswith(self.paths)


def roots(person: Any, capability: str) -> tuple[str, ...]:
    """Paths of the nodes, and of the units that were merged into them, over which the capability is held."""
    return shortest(path for right in rights(person, capability) for path in right.paths)


def rights(person: Any, capability: str) -> list[Right]:
    """Every right of this person that gives the capability today: the one rule behind lists, checks and “why”."""
    if not person.is_authenticated or not person.is_active:
        return []
    if person.key_scope is not None and capability not in SCOPES[person.key_scope]:
        return []
    allowed = ALLOWED[capability]
    return [right for right in held(person) if right.role in allowed]


def acting_for(person: Any, capability: str, place: Place | None) -> Post | None:
    """The post in whose name a deputy does this (here); nothing when a right of their own covers it."""
    path = place.path if place else None
    found = rights(person, capability)
    covering = [right for right in found if path is None or right.covers(path)]
    if any(right.is_own for right in covering):
        return None
    return covering[0].acts_for if covering else None


def held(person: Any) -> Sequence[Right]:
    """What the person holds today; asked once a request (see `middleware`)."""
    asked = getattr(person, "roots_asked", None)
    if asked is None:
        return held_on(person, clock.today())
    if "held" not in asked:
        asked["held"] = held_on(person, clock.today())
    known: Sequence[Right] = asked["held"]
    return known


def held_on(person: Any, day: date) -> list[Right]:
    """What the person holds on a day, in the order it was given."""
    if person.is_operator:
        return [Right(Role.ADMINISTRATOR, EVERYWHERE)]
    grants = HELD.rows(person=person.pk, day=day)
    before = predecessors({unit for _number, _role, _is_own, unit, _path in grants})
    return [
        Right(Role(role), (path, *before.get(unit, ())), number, bool(is_own))
        for number, role, is_own, unit, path in grants
    ]


HELD = Prepared(
    lambda person, day: (
        Grant.objects.held_by(person, day)
        .order_by("pk")
        .values_list("pk", "role", "is_own", "unit", "unit__path")
    ),
    person=int,
    day=date,
)
FOLLOWED = Prepared(
    lambda unit: Succession.objects.filter(new=unit).values_list("new", "old"), unit=int
)


def with_grants(found: Sequence[Right]) -> Sequence[Right]:
    """The same rights with the grants they come from, in one question."""
    numbers = [right.number for right in found if right.number is not None]
    grants = Grant.objects.select_related("unit", "post__unit").in_bulk(numbers)
    for right in found:
        right.__dict__["grant"] = grants.get(right.number)
    return found


def needs_second_factor(person: Any) -> bool:
    """Whether the person's roles ask for a passkey or codes beside the password; people of a story are let off."""
    return not person.is_demo and any(right.role in SECOND_FACTOR for right in held(person))


def predecessors(nodes: set[int]) -> dict[int, tuple[str, ...]]:
    """For each node the paths of the units whose heir it is, and of theirs: their history comes with them."""
    found: dict[int, set[int]] = {node: {node} for node in nodes}
    frontier = set(nodes)
    while frontier:
        rows = followed(frontier)
        frontier = set()
        for new, old in rows:
            for family in found.values():
                if new in family and old not in family:
                    family.add(old)
                    frontier.add(old)
    before = {node: family - {node} for node, family in found.items()}
    known = set().union(*before.values())
    paths = dict(Unit.objects.filter(pk__in=known).values_list("pk", "path")) if known else {}
    return {node: tuple(paths[unit] for unit in family) for node, family in before.items()}


def followed(units: set[int]) -> list[tuple[int, int]]:
    """Who came from whom, of these; most people hold one role, over one unit."""
    if len(units) == 1:
        return FOLLOWED.rows(unit=next(iter(units)))
    return list(Succession.objects.filter(new__in=units).values_list("new", "old"))


def shortest(paths: Iterable[str]) -> tuple[str, ...]:
    """Without those that lie beneath another."""
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path.startswith(root) for root in kept):
            kept.append(path)
    return tuple(sorted(kept))
