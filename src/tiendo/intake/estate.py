"""Proposals that wait and name a unit that ends. Writes nothing."""

from collections.abc import Sequence

from tiendo.intake.models import Proposal
from tiendo.intake.states import Status
from tiendo.orgs.takeovers import Ending


def estate(endings: Sequence[Ending]) -> list[Proposal]:
    """Proposals nobody has decided whose lead ends; what was decided stays as it was."""
    ended = [ending.unit.pk for ending in endings]
    rows = Proposal.objects.filter(lead__in=ended, status=Status.WAITING)
    return list(
        rows.select_related("intake__document__unit", "lead")
        .prefetch_related("lead__names")
        .order_by("intake", "number")
    )
