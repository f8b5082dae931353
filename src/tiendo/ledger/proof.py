"""What an entry and a seal are as bytes, and what is hashed over them. Knows no framework and no table.

Canonical bytes are JSON in ASCII: no spaces, keys in the order of their code points, every other character written as
`\\uXXXX` (lower case, pairs of halves beyond the first plane). Times are whole microseconds of UTC since 1970. Trees are
those of RFC 9162, 2.1: a leaf is hashed behind the byte 0, a node behind the byte 1. `tools/check_receipt.py` says all
this once more by itself, because whoever checks should not need this house.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

ENTRY, SEAL, RECEIPT, ANCHOR = (
    "tiendo.entry.1",
    "tiendo.seal.1",
    "tiendo.receipt.1",
    "tiendo.anchor.1",
)
NOTHING = sha256(b"").digest()  # the root of a tree without leaves
FIRST = "0" * 64  # what the first seal names as the one before it

COLUMNS = ("number", "at", "act", "subject", "version", "by", "post", "path", "told", "facts")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_plainly = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode


# --- bytes --------------------------------------------------------------------------------------


def canonical(told: Any) -> bytes:
    """The one way these facts are written down."""
    return _encode(told).encode("ascii")


def entry_told(row: Sequence[Any]) -> dict[str, Any]:
    """An entry's columns, in the order of COLUMNS, as the object that is hashed and that a receipt shows."""
    return {"format": ENTRY, **dict(zip(COLUMNS, row, strict=True))}


def entry_leaf(row: Sequence[Any]) -> bytes:
    return leaf(canonical(entry_told(row)))


def root_of(rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> str:
    """The root of a tree over rows in their order: days and exact numbers as text, nothing else changed."""
    return root([leaf(_plainly(row).encode("ascii")) for row in rows]).hex()


def personal_hash(salt: str, value: str) -> str:
    """What stands in sealed facts in the stead of a value that may have to be erased."""
    return sha256(bytes.fromhex(salt) + value.encode("utf8", "surrogatepass")).hexdigest()


def seal_hash(statement: Mapping[str, Any]) -> str:
    """The hash by which the next seal, an anchor and a receipt know this one."""
    return sha256(canonical(statement)).hexdigest()


def fingerprint(key: str) -> str:
    """A public key in 32 letters and figures, as people compare it aloud."""
    told = sha256(bytes.fromhex(key)).hexdigest()[:32]
    return " ".join(told[place : place + 4] for place in range(0, 32, 4))


# --- trees --------------------------------------------------------------------------------------


def leaf(told: bytes) -> bytes:
    return sha256(b"\0" + told).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over hashed leaves, split as the RFC says."""
    return bagged(peaks_of(leaves))


def peaks_of(leaves: Iterable[bytes]) -> list[bytes]:
    peaks: list[bytes] = []
    for count, one in enumerate(leaves):
        peaks = grown(peaks, count, one)
    return peaks


def grown(peaks: Sequence[bytes], count: int, one: bytes) -> list[bytes]:
    """The roots of the whole trees that stand side by side over `count` leaves, after one more leaf."""
    peaks = [*peaks, one]
    while count & 1:
        right, left = peaks.pop(), peaks.pop()
        peaks.append(node(left, right))
        count >>= 1
    return peaks


def bagged(peaks: Sequence[bytes]) -> bytes:
    """The one root above trees that stand side by side, the widest on the left."""
    if not peaks:
        return NOTHING
    above = peaks[-1]
    for peak in reversed(peaks[:-1]):
        above = node(peak, above)
    return above


def path(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The siblings that lead from a leaf to the root, lowest first."""
    if len(leaves) == 1:
        return []
    split = widest_below(len(leaves))
    if place < split:
        return [*path(leaves[:split], place), root(leaves[split:])]
    return [*path(leaves[split:], place - split), root(leaves[:split])]


def climbed(one: bytes, place: int, size: int, siblings: Sequence[bytes]) -> bytes:
    """The root that a leaf at this place reaches with these siblings; the reverse of `path`."""
    if size == 1:
        if siblings:
            raise ValueError("the path is too long for its tree")
        return one
    if not siblings:
        raise ValueError("the path is too short for its tree")
    split, rest, last = widest_below(size), siblings[:-1], siblings[-1]
    if place < split:
        return node(climbed(one, place, split, rest), last)
    return node(last, climbed(one, place - split, size - split, rest))


def widest_below(size: int) -> int:
    """The largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1
