"""A country pack: plain files read into rows, checked, refused with file, line and reason (pure).

A pack is a folder with `pack.json` and the CSV files it names. Days are half-open [starts_on, ends_on);
points are degrees, areas square kilometres, both exact decimals; a share is above 0 and at most 1, empty
when unknown. The format is described in `packs/README.md`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from tiendo.kit.refusals import Refused
from tiendo.orgs.names import russian, unmarked

LANGUAGES = ("vi", "en", "fr", "ru")
USES = ("name", "short", "alias")
STATE = "state"
TREES = (STATE, "party", "sector")
COMMITTEES = frozenset({"steering", "council", "working_group", "support_team"})
LEVELS = frozenset({"central", "provincial", "commune"})
COLUMNS_OF_TILES, ROWS_OF_TILES = 5, 14  # as many as the styles know
KEY = re.compile(r"[a-z0-9.-]{1,120}")
KINDS = frozenset({
    "country", "body", "ministry", "agency", "province", "district", "commune", "ward",
    "special_zone", "party", "committee", "department", "office",
})  # fmt: skip


def gettext_noop(text: str) -> str:
    """Mark a reason for the translators; whoever shows it translates it."""
    return text


WHOLE = gettext_noop(
    "This pack is broken. File %(file)s, line %(line)s: %(reason)s"
    " Correct the file and load the pack again; nothing was changed."
)


class PackBroken(Refused):
    """A pack that cannot be taken: which file, which line, and why."""

    code = "pack-broken"
    status = 422

    def __init__(
        self, file: str, line: int, reason: str, facts: Mapping[str, object] | None = None
    ):
        self.file, self.line, self.msgid, self.facts = file, line, reason, dict(facts or {})
        self.reason = reason % self.facts
        super().__init__(WHOLE % {"file": file, "line": line, "reason": self.reason})

    def told(self, translate: Callable[[str], str]) -> PackBroken:
        """The same refusal as a sentence in the reader's language."""
        said = PackBroken(self.file, self.line, translate(self.msgid), self.facts)
        facts = {"file": self.file, "line": self.line, "reason": said.reason}
        said.args = (translate(WHOLE) % facts,)
        return said


class Line(NamedTuple):
    """Where a row was written, so that a refusal can point at it."""

    file: str
    number: int

    def refuse(self, reason: str, **facts: object) -> PackBroken:
        return PackBroken(self.file, self.number, reason, facts)


class UnitRow(NamedTuple):
    key: str
    kind: str
    begins_on: date
    ends_on: date | None
    lat: Decimal | None = None
    lon: Decimal | None = None
    area_km2: Decimal | None = None


class NameRow(NamedTuple):
    key: str
    language: str
    use: str
    text: str
    derived: bool
    starts_on: date
    ends_on: date | None


class CodeRow(NamedTuple):
    key: str
    system: str
    code: str
    starts_on: date
    ends_on: date | None


class KindRow(NamedTuple):
    key: str
    kind: str
    starts_on: date
    ends_on: date | None


class PlacementRow(NamedTuple):
    key: str
    tree: str
    parent: str
    starts_on: date
    ends_on: date | None


class SuccessionRow(NamedTuple):
    old: str
    new: str
    on: date
    share: Decimal | None
    is_default: bool
    basis: str


class CommitteeRow(NamedTuple):
    key: str
    type: str
    level: str
    serves: str
    basis: str
    standing_office: str


class TileRow(NamedTuple):
    key: str
    column: int
    row: int


@dataclass(slots=True)
class Pack:
    """Everything a pack says, unit by unit, in the order of its files."""

    name: str
    version: str
    root: str
    fingerprint: str
    units: dict[str, UnitRow] = field(default_factory=dict)
    names: list[NameRow] = field(default_factory=list)
    codes: list[CodeRow] = field(default_factory=list)
    kinds: list[KindRow] = field(default_factory=list)
    placements: list[PlacementRow] = field(default_factory=list)
    successions: list[SuccessionRow] = field(default_factory=list)
    committees: list[CommitteeRow] = field(default_factory=list)
    tiles: list[TileRow] = field(default_factory=list)
    lines: dict[Any, Line] = field(default_factory=dict, repr=False)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row it says, each with what it is a row of: what the record keeps the root of."""
        said = ("names", "codes", "kinds", "placements", "successions", "committees", "tiles")
        yield from (("units", *row) for row in self.units.values())
        yield from ((kind, *row) for kind in said for row in getattr(self, kind))


COLUMNS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "units": (
        frozenset({"key", "kind", "name", "begins_on"}),
        frozenset({"parent", "code", "ends_on", "lat", "lon", "area_km2"}),
    ),
    "names": (frozenset({"key", "language", "use", "text"}),
              frozenset({"derived", "starts_on", "ends_on"})),
    "codes": (frozenset({"key", "system", "code", "starts_on"}), frozenset({"ends_on"})),
    "kinds": (frozenset({"key", "kind", "starts_on"}), frozenset({"ends_on"})),
    "placements": (frozenset({"key", "tree", "parent", "starts_on"}), frozenset({"ends_on"})),
    "successions": (frozenset({"old", "new", "on"}), frozenset({"share", "default", "basis"})),
    "committees": (frozenset({"key", "type", "level", "serves"}),
                   frozenset({"basis", "standing_office"})),
    "tiles": (frozenset({"key", "column", "row"}), frozenset()),
    "groups": (frozenset({"language", "text", "means", "kinds"}), frozenset()),
}  # fmt: skip


def read(path: Path) -> Pack:
    """Read and check a whole pack, or raise `PackBroken`."""
    manifest = read_manifest(path)
    named = (manifest["pack"], manifest["version"], manifest["root"])
    pack = Pack(*named, fingerprint(path, manifest))
    spell = Transcription(manifest.get("transcription", {}))
    inline: dict[str, dict[str, str]] = {}
    for entry in manifest["files"]:
        for line, row in rows_of(path, entry):
            TAKE[entry["holds"]](pack, line, row, inline)
    complete(pack, inline, spell)
    check(pack)
    return pack


# ---------------------------------------------------------------- files
def read_manifest(path: Path) -> dict[str, Any]:
    where = Line("pack.json", 1)
    try:
        manifest = json.loads((path / "pack.json").read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise where.refuse(gettext_noop("The file cannot be read.")) from error
    except json.JSONDecodeError as error:
        here = Line("pack.json", error.lineno)
        raise here.refuse(gettext_noop("This is not correct JSON.")) from error
    missing = {"pack", "version", "root", "files"} - set(manifest)
    if missing:
        raise where.refuse(gettext_noop("“%(name)s” is missing."), name=min(missing))
    for entry in manifest["files"]:
        if entry.get("holds") not in COLUMNS or not is_inside(str(entry.get("path", ""))):
            raise where.refuse(gettext_noop("“%(name)s” cannot stand here."), name=str(entry))
    return dict(manifest)


def is_inside(path: str) -> bool:
    """A pack reads its own folder only."""
    return bool(path) and not Path(path).is_absolute() and ".." not in Path(path).parts


def fingerprint(path: Path, manifest: Mapping[str, Any]) -> str:
    """sha256 over the sha256 of each file, in the order of their names."""
    root = hashlib.sha256()
    for name in sorted(["pack.json", *(entry["path"] for entry in manifest["files"])]):
        try:
            content = (path / name).read_bytes()
        except OSError as error:
            raise Line(name, 1).refuse(gettext_noop("The file cannot be read.")) from error
        root.update(f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode())
    return root.hexdigest()


def rows_of(path: Path, entry: Mapping[str, str]) -> Iterator[tuple[Line, dict[str, str]]]:
    """Rows of one file, completed by what the manifest says once for all of them."""
    name, (needed, allowed) = entry["path"], COLUMNS[entry["holds"]]
    given = {k: v for k, v in entry.items() if k not in ("path", "holds")}
    try:
        with (path / name).open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            head = next(rows, [])
            check_head(Line(name, 1), head, needed - set(given), needed | allowed)
            for row in rows:
                here = Line(name, rows.line_num)
                if len(row) != len(head):
                    raise here.refuse(
                        gettext_noop("%(count)s cells under %(wanted)s headings."),
                        count=len(row), wanted=len(head),
                    )  # fmt: skip
                said = {key: cell for key, cell in zip(head, row, strict=True) if cell}
                yield here, {**given, **said}
    except UnicodeDecodeError as error:
        raise Line(name, 1).refuse(gettext_noop("The file is not written in UTF-8.")) from error
    except csv.Error as error:
        raise Line(name, 1).refuse(gettext_noop("This is not a correct CSV file.")) from error


def check_head(
    here: Line, head: list[str], needed: frozenset[str] | set[str], allowed: frozenset[str]
) -> None:
    missing, unknown = set(needed) - set(head), set(head) - allowed
    if missing:
        raise here.refuse(gettext_noop("The column “%(name)s” is missing."), name=min(missing))
    if unknown or len(set(head)) != len(head):
        name = min(unknown or set(head))
        raise here.refuse(gettext_noop("The column “%(name)s” cannot stand here."), name=name)


# ---------------------------------------------------------------- cells
def day(here: Line, cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError as error:
        reason = gettext_noop("“%(text)s” is not a day written year-month-day.")
        raise here.refuse(reason, text=cell) from error


def span(here: Line, starts: str, ends: str) -> tuple[date, date | None]:
    begins_on, ends_on = day(here, starts), day(here, ends) if ends else None
    if ends_on is not None and ends_on <= begins_on:
        reason = gettext_noop("The end %(end)s does not come after the beginning %(start)s.")
        raise here.refuse(reason, end=ends, start=starts)
    return begins_on, ends_on


def number(here: Line, cell: str | None, low: int, high: int) -> Decimal | None:
    if not cell:
        return None
    try:
        value = Decimal(cell)
    except InvalidOperation as error:
        raise here.refuse(gettext_noop("“%(text)s” is not a number."), text=cell) from error
    if not value.is_finite() or not low <= value <= high:
        reason = gettext_noop("%(text)s does not lie between %(low)s and %(high)s.")
        raise here.refuse(reason, text=cell, low=low, high=high)
    return value


def one_of(here: Line, cell: str, allowed: frozenset[str] | tuple[str, ...]) -> str:
    if cell not in allowed:
        reason = gettext_noop("“%(text)s” is not one of: %(words)s.")
        raise here.refuse(reason, text=cell, words=", ".join(sorted(allowed)))
    return cell


def filled(here: Line, row: Mapping[str, str], column: str) -> str:
    if not row.get(column, "").strip():
        raise here.refuse(gettext_noop("The cell “%(name)s” is empty."), name=column)
    return row[column].strip()


def known(pack: Pack, here: Line, key: str) -> UnitRow:
    if key not in pack.units:
        raise here.refuse(gettext_noop("No unit has the key “%(key)s”."), key=key)
    return pack.units[key]


# ---------------------------------------------------------------- rows
Inline = dict[str, dict[str, str]]


def take_unit(pack: Pack, here: Line, row: dict[str, str], inline: Inline) -> None:
    key = filled(here, row, "key")
    if not KEY.fullmatch(key) or not f"{key}.".startswith(f"{pack.root}."):
        reason = gettext_noop(
            "The key “%(key)s” must begin with “%(root)s.” and hold a-z, 0-9, - and . only."
        )
        raise here.refuse(reason, key=key, root=pack.root)
    if key in pack.units:
        raise here.refuse(gettext_noop("The key “%(key)s” stands twice."), key=key)
    begins_on, ends_on = span(here, filled(here, row, "begins_on"), row.get("ends_on", ""))
    pack.units[key] = UnitRow(
        key,
        one_of(here, filled(here, row, "kind"), KINDS),
        begins_on,
        ends_on,
        number(here, row.get("lat"), -90, 90),
        number(here, row.get("lon"), -180, 180),
        number(here, row.get("area_km2"), 0, 20_000_000),
    )
    pack.lines[key] = here
    name = filled(here, row, "name")
    inline[key] = {"name": name, "parent": row.get("parent", ""), "code": row.get("code", "")}


def take_name(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    starts_on, ends_on = within_life(here, unit, row)
    name = NameRow(
        unit.key,
        one_of(here, filled(here, row, "language"), LANGUAGES),
        one_of(here, filled(here, row, "use"), USES),
        filled(here, row, "text"),
        one_of(here, row.get("derived", ""), ("", "yes")) == "yes",
        starts_on,
        ends_on,
    )
    pack.names.append(name)


def take_code(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    starts_on, ends_on = within_life(here, unit, row)
    system, code = filled(here, row, "system"), filled(here, row, "code")
    pack.codes.append(CodeRow(unit.key, system, code, starts_on, ends_on))
    pack.lines[pack.codes[-1]] = here


def take_kind(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    starts_on, ends_on = within_life(here, unit, row)
    kind = one_of(here, filled(here, row, "kind"), KINDS)
    pack.kinds.append(KindRow(unit.key, kind, starts_on, ends_on))


def take_placement(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    starts_on, ends_on = within_life(here, unit, row)
    tree = one_of(here, filled(here, row, "tree"), TREES)
    pack.placements.append(PlacementRow(unit.key, tree, row.get("parent", ""), starts_on, ends_on))
    pack.lines[pack.placements[-1]] = here


def within_life(here: Line, unit: UnitRow, row: Mapping[str, str]) -> tuple[date, date | None]:
    """The dates of a row, those of the unit where the row says none; never beyond its life."""
    starts = row.get("starts_on", "") or unit.begins_on.isoformat()
    ends = row.get("ends_on", "") or (unit.ends_on.isoformat() if unit.ends_on else "")
    starts_on, ends_on = span(here, starts, ends)
    if starts_on < unit.begins_on or (unit.ends_on and (ends_on is None or ends_on > unit.ends_on)):
        reason = gettext_noop("The unit “%(key)s” did not exist all that time.")
        raise here.refuse(reason, key=unit.key)
    return starts_on, ends_on


def take_succession(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    old = known(pack, here, filled(here, row, "old"))
    new = known(pack, here, filled(here, row, "new"))
    on = day(here, filled(here, row, "on"))
    if old.ends_on != on:
        reason = gettext_noop("“%(key)s” does not end on %(on)s.")
        raise here.refuse(reason, key=old.key, on=on)
    if not (new.begins_on <= on and (new.ends_on is None or new.ends_on > on)):
        reason = gettext_noop("“%(key)s” does not exist on %(on)s and can take nothing over.")
        raise here.refuse(reason, key=new.key, on=on)
    share = number(here, row.get("share"), 0, 1)
    if share == 0:
        raise here.refuse(gettext_noop("A share is above 0; leave it empty when it is not known."))
    default = one_of(here, row.get("default", ""), ("", "yes")) == "yes"
    basis = row.get("basis", "")
    pack.successions.append(SuccessionRow(old.key, new.key, on, share, default, basis))
    pack.lines[pack.successions[-1]] = here


def take_committee(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    if unit.kind != "committee":
        raise here.refuse(gettext_noop("“%(key)s” is not of the kind “committee”."), key=unit.key)
    if any(one.key == unit.key for one in pack.committees):
        raise here.refuse(gettext_noop("The key “%(key)s” stands twice."), key=unit.key)
    office = row.get("standing_office", "")
    committee = CommitteeRow(
        unit.key,
        one_of(here, filled(here, row, "type"), COMMITTEES),
        one_of(here, filled(here, row, "level"), LEVELS),
        known(pack, here, filled(here, row, "serves")).key,
        row.get("basis", ""),
        known(pack, here, office).key if office else "",
    )
    pack.committees.append(committee)


def take_tile(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    unit = known(pack, here, filled(here, row, "key"))
    column = number(here, filled(here, row, "column"), 1, COLUMNS_OF_TILES)
    line = number(here, filled(here, row, "row"), 1, ROWS_OF_TILES)
    tile = TileRow(unit.key, int(column or 0), int(line or 0))
    for other in pack.tiles:
        if other.key == tile.key or other[1:] == tile[1:]:
            reason = gettext_noop("“%(key)s” already stands in this place of the map.")
            raise here.refuse(reason, key=other.key)
    pack.tiles.append(tile)


def take_group(pack: Pack, here: Line, row: dict[str, str], _inline: Inline) -> None:
    one_of(here, filled(here, row, "language"), LANGUAGES)
    one_of(here, filled(here, row, "means"), ("all", "one"))
    filled(here, row, "text")
    for kind in filled(here, row, "kinds").split():
        one_of(here, kind, KINDS | {"provincial_party"})


TAKE: dict[str, Callable[[Pack, Line, dict[str, str], Inline], None]] = {
    "units": take_unit, "names": take_name, "codes": take_code, "kinds": take_kind,
    "placements": take_placement, "successions": take_succession,
    "committees": take_committee, "tiles": take_tile, "groups": take_group,
}  # fmt: skip


# ---------------------------------------------------------------- what follows from the rows
class Transcription:
    """How names abroad are made where the pack writes none: without marks, or in Cyrillic."""

    def __init__(self, rules: Mapping[str, Any]):
        self.prefixes = tuple(sorted(rules.get("prefixes", ()), key=len, reverse=True))
        self.numbered: Mapping[str, Mapping[str, str]] = rules.get("numbered", {})

    def __call__(self, name: str) -> dict[str, str]:
        prefix = next((p for p in self.prefixes if name.startswith(p + " ")), "")
        bare = name[len(prefix) :].strip()
        if bare.isdigit() and prefix in self.numbered:
            return {lang: f"{word} {bare}" for lang, word in self.numbered[prefix].items()}
        latin = unmarked(bare)
        return {"en": latin, "fr": latin, "ru": russian(bare)}


def complete(pack: Pack, inline: Inline, spell: Transcription) -> None:
    """Rows for what the unit's own line says: its name, place, code and kind, for its whole life."""
    named = {(n.key, n.language) for n in pack.names if n.use == "name"}
    coded = {c.key for c in pack.codes if c.system == "gso"}
    placed = {p.key for p in pack.placements if p.tree == STATE}
    kinded = {k.key for k in pack.kinds}
    for key, unit in pack.units.items():
        said, life = inline[key], (unit.begins_on, unit.ends_on)
        if (key, "vi") not in named:
            pack.names.append(NameRow(key, "vi", "name", said["name"], False, *life))
        missing = [lang for lang in LANGUAGES[1:] if (key, lang) not in named]
        texts = spell(said["name"]) if missing else {}
        pack.names += [NameRow(key, lang, "name", texts[lang], True, *life) for lang in missing]
        if said["code"] and key not in coded:
            pack.codes.append(CodeRow(key, "gso", said["code"], *life))
            pack.lines[pack.codes[-1]] = pack.lines[key]
        if key not in placed:
            pack.placements.append(PlacementRow(key, STATE, said["parent"], *life))
            pack.lines[pack.placements[-1]] = pack.lines[key]
        if key not in kinded:
            pack.kinds.append(KindRow(key, unit.kind, *life))


# ---------------------------------------------------------------- the whole
def check(pack: Pack) -> None:
    """What no single line can tell: one root, no circle, no code twice, one default heir."""
    check_root(pack)
    check_places(pack)
    check_codes(pack)
    check_heirs(pack)


def check_root(pack: Pack) -> None:
    if pack.root not in pack.units:
        here = Line("pack.json", 1)
        raise here.refuse(gettext_noop("No unit has the key “%(key)s”."), key=pack.root)
    for place in pack.placements:
        if place.tree == STATE and not place.parent and place.key != pack.root:
            reason = gettext_noop("“%(key)s” hangs nowhere; name its parent.")
            raise pack.lines[place].refuse(reason, key=place.key)


def check_places(pack: Pack) -> None:
    """Every parent is known and lives as long as the child hangs there; nobody is their own ancestor."""
    parents: dict[tuple[str, str], set[str]] = defaultdict(set)
    for place in pack.placements:
        if not place.parent:
            continue
        here = pack.lines[place]
        parent = known(pack, here, place.parent)
        gone = parent.ends_on and (place.ends_on is None or place.ends_on > parent.ends_on)
        if place.starts_on < parent.begins_on or gone:
            reason = gettext_noop("The unit “%(key)s” did not exist all that time.")
            raise here.refuse(reason, key=parent.key)
        parents[place.tree, place.key].add(place.parent)
    for tree, key in parents:
        check_no_circle(pack, parents, tree, key)
    check_trees(pack)


def check_trees(pack: Pack) -> None:
    """In each tree a unit hangs in one place at a time, and its parent hangs there all that time."""
    hangs: dict[tuple[str, str], list[PlacementRow]] = defaultdict(list)
    for place in sorted(pack.placements, key=lambda p: p.starts_on):
        hangs[place.tree, place.key].append(place)
    for (_tree, key), rows in hangs.items():
        for before, after in pairwise(rows):
            if before.ends_on is None or before.ends_on > after.starts_on:
                reason = gettext_noop("“%(key)s” hangs in two places of one tree at a time.")
                raise pack.lines[after].refuse(reason, key=key)
    for place in pack.placements:
        if place.parent and not covers(hangs[place.tree, place.parent], place):
            reason = gettext_noop("“%(key)s” does not hang in this tree all that time.")
            raise pack.lines[place].refuse(reason, key=place.parent)


def covers(rows: list[PlacementRow], wanted: PlacementRow) -> bool:
    """Whether rows that follow each other leave no day of the wanted one open."""
    reached = wanted.starts_on
    for row in rows:
        if row.starts_on <= reached and (row.ends_on is None or row.ends_on > reached):
            if row.ends_on is None or (wanted.ends_on and wanted.ends_on <= row.ends_on):
                return True
            reached = row.ends_on
    return False


def check_no_circle(
    pack: Pack, parents: Mapping[tuple[str, str], set[str]], tree: str, key: str
) -> None:
    above, seen = set(parents[tree, key]), set()
    while above:
        if key in above:
            raise pack.lines[key].refuse(gettext_noop("“%(key)s” hangs beneath itself."), key=key)
        seen |= above
        above = {up for node in above for up in parents.get((tree, node), ())} - seen


def check_codes(pack: Pack) -> None:
    """An official code means one unit on a day."""
    held: dict[tuple[str, str], list[CodeRow]] = defaultdict(list)
    for code in pack.codes:
        if code.system != "symbol":
            held[code.system, code.code].append(code)
    for same in held.values():
        same.sort(key=lambda c: c.starts_on)
        for before, after in pairwise(same):
            if before.ends_on is None or before.ends_on > after.starts_on:
                reason = gettext_noop("The code %(code)s also means “%(key)s” at that time.")
                raise pack.lines[after].refuse(reason, code=after.code, key=before.key)


def check_heirs(pack: Pack) -> None:
    """Whoever ends with heirs has one default heir, and gives away no more than all."""
    given: dict[str, list[SuccessionRow]] = defaultdict(list)
    for row in pack.successions:
        given[row.old].append(row)
    for old, rows in given.items():
        here = pack.lines[rows[-1]]
        if len({row.new for row in rows}) != len(rows):
            raise here.refuse(gettext_noop("“%(key)s” names an heir twice."), key=old)
        if sum(row.is_default for row in rows) != 1:
            raise here.refuse(gettext_noop("“%(key)s” needs exactly one default heir."), key=old)
        if sum(row.share or 0 for row in rows) > 1:
            raise here.refuse(
                gettext_noop("The shares of “%(key)s” add up to more than 1."), key=old
            )
