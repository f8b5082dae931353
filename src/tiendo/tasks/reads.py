"""Answers that span models."""

from tiendo.tasks.clears import Wording
from tiendo.tasks.models import Task


def wording_of(task: Task) -> Wording:
    """The plain fields of a task that the gate looks at."""
    lead = task.lead
    return Wording(
        has_unit=True,
        has_post=lead.post_id is not None,
        work=task.title,
        due_on=lead.due_on,
        cycle=lead.cycle,
        responsibility=task.responsibility,
        authority=task.authority,
        product=lead.product,
        measure=task.measure,
    )
