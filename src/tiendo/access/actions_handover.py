"""What a reform does to roles: those over a unit that ends begin again over its heir, or end with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from tiendo.access.estate import Bequest
from tiendo.access.models import Grant
from tiendo.kit.permission import Place, require
from tiendo.ledger.record import record
from tiendo.people.models import Person


@dataclass
class HandedOver:
    """What was done: the old grants that ended, and pairs of an old one and the one that goes on."""

    ended: list[int] = field(default_factory=list)
    passed: list[tuple[int, int]] = field(default_factory=list)


@transaction.atomic
def hand_over(
    bequests: Sequence[Bequest], *, by: Person, over: Place, on: date, basis: str
) -> HandedOver:
    """Each role ends on the day and goes on over the heir as the estate says; people stay."""
    require(by, "reforms.carry_out", over)
    done = HandedOver()
    for one in bequests:
        new = begin(one, by, on)
        finish(one, by, on, basis)
        done.ended.append(one.grant.pk)
        done.passed += [(one.grant.pk, grant.pk) for grant in new]
    return done


def begin(one: Bequest, by: Person, on: date) -> list[Grant]:
    """The role over the heir, for each who holds it by name, or for the post that stays."""
    if not one.goes_on:
        return []
    common = {"role": one.role, "unit": one.unit, "given_by": by}
    dates = {"starts_on": one.begins_on(on), "ends_on": one.grant.ends_on}
    if one.post is not None:
        return [Grant.objects.create(**common, **dates, post=one.post)]
    return [Grant.objects.create(**common, **dates, person=person) for person in one.newcomers()]


def finish(one: Bequest, by: Person, on: date, basis: str) -> None:
    """The old role ends; one that was to begin on that day or later never begins."""
    grant = one.grant
    facts: dict[str, Any] = {
        "personal": {"to": grant.person or grant.post},
        "unit": grant.unit.name_on(None, "vi"), "role": grant.role, "basis": basis, "ends_on": on,
    }  # fmt: skip
    if one.goes_on:
        heir = one.unit.name_on(on, "vi")
        record("access.passed_on", grant, by=by, heir=heir, new_role=one.role, **facts)
    else:
        record("access.ended_with_unit", grant, by=by, **facts)
    if grant.starts_on < on:
        Grant.objects.filter(pk=grant.pk).update(ends_on=on)
    else:
        Grant.objects.filter(pk=grant.pk).delete()
