"""Seals gather what is not yet sealed into a tree, chain its root to the seal before, and sign it.

What has happened lately waits: below the watermark nothing is uncommitted, and clocks of several servers differ a little.
So a seal can say "everything that had happened by then is in me or before me", and what is put in later betrays itself.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from tiendo.kit import clock
from tiendo.kit.dates import microseconds
from tiendo.ledger import keys, proof
from tiendo.ledger.models import Entry, Seal, Sealed
from tiendo.ledger.watermark import watermark

EVERY = timedelta(seconds=60)
EARLY = timedelta(seconds=5)  # a schedule's beat is not exact
SKEW = timedelta(seconds=10)  # by how much clocks of several servers may differ
LOOK_BACK = timedelta(days=1)  # nothing waits so long; what would is for `verify` to name
MOST = 20_000  # entries in one seal: a transaction of a second or two

logger = logging.getLogger(__name__)


def seal() -> None:
    """The job: at most every minute, when there is something new. May run twice at once and be killed at any moment."""
    now = clock.now()
    last = newest()
    if (public := keys.next_public()) and names_key(public):
        keys.take_next()
    if last is None or now - last.at >= EVERY - EARLY:
        seal_up_to(watermark(now) - SKEW, now)


def names_key(public: str) -> bool:
    """Whether a seal of the old key holds the act that names this new one."""
    named = Sealed.objects.filter(entry__act="ledger.key_changed", entry__facts__key=public)
    return named.exists()


def seal_up_to(upto: datetime, now: datetime) -> list[Seal]:
    """Seal everything that had happened by then, in as many seals as it takes."""
    made: list[Seal] = []
    while (one := sealed_once(upto, now)) is not None:
        made.append(one)
        if one.size < MOST:
            break
    return made


def sealed_once(upto: datetime, now: datetime) -> Seal | None:
    """One more seal, or nothing: because nothing waits, or because somebody else is just making it."""
    key = keys.signing_key()
    try:
        with transaction.atomic():
            last = newest()
            rows, upto = gathered(last, upto)
            one = written(rows, last, upto, now, key) if rows else None
    except IntegrityError:
        return None
    if one is not None:
        transaction.on_commit(lambda: keep_own_anchor(one))
    return one


def newest() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def unsealed(last: Seal | None) -> "QuerySet[Entry]":
    """Entries that no seal holds; looked for where they can be, not by their numbers, which commit out of order."""
    rows: QuerySet[Entry] = Entry.objects.filter(
        ~Exists(Sealed.objects.filter(entry=OuterRef("pk")))
    )
    return rows if last is None else rows.filter(at__gt=last.upto - LOOK_BACK)


def gathered(last: Seal | None, upto: datetime) -> tuple[list[tuple[Any, ...]], datetime]:
    """What one seal takes, and until when: all that had happened by then, or by the instant at which it is full."""
    rows = list(waiting(last, upto)[:MOST])
    if len(rows) < MOST:
        return hashable(rows), upto
    full = max(rows[-1][1], last.upto) if last else rows[-1][1]
    return hashable(waiting(last, full)), full


def waiting(last: Seal | None, upto: datetime) -> "QuerySet[Entry, tuple[Any, ...]]":
    """What is to be sealed, in the order it happened, as the columns that are hashed."""
    return unsealed(last).filter(at__lte=upto).order_by("at", "pk").values_list(*HASHED)


def hashable(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(row[0], microseconds(row[1]), *row[2:]) for row in rows]


HASHED = ("pk", *proof.COLUMNS[1:])


def written(
    rows: Sequence[tuple[Any, ...]], last: Seal | None, upto: datetime, now: datetime, key: Any
) -> Seal:
    leaves = [proof.entry_leaf(row) for row in rows]
    peaks = peaks_after(last)
    one = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        upto=upto,
        root=proof.root(leaves).hex(),
        size=len(rows),
        total=(last.total if last else 0) + len(rows),
        previous=last.hash if last else proof.FIRST,
        past=proof.bagged(peaks).hex(),
        peaks=[peak.hex() for peak in peaks],
        key=keys.public_of(key),
    )
    told = statement(one)
    one.signature, one.hash = keys.signed(key, proof.canonical(told)), proof.seal_hash(told)
    one.save(force_insert=True)
    Sealed.objects.bulk_create(
        [
            Sealed(entry_id=row[0], seal=one, place=place, leaf=leaf)
            for place, (row, leaf) in enumerate(zip(rows, leaves, strict=True))
        ],
        batch_size=1_000,
    )
    return one


def peaks_after(last: Seal | None) -> list[bytes]:
    """The tree over all seals so far, this last one included."""
    if last is None:
        return []
    peaks = [bytes.fromhex(peak) for peak in last.peaks]
    return proof.grown(peaks, last.number - 1, proof.leaf(bytes.fromhex(last.hash)))


def statement(one: Seal) -> dict[str, Any]:
    """What a seal says and signs."""
    return {
        "format": proof.SEAL,
        "number": one.number,
        "at": microseconds(one.at),
        "upto": microseconds(one.upto),
        "root": one.root,
        "size": one.size,
        "total": one.total,
        "previous": one.previous,
        "past": one.past,
        "key": one.key,
    }


def anchor_of(one: Seal) -> dict[str, Any]:
    """A seal for outside witnesses: what it says, and its signature."""
    return {"format": proof.ANCHOR, "seal": statement(one), "signature": one.signature}


def keep_own_anchor(one: Seal) -> None:
    """Remember, outside the database, the newest seal signed here; a chain that does not hold the one remembered is not it."""
    before = keys.own_anchor()
    known = before and Seal.objects.filter(
        number=before["seal"]["number"], hash=proof.seal_hash(before["seal"])
    )
    keys.know(one.key)
    if not before or (known and known.exists()):
        keys.keep_anchor(anchor_of(one))
    else:
        logger.error(
            "Seal %s does not follow the one this house signed last. Run `tiendo ledger verify`.",
            one.number,
        )
