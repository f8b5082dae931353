"""Who sits in units that end, in which posts, and which committees lean on those units. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from tiendo.orgs.models import Committee, Post, StandingOffice, Tenure
from tiendo.orgs.takeovers import Ending


@dataclass(frozen=True)
class Estate:
    """Posts that close; tenures that end with them, or never begin; committees that name an heir instead."""

    posts: list[Post]
    tenures: list[Tenure]
    never_begin: list[Tenure]
    offices: list[StandingOffice]
    served: list[Committee]

    @property
    def people(self) -> int:
        """How many people leave a post by it, each once; they stay in the house."""
        return len({tenure.person_id for tenure in self.tenures})


def estate(endings: Sequence[Ending], on: date) -> Estate:
    ended = [ending.unit.pk for ending in endings]
    posts = Post.objects.filter(unit__in=ended).filter(open_after(on, "closed_on"))
    tenures = (
        Tenure.objects.filter(open_after(on), post__unit__in=ended)
        .select_related("person", "post__unit")
        .prefetch_related("post__unit__names")
        .order_by("post__unit", "pk")
    )
    offices = StandingOffice.objects.filter(open_after(on)).filter(
        Q(unit__in=ended) | Q(committee__unit__in=ended)
    )
    served = Committee.objects.filter(serves__in=ended).exclude(unit__in=ended)
    return Estate(
        posts=list(posts.select_related("unit").prefetch_related("unit__names").order_by("pk")),
        tenures=[tenure for tenure in tenures if tenure.starts_on < on],
        never_begin=[tenure for tenure in tenures if tenure.starts_on >= on],
        offices=list(offices.select_related("committee__unit", "unit").order_by("pk")),
        served=list(served.select_related("unit", "serves").order_by("pk")),
    )


def open_after(on: date, column: str = "ends_on") -> Q:
    """Rows that would go on beyond that day."""
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gt": on})
