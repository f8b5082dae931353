"""Webhooks for programs: how they stand, what they were sent, sent again, ended. Connecting one is a person's act on a page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Status

from tiendo.exchange import actions, reads
from tiendo.exchange.models import Delivery, Hook
from tiendo.kit.api import Asked, Given, Number, Router, Schema, answers, asker, page_of, the
from tiendo.orgs.api import UnitRef, unit_ref

router = Router(tags=["webhooks"])


class HookOut(Schema):
    """The secret is shown once, on the page where the webhook is connected."""

    id: int
    name: str
    unit: UnitRef
    address: str
    acts: list[str]
    connected_at: datetime
    ended_at: datetime | None


class HooksOut(Schema):
    items: list[HookOut]
    next: int | None


class DeliveryOut(Schema):
    """`mark` is what the receiver knows the message by; `fault` says why it was not taken."""

    id: int
    mark: str
    act: str
    state: str
    tries: int
    status: int | None
    fault: str
    due_at: datetime
    ended_at: datetime | None
    is_replay: bool


class DeliveriesOut(Schema):
    items: list[DeliveryOut]
    next: int | None


class ReplayIn(Given):
    """One delivery, or, left out, all that were given up."""

    delivery: Number | None = None


class ReplayOut(Schema):
    sent_again: int


def row(hook: Hook) -> dict[str, Any]:
    plain = ("name", "address", "acts", "connected_at", "ended_at")
    return {
        "id": hook.pk,
        "unit": unit_ref(hook.unit),
        **{name: getattr(hook, name) for name in plain},
    }


def line(delivery: Delivery) -> dict[str, Any]:
    plain = ("mark", "state", "tries", "status", "fault", "due_at", "ended_at")
    return {
        "id": delivery.pk,
        "act": delivery.entry.act,
        "is_replay": delivery.replay > 0,
        **{name: getattr(delivery, name) for name in plain},
    }


def found(request: HttpRequest, pk: int) -> Hook:
    rows = Hook.objects.visible_to(asker(request)).select_related("unit", "owner")
    one: Hook = get_object_or_404(rows.prefetch_related("unit__names"), pk=pk)
    return one


@router.get(
    "/webhooks", response=answers(HooksOut), operation_id="list_webhooks", url_name="webhooks"
)
def hooks(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The webhooks of units for which you may connect some."""
    rows = Hook.objects.visible_to(asker(request)).select_related("unit")
    return page_of(rows.prefetch_related("unit__names"), asked, row)


@router.get(
    "/webhooks/{int:pk}/deliveries",
    response=answers(DeliveriesOut),
    operation_id="list_deliveries",
    url_name="webhook-deliveries",
)
def deliveries(request: HttpRequest, pk: int, asked: Query[Asked]) -> Any:
    """What a webhook was sent, oldest first."""
    return page_of(reads.deliveries(found(request, pk)), asked, line)


@router.post(
    "/webhooks/{int:pk}/replay",
    response=answers(ReplayOut, 201),
    operation_id="replay_deliveries",
    url_name="webhook-replay",
)
def replay(request: HttpRequest, pk: int, given: ReplayIn) -> Any:
    """Send one message again, or all that were given up."""
    hook = found(request, pk)
    one = the(reads.deliveries(hook), given.delivery, "delivery") if given.delivery else None
    return Status(201, {"sent_again": actions.replay(hook, by=asker(request), delivery=one)})


@router.post(
    "/webhooks/{int:pk}/ending",
    response=answers(HookOut, 201),
    operation_id="end_webhook",
    url_name="webhook-ending",
)
def ending(request: HttpRequest, pk: int) -> Any:
    """Send nothing there any more."""
    return Status(201, row(actions.end_hook(found(request, pk), by=asker(request))))
