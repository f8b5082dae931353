"""What a reform does to open work: each part of a unit that ends goes on with its heir."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from tiendo.kit.permission import Place, require
from tiendo.ledger.record import record
from tiendo.people.models import Person
from tiendo.tasks.estate import Bequest, Estate, true_day
from tiendo.tasks.models import Part
from tiendo.tasks.passing import head_of, passed_on
from tiendo.tasks.reads import named
from tiendo.tasks.states import NOT_YET, Role


@dataclass
class HandedOver:
    """What was done: pairs of the old part and its heir, drafts readdressed, parts that others verify now."""

    passed: list[tuple[int, int]] = field(default_factory=list)
    readdressed: list[int] = field(default_factory=list)
    verified_by_another: list[int] = field(default_factory=list)


@transaction.atomic
def hand_over(estate: Estate, *, by: Person, over: Place, on: date, basis: str) -> HandedOver:
    """Every part goes where the estate says; what is done stays with who did it."""
    require(by, "reforms.carry_out", over)
    done = HandedOver()
    for one in estate.bequests:
        if one.passes:
            done.passed.append((one.part.pk, pass_on(one, by, on, basis).pk))
        else:
            if one.is_readdressed:
                readdress(one, by, basis)
                done.readdressed.append(one.part.pk)
            if one.changes_verifier:
                give_to_verify(one, by, basis)
        if one.changes_verifier:
            done.verified_by_another.append(one.part.pk)
    return done


def pass_on(one: Bequest, by: Person, on: date, basis: str) -> Part:
    entry = record(
        "tasks.transferred", one.part.task, by=by, **named(one.part),
        to=one.unit.name_on(on, "vi"), to_key=one.unit.key, reason=basis,
    )  # fmt: skip
    return passed_on(
        one.part, one.unit, entry=entry, by=by, note=basis, verifier=one.verifier,
        true_on=true_day(one.part, on),
    )  # fmt: skip


def readdress(one: Bequest, by: Person, basis: str) -> None:
    """A draft names the heir; when the heir is in it already, the two become one, the lead first."""
    part = one.part
    record(
        "tasks.readdressed", part.task, by=by, **named(part),
        to=one.unit.name_on(None, "vi"), to_key=one.unit.key, reason=basis,
    )  # fmt: skip
    twins = part.task.parts.filter(unit=one.unit, status__in=NOT_YET).exclude(pk=part.pk)
    if part.role == Role.WITH and twins.exists():
        Part.objects.filter(pk=part.pk).delete()  # a draft part has no past
        return
    twins.delete()
    post = head_of(one.unit) if part.post_id else None
    Part.objects.filter(pk=part.pk).update(unit=one.unit, post=post)


def give_to_verify(one: Bequest, by: Person, basis: str) -> None:
    record(
        "tasks.verifier_changed", one.part.task, by=by, **named(one.part),
        to=one.verifier.name_on(None, "vi"), to_key=one.verifier.key, reason=basis,
    )  # fmt: skip
    Part.objects.filter(pk=one.part.pk).update(verifier=one.verifier)
