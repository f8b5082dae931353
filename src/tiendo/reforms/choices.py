"""What may be chosen in a plan for single things: each with its answers, and the one that stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tiendo.access.capabilities import Role
from tiendo.orgs.models import Unit
from tiendo.reforms.plan import Plan
from tiendo.reforms.preview import NO_ROLE, Option, Preview, becomes


@dataclass(frozen=True)
class Choice:
    """One thing, where it goes by the plan, and where it may go instead."""

    name: str
    words: str
    options: tuple[Option, ...]
    chosen: str


def organs(preview: Preview) -> list[Choice]:
    """What hangs beneath a unit that ends: taken over by one of its kind, or hung beneath the heir."""
    splitting = bool(preview.endings and len(preview.endings[0].heirs) > 1)
    along = () if splitting else (Option("0", _("hangs beneath the heir")),)
    return [
        Choice(
            f"organ-{organ.unit.pk}",
            organ.unit.name_on(preview.on),
            (*along, *(as_option(unit, preview) for unit in organ.may_go_to)),
            number(organ.goes_to, preview) if organ.goes_to else "0",
        )
        for organ in preview.changes.organs
        if organ.may_go_to
    ]


def parts(preview: Preview) -> list[Choice]:
    """Of a unit that is split: which heir carries an open part on."""
    heirs = {e.unit.pk: [heir.unit for heir in e.heirs] for e in preview.endings}
    return [
        Choice(
            f"part-{one.part.pk}",
            f"{one.part.task.programme} {one.part.task.label}. {one.part.task.title}",
            tuple(as_option(unit, preview) for unit in heirs[one.part.unit_id]),
            number(one.unit, preview),
        )
        for one in (*preview.work.passing, *preview.work.readdressed)
        if len(heirs.get(one.part.unit_id, ())) > 1
    ]


def grants(preview: Preview) -> list[Choice]:
    """What each role becomes; where two heads meet, nothing is chosen until somebody says it."""
    unsettled = {clash.bequest.grant.pk for clash in preview.roles.clashes}
    return [
        Choice(
            f"grant-{one.grant.pk}",
            f"{', '.join(map(str, one.holders)) or one.grant.post} · {Role(one.grant.role).label} · "
            f"{one.grant.unit.name_on(None)}",
            tuple(Option(role or NO_ROLE, becomes(role)) for role in one.may_become),
            "" if one.grant.pk in unsettled else one.role or NO_ROLE,
        )
        for one in preview.roles.bequests
    ]


def settled(rows: list[Choice]) -> list[Choice]:
    return [row for row in rows if row.chosen]


def verifiers(preview: Preview) -> list[Choice]:
    return [
        Choice(one.name, one.words, one.options, "")
        for one in preview.conflicts
        if one.name.startswith("verifier-")
    ]


def as_option(unit: Unit, preview: Preview) -> Option:
    return Option(number(unit, preview), unit.name_on(preview.on))


def number(unit: Unit, preview: Preview) -> str:
    """A unit's number in the plan: those it founds count below zero."""
    return str(next((pk for pk, one in preview.units.items() if one is unit), unit.pk))


OFFERS = {"organ": organs, "part": parts, "grant": grants, "verifier": verifiers}
FIELDS = {"part": "parts", "verifier": "verifiers"}


def chosen(preview: Preview, given: Mapping[str, Any]) -> Plan:
    """The plan with the answers that differ from what stands; what was not offered is not heard."""
    plan = preview.plan.model_dump(mode="json")
    for group, offers in OFFERS.items():
        for choice in offers(preview):
            value = str(given.get(choice.name, ""))
            offered = {option.value for option in choice.options}
            if value != choice.chosen and value in offered:
                put(plan, group, int(choice.name.split("-")[1]), value, preview)
    return Plan.model_validate(plan)


def put(plan: dict[str, Any], group: str, pk: int, value: str, preview: Preview) -> None:
    if group == "grant":
        plan["grants"][pk] = {"role": "" if value == NO_ROLE else value}
    elif group == "organ":
        splitting = len(preview.endings[0].heirs) > 1
        plan["children" if splitting else "organs"][pk] = int(value)
    else:
        plan[FIELDS[group]][pk] = int(value)
