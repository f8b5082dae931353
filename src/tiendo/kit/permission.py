"""Who may do what, asked here, answered by the backend that settings name.

A backend offers `roots(person, capability) -> tuple[str, ...]`: the paths of the units over which the person holds the
capability. The list (`visible_to`) and the check (`require`) both start from it, so they cannot disagree.
"""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Protocol, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Forbidden


class Place(Protocol):
    """Anything that hangs in the tree of units."""

    @property
    def path(self) -> str: ...


class WholeTree:
    """The place above every root: only the console reaches it."""

    path = ""


def roots(person: Any, capability: str) -> tuple[str, ...]:
    """Paths of the units over which this person may do this, now."""
    answer: tuple[str, ...] = import_string(settings.PERMISSION_BACKEND)(person, capability)
    return answer


def can(person: Any, capability: str, place: Place) -> bool:
    return any(place.path.startswith(root) for root in roots(person, capability))


def require(person: Any, capability: str, place: Place) -> None:
    """Go on only if the person may; the first line of every action. A deputy's entry says for which post."""
    if not can(person, capability, place):
        raise Forbidden(
            _("You may not do this here. Ask your administrator for the right “%(capability)s”.")
            % {"capability": capability}
        )
    speak_for(person, import_string(settings.ACTING_FOR)(person, capability, place))


def speak_for(person: Any, post: Any) -> None:
    """The person acts in the name of this post until they are asked again; without one, in their own."""
    person.speaks_for = post


def spoken_for(person: Any) -> Any:
    """The post in whose name the right last asked for was held: the record writes it beside who acted."""
    return getattr(person, "speaks_for", None)


def require_own(by: Any, owner: Any) -> None:
    """For what belongs to a person and to no unit: nobody acts in another's name, nor does a program."""
    if by.pk != owner.pk or not by.is_active:
        raise Forbidden(_("Only the person it belongs to may do this."))
    if by.key_scope is not None:
        raise Forbidden(_("A key may not do this. Sign in and do it yourself."))
    speak_for(by, None)


def reaches(by: Any, capability: str, person: Any) -> bool:
    """Whether somebody may do this to another person: over everything that person holds, not over a part."""
    return bool(import_string(settings.PERMISSION_OVER_PEOPLE)(by, capability, person))


def require_over(by: Any, capability: str, person: Any) -> None:
    """Go on only if the other person holds nothing beyond the reach of whoever acts."""
    if not reaches(by, capability, person):
        raise Forbidden(
            _("This person holds roles that are not yours to give. Ask somebody who may give them.")
        )
    speak_for(by, import_string(settings.ACTING_FOR)(by, capability, None))


def require_may_seat(by: Any, person: Any, post: Any, on: date) -> None:
    """Whoever puts somebody into a post gives them all that the post may: settings name who judges that."""
    import_string(settings.SEATING)(by, person, post, on)


def beneath(lookup: str, paths: tuple[str, ...]) -> Q:
    """Rows whose path lies at or under one of the paths. Paths end with a slash: `1/3/` never swallows `1/34/`."""
    ways = [Q(**{f"{lookup}__beneath": path}) for path in paths]
    return (
        reduce(or_, ways) if ways else Q(pk__in=[])
    )  # nothing beside them, or the joins would be outer ones


class ScopedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Permission is how you fetch: what you may not see does not exist.

    `view` names the capability; `owner` the lookups of the paths that own a row; `addressed` the relations whose path
    opens a row to others (a part, a duty to verify); `open_to_all` rows every signed-in person may see.
    """

    view: str = ""
    owner: tuple[str, ...] = ("unit__path",)
    addressed: tuple[str, ...] = ()
    addressed_when: Q = Q()

    def open_to_all(self) -> Q:
        return Q(pk__in=[])

    def visible_to(self, person: Any, *, gathered: bool = False) -> Self:
        """Those this person may see: asked of each row, or `gathered` first, which is better where they are few."""
        seen = self.open_to_all() if person.is_authenticated else Q(pk__in=[])
        return self.filter(seen | self.lying_beneath(roots(person, self.view), gathered=gathered))

    def lying_beneath(self, paths: tuple[str, ...], *, gathered: bool = False) -> Q:
        """Rows that a unit beneath one of the paths owns, or is addressed by."""
        rows = self.model._base_manager
        if gathered:
            own = [rows.filter(self.among(lookup, paths)) for lookup in self.owner]
            sent = [
                rows.filter(self.among(lookup, paths), self.addressed_when)
                for lookup in self.addressed
            ]
            first, *others = (found.values("pk") for found in own + sent)
            return Q(pk__in=first.union(*others))
        sets = [
            rows.filter(beneath(lookup, paths), self.addressed_when) for lookup in self.addressed
        ]
        lying = Q(pk__in=[])
        for lookup in self.owner:
            lying |= beneath(lookup, paths)
        for found in sets:
            lying |= Q(Exists(found.filter(pk=OuterRef("pk"))))
        return lying

    def among(self, lookup: str, paths: tuple[str, ...]) -> Q:
        """`beneath`, beginning at the places and not at the rows: an engine then reads only what hangs there."""
        relation, model = lookup.removesuffix("__path"), self.model
        for name in relation.split("__"):
            model = model._meta.get_field(name).related_model
        return Q(**{f"{relation}__in": model._base_manager.filter(beneath("path", paths))})
