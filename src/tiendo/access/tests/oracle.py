"""The rule of reach a second time, slowly: it walks from a place upwards, knows no path and shares no line with the house."""

from tiendo.access.capabilities import ALLOWED
from tiendo.access.models import Delegation, Grant
from tiendo.orgs.models import Placement, Post, Succession, Tenure


class Oracle:
    """All rows of the tree and of access, read once as plain tuples."""

    def __init__(self, day):
        self.day = day
        places = Placement.objects.all().values_list("unit", "parent", "starts_on", "ends_on")
        self.parent = {
            unit: parent for unit, parent, start, end in places if self.holds(start, end)
        }
        self.heirs = list(Succession.objects.values_list("old", "new"))
        self.grants = list(
            Grant.objects.values_list("role", "unit", "person", "post", "starts_on", "ends_on")
        )
        self.tenures = {
            number: (post, person, start, end)
            for number, post, person, start, end in Tenure.objects.values_list(
                "pk", "post", "person", "starts_on", "ends_on"
            )
        }
        self.posts = {
            post: (opened, closed)
            for post, opened, closed in Post.objects.values_list("pk", "opened_on", "closed_on")
        }
        self.delegations = list(
            Delegation.objects.values_list("post", "deputy", "tenure", "starts_on", "ends_on")
        )

    def holds(self, start, end):
        return start <= self.day and (end is None or self.day < end)

    def may(self, person, capability, unit):
        if not person.is_active:
            return False
        above = set(self.upward(unit))
        return any(
            above & {node, *self.origins(node)}
            for role, node, *whom in self.grants
            if role in ALLOWED[capability] and self.is_held(person.pk, *whom)
        )

    def upward(self, unit):
        """The unit, what it hangs under, what that hangs under…"""
        while unit is not None:
            yield unit
            unit = self.parent[unit]

    def origins(self, node):
        """Everything that was merged into the unit, and into that."""
        for old, new in self.heirs:
            if new == node:
                yield old
                yield from self.origins(old)

    def is_held(self, person, to_person, to_post, start, end):
        if not self.holds(start, end):
            return False
        if to_person is not None:
            return to_person == person
        opened, closed = self.posts[to_post]
        stands = self.holds(opened or self.day, closed)
        return stands and (self.sits(person, to_post) or self.deputises(person, to_post))

    def sits(self, person, post):
        return any(
            (seat, who) == (post, person) and self.holds(start, end)
            for seat, who, start, end in self.tenures.values()
        )

    def deputises(self, person, post):
        return any(
            (seat, who) == (post, person) and self.holds(start, end) and self.rests(tenure)
            for seat, who, tenure, start, end in self.delegations
        )

    def rests(self, tenure):
        """A delegation by the post's holder lasts while they hold it."""
        if tenure is None:
            return True
        _post, _person, start, end = self.tenures[tenure]
        return self.holds(start, end)
