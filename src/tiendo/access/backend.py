"""The answer to kit's question: over which paths may this person do this, today?"""

from collections.abc import Iterable
from typing import Any

from tiendo.access.capabilities import ALLOWED, Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.orgs.models import Succession, Unit

EVERYWHERE = (
    "",
)  # every path starts with it: the console's reach, limited to what an administrator may do


def roots(person: Any, capability: str) -> tuple[str, ...]:
    """Paths of the nodes, and of the units that were merged into them, over which the capability is held."""
    if not person.is_authenticated or not person.is_active:
        return ()
    allowed = ALLOWED[capability]
    reach = (path for role, paths in held(person) if role in allowed for path in paths)
    return shortest(reach)


def held(person: Any) -> list[tuple[Role, tuple[str, ...]]]:
    """The person's roles with the paths they cover; asked once a request (see `middleware`)."""
    asked = getattr(person, "roots_asked", None)
    if asked is not None and "held" in asked:
        known: list[tuple[Role, tuple[str, ...]]] = asked["held"]
        return known
    if person.is_operator:
        return [(Role.ADMINISTRATOR, EVERYWHERE)]
    grants = list(Grant.objects.held_by(person, clock.today()).select_related("unit"))
    before = predecessors({grant.unit_id for grant in grants})
    answer = [(Role(g.role), (g.unit.path, *before.get(g.unit_id, ()))) for g in grants]
    if asked is not None:
        asked["held"] = answer
    return answer


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
    ancestors = set().union(*found.values()) - nodes if found else set()
    paths = dict(Unit.objects.filter(pk__in=ancestors).values_list("pk", "path"))
    return {node: tuple(paths[u] for u in family if u in paths) for node, family in found.items()}


def shortest(paths: Iterable[str]) -> tuple[str, ...]:
    """Without those that lie beneath another."""
    kept: list[str] = []
    for path in sorted(set(paths), key=len):
        if not any(path.startswith(root) for root in kept):
            kept.append(path)
    return tuple(sorted(kept))
