"""What a reform does to proposals that wait: they name the heir; the sentence they came from stays as it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from tiendo.intake.models import Proposal
from tiendo.kit.permission import Place, require
from tiendo.ledger.record import record
from tiendo.orgs.takeovers import Ending
from tiendo.people.models import Person


@transaction.atomic
def hand_over(
    proposals: Sequence[Proposal],
    endings: Mapping[int, Ending],
    *,
    by: Person,
    over: Place,
    basis: str,
) -> list[int]:
    """Each proposal is offered to the heir of the unit it named."""
    require(by, "reforms.carry_out", over)
    for proposal in proposals:
        lead: Any = proposal.lead
        heir = endings[lead.pk].heir
        record(
            "intake.readdressed", proposal, by=by, number=proposal.number, basis=basis,
            unit=lead.name_on(None, "vi"), heir=heir.name_on(None, "vi"),
        )  # fmt: skip
        others = [heir.pk if pk == lead.pk else pk for pk in proposal.candidates]
        Proposal.objects.filter(pk=proposal.pk).update(lead=heir, post=None, candidates=others)
    return [proposal.pk for proposal in proposals]
