"""Who answers for what on a day: whoever holds the role nearest to a place, in person, by a post they sit in, or as its deputy.

The tables are asked a fixed number of questions, however many places are asked about afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from tiendo.access.capabilities import ALLOWED, Role
from tiendo.access.models import Delegation, Grant
from tiendo.notifications.states import Rung
from tiendo.orgs.models import Succession, Tenure
from tiendo.people.models import Person
from tiendo.tasks.models import Part

DOERS = frozenset(ALLOWED["tasks.report"])
JUDGES = frozenset(ALLOWED["tasks.verify"])
EXTENDERS = frozenset(ALLOWED["tasks.extend"])
ABOVE = {
    Rung.OFFICE: Role.STANDING_OFFICE,
    Rung.MEMBER: Role.MEMBER,
    Rung.HEAD: Role.COMMITTEE_HEAD,
}
TOLD = DOERS | JUDGES | EXTENDERS | set(ABOVE.values())
UPWARD = list(Rung)


class Audience:
    """The people of a day. With `paths` only those who may stand over these are asked for."""

    def __init__(self, on: date, paths: Iterable[str] | None = None) -> None:
        self.heirs = dict(
            Succession.objects.filter(is_default=True).values_list("old__path", "new__path")
        )
        wanted = None if paths is None else [self.standing(path) for path in paths]
        self.seats = seats_on(on)
        self.held = self.roles_on(on, wanted)

    def roles_on(self, on: date, paths: list[str] | None) -> dict[str, dict[str, set[int]]]:
        """For each place the roles over it, with who holds them."""
        grants = Grant.objects.as_of(on).filter(role__in=TOLD)
        if paths is not None:
            grants = grants.filter(unit__path__in={one for path in paths for one in upward(path)})
        held: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for role, path, person, post in grants.values_list("role", "unit__path", "person", "post"):
            held[path][role] |= {person} if person else self.seats.get(post, set())
        return held

    def standing(self, path: str) -> str:
        """The place itself, or that of whoever took over what stood there."""
        seen = set()
        while path in self.heirs and path not in seen:
            seen.add(path)
            path = self.heirs[path]
        return path

    def nearest(self, roles: Iterable[str], path: str) -> set[int]:
        """Whoever holds one of these roles over the place, or over the nearest above it where somebody does."""
        for place in upward(self.standing(path)):
            found = set().union(*(self.held.get(place, {}).get(role, set()) for role in roles))
            if found:
                return found
        return set()

    # Of a part ------------------------------------------------------------------------------------

    def doers(self, part: Part) -> set[int]:
        """Everybody who answers for the part in its unit: who sits in its post, and who reports for the unit."""
        return self.seats.get(part.post_id, set()) | self.nearest(DOERS, part.unit.path)

    def owners(self, part: Part) -> set[int]:
        """Whoever does the work: the post's holder and the officers; where there are none, the unit's head."""
        own = self.seats.get(part.post_id, set())
        near = self.nearest(DOERS, part.unit.path)
        officers = near & self.nearest({Role.OFFICER}, part.unit.path)
        return own | officers or near

    def judges(self, part: Part) -> set[int]:
        return self.nearest(JUDGES, part.verifier.path)

    def extenders(self, part: Part) -> set[int]:
        return self.nearest(EXTENDERS, part.task.unit.path)

    def rung(self, rung: str, part: Part) -> set[int]:
        """The people of a rung."""
        if rung == Rung.OWNER:
            return self.owners(part)
        if rung == Rung.UNIT_HEAD:
            return self.nearest({Role.UNIT_HEAD}, part.unit.path)
        return self.nearest({ABOVE[Rung(rung)]}, part.task.unit.path)

    def climbed(self, rung: str, part: Part) -> set[int]:
        """The people of a rung, or of the next above it where somebody stands: late work never climbs into the void."""
        for higher in UPWARD[UPWARD.index(Rung(rung)) :]:
            if found := self.rung(higher, part):
                return found
        return set()


def upward(path: str) -> Iterator[str]:
    """The place and all above it, nearest first: 1/3/34/, 1/3/, 1/."""
    steps = path.strip("/").split("/")
    for length in range(len(steps), 0, -1):
        yield "/".join(steps[:length]) + "/"


def seats_on(on: date) -> dict[Any, set[int]]:
    """For each post that stands that day who holds it, or acts for who does."""
    opened = Q(post__opened_on__isnull=True) | Q(post__opened_on__lte=on)
    stands = opened & (Q(post__closed_on__isnull=True) | Q(post__closed_on__gt=on))
    seats: dict[Any, set[int]] = defaultdict(set)
    for post, person in Tenure.objects.as_of(on).filter(stands).values_list("post", "person"):
        seats[post].add(person)
    deputies = Delegation.objects.standing(on).filter(stands)
    for post, person in deputies.values_list("post", "deputy"):
        seats[post].add(person)
    return seats


def who_may_sign_in(people: set[int]) -> set[int]:
    """Without accounts that are closed or only act from the console."""
    rows = Person.objects.filter(is_active=True, is_operator=False)
    return people & set(rows.values_list("pk", flat=True))
