"""What people can do to the record itself: erase what stands beside it, change the key of its seals. Never the record."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from tiendo.kit.permission import WholeTree, require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger import keys, proof
from tiendo.ledger.models import Entry, Personal, key_of
from tiendo.ledger.record import record
from tiendo.ledger.sealing import newest


@transaction.atomic
def erase(of: Entry | models.Model, *, by: Any, reason: str) -> Entry:
    """Erase the personal details beside one entry, or beside every entry that names this person; the seals stay whole."""
    values = beside(of)
    for place in places_of(values):
        require(by, "ledger.erase", place)
    if not reason.strip():
        raise Invalid(_("Say why these details are erased."), field="reason")
    if not values:
        raise Refused(_("The record holds no personal details to erase here."))
    erased = sorted(f"{value.entry_id}:{value.fact}" for value in values)
    Personal.objects.filter(pk__in=[value.pk for value in values]).delete()
    return record(
        "ledger.erased", of, by=by, count=len(erased), erased=erased, reason=reason.strip()
    )


def beside(of: Entry | models.Model) -> list[Personal]:
    rows = Personal.objects.select_related("entry")
    found = rows.filter(entry=of) if isinstance(of, Entry) else rows.filter(whose=key_of(of))
    return list(found)


def places_of(values: list[Personal]) -> list[Any]:
    """Where the entries were recorded; whoever erases must hold the right over all of these places."""
    return list({value.entry.path: value.entry for value in values}.values()) or [WholeTree()]


@transaction.atomic
def change_key(*, by: Any) -> str:
    """Sign with a new key as soon as the old one has sealed this act, which names the new one."""
    require(by, "ledger.change_key", WholeTree())
    last, before = newest(), keys.public_of(keys.signing_key())
    if last is None:
        raise Refused(_("Nothing is sealed yet, so there is no key to change."))
    public = keys.prepare_next()
    record(
        "ledger.key_changed", last, by=by, key=public,
        fingerprint=proof.fingerprint(public), before=proof.fingerprint(before),
    )  # fmt: skip
    return public
