"""Answers about calendars and webhooks: whose address this is, how a hook stands, what it was sent."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from tiendo.exchange.models import Calendar, Delivery, Hook
from tiendo.exchange.sending import KINDS
from tiendo.exchange.states import State

# What a hook may be told of, as a person chooses it.
ACTS: dict[str, Any] = {
    "tasks.drafted": _("A task was drafted"),
    "tasks.issued": _("A task was issued"),
    "tasks.received": _("A unit received its part"),
    "tasks.accepted": _("A unit accepted its part"),
    "tasks.refused": _("A unit refused its part"),
    "tasks.reissued": _("A refused part went out again"),
    "tasks.reported": _("A report was sent"),
    "tasks.nothing_new": _("A unit said that there is nothing new"),
    "tasks.submitted": _("A final report was sent"),
    "tasks.verified": _("A report was verified"),
    "tasks.returned": _("A report was returned"),
    "tasks.extension_asked": _("A new date was asked for"),
    "tasks.extension_granted": _("A new date was granted"),
    "tasks.extension_declined": _("A new date was declined"),
    "tasks.transferred": _("A part was handed on"),
    "tasks.suspended": _("A part was suspended"),
    "tasks.resumed": _("A part was taken up again"),
    "tasks.dropped": _("A task was dropped"),
    "documents.registered": _("A text was registered"),
}


def said_acts() -> dict[str, str]:
    return {act: str(words) for act, words in ACTS.items()}


def calendar_of(digest: str, on: date) -> Calendar | None:
    """The calendar of an address that still stands, of somebody who may still sign in."""
    rows = Calendar.objects.standing().filter(digest=digest).select_related("person")
    found: Calendar | None = rows.first()
    if found is None or not found.person.may_sign_in:
        return None
    if found.used_on != on:
        Calendar.objects.filter(pk=found.pk).update(used_on=on)
    return found


def hooks(person: Any) -> Any:
    """The hooks of this person's units, those that stand first."""
    rows = Hook.objects.visible_to(person).select_related("unit", "owner")
    return rows.prefetch_related("unit__names").order_by("ended_at", "-pk")


class Standing(NamedTuple):
    """A hook with how many messages wait and were given up: lengths of its own list, no published figure."""

    hook: Hook
    waiting: int
    failing: int
    given_up: int


def standing(rows: list[Hook]) -> list[Standing]:
    waits = Q(deliveries__state=State.WAITING)
    counted = Hook.objects.filter(pk__in=[hook.pk for hook in rows]).annotate(
        waiting=Count("deliveries", waits),
        failing=Count("deliveries", waits & Q(deliveries__tries__gt=0)),
        given_up=Count("deliveries", Q(deliveries__state=State.GIVEN_UP)),
    )
    found = {one.pk: (one.waiting, one.failing, one.given_up) for one in counted}
    return [Standing(hook, *found[hook.pk]) for hook in rows]


def deliveries(hook: Hook) -> Any:
    return Delivery.objects.filter(hook=hook).select_related("entry").order_by("-pk")


def delivery_of(hook: Hook, asked: str) -> Delivery | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    found: Delivery | None = deliveries(hook).filter(pk=int(asked)).first()
    return found


class Line(NamedTuple):
    """A delivery with what it told and, as far as the reader may see it, about what."""

    delivery: Delivery
    act: str
    subject: Any


def lines_of(rows: Iterable[Delivery], person: Any, said: dict[str, str]) -> list[Line]:
    found = list(rows)
    subjects: dict[str, Any] = {}
    for label, model in KINDS.items():
        keys = (one.entry.subject.partition(":") for one in found)
        numbers = {int(number) for kind, _colon, number in keys if kind == label}
        rows_seen = model.objects.visible_to(person).filter(pk__in=numbers)
        subjects |= {f"{label}:{row.pk}": row for row in rows_seen}
    return [
        Line(one, said.get(one.entry.act, one.entry.act), subjects.get(one.entry.subject))
        for one in found
    ]
