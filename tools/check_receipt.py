"""Checks a receipt of Tiendo's record offline: python check_receipt.py RECEIPT.json [--anchor ANCHOR.json] [--key HEX]

Needs Python 3.11 and the package `cryptography`: no network, no database, no Tiendo. Says what it proved and ends with 0; says
what does not fit, or what it cannot say, and ends with 1; with 3 if all fits, but nobody you know vouches. From the leaf up:
1. The entry, as JSON in ASCII without spaces and with sorted keys, is hashed behind a byte 0 (RFC 9162, 2.1).
2. With the hashes of its path it reaches the root that its seal names; the seal is signed (Ed25519) with the key it names.
3. The seal's own hash reaches the root over all earlier seals that the head, a later signed seal, names.
4. --anchor: the head (or the entry's seal) is the one that a witness has kept since. --key: the key is one you know.
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """Something does not fit."""


def main():
    asked = argparse.ArgumentParser(description="Checks a receipt of Tiendo's record offline.")
    asked.add_argument("receipt", type=Path)
    asked.add_argument("--anchor", type=Path, help="a signed head that a witness has kept")
    asked.add_argument("--key", help="the public key you know this record by (64 digits)")
    given = asked.parse_args()
    try:
        receipt = loaded(given.receipt, "tiendo.receipt.1")
        anchor = loaded(given.anchor, "tiendo.anchor.1") if given.anchor else None
        check(receipt)
        said = [*authority(receipt, anchor, given.key), *told(receipt)]
    except Wrong as wrong:
        sys.exit(f"NOT PROVED. {wrong}")
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as fault:
        sys.exit(f"NOT PROVED. The file is not a whole receipt or anchor ({fault!r}).")
    print("\n".join(said))
    sys.exit(0 if anchor or given.key else 3)


def loaded(place, kind):
    try:
        found = json.loads(place.read_text("utf8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise Wrong(f"{place} cannot be read: {fault}") from None
    if not isinstance(found, dict) or found.get("format") != kind:
        raise Wrong(f"{place} is not a file of the kind {kind}.")
    return found


def check(receipt):
    """That the entry lies under its seal, and the seal under the head."""
    entry, seal, head = receipt["entry"], receipt["seal"], receipt["head"]["seal"]
    signed(seal, receipt["signature"])
    signed(head, receipt["head"]["signature"])
    root = climb(leaf(written(entry)), receipt["place"], seal["size"], receipt["path"])
    if entry["format"] != "tiendo.entry.1" or root.hex() != seal["root"]:
        raise Wrong("The entry is not what was sealed: it, its place or its path was changed.")
    way, own = receipt["head_path"], leaf(sha256(written(seal)).digest())
    if head["number"] == seal["number"]:
        if head != seal or way:
            raise Wrong("The receipt shows two seals with one number.")
    elif climb(own, seal["number"] - 1, head["number"] - 1, way).hex() != head["past"]:
        raise Wrong(f"Seal {head['number']} was not made after a seal like this one.")


def authority(receipt, anchor, key):
    """Who vouches for the seals: a witness's anchor, a key known from elsewhere, or nobody but they."""
    seal, head = receipt["seal"], receipt["head"]["seal"]
    yield "PROVED." if anchor or key else "WHOLE IN ITSELF, but signed by whom?"
    if anchor:
        seen, number = anchor["seal"], anchor["seal"]["number"]
        signed(seen, anchor["signature"])
        if number < seal["number"]:
            raise Wrong(
                f"The anchor (seal {number}) is older than the entry's seal. Take a later one."
            )
        if number not in (seal["number"], head["number"]):
            raise Wrong(f"Download a receipt that leads to seal {number}, which the anchor saw.")
        if seen != (seal if number == seal["number"] else head):
            raise Wrong(f"Seal {number} is not the one the anchor saw: the record was rebuilt.")
        yield f"The chain is the one the anchor saw at seal {number}, {moment(seen['at'])}."
    if key:
        if {seal["key"], head["key"]} != {key.lower().replace(" ", "")}:
            raise Wrong(f"Another key than yours signed: {seal['key']}, {head['key']}.")
        yield "The seals are signed with the key you named."
    if not anchor and not key:
        yield f"Compare this key with one you know, or use --anchor: {head['key']}"


def told(receipt):
    """What stood in the record, fact by fact."""
    entry, seal = receipt["entry"], receipt["seal"]
    yield f"Entry {entry['number']} stood in the record at seal {seal['number']}, {moment(seal['at'])}:"
    yield f"  {entry['act']}, {entry['subject']}, version {entry['version']}, {moment(entry['at'])}"
    yield f"  by {entry['by'] or '-'} for {entry['post'] or '-'}, place {entry['path'] or '-'}"
    shown = {one["fact"]: value_of(one, entry["facts"]) for one in receipt.get("personal", [])}
    for name, fact in sorted(entry["facts"].items()):
        yield f"  {name}: {shown.get(name, fact)}"
    if entry["told"]:
        yield "  It belongs to a told story (a demonstration), not to a real office."


def value_of(one, facts):
    """A value that may be erased stands beside; the sealed facts keep its salted hash."""
    salted = bytes.fromhex(one["salt"]) + one["value"].encode("utf8", "surrogatepass")
    if facts.get(one["fact"]) != {"personal": sha256(salted).hexdigest()}:
        raise Wrong(f"The value shown for “{one['fact']}” is not the one that was sealed.")
    return one["value"]


def signed(seal, signature):
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal["key"]))
    try:
        key.verify(bytes.fromhex(signature), written(seal))
    except InvalidSignature:
        raise Wrong(f"The signature of seal {seal['number']} does not fit what it says.") from None


def written(facts):
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode("ascii")


def leaf(content):
    return sha256(b"\0" + content).digest()


def climb(one, place, size, path):
    """The root reached from a leaf at this place in a tree of this size."""
    if not 0 <= place < size or (size == 1) != (not path):
        raise Wrong("A path does not fit the size of its tree.")
    if size == 1:
        return one
    split, last = 1 << (size - 1).bit_length() - 1, bytes.fromhex(path[-1])
    if place < split:
        return sha256(b"\1" + climb(one, place, split, path[:-1]) + last).digest()
    return sha256(b"\1" + last + climb(one, place - split, size - split, path[:-1])).digest()


def moment(at):
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at):%Y-%m-%d %H:%M:%S} UTC"


if __name__ == "__main__":
    main()
