"""What a reform does to posts: those of units that end close, and who sat in them leaves; people stay."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tiendo.kit.permission import Place, require
from tiendo.ledger.record import record
from tiendo.orgs.estate import Estate, open_after
from tiendo.orgs.models import Belonging, Committee, CompositionRule, Post, StandingOffice, Tenure
from tiendo.orgs.takeovers import Ending
from tiendo.people.models import Person


@transaction.atomic
def hand_over(
    estate: Estate, endings: Sequence[Ending], *, by: Person, over: Place, on: date, basis: str
) -> Estate:
    """Posts close on the day; a tenure that was to begin then or later never begins; standing offices pass to heirs."""
    require(by, "reforms.carry_out", over)
    for tenure in estate.tenures:
        record(
            "orgs.left", tenure, by=by, title=tenure.post.recorded_title, ends_on=on,
            personal={"person": tenure.person},
        )  # fmt: skip
    for tenure in estate.never_begin:
        record(
            "orgs.never_began", tenure, by=by, title=tenure.post.recorded_title, basis=basis,
            starts_on=tenure.starts_on, personal={"person": tenure.person},
        )  # fmt: skip
    close_seats(estate, on)
    pass_offices(estate.offices, endings, on, basis)
    pass_service(estate.served, endings)
    close_rules(endings, on)
    return estate


def close_seats(estate: Estate, on: date) -> None:
    leaving = [tenure.pk for tenure in estate.tenures]
    unbegun = [tenure.pk for tenure in estate.never_begin]
    Belonging.objects.filter(tenure__in=unbegun).delete()
    Tenure.objects.filter(pk__in=unbegun).delete()
    belonging = Belonging.objects.filter(open_after(on), tenure__in=leaving)
    belonging.filter(starts_on__gte=on).delete()
    belonging.filter(starts_on__lt=on).update(ends_on=on)
    Tenure.objects.filter(pk__in=leaving).update(ends_on=on)
    posts = Post.objects.filter(pk__in=[post.pk for post in estate.posts])
    posts.filter(opened_on__gte=on).update(opened_on=None)  # it was never there to be held
    posts.update(closed_on=on)


def pass_offices(
    offices: Sequence[StandingOffice], endings: Sequence[Ending], on: date, basis: str
) -> None:
    """A committee that goes on names the heir of its standing office; one that ends has none."""
    heirs = {ending.unit.pk: ending.heir for ending in endings}
    for office in offices:
        rows = StandingOffice.objects.filter(pk=office.pk)
        if office.starts_on < on:
            rows.update(ends_on=on)
        else:
            rows.delete()
        heir = heirs.get(office.unit_id)
        if office.committee.unit_id not in heirs and heir is not None:
            StandingOffice.objects.create(
                committee=office.committee, unit=heir, legal_basis=basis,
                starts_on=max(on, office.starts_on), ends_on=office.ends_on,
            )  # fmt: skip


def pass_service(served: Sequence[Committee], endings: Sequence[Ending]) -> None:
    heirs = {ending.unit.pk: ending.heir for ending in endings}
    for committee in served:
        Committee.objects.filter(pk=committee.pk).update(serves=heirs[committee.serves_id])


def close_rules(endings: Sequence[Ending], on: date) -> None:
    rules = CompositionRule.objects.filter(
        open_after(on), committee__unit__in=[ending.unit.pk for ending in endings]
    )
    rules.filter(starts_on__lt=on).update(ends_on=on)
