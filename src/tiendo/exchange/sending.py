"""Webhooks: what the record holds is the outbox. It is heard, laid out for each hook once, and sent until it is taken.

An entry is written in its act's transaction; a delivery is unique for its hook and entry; a try holds its delivery for
some minutes, so that one whose sender was killed is tried again. A receiver may get a message twice, and knows it by its mark.
"""

import json
import time
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from tiendo.documents.models import Document
from tiendo.exchange import lines
from tiendo.exchange.models import Delivery, Hook, Outbox
from tiendo.exchange.signing import signed
from tiendo.exchange.states import PAUSES, State
from tiendo.kit import clock, jobs
from tiendo.kit.permission import can
from tiendo.ledger.models import Entry
from tiendo.ledger.sealing import SKEW
from tiendo.ledger.sentences import is_personal
from tiendo.ledger.watermark import watermark
from tiendo.tasks.models import Task

AT_ONCE = 500  # entries in one turn
IN_A_ROW = 50  # deliveries of a hook in one job
HELD = timedelta(minutes=5)  # a try that takes longer was killed
KINDS: dict[str, Any] = {"tasks.task": Task, "documents.document": Document}
PAGES = {"tasks.task": "api:task", "documents.document": "api:document"}


def work() -> None:
    """The job: lay out what was recorded, and have what is due sent. May run twice at once and be killed at any moment."""
    if jobs.are_held():
        return
    now = clock.now()
    upto = watermark(now) - SKEW
    while lay_out(upto) == AT_ONCE:
        pass
    ask_to_send(now)


@transaction.atomic
def lay_out(upto: datetime) -> int:
    """One turn: a delivery for every hook that wants to hear of an act its owner may see; how many entries were heard."""
    outbox = Outbox.mine(upto)
    later = Q(at__gt=outbox.upto) | Q(at=outbox.upto, pk__gt=outbox.entry)
    rows = Entry.objects.filter(later, at__gte=outbox.upto, at__lte=upto).order_by("at", "pk")
    entries = list(rows[:AT_ONCE])
    hooks = list(Hook.objects.standing().select_related("owner", "unit")) if entries else []
    Delivery.objects.bulk_create(
        (
            Delivery(hook=hook, entry=entry, due_at=entry.at)
            for hook in hooks
            for entry in wanted(hook, entries)
        ),
        batch_size=500,
        ignore_conflicts=True,
    )
    if entries:
        outbox.upto, outbox.entry = entries[-1].at, entries[-1].pk
        outbox.save(update_fields=["upto", "entry"])
    return len(entries)


def wanted(hook: Hook, entries: list[Entry]) -> list[Entry]:
    """The acts this hook is told of, since it was connected, of what its owner may see."""
    asked = [one for one in entries if one.act in hook.acts and one.at > hook.connected_at]
    return seen_by(hook, asked) if asked else []


def seen_by(hook: Hook, entries: list[Entry]) -> list[Entry]:
    """Those whose subject the hook's owner may see now; nothing once the owner may not have hooks here any more."""
    owner = hook.owner
    if not owner.may_sign_in or not can(owner, "exchange.connect", hook.unit):
        return []
    numbers: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        label, _colon, number = entry.subject.partition(":")
        if label in KINDS:
            numbers[label].add(int(number))
    seen = {
        f"{label}:{number}"
        for label, some in numbers.items()
        for number in KINDS[label].objects.visible_to(owner).filter(pk__in=some).values_list("pk", flat=True)
    }  # fmt: skip
    return [entry for entry in entries if entry.subject in seen]


@transaction.atomic
def ask_to_send(now: datetime) -> None:
    """One job for each hook for which something is due: a slow receiver keeps nobody else waiting."""
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=now)
    for hook in due.order_by("hook").values_list("hook", flat=True).distinct():
        jobs.enqueue("tiendo.exchange.sending.send", hook)


# Sending ------------------------------------------------------------------------------------------


def send(number: int) -> None:
    """A job: what is due for one hook, in its order, until one is not taken."""
    hook = Hook.objects.select_related("owner", "unit").get(pk=number)
    for _turn in range(IN_A_ROW):
        delivery = taken_up(hook, clock.now())
        if delivery is None or not tried(delivery, hook):
            return


def taken_up(hook: Hook, now: datetime) -> Delivery | None:
    """The next delivery that is due, held by us alone for a while."""
    rows = Delivery.objects.filter(hook=hook, state=State.WAITING, due_at__lte=now)
    for delivery in rows.select_related("entry").order_by("entry__at", "entry", "replay")[
        :IN_A_ROW
    ]:
        held = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, due_at=delivery.due_at)
        if held.update(due_at=now + HELD, tries=F("tries") + 1):
            delivery.tries += 1
            return delivery
    return None


def tried(delivery: Delivery, hook: Hook) -> bool:
    """Whether the next may be tried right after this one."""
    if hook.ended_at is not None or not seen_by(hook, [delivery.entry]):
        return ended(delivery, State.WITHHELD)
    body = message(delivery, hook)
    try:
        status = lines.post(hook.address, body, headers_of(delivery, hook, body))
    except lines.Unreached as why:
        return not_taken(delivery, fault=why.fault)
    if 200 <= status < 300:
        return ended(delivery, State.DELIVERED, status=status, fault="")
    return not_taken(
        delivery, status=status, fault="redirect" if 300 <= status < 400 else "refused"
    )


def not_taken(delivery: Delivery, **why: Any) -> bool:
    """Try again later; after the last pause, not any more by itself."""
    if delivery.tries > len(PAUSES):
        ended(delivery, State.GIVEN_UP, **why)
    else:
        due_at = clock.now() + PAUSES[delivery.tries - 1]
        keep(delivery, due_at=due_at, **{"status": None, **why})
    return False


def ended(delivery: Delivery, state: State, **how: Any) -> bool:
    keep(delivery, state=state, ended_at=clock.now(), **how)
    return True


def keep(delivery: Delivery, **changes: Any) -> None:
    """Only of one that still waits: nobody takes back what was delivered."""
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(**changes)


# What is said -------------------------------------------------------------------------------------


def message(delivery: Delivery, hook: Hook) -> bytes:
    """One act, with the facts of the record but for those that belong to a person."""
    entry = delivery.entry
    label, _colon, number = entry.subject.partition(":")
    said = {
        "id": delivery.mark,
        "act": entry.act,
        "at": entry.at,
        "subject": {"kind": label.partition(".")[2], "id": int(number), "address": page_of(label, number)},
        "version": entry.version,
        "facts": plain(entry.facts),
        "is_replay": delivery.replay > 0,
    }  # fmt: skip
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode()


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if not is_personal(fact)}


def page_of(label: str, number: str) -> str:
    """Where the thing is asked for as it stands now, with a key of the receiver's own."""
    return settings.ADDRESS.rstrip("/") + reverse(PAGES[label], args=[int(number)])


def headers_of(delivery: Delivery, hook: Hook, body: bytes) -> dict[str, str]:
    at = int(time.time())  # the receiver has a true clock, whatever a story says
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tiendo",
        "Tiendo-Delivery": delivery.mark,
        "Tiendo-Signature": signed(hook.secret(), body, at),
    }
