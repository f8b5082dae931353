"""Receipts: what shows, without this house, that an entry lies under a seal and the seal under a later one."""

from typing import Any

from django.utils.translation import gettext as _

from tiendo.kit.dates import microseconds
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger import proof, sealing
from tiendo.ledger.models import Entry, Seal, Sealed

BIGGEST = 2**31 - 1


class NotSealedYet(Refused):
    code = "not-sealed-yet"


def receipt(entry: Entry, *, head: int | None = None) -> dict[str, Any]:
    """The proof for one entry, leading to the newest seal or to the one an anchor is held of."""
    held = Sealed.objects.select_related("seal").filter(entry=entry).first()
    if held is None:
        raise NotSealedYet(
            _("This entry is not sealed yet. A seal is made within two minutes; come back then.")
        )
    top = head_of(held.seal, head)
    leaves = [
        bytes(leaf) for leaf in held.seal.places.order_by("place").values_list("leaf", flat=True)
    ]
    return {
        "format": proof.RECEIPT,
        "entry": proof.entry_told(columns(entry)),
        "personal": list(entry.personal.order_by("fact").values("fact", "salt", "value")),
        "place": held.place,
        "path": [one.hex() for one in proof.path(leaves, held.place)],
        "seal": sealing.statement(held.seal),
        "signature": held.seal.signature,
        "head_path": way_up(held.seal, top),
        "head": {"seal": sealing.statement(top), "signature": top.signature},
    }


def head_of(own: Seal, asked: int | None) -> Seal:
    """The seal the receipt leads to: not before the entry's own."""
    if asked is None:
        return sealing.newest() or own
    top = Seal.objects.filter(number=asked).first() if asked <= BIGGEST else None
    if top is None or asked < own.number:
        raise Invalid(
            _(
                "This entry lies in seal %(own)s. Ask for a receipt that leads to that seal or a later one."
            )
            % {"own": own.number},
            field="head",
        )
    return top


def columns(entry: Entry) -> tuple[Any, ...]:
    told = [getattr(entry, name) for name in proof.COLUMNS[2:]]
    return (entry.pk, microseconds(entry.at), *told)


def way_up(own: Seal, top: Seal) -> list[str]:
    """From a seal to a later one, which signs a tree over all seals before it."""
    if own.number == top.number:
        return []
    hashes = Seal.objects.filter(number__lt=top.number).order_by("number")
    leaves = [proof.leaf(bytes.fromhex(one)) for one in hashes.values_list("hash", flat=True)]
    return [one.hex() for one in proof.path(leaves, own.number - 1)]
