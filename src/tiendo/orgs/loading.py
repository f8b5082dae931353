"""Write a pack into the tables: only what is new or different, in bulk, in the caller's transaction.

What an office has closed stays closed: an open end in a pack says "not known to end", so it never
reopens a row. Rows that people added and the pack does not hold are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max, Q

from tiendo.orgs.models import (
    Committee,
    Placement,
    StandingOffice,
    Succession,
    Tile,
    Unit,
    UnitCode,
    UnitKind,
    UnitName,
)
from tiendo.orgs.names import fold
from tiendo.orgs.pack import STATE, Pack, PlacementRow, UnitRow

BATCH = 2000
Values = dict[str, Any]


@dataclass(slots=True)
class Count:
    """How many rows of one kind came, changed and stayed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Changes:
    """What loading a pack did, kind by kind."""

    units: Count = field(default_factory=Count)
    names: Count = field(default_factory=Count)
    codes: Count = field(default_factory=Count)
    kinds: Count = field(default_factory=Count)
    placements: Count = field(default_factory=Count)
    successions: Count = field(default_factory=Count)
    committees: Count = field(default_factory=Count)
    tiles: Count = field(default_factory=Count)

    @property
    def nothing(self) -> bool:
        return not any(count["added"] + count["changed"] for count in asdict(self).values())


def write(pack: Pack) -> Changes:
    """Bring the tables to what the pack says; a second time writes nothing."""
    changes = Changes()
    ids = unit_ids(pack)
    pieces = paths(pack, ids)
    bring(Unit.objects.all(), changes.units, wanted_units(pack, ids, pieces), ("key",))
    renumber(Unit)
    write_names(pack, ids, changes.names)
    codes = (
        {"unit_id": ids[c.key], "system": c.system, "code": c.code, **dates(c)} for c in pack.codes
    )
    bring(
        own(UnitCode, pack.root), changes.codes, codes, ("unit_id", "system", "code", "starts_on")
    )
    kinds = ({"unit_id": ids[k.key], "kind": k.kind, **dates(k)} for k in pack.kinds)
    bring(own(UnitKind, pack.root), changes.kinds, kinds, ("unit_id", "starts_on"))
    places = (piece._asdict() for tree in pieces.values() for piece in tree)
    bring(own(Placement, pack.root), changes.placements, places, ("unit_id", "tree", "starts_on"))
    heirs = wanted_successions(pack, ids)
    bring(Succession.objects.all(), changes.successions, heirs, ("old_id", "new_id", "on"))
    write_committees(pack, ids, changes.committees)
    tiles = ({"unit_id": ids[t.key], "column": t.column, "row": t.row} for t in pack.tiles)
    bring(own(Tile, pack.root), changes.tiles, tiles, ("unit_id",))
    if not changes.nothing:
        weigh(Unit, UnitName, UnitCode, UnitKind, Placement, Succession)
    return changes


def own(model: Any, root: str) -> Any:
    """Rows of the pack's units: keys of a pack begin with the key of its root."""
    return model._default_manager.filter(Q(unit__key=root) | Q(unit__key__startswith=f"{root}."))


def dates(row: Any) -> Values:
    return {"starts_on": row.starts_on, "ends_on": row.ends_on}


# ---------------------------------------------------------------- units and where they hang
def unit_ids(pack: Pack) -> dict[str, int]:
    """The number of each unit: its own, or the next free one, since paths are made of numbers."""
    ids: dict[str, int] = dict(Unit.objects.values_list("key", "pk"))
    last = Unit.objects.aggregate(last=Max("pk"))["last"] or 0
    for key in pack.units:
        if key not in ids:
            last += 1
            ids[key] = last
    return {key: ids[key] for key in pack.units}


class Piece(NamedTuple):
    """A stretch of time in which a unit and all its ancestors hang where they hang."""

    unit_id: int
    tree: str
    parent_id: int | None
    path: str
    starts_on: date
    ends_on: date | None


def paths(pack: Pack, ids: dict[str, int]) -> dict[tuple[str, str], list[Piece]]:
    """Each unit's placements with their paths, cut where an ancestor moves."""
    said: dict[tuple[str, str], list[PlacementRow]] = defaultdict(list)
    for row in pack.placements:
        said[row.tree, row.key].append(row)
    done: dict[tuple[str, str], list[Piece]] = {}

    def place(tree: str, key: str) -> list[Piece]:
        if (tree, key) not in done:
            rows = said[tree, key]
            cut = [
                c for r in rows for c in cuts(r, ids, place(tree, r.parent) if r.parent else None)
            ]
            done[tree, key] = sorted(cut, key=lambda piece: piece.starts_on)
        return done[tree, key]

    for tree, key in list(said):
        place(tree, key)
    return done


def cuts(row: PlacementRow, ids: dict[str, int], parent: list[Piece] | None) -> Iterable[Piece]:
    """One placement, once for each stretch in which its parent hangs in one place."""
    own = ids[row.key]
    if parent is None:
        yield Piece(own, row.tree, None, f"{own}/", row.starts_on, row.ends_on)
        return
    for above in parent:
        starts, ends = max(row.starts_on, above.starts_on), earlier(row.ends_on, above.ends_on)
        if ends is None or starts < ends:
            yield Piece(own, row.tree, above.unit_id, f"{above.path}{own}/", starts, ends)


def earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


def wanted_units(
    pack: Pack, ids: dict[str, int], pieces: dict[tuple[str, str], list[Piece]]
) -> Iterable[Values]:
    last_kind = {row.key: row.kind for row in sorted(pack.kinds, key=lambda k: k.starts_on)}
    for key, unit in pack.units.items():
        path = pieces[STATE, key][-1].path
        yield {**unit._asdict(), "kind": last_kind[key], "id": ids[key], "path": path}


# ---------------------------------------------------------------- names and heirs
def write_names(pack: Pack, ids: dict[str, int], count: Count) -> None:
    """A corrected spelling corrects the row of a name; only an alias is known by its text."""
    rows, stand, alias = list(wanted_names(pack, ids)), own(UnitName, pack.root), UnitName.Use.ALIAS
    called = [row for row in rows if row["use"] != alias]
    bring(stand.exclude(use=alias), count, called, ("unit_id", "language", "use", "starts_on"))
    also = [row for row in rows if row["use"] == alias]
    bring(stand.filter(use=alias), count, also, ("unit_id", "language", "text", "starts_on"))


def wanted_names(pack: Pack, ids: dict[str, int]) -> Iterable[Values]:
    folded: dict[str, str] = {}
    for name in pack.names:
        if name.text not in folded:
            folded[name.text] = fold(name.text)
        row = {"unit_id": ids[name.key], "language": name.language, "use": name.use}
        row |= {"text": name.text, "folded": folded[name.text], "derived": name.derived}
        yield row | dates(name)


def wanted_successions(pack: Pack, ids: dict[str, int]) -> Iterable[Values]:
    for row in pack.successions:
        yield {
            "old_id": ids[row.old], "new_id": ids[row.new], "on": row.on, "share": row.share,
            "is_default": row.is_default, "legal_basis": row.basis,
        }  # fmt: skip


def write_committees(pack: Pack, ids: dict[str, int], count: Count) -> None:
    """Committees, and the standing offices the pack names for as long as both stand."""
    rows = (
        {
            "unit_id": ids[c.key], "type": c.type, "level": c.level, "serves_id": ids[c.serves],
            "legal_basis": c.basis,
        }
        for c in pack.committees
    )  # fmt: skip
    bring(own(Committee, pack.root), count, rows, ("unit_id",))
    numbers = dict(own(Committee, pack.root).values_list("unit", "pk"))
    offices = (
        {
            "committee_id": numbers[ids[c.key]], "unit_id": ids[c.standing_office],
            "legal_basis": c.basis, **together(pack.units[c.key], pack.units[c.standing_office]),
        }
        for c in pack.committees if c.standing_office
    )  # fmt: skip
    identity = ("committee_id", "unit_id", "starts_on")
    bring(own(StandingOffice, pack.root), count, offices, identity)


def together(one: UnitRow, other: UnitRow) -> Values:
    """The days on which both stand."""
    starts_on = max(one.begins_on, other.begins_on)
    return {"starts_on": starts_on, "ends_on": earlier(one.ends_on, other.ends_on)}


# ---------------------------------------------------------------- the difference
def bring(
    stand: models.QuerySet[Any], count: Count, wanted: Iterable[Values], identity: tuple[str, ...]
) -> None:
    """Insert what is missing among those that stand and correct what differs, found by identity."""
    rows = list(wanted)
    if not rows:
        return
    values = [name for name in rows[0] if name not in (*identity, "id", "path")]
    have = present(stand, identity, values)
    pick, told = picker(*identity), picker(*values)
    new, differing = [], []
    for row in rows:
        known = have.get(pick(row))
        if known is None:
            new.append(row)
        elif known[1] != told(row) and (change := changed(values, row, known[1])):
            kept = dict(zip(values, known[1], strict=True))
            differing.append(stand.model(pk=known[0], **kept | change))
    insert(stand.model, new)
    if differing:
        stand.model._default_manager.bulk_update(differing, values, batch_size=BATCH)
    count.added += len(new)
    count.changed += len(differing)
    count.unchanged += len(rows) - len(new) - len(differing)


def present(
    stand: models.QuerySet[Any], identity: tuple[str, ...], values: list[str]
) -> dict[Any, tuple[int, tuple[Any, ...]]]:
    """The rows that stand now, by identity: their number and their values."""
    size = len(identity)
    pick = picker(*range(1, size + 1))
    rows = stand.values_list("pk", *identity, *values)
    return {pick(row): (row[0], row[size + 1 :]) for row in rows}


def picker(*wanted: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Always a tuple, which `itemgetter` gives only for two or more."""
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return lambda row: (row[wanted[0]],)


def changed(values: list[str], row: Values, known: tuple[Any, ...]) -> Values:
    """What the pack corrects; an open end reopens nothing, silence forgets nothing."""
    pairs = zip(values, known, strict=True)
    return {name: row[name] for name, was in pairs if row[name] is not None and row[name] != was}


def insert(model: type[models.Model], rows: list[Values]) -> None:
    """Plain rows straight into the table: fourteen thousand units should not cost an object each."""
    if not rows:
        return
    fields: dict[str, Any] = {n: model._meta.get_field(n.removesuffix("_id")) for n in rows[0]}
    ready = [prepared(field, [row[name] for row in rows]) for name, field in fields.items()]
    pour(model._meta.db_table, [f.column for f in fields.values()], list(zip(*ready, strict=True)))


def pour(table: str, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """The fastest way each engine has: PostgreSQL copies, SQLite repeats one prepared insert."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(names))
        into = f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})"  # noqa: S608 - our own table's names
        cursor.executemany(into, rows)


def prepared(field: Any, values: list[Any]) -> list[Any]:
    """Values as the field itself would send them; each different one is asked once."""
    if isinstance(field, models.CharField | models.ForeignKey | models.AutoField):
        return values
    sent = {value: field.get_db_prep_save(value, connection) for value in set(values)}
    return [sent[value] for value in values]


def renumber(model: type[models.Model]) -> None:
    """Numbers were given by us; tell the database where to go on."""
    for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
        with connection.cursor() as cursor:
            cursor.execute(sql)


def weigh(*loaded: type[models.Model]) -> None:
    """After so many new rows PostgreSQL must learn their weight at once, or plans as for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in loaded)}")
