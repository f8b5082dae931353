"""A notice in one sentence of the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tiendo.kit.words import day_in_words
from tiendo.ledger.sentences import sentence
from tiendo.notifications.models import Notice
from tiendo.notifications.states import Rung


def said(notice: Notice) -> str:
    """What happened, or what the calendar says."""
    if notice.entry is not None:
        return sentence(notice.entry)
    facts: dict[str, Any] = {
        "unit": notice.part.unit.short_name,
        "day": day_in_words(notice.due_on) if notice.due_on else "",
        "days": abs(notice.stage or 0),
    }
    return late(notice, facts) if (notice.stage or 0) > 0 else near(facts)


def near(facts: dict[str, Any]) -> str:
    return (
        ngettext(
            "The part of %(unit)s is due on %(day)s, in %(days)s day.",
            "The part of %(unit)s is due on %(day)s, in %(days)s days.",
            facts["days"],
        )
        % facts
    )


def late(notice: Notice, facts: dict[str, Any]) -> str:
    if notice.rung == Rung.OWNER:
        return _("The part of %(unit)s was due on %(day)s and is late since then.") % facts
    facts["rung"] = Rung(notice.rung).label
    return (
        ngettext(
            "The part of %(unit)s was due on %(day)s, %(days)s day ago. Told now: %(rung)s.",
            "The part of %(unit)s was due on %(day)s, %(days)s days ago. Told now: %(rung)s.",
            facts["days"],
        )
        % facts
    )
