"""The answer to kit's question: over which paths may this person do this, today?"""

from collections.abc import Iterable
from typing import Any

from tiendo.access.capabilities import ALLOWED, MAY_GIVE, SCOPES, SECOND_FACTOR, Role
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
    if person.key_scope is not None and capability not in SCOPES[person.key_scope]:
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


def needs_second_factor(person: Any) -> bool:
    """Whether the person's roles ask for a passkey or codes beside the password; people of a story are let off."""
    return not person.is_demo and any(role in SECOND_FACTOR for role, _ in held(person))


def reaches(by: Any, capability: str, person: Any) -> bool:
    """Whether somebody holds this capability over all the other holds, with roles that give the other's roles."""
    if by.pk == person.pk or person.is_operator or not (by.is_active and by.is_authenticated):
        return False
    own = [(role, paths) for role, paths in held(by) if role in ALLOWED[capability]]
    if by.key_scope is not None and capability not in SCOPES[by.key_scope]:
        return False
    held_now = Grant.objects.held_by(person, clock.today())
    grants = list((held_now or Grant.objects.ever_held_by(person)).select_related("unit"))
    if not grants:
        return any(role == Role.ADMINISTRATOR for role, _ in own)
    return all(gives(own, Role(grant.role), grant.unit.path) for grant in grants)


def gives(own: list[tuple[Role, tuple[str, ...]]], role: Role, path: str) -> bool:
    """Whether one of these roles gives that one over that place."""
    return any(
        role in MAY_GIVE.get(mine, set()) and any(path.startswith(root) for root in paths)
        for mine, paths in own
    )


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
