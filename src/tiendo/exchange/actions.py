"""Calendars and webhooks: opened, connected, renewed, ended, sent again."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.exchange import addresses
from tiendo.exchange.models import Calendar, Delivery, Hook, new_secret
from tiendo.exchange.states import State, Watches
from tiendo.kit.permission import require, require_own
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import record
from tiendo.orgs.models import Unit
from tiendo.people.models import Person

AT_MOST = 20  # standing calendars of one person, standing hooks of one unit
AGAIN_AT_ONCE = 1_000


@transaction.atomic
def open_calendar(
    person: Person, *, by: Person, name: str, watches: str = Watches.OWED
) -> tuple[Calendar, str]:
    """An address for one's own calendar; its secret is shown once and kept nowhere."""
    require_own(by, person)
    if Calendar.objects.standing().filter(person=person).count() >= AT_MOST:
        raise Refused(_("You have many calendar addresses open. End one that is not needed."))
    secret, digest = new_secret()
    calendar = Calendar(person=person, name=name, watches=watches, digest=digest)
    entry = record("exchange.calendar_opened", person, by=by, name=name)
    calendar.opened_at = entry.at
    calendar.save()
    return calendar, secret


@transaction.atomic
def end_calendar(calendar: Calendar, *, by: Person) -> Calendar:
    """The address shows nothing any more."""
    require_own(by, calendar.person)
    entry = record("exchange.calendar_ended", calendar.person, by=by, name=calendar.name)
    standing = Calendar.objects.standing().filter(pk=calendar.pk)
    if not standing.update(ended_at=entry.at):
        raise Refused(_("This address has been ended already."))
    calendar.ended_at = entry.at
    return calendar


@transaction.atomic
def connect(
    unit: Unit, *, by: Person, name: str, address: str, acts: Sequence[str]
) -> tuple[Hook, str]:
    """Have another system told of acts, from now on, as far as `by` may see them; the secret is shown once."""
    require(by, "exchange.connect", unit)
    require_address(address)
    if not acts:
        raise Invalid(_("Choose at least one act."), field="acts")
    if Hook.objects.standing().filter(unit=unit).count() >= AT_MOST:
        raise Refused(_("This unit has many webhooks. End one that is not needed."))
    hook = Hook(
        unit=unit, owner=by, name=name, address=address, acts=sorted(set(acts)),
        seed=secrets.token_hex(32),
    )  # fmt: skip
    entry = record("exchange.hook_connected", unit, by=by, name=name, host=hook.host)
    hook.connected_at = entry.at
    hook.save()
    return hook, hook.secret()


def require_address(address: str) -> None:
    """A plain address at a host that the administrator has listed."""
    target = addresses.read(address)
    if target is None or (target.scheme != "https" and not settings.WEBHOOK_NETWORKS):
        raise Invalid(
            _(
                "Write the whole address, beginning with https:// and without a name or password in it."
            ),
            field="address",
        )
    if not addresses.is_listed(target, settings.WEBHOOK_HOSTS):
        raise Invalid(
            _(
                "“%(host)s” is not on the list of hosts. Ask whoever runs this installation to list it."
            )
            % {"host": target.named},
            field="address",
        )


@transaction.atomic
def renew(hook: Hook, *, by: Person) -> tuple[Hook, str]:
    """A new secret, for when the old one may be known; what is sent from now on is signed with it."""
    require(by, "exchange.connect", hook.unit)
    require_connected(hook)
    record("exchange.hook_renewed", hook.unit, by=by, name=hook.name)
    hook.seed = secrets.token_hex(32)
    hook.save(update_fields=["seed"])
    return hook, hook.secret()


@transaction.atomic
def end_hook(hook: Hook, *, by: Person) -> Hook:
    """Nothing is sent there any more, also not what waits."""
    require(by, "exchange.connect", hook.unit)
    require_connected(hook)
    entry = record("exchange.hook_ended", hook.unit, by=by, name=hook.name)
    Hook.objects.filter(pk=hook.pk).update(ended_at=entry.at)
    waiting = Delivery.objects.filter(hook=hook, state=State.WAITING)
    waiting.update(state=State.WITHHELD, ended_at=entry.at)
    hook.ended_at = entry.at
    return hook


@transaction.atomic
def replay(hook: Hook, *, by: Person, delivery: Delivery | None = None) -> int:
    """Send one message again, or all that were given up; the receiver knows them by their marks."""
    require(by, "exchange.connect", hook.unit)
    require_connected(hook)
    rows = Delivery.objects.filter(hook=hook).exclude(state=State.WAITING)
    rows = rows.filter(pk=delivery.pk) if delivery else rows.filter(state=State.GIVEN_UP)
    again = [one for one in rows.order_by("pk")[:AGAIN_AT_ONCE] if not is_waiting(one)]
    if not again:
        raise Refused(_("There is nothing to send again."))
    entry = record("exchange.replayed", hook.unit, by=by, name=hook.name, count=len(again))
    for one in again:
        last = Delivery.objects.filter(hook=hook, entry=one.entry_id).order_by("-replay")[0]
        Delivery.objects.create(
            hook=hook, entry_id=one.entry_id, replay=last.replay + 1, due_at=entry.at
        )
    return len(again)


def is_waiting(delivery: Delivery) -> bool:
    """Whether the same act already waits for this hook, or was sent after this try was given up."""
    later = Delivery.objects.filter(
        hook=delivery.hook_id, entry=delivery.entry_id, replay__gt=delivery.replay
    )
    return bool(later.exists())


def require_connected(hook: Hook) -> None:
    if hook.ended_at is not None:
        raise Refused(_("This webhook has been ended. Connect a new one."))
