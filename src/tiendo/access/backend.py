"""The answer to kit's questions: over which paths may this person do this today, and in the name of which post?"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from tiendo.access.capabilities import ALLOWED, SCOPES, SECOND_FACTOR, Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.kit.permission import Place
from tiendo.orgs.models import Post, Succession, Unit

EVERYWHERE = (
    "",
)  # every path starts with it: the console's reach, limited to what an administrator may do


class Right(NamedTuple):
    """A role somebody holds, with the paths it covers. The console's comes from no grant."""

    role: Role
    paths: tuple[str, ...]
    grant: Grant | None = None
    acts_for: Post | None = (
        None  # the post whose deputy they are; nothing when the right is their own
    )

    def covers(self, path: str) -> bool:
        return path.startswith(self.paths)

    @property
    def is_own(self) -> bool:
        return self.acts_for is None


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
    grants = list(
        Grant.objects.held_by(person, day).select_related("unit", "post__unit").order_by("pk")
    )
    before = predecessors({grant.unit_id for grant in grants})
    return [
        Right(
            Role(grant.role),
            (grant.unit.path, *before.get(grant.unit_id, ())),
            grant,
            None if grant.is_own else grant.post,
        )
        for grant in grants
    ]


def needs_second_factor(person: Any) -> bool:
    """Whether the person's roles ask for a passkey or codes beside the password; people of a story are let off."""
    return not person.is_demo and any(right.role in SECOND_FACTOR for right in held(person))


def predecessors(nodes: set[int]) -> dict[int, tuple[str, ...]]:
    """For each node the paths of the units whose heir it is, and of theirs: their history comes with them."""
    found: dict[int, set[int]] = {node: {node} for node in nodes}
    frontier = set(nodes)
    while frontier:
        rows = list(Succession.objects.filter(new__in=frontier).values_list("new", "old"))
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


def shortest(paths: Iterable[str]) -> tuple[str, ...]:
    """Without those that lie beneath another."""
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path.startswith(root) for root in kept):
            kept.append(path)
    return tuple(sorted(kept))
