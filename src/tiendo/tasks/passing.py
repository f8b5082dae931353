"""How a part passes from one unit to another: what both the assigning side's hand-over and a reform do alike."""

from datetime import date
from typing import Any

from tiendo.ledger.models import Entry
from tiendo.orgs.models import Post, Succession, Unit
from tiendo.people.models import Person
from tiendo.tasks.models import Extension, Part
from tiendo.tasks.states import Status

KEPT = (
    "task",
    "role",
    "product",
    "due_on",
    "cycle",
    "cycle_ends_on",
)  # what the heir's part has from the old one


def passed_on(
    part: Part,
    unit: Unit,
    *,
    entry: Entry,
    by: Person,
    note: str,
    verifier: Unit | None = None,
    true_on: date | None = None,
) -> Part:
    """A new part for the heir, with the product and both dates; the old one stays listed and points to it."""
    told: dict[str, Any] = {"entry": entry, "by": by, "note": note, "true_on": true_on}
    kept: dict[str, Any] = {name: getattr(part, name) for name in KEPT}
    part.move_to(Status.TRANSFERRED, **told)
    heir = Part.objects.create(
        **kept, unit=unit, post=head_of(unit), verifier=verifier or part.verifier
    )
    heir.move_to(Status.ISSUED, **told, first_due_on=part.first_due_on)
    Part.objects.filter(pk=part.pk).update(handed_to=heir)
    part.handed_to = heir
    pass_requests(part, heir)
    part.occurrences.filter(done_on__isnull=True).update(
        part=heir
    )  # what was done stays with who did it
    return heir


def pass_requests(part: Part, heir: Part) -> None:
    """A request for a new date that was not answered goes along, as it was asked."""
    Extension.objects.bulk_create(
        Extension(
            part=heir, was_due_on=asked.was_due_on, asked_on=asked.asked_on, reason=asked.reason,
            asked_at=asked.asked_at, asked_by=asked.asked_by,
        )
        for asked in part.extensions.filter(granted__isnull=True)
    )  # fmt: skip


def head_of(unit: Unit) -> Post:
    """The seat of the unit's head, written down when first named."""
    head = Post.objects.filter(unit=unit, kind=Post.Kind.HEAD).order_by("pk").first()
    return head or Post.objects.create(unit=unit, kind=Post.Kind.HEAD)


def succession_of(unit: Unit, on: date) -> Succession | None:
    """Who stands for a unit that has ended, through every reform until that day; nothing while it stands."""
    found: Succession | None = None
    while unit.ends_on is not None and unit.ends_on <= on:
        rows = Succession.objects.filter(old=unit, is_default=True, on__lte=on)
        row = rows.select_related("new").order_by("-on").first()
        if row is None:
            break
        found, unit = row, row.new
    return found
