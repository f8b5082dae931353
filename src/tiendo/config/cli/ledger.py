"""Words about the record: verify it, anchor it outside, seal it now, keep its keys, erase what stands beside it."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from tiendo.config.cli.words import Argument, Shelf, Word, django_ready


def verify(asked: argparse.Namespace) -> None:
    """Read the whole record against its seals; say whatever does not fit.

    Finds what was edited, deleted, put in, swapped or cut, and names it; with an anchor also a chain that was made anew.
    Ends with 1 if anything does not fit. Changes nothing, and may run while people work.
    """
    django_ready()
    from tiendo.ledger.verifying import verify as read

    begun = time.monotonic()
    found = read(anchor=anchor_in(asked.anchor) if asked.anchor else None, trusted=asked.key)
    took = time.monotonic() - begun
    for fault in found.faults[: asked.most]:
        print(fault)
    if len(found.faults) > asked.most:
        print(f"… and {len(found.faults) - asked.most} more.")
    print(f"Seals read: {found.seals}, entries under them: {found.entries}, in {took:.1f} s.")
    if found.unsealed:
        print(f"Entries waiting for a seal: {found.unsealed}. About them nothing is proved yet.")
    if not found.is_whole:
        sys.exit(
            "THE RECORD IS NOT WHOLE. Keep this database as it is, and compare it with a backup."
        )
    print(whole(bool(asked.anchor)))


def whole(with_anchor: bool) -> str:
    if with_anchor:
        return "The record is whole, and is the one that the anchor saw."
    return (
        "The record is whole. (Whoever holds its key and its server could have made all of it anew:"
        " only an anchor kept elsewhere excludes that, --anchor FILE.)"
    )


def anchor_in(place: Path) -> Any:
    try:
        return json.loads(place.read_text("utf8"))
    except (OSError, ValueError, RecursionError) as fault:
        sys.exit(f"The anchor {place} cannot be read: {fault}")


def anchor(asked: argparse.Namespace) -> None:
    """Write the newest seal, signed, for a witness outside.

    Give it to somebody whom whoever runs this server does not command: an inspector, a newspaper, another office.
    Whatever that seal covers can never be made anew without `ledger verify --anchor` telling so.
    """
    django_ready()
    from tiendo.ledger import proof, sealing

    newest = sealing.newest()
    if newest is None:
        sys.exit("Nothing is sealed yet. Run `tiendo ledger seal`, then again.")
    written(sealing.anchor_of(newest), asked.out)
    if asked.out:
        told = (
            f"seal {newest.number} of {newest.total} entries, key {proof.fingerprint(newest.key)}"
        )
        print(f"{asked.out}: {told}. Give it to somebody outside.")


def written(told: Any, out: Path | None) -> None:
    """Into the file named, or here."""
    text = json.dumps(told, indent=1)
    if out is None:
        print(text)
        return
    try:
        out.write_text(f"{text}\n", "utf8")
    except OSError as fault:
        sys.exit(f"{out} cannot be written: {fault}")


def seal(asked: argparse.Namespace) -> None:
    """Seal now what has settled, without waiting for the schedule.

    What happened in the last ten seconds, or is not committed yet, waits for the next seal.
    """
    django_ready()
    from tiendo.kit import clock
    from tiendo.ledger.sealing import SKEW, seal_up_to
    from tiendo.ledger.watermark import watermark

    now = clock.now()
    made = seal_up_to(watermark(now) - SKEW, now)
    if not made:
        print(
            "Nothing new to seal. What happened in the last ten seconds, or is still open, waits."
        )
    for one in made:
        print(f"Seal {one.number}: {one.size} entries, {one.total} in all.")


def keys(asked: argparse.Namespace) -> None:
    """List the public keys this house has signed with.

    The one in use is marked. Publish it, so that whoever checks a receipt knows it from elsewhere.
    """
    django_ready()
    from tiendo.ledger import keys as kept
    from tiendo.ledger import proof

    used = kept.public_of(kept.signing_key())
    for key in sorted(kept.known() | {used}, key=lambda one: one != used):
        print(f"{'*' if key == used else ' '} {key}  {proof.fingerprint(key)}")


def new_key(asked: argparse.Namespace) -> None:
    """Change the key that signs seals.

    The act names the new key; once the old one has sealed that act, the new one signs. The old file stays beside it.
    """
    django_ready()
    from tiendo.ledger import proof
    from tiendo.ledger.actions import change_key
    from tiendo.people.models import Person

    public = change_key(by=Person.objects.operator())
    print(f"{public}  {proof.fingerprint(public)}\nIt is used from the second seal after this on.")


def receipt(asked: argparse.Namespace) -> None:
    """Write the receipt of one entry of the record.

    It is checked without this house: python tools/check_receipt.py receipt.json --anchor anchor.json
    """
    django_ready()
    from tiendo.ledger.models import Entry
    from tiendo.ledger.receipts import receipt as made

    entry = Entry.objects.filter(pk=asked.entry).first()
    if entry is None:
        sys.exit(f"The record has no entry {asked.entry}.")
    written(made(entry, head=asked.head), asked.out)


def erase(asked: argparse.Namespace) -> None:
    """Erase the personal details of one person beside the record.

    Their name goes from the sentences of the record; the acts stay, and so do the seals. It is itself an act, and recorded.
    """
    django_ready()
    from tiendo.ledger.actions import erase as erased
    from tiendo.ledger.sentences import sentence
    from tiendo.people.models import Person

    person = Person.objects.filter(username=asked.person).first()
    if person is None:
        sys.exit(f"Nobody signs in as “{asked.person}”.")
    print(sentence(erased(person, by=Person.objects.operator(), reason=asked.reason)))


def a_count(words: str) -> int:
    if not (words.isascii() and words.isdigit() and len(words) < 19 and int(words)):
        raise argparse.ArgumentTypeError(f"“{words}” will not do: write a whole number above 0")
    return int(words)


ANCHOR: Argument = (
    ["--anchor"],
    {"type": Path, "metavar": "FILE", "help": "an anchor that somebody outside has kept"},
)
KEY: Argument = (
    ["--key"],
    {
        "action": "append",
        "default": [],
        "metavar": "HEX",
        "help": "a public key of yours, where the list of keys is not at hand",
    },
)
MOST: Argument = (
    ["--most"],
    {"type": a_count, "default": 50, "metavar": "COUNT", "help": "faults to show (50)"},
)
OUT: Argument = (["--out"], {"type": Path, "metavar": "FILE", "help": "where; here if not given"})
ENTRY: Argument = (
    ["entry"],
    {"type": a_count, "metavar": "NUMBER", "help": "as its page of history says"},
)
HEAD: Argument = (
    ["--head"],
    {"type": a_count, "metavar": "SEAL", "help": "the seal of the anchor you hold (the newest)"},
)
PERSON: Argument = (
    ["--person"],
    {"required": True, "metavar": "NAME", "help": "as they sign in"},
)
REASON: Argument = (["--reason"], {"required": True, "help": "kept in the record"})

SHELF = Shelf(
    "The record",
    (
        Word(
            "ledger verify",
            verify,
            "tiendo ledger verify --anchor anchor-2025-11.json",
            (ANCHOR, KEY, MOST),
        ),
        Word("ledger anchor", anchor, "tiendo ledger anchor --out anchor.json", (OUT,)),
        Word("ledger seal", seal, "tiendo ledger seal"),
        Word(
            "ledger receipt",
            receipt,
            "tiendo ledger receipt 1024 --out receipt.json",
            (ENTRY, HEAD, OUT),
        ),
        Word("ledger keys", keys, "tiendo ledger keys"),
        Word("ledger new-key", new_key, "tiendo ledger new-key"),
        Word(
            "ledger erase",
            erase,
            'tiendo ledger erase --person lan --reason "Asked for it, letter 12/CV"',
            (PERSON, REASON),
        ),
    ),
)
