"""What a person can do to committees and posts: form one, open posts, appoint, end, rule who must sit in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo.kit.permission import require, require_may_seat
from tiendo.kit.refusals import Invalid, Refused
from tiendo.kit.words import day_in_words
from tiendo.ledger.record import record
from tiendo.orgs import seats
from tiendo.orgs.actions import found, require_exists
from tiendo.orgs.composition import Rule, Share, can_still_be_met, is_sound
from tiendo.orgs.models import (
    SEATED,
    SOLE,
    Belonging,
    Committee,
    CompositionRule,
    Group,
    GroupShare,
    Kind,
    Placement,
    Post,
    StandingOffice,
    Tenure,
    Unit,
)
from tiendo.people.models import Person


# ---------------------------------------------------------------- committees
@transaction.atomic
def form_committee(
    key: str,
    names: Mapping[str, str],
    *,
    by: Person,
    beneath: Unit,
    on: date,
    type: Committee.Type,
    level: Committee.Level,
    serves: Unit | None = None,
    basis: str = "",
) -> Committee:
    """Found a committee beneath a unit, from a day on; it serves that unit unless another is named."""
    require(by, "orgs.arrange", beneath)
    serves = serves or beneath
    require_exists(serves, on)
    unit = found(key, Kind.COMMITTEE, names, by=by, beneath=beneath, on=on)
    committee = Committee.objects.create(
        unit=unit, type=type, level=level, serves=serves, legal_basis=basis.strip()
    )
    record(
        "orgs.committee_formed", committee, by=by, name=unit.name_on(on, "vi"),
        serves=serves.name_on(on, "vi"), basis=committee.legal_basis, starts_on=on,
    )  # fmt: skip
    return committee


@transaction.atomic
def end_committee(committee: Committee, *, by: Person, on: date, basis: str = "") -> Committee:
    """A committee has done its work: it ends, with the tenures, posts and rules it held."""
    require(by, "orgs.arrange", committee.unit)
    unit = committee.unit
    require_exists(unit, on)
    require_after(on, unit.begins_on)
    if Placement.objects.as_of(on).filter(parent=unit).exists():
        raise Refused(_("Other units still hang beneath this one. Move or end them first."))
    require_nothing_later(unit, on)
    unit.ends_on = on
    unit.save(update_fields=["ends_on"])
    for dated in (unit.names, unit.codes, unit.kinds, unit.placements):
        dated.filter(open_on(on)).update(ends_on=on)
    empty(unit, on)
    committee.standing_offices.filter(open_on(on)).update(ends_on=on)
    committee.rules.filter(open_on(on)).update(ends_on=on)
    record(
        "orgs.committee_ended", committee, by=by, name=unit.name_on(None, "vi"), basis=basis,
        ends_on=on,
    )  # fmt: skip
    return committee


def require_nothing_later(unit: Unit, on: date) -> None:
    """What begins on that day or later would end before it began."""
    dated = (unit.names, unit.kinds, unit.placements, Tenure.objects.filter(post__unit=unit))
    if any(rows.filter(starts_on__gte=on).exists() for rows in dated):
        raise Refused(_("Something of this unit begins on that day or later. Choose a later day."))


def empty(unit: Unit, on: date) -> None:
    """End who sits in a unit, and the posts they sat in."""
    tenures = Tenure.objects.filter(post__unit=unit).filter(open_on(on))
    Belonging.objects.filter(open_on(on), tenure__in=tenures.values("pk")).update(ends_on=on)
    tenures.update(ends_on=on)
    unit.posts.filter(closed_on__isnull=True).update(closed_on=on)


def open_on(on: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on)


@transaction.atomic
def name_standing_office(
    committee: Committee, unit: Unit, *, by: Person, on: date, basis: str = ""
) -> StandingOffice:
    """Say which unit is the committee's standing office from a day on."""
    require(by, "orgs.arrange", committee.unit)
    require_exists(committee.unit, on)
    require_exists(unit, on)
    if unit == committee.unit:
        raise Invalid(_("A committee cannot be its own standing office."), field="unit")
    require_no_later(committee.standing_offices, on)
    if committee.standing_offices.as_of(on).filter(unit=unit).exists():
        raise Refused(_("This unit already is the standing office on that day."))
    committee.standing_offices.as_of(on).update(ends_on=on)
    office = StandingOffice.objects.create(
        committee=committee, unit=unit, starts_on=on, legal_basis=basis.strip()
    )
    record(
        "orgs.standing_office_named", committee, by=by, office=unit.name_on(on, "vi"),
        name=committee.unit.name_on(on, "vi"), starts_on=on,
    )  # fmt: skip
    return office


def require_no_later(rows: "seats.Rows", on: date) -> None:
    if rows.filter(starts_on__gte=on).exists():
        raise Refused(_("This was already settled for that day or later. Choose a later day."))


# ---------------------------------------------------------------- posts
@transaction.atomic
def open_post(
    unit: Unit, kind: Post.Kind, *, by: Person, title: str = "", on: date | None = None
) -> Post:
    """Open a post in a unit: duties stay with it when people change."""
    require(by, "orgs.arrange", unit)
    if on is not None:
        require_exists(unit, on)
    post = Post.objects.create(unit=unit, kind=kind, title=title.strip(), opened_on=on)
    record("orgs.post_opened", post, by=by, title=post.recorded_title, starts_on=on)
    return post


@transaction.atomic
def close_post(post: Post, *, by: Person, on: date) -> Post:
    """Close a post nobody sits in any more; what was done in it stays told."""
    require(by, "orgs.arrange", post.unit)
    if post.closed_on is not None:
        raise Refused(_("This post is already closed."))
    require_after(on, post.opened_on or post.unit.begins_on)
    if post.tenures.meeting(on, None).exists():
        raise Refused(_("Somebody holds this post on that day. End the tenure first."))
    post.closed_on = on
    post.save(update_fields=["closed_on"])
    record("orgs.post_closed", post, by=by, title=post.recorded_title, ends_on=on)
    return post


@transaction.atomic
def appoint(
    person: Person,
    post: Post,
    *,
    by: Person,
    on: date,
    ends_on: date | None = None,
    group: str = "",
    basis: str = "",
) -> Tenure:
    """A person holds a post from a day on; in a committee of ruled composition they stand for a group."""
    require(by, "orgs.arrange", post.unit)
    require_may_seat(by, person, post, on)
    Unit.objects.select_for_update().get(pk=post.unit_id)  # two appointing at once see each other
    require_exists(post.unit, on)
    require_after(ends_on, on)
    require_post_stands(post, on)
    require_not_twice(person, post, on, ends_on)
    require_sole(post, on, ends_on)
    require_composed(person, post, on, group)
    tenure = Tenure.objects.create(
        post=post, person=person, starts_on=on, ends_on=ends_on, legal_basis=basis.strip()
    )
    if group:
        Belonging.objects.create(tenure=tenure, group=Group(group), starts_on=on, ends_on=ends_on)
    record(
        "orgs.appointed",
        tenure,
        by=by,
        title=post.recorded_title,
        starts_on=on,
        personal={"person": person},
    )
    return tenure


def require_after(later: date | None, earlier: date) -> None:
    if later is not None and later <= earlier:
        raise Invalid(_("The last day must come after the first."), field="ends_on")


def require_post_stands(post: Post, on: date) -> None:
    if not post.stands_on(on):
        raise Refused(_("This post is not open on that day. Choose another day or another post."))


def require_not_twice(person: Person, post: Post, on: date, ends_on: date | None) -> None:
    if post.tenures.meeting(on, ends_on).filter(person=person).exists():
        raise Refused(_("This person already holds this post on that day."))


def require_sole(post: Post, on: date, ends_on: date | None) -> None:
    """One head at a time, whatever the post is called; the same for a standing deputy and a head of office."""
    if post.kind not in SOLE:
        return
    same = Tenure.objects.meeting(on, ends_on).filter(post__unit=post.unit, post__kind=post.kind)
    held = same.select_related("person").order_by("starts_on").first()
    if held is not None:
        raise Refused(
            _(
                "%(person)s holds the post “%(post)s” in this unit from %(day)s. "
                "End that tenure first, or choose days that do not meet it."
            )
            % {
                "person": held.person.name,
                "post": Post.Kind(post.kind).label,
                "day": day_in_words(held.starts_on),
            }
        )


def require_composed(person: Person, post: Post, on: date, group: str) -> None:
    """Where the rule binds, nobody takes a seat after which it could no longer be met."""
    rule = seats.rule_on(post.unit, on) if post.kind in SEATED else None
    if rule is None or not rule.is_binding:
        return
    if not group:
        raise Invalid(_("Say which group this member stands for."), field="group")
    sitting = seats.groups_on(post.unit, on)
    sitting[person.pk] = group
    if not can_still_be_met(sitting.values(), seats.asked(rule)):
        raise Refused(
            _(
                "With this member the committee could no longer be composed as its rule asks. "
                "Appoint somebody of another group, end a tenure, or change the rule first."
            )
        )


@transaction.atomic
def leave(tenure: Tenure, *, by: Person, on: date, basis: str = "") -> Tenure:
    """A person leaves a post; what they did in it stays theirs."""
    require(by, "orgs.arrange", tenure.post.unit)
    require_after(on, tenure.starts_on)
    if tenure.ends_on is not None and tenure.ends_on <= on:
        raise Refused(_("This tenure has already ended by that day."))
    tenure.ends_on = on
    tenure.save(update_fields=["ends_on"])
    tenure.belongings.filter(starts_on__gte=on).delete()
    tenure.belongings.filter(open_on(on)).update(ends_on=on)
    record(
        "orgs.left", tenure, by=by, title=tenure.post.recorded_title, ends_on=on, basis=basis,
        personal={"person": tenure.person},
    )  # fmt: skip
    return tenure


# ---------------------------------------------------------------- who must sit in it
@transaction.atomic
def place_in_group(tenure: Tenure, group: Group, *, by: Person, on: date) -> Belonging:
    """Say which group a member stands for from a day on."""
    require(by, "orgs.arrange", tenure.post.unit)
    if on < tenure.starts_on or (tenure.ends_on is not None and tenure.ends_on <= on):
        raise Invalid(_("This person does not hold the post on that day."), field="on")
    if tenure.belongings.as_of(on).filter(group=group).exists():
        raise Refused(_("This member already stands for this group on that day."))
    if tenure.belongings.filter(starts_on__gt=on).exists():
        raise Refused(_("This was already settled for that day or later. Choose a later day."))
    tenure.belongings.filter(starts_on=on).delete()  # corrected on its first day: it never held
    tenure.belongings.as_of(on).update(ends_on=on)
    belonging = Belonging.objects.create(
        tenure=tenure, group=group, starts_on=on, ends_on=tenure.ends_on
    )
    record(
        "orgs.placed_in_group", tenure, by=by, group=group.value, starts_on=on,
        personal={"person": tenure.person},
    )  # fmt: skip
    return belonging


@transaction.atomic
def rule_composition(
    committee: Committee,
    shares: Sequence[Share],
    *,
    by: Person,
    on: date,
    smallest: int | None = None,
    largest: int | None = None,
    is_binding: bool = False,
    basis: str = "",
) -> CompositionRule:
    """Say from a day on who must sit in a committee: its size and the shares of groups."""
    require(by, "orgs.arrange", committee.unit)
    require_exists(committee.unit, on)
    require_sound(Rule(tuple(shares), smallest, largest), is_binding)
    require_no_later(committee.rules, on)
    committee.rules.as_of(on).update(ends_on=on)
    rule = CompositionRule.objects.create(
        committee=committee, starts_on=on, smallest=smallest, largest=largest,
        is_binding=is_binding, legal_basis=basis.strip(),
    )  # fmt: skip
    GroupShare.objects.bulk_create([written(rule, share) for share in shares])
    record(
        "orgs.composition_ruled", committee, by=by, name=committee.unit.name_on(on, "vi"),
        shares=[told(share) for share in shares], basis=rule.legal_basis, starts_on=on,
    )  # fmt: skip
    return rule


def require_sound(rule: Rule, is_binding: bool) -> None:
    if not rule.shares and rule.smallest is None and rule.largest is None:
        raise Invalid(_("Give at least one share or a size."), field="")
    if len({share.group for share in rule.shares}) != len(rule.shares):
        raise Invalid(_("Name each group once."), field="shares")
    for share in rule.shares:
        require_share(share)
    if is_binding and rule.largest is None:
        raise Invalid(
            _("A binding rule needs a largest size: it tells when no free seat is left."),
            field="largest",
        )
    if not is_sound(rule):
        raise Invalid(
            _("No committee could be composed so: the shares and sizes contradict each other."),
            field="",
        )


def require_share(share: Share) -> None:
    for part in (share.least, share.most):
        if part is not None and not 0 <= part <= 1:
            raise Invalid(_("A share lies between 0 and 100 %."), field="shares")
    if share.least is not None and share.most is not None and share.least > share.most:
        raise Invalid(_("The smallest share is above the largest."), field="shares")


def told(share: Share) -> str:
    """A share as the record keeps it: “scientist 1/3–”."""
    least, most = ("" if part is None else str(part) for part in (share.least, share.most))
    return f"{share.group} {least}–{most}"


def written(rule: CompositionRule, share: Share) -> GroupShare:
    least, most = share.least, share.most
    return GroupShare(
        rule=rule,
        group=Group(share.group),
        least_numerator=numerator(least),
        least_denominator=denominator(least),
        most_numerator=numerator(most),
        most_denominator=denominator(most),
    )


def numerator(part: Fraction | None) -> int | None:
    return None if part is None else part.numerator


def denominator(part: Fraction | None) -> int | None:
    return None if part is None else part.denominator
