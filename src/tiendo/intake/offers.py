"""What the desk offers for a proposal: the wording a person accepts as it stands, or edits."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tiendo.documents.models import Document
from tiendo.intake.models import Proposal
from tiendo.orgs.models import Unit
from tiendo.tasks.clears import Wording, clears

CLEAR_WORDS = {
    "person": lazy("person"),
    "work": lazy("work"),
    "time": lazy("time"),
    "responsibility": lazy("responsibility"),
    "authority": lazy("authority"),
    "product": lazy("product"),
    "measure": lazy("measure"),
}
SIX = ("person", "work", "time", "responsibility", "authority", "product")


def offered(proposal: Proposal, document: Document, helpers: dict[int, Unit]) -> dict[str, Any]:
    """The fields of the form, by name. What the text does not say stays empty, or is offered by custom."""
    lead = proposal.lead
    on = document.issued_on
    partners = [helpers[pk] for pk in partner_ids(proposal) if pk in helpers]
    return {
        "title": proposal.work[:500],
        "lead": lead.name_on(on) if lead else "",
        "product": proposal.work[:300],
        "due_on": proposal.due_on,
        "cycle": proposal.cycle,
        "measure": proposal.target,
        "authority": authority_offered(lead, on),
        "responsibility": _("Answers to %(unit)s") % {"unit": document.unit.name_on(None)},
        "verifier": document.unit.name_on(None),
        "partners": "\n".join(unit.name_on(on) for unit in partners),
        "is_key": False,
    }


def authority_offered(lead: Unit | None, on: date) -> str:
    """By custom the head of the leading unit decides."""
    return _("The head of %(unit)s decides") % {"unit": lead.name_on(on)} if lead else ""


def partner_ids(proposal: Proposal) -> list[int]:
    """Units that help: the named partners, and assignees after the first."""
    named = [one.get("unit") for one in [*proposal.partners, *proposal.assignees]]
    return [pk for pk in dict.fromkeys(named) if pk and pk != proposal.lead_id]


def six_clears(values: dict[str, Any]) -> dict[str, bool]:
    """Which of the six are clear; a product is clear once it can be measured."""
    known = clears(
        Wording(
            has_unit=bool(values["lead"]),
            has_post=bool(values["lead"]),  # the unit's head, unless another post is named
            work=values["title"] or "",
            due_on=values["due_on"] or None,
            cycle=values["cycle"] or "",
            responsibility=values["responsibility"] or "",
            authority=values["authority"] or "",
            product=values["product"] or "",
            measure=values["measure"] or "",
        )
    )
    return {name: known[name] and (name != "product" or known["measure"]) for name in SIX}
