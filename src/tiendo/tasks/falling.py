"""To whom a part falls: one rule for the list of one's own work and for one's calendar."""

from datetime import date
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef

from tiendo.access.capabilities import ALLOWED
from tiendo.access.models import Grant
from tiendo.kit.permission import beneath, roots
from tiendo.tasks.models import Part


def falls_to(person: Any, on: date) -> Any:
    """Parts of this person's units, and of units beneath that have nobody of their own to answer for them."""
    paths = roots(person, "tasks.report")
    theirs = (
        Grant.objects.as_of(on)
        .filter(beneath("unit__path", paths), role__in=ALLOWED["tasks.report"])
        .exclude(unit__path__in=paths)
        .annotate(owing=ExpressionWrapper(OuterRef("unit__path"), output_field=CharField()))
        .filter(owing__startswith=F("unit__path"))
    )
    seen = Part.objects.visible_to(person)
    return seen.filter(beneath("unit__path", paths)).exclude(Exists(theirs))
