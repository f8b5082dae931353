"""What a part is asked for, and how it is written down: what every act that words a task does alike."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Post, Unit
from tiendo.tasks.models import Part, Task
from tiendo.tasks.passing import head_of
from tiendo.tasks.states import Role


@dataclass(frozen=True)
class PartWording:
    """What a part is asked for: its unit and post, product and date."""

    unit: Unit
    post: Post | None = None
    product: str = ""
    due_on: date | None = None
    cycle: str = ""
    cycle_ends_on: date | None = None
    verifier: Unit | None = None
    by_head: bool = False

    def seat(self) -> Post | None:
        """The post that answers: the one named, or the unit's head, whose seat is written down when first named."""
        return head_of(self.unit) if self.by_head else self.post


def add_part(task: Task, wanted: PartWording, role: Role) -> Part:
    verifier = wanted.verifier or task.unit
    require_apart(verifier, wanted.unit)
    try:
        with transaction.atomic():
            return Part.objects.create(
                task=task,
                role=role,
                unit=wanted.unit,
                post=wanted.seat(),
                product=wanted.product,
                due_on=wanted.due_on,
                cycle=wanted.cycle,
                cycle_ends_on=wanted.cycle_ends_on if wanted.cycle else None,
                verifier=verifier,
            )
    except IntegrityError:
        raise Invalid(
            _("Each unit has one part in a task. Name every unit once."), field="unit"
        ) from None


def require_apart(verifier: Unit, doer: Unit) -> None:
    """Neither the doer nor anything beneath it can be the one that verifies."""
    if verifier.path.startswith(doer.path):
        raise Invalid(
            _("A unit cannot verify its own part. Choose another unit to verify it."),
            field="verifier",
        )
