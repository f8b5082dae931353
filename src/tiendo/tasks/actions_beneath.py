"""Work broken down: a task beneath another, worded for one unit, or one wording given to many units at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tiendo.kit.clock import day_of
from tiendo.kit.dates import day_number
from tiendo.kit.permission import require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.proof import root_of
from tiendo.ledger.record import record
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person
from tiendo.tasks import sharing, turns
from tiendo.tasks.asked import PartWording, add_part
from tiendo.tasks.models import Part, Task
from tiendo.tasks.reads import name_of
from tiendo.tasks.sharing import Share
from tiendo.tasks.states import OPEN, Role, Status

DEEPEST = (
    6  # levels beneath a task: centre, ministry or province, department, commune, and two to spare
)


@dataclass(frozen=True)
class Asked:
    """What every unit of a giving is asked for; what is left empty is as in the task itself."""

    product: str = ""
    due_on: date | None = None
    verifier: Unit | None = None


@transaction.atomic
def give(
    task: Task, units: Sequence[Unit], *, by: Person, asked: Asked | None = None, chosen: str = ""
) -> tuple[int, int]:
    """Give a task to each of these units in one act with one wording; gives the first and last number beneath it.

    The record holds one entry with the root over the rows; the number of statements does not grow with the units.
    """
    lead = task.lead
    require(by, "tasks.assign", lead.unit)
    require_under_way(task)
    asked = asked or Asked()
    verifier = asked.verifier or lead.unit
    require_some(units, lead, verifier)
    Task.objects.filter(pk=task.pk).update(last_number=F("last_number") + len(units))
    task.refresh_from_db(fields=["last_number"])  # from here on, a second giver waits for us
    require_new_beneath(task, units)
    first = task.last_number - len(units) + 1
    rows = [[f"{task.label}.{first + place}", unit.key] for place, unit in enumerate(units)]
    due = due_beneath(lead, asked.due_on)
    entry = record(
        "tasks.given", task, by=by, units=len(units), chosen=chosen, first=rows[0][0], last=rows[-1][0],
        due_on=due, lead=name_of(lead), lead_key=lead.unit.key, root=root_of(rows),
    )  # fmt: skip
    seat_heads(units)
    today = day_of(entry.at)
    share = Share(
        above=task, after=first - 1, units=[unit.pk for unit in units], giver=lead.unit,
        verifier=verifier, product=asked.product or lead.product,
        due_on=due or turns.first(lead, today), cycle=lead.cycle, cycle_ends_on=lead.cycle_ends_on,
    )  # fmt: skip
    sharing.write(share, entry, by=by.pk, on=day_number(today))
    return first, task.last_number


def seat_heads(units: Sequence[Unit]) -> None:
    """The seat of each unit's head, written down where it was not yet: somebody answers everywhere."""
    numbers = [unit.pk for unit in units]
    seated = Post.objects.filter(unit__in=numbers, kind=Post.Kind.HEAD).values_list(
        "unit", flat=True
    )
    missing = set(numbers) - set(seated)
    Post.objects.bulk_create(Post(unit_id=unit, kind=Post.Kind.HEAD) for unit in sorted(missing))


@transaction.atomic
def break_down(
    task: Task, *, by: Person, title: str, lead: PartWording, co_parts: tuple[PartWording, ...] = (),
    **wording: Any,
) -> Task:  # fmt: skip
    """Write a task down beneath another, in words of its own; it goes out through the same gate."""
    above = task.lead
    require(by, "tasks.assign", above.unit)
    require_under_way(task)
    due_beneath(above, lead.due_on)
    for name in ("is_key", "secrecy"):  # what holds above holds beneath
        wording.pop(name, None)
    Task.objects.filter(pk=task.pk).update(last_number=F("last_number") + 1)
    task.refresh_from_db(fields=["last_number"])
    beneath = Task.objects.create(
        programme=task.programme, number=task.last_number, above=task, prefix=f"{task.label}.",
        unit=above.unit, title=title, document=task.document, provision=task.provision,
        sector=task.sector, secrecy=task.secrecy, is_key=task.is_key, **wording,
    )  # fmt: skip
    add_part(beneath, lead, Role.LEAD)
    for helper in co_parts:
        add_part(beneath, helper, Role.WITH)
    record("tasks.drafted", beneath, by=by, title=title, number=beneath.label)
    return beneath


# What stands guard --------------------------------------------------------------------------------


def require_under_way(task: Task) -> None:
    """Only work that was issued and still goes on is broken down, and not without end."""
    if task.lead.status not in OPEN - {Status.SUBMITTED, Status.REFUSED}:
        raise Refused(
            _(
                "Only a task that was issued and still goes on can be broken down. This one is “%(status)s”."
            )
            % {"status": task.lead.get_status_display()}
        )
    if task.prefix.count(".") >= DEEPEST:
        raise Refused(_("This task lies too deep to be broken down further. Give it as it is."))


def require_some(units: Sequence[Unit], lead: Part, verifier: Unit) -> None:
    """Units named once each, beneath nobody's own verdict, and not whoever leads the whole."""
    if not units:
        raise Invalid(_("Choose at least one unit."), field="units")
    if len({unit.pk for unit in units}) < len(units):
        raise Invalid(_("Name every unit once."), field="units")
    if any(unit.pk == lead.unit_id for unit in units):
        raise Invalid(_("Leave out the unit that leads the task itself."), field="units")
    if any(verifier.path.startswith(unit.path) for unit in units):
        raise Invalid(
            _("A unit cannot verify its own part. Choose another unit to verify it."),
            field="verifier",
        )
    if any(unit.ends_on is not None for unit in units):
        raise Invalid(_("Leave out the units that no longer exist."), field="units")


def require_new_beneath(task: Task, units: Sequence[Unit]) -> None:
    """Nobody is given the same work twice."""
    numbers = [unit.pk for unit in units]
    have = (
        Part.objects.filter(task__above=task, role=Role.LEAD, unit__in=numbers)
        .exclude(status__in=(Status.TRANSFERRED, Status.DROPPED))
        .select_related("unit")
        .prefetch_related("unit__names")[:6]
    )
    if have:
        raise Invalid(
            _("These units have it already: %(names)s. Leave them out.")
            % {"names": ", ".join(part.unit.name for part in have)},
            field="units",
        )


def due_beneath(lead: Part, due_on: date | None) -> date | None:
    """The day asked for, or that of the task above; never later than that one."""
    if lead.due_on is None or lead.cycle:
        return due_on
    if due_on is not None and due_on > lead.due_on:
        raise Invalid(
            _("What lies beneath a task is due no later than the task itself."), field="due_on"
        )
    return due_on or lead.due_on
