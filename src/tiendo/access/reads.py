"""Answers about people and their rights that span models: who is within reach, what they hold, who works in a unit."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q

from tiendo.access.models import Delegation, Grant, Invitation, Sheet
from tiendo.kit.permission import beneath, roots
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.orgs.names import fold
from tiendo.people.models import Person

SEES = "access.view"
READ = 20_000  # people whose names are read with their accents folded


# Who is within reach ---------------------------------------------------------------------------------


def people_within(viewer: Any) -> Any:
    """People who hold, held or will hold a right or a post where this viewer sees rights; at the top, also who holds none."""
    paths = roots(viewer, SEES)
    grants = Grant.objects.filter(beneath("unit__path", paths))
    posts = Post.objects.filter(
        beneath("unit__path", paths) | Q(pk__in=grants.filter(post__isnull=False).values("post"))
    )
    concerned = (
        Q(pk__in=grants.filter(person__isnull=False).values("person"))
        | Q(pk__in=Tenure.objects.filter(post__in=posts).values("person"))
        | Q(pk__in=Delegation.objects.filter(post__in=posts).values("deputy"))
    )
    if any(path.count("/") < 2 for path in paths):
        concerned |= holding_nothing()
    return Person.objects.filter(concerned, is_operator=False)


def holding_nothing() -> Q:
    own = OuterRef("pk")
    holds = (
        Grant.objects.filter(person=own),
        Tenure.objects.filter(person=own),
        Delegation.objects.filter(deputy=own),
    )
    return Q(*(~Exists(rows) for rows in holds))


def searched(rows: Any, asked: dict[str, Any], on: date) -> Any:
    """Those the form asks for: by name, over or beneath a unit, in a role, open or closed."""
    if words := fold(asked.get("q") or "").split():
        rows = rows.filter(pk__in=called(rows, words))
    if asked.get("unit") is not None:
        rows = rows.filter(works_beneath(asked["unit"], on))
    if asked.get("role"):
        rows = rows.filter(has_role(asked["role"], on))
    state = asked.get("state")
    return rows.filter(is_active=state != "closed") if state else rows


def called(rows: Any, words: list[str]) -> list[int]:
    """Whose name, sign-in name or address holds all the words, with accents or without."""
    known = rows.values_list("pk", "name", "username", "email")[:READ]
    return [pk for pk, *names in known if all(word in fold(" ".join(names)) for word in words)]


def works_beneath(unit: Unit, on: date) -> Q:
    here = beneath("unit__path", (unit.path,))
    grants = Grant.objects.as_of(on).filter(here)
    posts = Q(post__in=Post.objects.filter(here)) | Q(post__in=grants.values("post"))
    seats = Tenure.objects.as_of(on).filter(posts)
    return Q(pk__in=grants.values("person")) | Q(pk__in=seats.values("person"))


def has_role(role: str, on: date) -> Q:
    grants = Grant.objects.as_of(on).filter(role=role)
    seats = Tenure.objects.as_of(on).filter(post__in=grants.values("post"))
    return Q(pk__in=grants.values("person")) | Q(pk__in=seats.values("person"))


def with_rights(rows: Any, viewer: Any, on: date) -> Any:
    """Fetch with each person the rights and posts of the day, as far as the viewer sees them, in a fixed number of questions."""
    here = beneath("unit__path", roots(viewer, SEES))
    grants = told(Grant.objects.as_of(on).filter(here)).order_by("pk")
    tenures = Tenure.objects.as_of(on).select_related("post__unit").order_by("pk")
    return rows.prefetch_related(
        Prefetch("grants", grants, to_attr="roles_now"),
        Prefetch("tenures", tenures.prefetch_related("post__unit__names"), to_attr="posts_now"),
    )


# What one person, or one unit, has -------------------------------------------------------------------


def told(grants: Any) -> Any:
    """Grants with all their line says."""
    return grants.select_related("unit", "person", "post__unit", "given_by").prefetch_related(
        "unit__names", "post__unit__names"
    )


def grants_of(person: Person, viewer: Any) -> Any:
    """All grants of a person and of the posts they sit in, newest first, as far as the viewer sees them."""
    seats = Tenure.objects.filter(person=person).values("post")
    rows = Grant.objects.filter(Q(person=person) | Q(post__in=seats))
    if viewer != person:
        rows = rows.filter(beneath("unit__path", roots(viewer, SEES)))
    return told(rows).order_by("-starts_on", "-pk")


def grants_within(viewer: Any) -> Any:
    """All grants over what lies where the viewer sees rights."""
    return told(Grant.objects.filter(beneath("unit__path", roots(viewer, SEES))))


def delegations_of(person: Person) -> Any:
    """Those by which the person acts for a post, and those of the posts they sit in."""
    seats = Tenure.objects.filter(person=person).values("post")
    return delegations_told(Delegation.objects.filter(Q(deputy=person) | Q(post__in=seats)))


def delegations_within(viewer: Any) -> Any:
    """Of posts where the viewer sees rights, and the viewer's own."""
    here = beneath("post__unit__path", roots(viewer, SEES))
    seats = Tenure.objects.filter(person=viewer).values("post")
    own = Q(deputy=viewer) | Q(post__in=seats)
    return delegations_told(Delegation.objects.filter(here | own))


def delegations_told(rows: Any) -> Any:
    asked = rows.select_related("post__unit", "deputy", "given_by", "tenure")
    return asked.prefetch_related("post__unit__names").order_by("-starts_on", "-pk")


def invitations_within(viewer: Any) -> Any:
    here = beneath("unit__path", roots(viewer, SEES))
    rows = Invitation.objects.filter(here).select_related("unit", "given_by", "accepted_by")
    return rows.prefetch_related("unit__names")


def sheets_within(viewer: Any) -> Any:
    """Sheets all of whose rows lie where the viewer sees rights."""
    here = beneath("path", roots(viewer, SEES))
    return Sheet.objects.filter(here).select_related("by").defer("rows")


def tenures_of(person: Person) -> Any:
    rows = Tenure.objects.filter(person=person).select_related("post__unit")
    return rows.prefetch_related("post__unit__names").order_by("-starts_on", "-pk")


def rights_over(unit: Unit, on: date) -> list[Any]:
    """The grants over this very unit on a day, each with who holds it then."""
    seats = Tenure.objects.as_of(on).select_related("person").order_by("pk")
    rows = told(Grant.objects.as_of(on).filter(unit=unit)).prefetch_related(
        Prefetch("post__tenures", seats, to_attr="sitting")
    )
    return list(rows.order_by("role", "pk"))
