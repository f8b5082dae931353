"""Reads the whole record against its seals and says, in plain words for the console, whatever does not fit.

It trusts the database with nothing: rows are read as they lie, hashed anew, and compared with what was signed. What no
seal holds yet can be proved by nobody; it is counted, and refused only where it contradicts a seal.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from tiendo.kit import clock
from tiendo.kit.dates import from_microseconds, microseconds
from tiendo.ledger import keys, locks, proof
from tiendo.ledger.record import PERSONAL
from tiendo.ledger.sealing import SKEW
from tiendo.ledger.sentences import is_personal

Row = tuple[Any, ...]
BATCH = 20_000  # entries read at once: no reading holds a writer up for long

SEALS = """
select number, at, upto, root, size, total, previous, past, peaks, key, signature, hash
from ledger_seal order by number
"""
# without the cast an engine's driver makes a false of every number but 1
ENTRY = 'e.id, e.at, e.act, e.subject, e.version, e."by", e.post, e.path, cast(e.told as integer), e.facts'
HELD = f"""
select s.seal_id, s.place, s.leaf, s.entry_id, {ENTRY}
from ledger_sealed s left join ledger_entry e on e.id = s.entry_id
where s.seal_id between %s and %s order by s.seal_id, s.place
"""  # noqa: S608 - columns of ours
STRAY = """
select s.entry_id, s.seal_id from ledger_sealed s left join ledger_seal l on l.number = s.seal_id
where l.number is null order by s.entry_id
"""
LOOSE = """
select e.id, e.at, e.act, e.subject, e.version from ledger_entry e
where not exists (select 1 from ledger_sealed s where s.entry_id = e.id) order by e.id
"""
GAPS = """
select subject, count(*), max(version) from ledger_entry
group by subject having count(*) <> max(version) or min(version) <> 1 order by subject
"""
HIDDEN = """
select e.id, e.facts, p.fact from ledger_entry e left join ledger_personal p on p.entry_id = e.id
where cast(e.facts as text) like %s order by e.id
"""
ERASED = "select facts from ledger_entry where act = 'ledger.erased'"
BESIDE = """
select p.id, p.entry_id, p.fact, p.salt, p.value, e.facts
from ledger_personal p left join ledger_entry e on e.id = p.entry_id
where p.id > %s order by p.id limit %s
"""


class Signed(NamedTuple):
    """A seal as it lies in its table, columns as numbers and text."""

    number: int
    at: int
    upto: int
    root: str
    size: int
    total: int
    previous: str
    past: str
    peaks: Any
    key: str
    signature: str
    hash: str

    def statement(self) -> dict[str, Any]:
        said = ("number", "at", "upto", "root", "size", "total", "previous", "past", "key")
        return {"format": proof.SEAL, **{name: getattr(self, name) for name in said}}


@dataclass
class Verdict:
    """What was read, and every fault found."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults


def verify(*, anchor: dict[str, Any] | None = None, trusted: Iterable[str] = ()) -> Verdict:
    """Everything, against an outside witness's anchor if one is given, and against this house's own."""
    rows = [Signed(*row) for row in asked(SEALS)]
    seals = [one for one in rows if is_sound(one)]
    found = Verdict(seals=len(rows), faults=broken_locks())
    found.faults += [
        f"Seal {one.number} holds what no seal can." for one in rows if one not in seals
    ]
    found.faults += broken_chain(seals, keys.known() | set(trusted))
    found.faults += contradicted(seals, anchor)
    found.faults += broken_seals(seals, found)
    found.faults += [*strays(), *left_out(seals, found, clock.now()), *gaps(), *beside(), *gone()]
    return found


def asked(sql: str, *values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
    return rows


def is_sound(one: Signed) -> bool:
    """Numbers are numbers and hashes hashes: an engine that does not mind types may hold anything."""
    numbers = (one.at, one.upto, one.size, one.total)
    words = (one.root, one.previous, one.past, one.key, one.signature, one.hash)
    return all(isinstance(n, int) for n in numbers) and all(isinstance(w, str) for w in words)


# --- locks ----------------------------------------------------------------------------------------


def broken_locks() -> list[str]:
    tables = ("ledger_entry", "ledger_seal", "ledger_sealed")
    return [
        f"The table {table} is not locked any more: its triggers are gone, so rows can be changed."
        for table in tables
        if not locks.is_locked(table)
    ]


# --- the chain ------------------------------------------------------------------------------------


def broken_chain(seals: Sequence[Signed], trusted: set[str]) -> Iterator[str]:
    """Each seal says what it signed, follows the one before, and is signed with a key of this house."""
    before, peaks = None, list[bytes]()
    for place, one in enumerate(seals):
        if one.number != (before.number + 1 if before else 1):
            yield f"Before seal {one.number} a seal is missing."
        yield from broken_link(one, before, peaks, trusted)
        peaks = proof.grown(peaks, place, proof.leaf(bytes.fromhex(hash_of(one))))
        before = one
    if seals and not trusted:
        yield (
            "Nobody says which keys are yours: known-keys.txt is missing. Say them with --key, as they stood in"
            " the anchors you gave away."
        )


def broken_link(
    one: Signed, before: Signed | None, peaks: Sequence[bytes], trusted: set[str]
) -> Iterator[str]:
    name, statement = f"Seal {one.number}", one.statement()
    if one.hash != hash_of(one) or not is_signed(one):
        yield f"{name} was changed: its signature does not fit what it says."
    elif trusted and one.key not in trusted:
        yield f"{name} is signed with a key that is not this house's: {proof.fingerprint(one.key)}."
    if one.previous != (hash_of(before) if before else proof.FIRST):
        yield f"{name} does not follow the seal before it: one of the two is not what it was."
    if statement["past"] != proof.bagged(peaks).hex() or spread(one.peaks) != [
        peak.hex() for peak in peaks
    ]:
        yield f"{name} counts other seals before it than stand there."
    if one.total != (before.total if before else 0) + one.size:
        yield f"{name} counts {one.total} entries in all, which is not the sum of the sizes."
    if before and not (before.upto <= one.upto):
        yield f"{name} covers less time than the seal before it."


def hash_of(one: Signed) -> str:
    return proof.seal_hash(one.statement())


def is_signed(one: Signed) -> bool:
    return keys.is_signed(one.key, proof.canonical(one.statement()), one.signature)


def spread(peaks: Any) -> Any:
    try:
        return json.loads(peaks) if isinstance(peaks, str) else peaks
    except ValueError:
        return None


# --- witnesses ------------------------------------------------------------------------------------


def contradicted(seals: Sequence[Signed], given: dict[str, Any] | None) -> Iterator[str]:
    if given is not None:
        yield from unlike(seals, given, "the anchor")
    try:
        own = keys.own_anchor()
    except ValueError:
        yield f"This house's own anchor, {keys.own_anchor_place()}, cannot be read."
        return
    if own is not None:
        yield from unlike(seals, own, f"this house's own anchor, {keys.own_anchor_place()},")


def unlike(seals: Sequence[Signed], anchor: dict[str, Any], name: str) -> Iterator[str]:
    """How the chain differs from what somebody saw of it earlier."""
    seal, signature = anchor_parts(anchor)
    if seal is None:
        yield f"{name.capitalize()} is not an anchor of this kind of record."
        return
    if not keys.is_signed(str(seal.get("key")), proof.canonical(seal), signature):
        yield f"{name.capitalize()} was itself changed: its signature does not fit what it says."
        return
    now = next((one for one in seals if one.number == seal["number"]), None)
    if now is None:
        last = seals[-1].number if seals else "no seal"
        yield (
            f"The tail was cut, or this is another record: {name} saw seal {seal['number']}, and the record ends"
            f" with {last}."
        )
    elif hash_of(now) != proof.seal_hash(seal):
        yield f"The chain was rebuilt: seal {now.number} is not the one that {name} saw."


def anchor_parts(anchor: Any) -> tuple[dict[str, Any] | None, str]:
    whole = isinstance(anchor, dict) and anchor.get("format") == proof.ANCHOR
    seal = anchor.get("seal") if whole else None
    if not isinstance(seal, dict) or not isinstance(seal.get("number"), int):
        return None, ""
    return seal, str(anchor.get("signature", ""))


# --- what the seals hold --------------------------------------------------------------------------


def broken_seals(seals: Sequence[Signed], found: Verdict) -> Iterator[str]:
    upto = {one.number: one.upto for one in seals}
    for batch in batches(seals):
        rows = asked(HELD, batch[0].number, batch[-1].number)
        found.entries += len(rows)
        held = {number: list(of) for number, of in groupby(rows, key=lambda row: row[0])}
        for one in batch:
            yield from broken_seal(one, held.get(one.number, []), upto.get(one.number - 1))


def batches(seals: Sequence[Signed]) -> Iterator[list[Signed]]:
    """Seals that stand side by side, so many that reading what they hold stays short."""
    batch, held = list[Signed](), 0
    for one in seals:
        if batch and held + one.size > BATCH:
            yield batch
            batch, held = [], 0
        batch.append(one)
        held += one.size
    if batch:
        yield batch


def broken_seal(one: Signed, rows: Sequence[Row], since: int | None) -> Iterator[str]:
    """Each entry as it was sealed; all of them, in their places; none from before the seal before."""
    for row in rows:
        if row[4] is None:
            yield f"Entry {row[3]}, which seal {one.number} holds, is gone."
        elif leaf_of(row[4:]) != hashed(row[2]):
            yield f"Entry {named(row[4:])} is not what seal {one.number} holds: it was changed or swapped."
        elif not in_its_time(row[5], one.upto, since):
            yield late_arrival(row[4:9], f"seal {one.number} holds it")
    in_order = [row[1] for row in rows] == list(range(len(rows)))
    if len(rows) != one.size or not in_order or sealed_root(rows) != one.root:
        yield (
            f"Seal {one.number} was made over {one.size} entries that are not these: some were put in, taken out,"
            " or changed places."
        )


def leaf_of(entry: Sequence[Any]) -> bytes | None:
    """The entry's hash as its row stands; nothing when the row holds what no entry can."""
    *columns, told, facts = entry
    try:
        told = {0: False, 1: True}[told]
        return proof.entry_leaf((*columns, told, json.loads(facts)))
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def hashed(kept: Any) -> bytes:
    """A hash as the engine gives it back; what is none becomes an empty one, which fits nothing."""
    return bytes(kept) if isinstance(kept, bytes | memoryview) else b""


def sealed_root(rows: Sequence[Row]) -> str:
    return proof.root([hashed(row[2]) for row in rows]).hex()


def in_its_time(at: int, upto: int, since: int | None) -> bool:
    return at <= upto and (since is None or at > since)


def late_arrival(entry: Sequence[Any], how: str) -> str:
    when = moment(entry[1])
    return (
        f"Entry {named(entry)} says it happened at {when}, which an earlier seal covers without it, yet {how}: it was"
        " put in afterwards, or the clock of a server was wrong."
    )


def moment(at: Any) -> str:
    try:
        return f"{from_microseconds(at):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, TypeError):
        return str(at)


def named(entry: Sequence[Any]) -> str:
    return f"{entry[0]} ({entry[2]}, {entry[3]}, version {entry[4]})"


# --- what no seal holds ---------------------------------------------------------------------------


def strays() -> Iterator[str]:
    for entry, seal in asked(STRAY):
        yield f"Entry {entry} is said to lie in seal {seal}, which does not exist."


def left_out(seals: Sequence[Signed], found: Verdict, now: datetime) -> Iterator[str]:
    """Entries without a seal: the newest wait for theirs; an older one was put in afterwards, a later one cannot be."""
    upto = max((one.upto for one in seals), default=None)
    soon = microseconds(now + SKEW)
    for row in asked(LOOSE):
        found.unsealed += 1
        if not isinstance(row[1], int) or (upto is not None and row[1] <= upto):
            yield late_arrival(row, "no seal holds it")
        elif row[1] > soon:
            yield f"Entry {named(row)} says it happened at {moment(row[1])}, which has not come yet."


def gaps() -> Iterator[str]:
    for subject, count, last in asked(GAPS):
        yield f"The record of {subject} has {count} entries and goes up to version {last}: some are missing."


# --- what stands beside ---------------------------------------------------------------------------


def beside() -> Iterator[str]:
    """Values that may be erased but never changed: each is the one whose hash the facts keep."""
    last = 0
    while rows := asked(BESIDE, last, BATCH):
        for _, entry, fact, salt, value, facts in rows:
            if hidden_hash(facts, fact) != hash_or_none(salt, value):
                yield f"Beside entry {entry} the value of “{fact}” is not the one that was recorded."
        last = rows[-1][0]


def gone() -> Iterator[str]:
    """A value that is no longer there was erased by an act, which says so."""
    allowed = {one for (facts,) in asked(ERASED) for one in loaded(facts).get("erased", ())}
    rows = asked(HIDDEN, f'%"{PERSONAL}"%')
    for entry, of in groupby(rows, key=lambda row: row[0]):
        told = list(of)
        missing = marked(told[0][1]) - {row[2] for row in told}
        for fact in sorted(missing):
            if f"{entry}:{fact}" not in allowed:
                yield f"Beside entry {entry} the value of “{fact}” is gone, and no act erased it."


def marked(facts: Any) -> set[str]:
    return {name for name, fact in loaded(facts).items() if is_personal(fact)}


def loaded(facts: Any) -> dict[str, Any]:
    try:
        told = json.loads(facts)
    except (TypeError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def hidden_hash(facts: Any, fact: str) -> Any:
    kept = loaded(facts).get(fact)
    return kept[PERSONAL] if kept and is_personal(kept) else ""


def hash_or_none(salt: str, value: str) -> str | None:
    try:
        return proof.personal_hash(salt, value)
    except ValueError:
        return None
