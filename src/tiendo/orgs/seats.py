"""Who sits where on a day: posts with their holders, members with their groups, the rule they are judged by."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q

from tiendo.orgs.composition import Judgement, Rule, Share, judge
from tiendo.orgs.models import (
    SEATED,
    Belonging,
    Committee,
    CompositionRule,
    Group,
    GroupShare,
    Post,
    Tenure,
    Unit,
)

Rows = Any  # a related manager of dated rows
ORDER = {kind: place for place, kind in enumerate(Post.Kind)}


def posts_of(unit: Unit, on: date) -> list[Post]:
    """Its posts that stand on that day, the head first, with who holds them (`holders`)."""
    posts = unit.posts.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=on),
        Q(closed_on__isnull=True) | Q(closed_on__gt=on),
    ).prefetch_related(Prefetch("tenures", queryset=held_on(on), to_attr="holders"))
    return sorted(posts, key=lambda post: (ORDER[Post.Kind(post.kind)], post.pk))


def held_on(on: date) -> Any:
    """Tenures of a day with their people and groups (`then`)."""
    groups = Prefetch("belongings", queryset=Belonging.objects.as_of(on), to_attr="then")
    return Tenure.objects.as_of(on).select_related("person").prefetch_related(groups).order_by("pk")


def groups_on(unit: Unit, on: date) -> dict[int, str | None]:
    """Who sits in a committee that day, each person once, with the group they stand for (none where unknown)."""
    rows = held_on(on).filter(post__unit=unit, post__kind__in=SEATED)
    sitting: dict[int, str | None] = {}
    for tenure in rows:
        own = tenure.then[0].group if tenure.then else None
        sitting[tenure.person_id] = sitting.get(tenure.person_id) or own
    return sitting


def rule_on(unit: Unit, on: date) -> CompositionRule | None:
    """The rule of composition in force for the committee this unit is."""
    rows: Any = CompositionRule.objects.as_of(on).filter(committee__unit=unit)
    rule: CompositionRule | None = rows.prefetch_related("shares").first()
    return rule


def asked(rule: CompositionRule) -> Rule:
    """The rule as pure arithmetic knows it."""
    shares = sorted(rule.shares.all(), key=lambda share: list(Group).index(Group(share.group)))
    return Rule(tuple(share_of(share) for share in shares), rule.smallest, rule.largest)


def share_of(row: GroupShare) -> Share:
    return Share(
        row.group,
        fraction(row.least_numerator, row.least_denominator),
        fraction(row.most_numerator, row.most_denominator),
    )


def fraction(numerator: int | None, denominator: int | None) -> Fraction | None:
    return None if numerator is None or denominator is None else Fraction(numerator, denominator)


class Composition(NamedTuple):
    """A committee's rule with how its members stand against it."""

    rule: CompositionRule
    judgement: Judgement


def composition(committee: Committee, on: date) -> Composition | None:
    """How the members of that day stand against the rule of that day; nothing where none is ruled."""
    rule = rule_on(committee.unit, on)
    if rule is None:
        return None
    return Composition(rule, judge(groups_on(committee.unit, on).values(), asked(rule)))


def offices_of(committee: Committee, on: date) -> list[Any]:
    """Its standing office of that day; `called` is its name."""
    rows: Any = committee.standing_offices.as_of(on).select_related("unit")
    offices = list(rows.prefetch_related("unit__names"))
    for office in offices:
        office.called = office.unit.name_on(on)
    return offices


def menders(committee: Committee, on: date) -> list[Tenure]:
    """Who could mend its composition: its head proposes, the head of the standing office prepares."""
    rows = (
        held_on(on)
        .select_related("person", "post__unit")
        .filter(
            Q(post__unit=committee.unit, post__kind=Post.Kind.HEAD)
            | Q(post__kind=Post.Kind.OFFICE_HEAD, post__unit=committee.unit)
            | Q(
                post__kind__in=(Post.Kind.HEAD, Post.Kind.OFFICE_HEAD),
                post__unit__in=committee.standing_offices.as_of(on).values("unit"),
            )
        )
    )
    return list(rows)
