"""The tile map: provinces of a day as squares, roughly where they lie, each with a value and a shade if given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from tiendo.orgs.models import Kind, Tile, Unit

PLAIN = "s1"


class Square(NamedTuple):
    """One province in the map: `words` stand in it, `said` is read aloud, `shade` s0 (unknown) to s5."""

    unit: Unit
    name: str
    column: int
    row: int
    words: str = ""
    said: str = ""
    shade: str = PLAIN


class Shown(NamedTuple):
    """What a map says of one province."""

    words: str = ""
    said: str = ""
    shade: str = PLAIN


def tile_map(on: date, shown: Mapping[int, Shown] | None = None) -> list[Square]:
    """The map of a day, with what each province shows; nothing when the pack has no square for one of them."""
    provinces = Unit.objects.as_of(on).filter(kind=Kind.PROVINCE)
    tiles: Any = Tile.objects.filter(unit__in=provinces).select_related("unit")
    tiles = list(tiles.prefetch_related("unit__names").order_by("row", "column"))
    if not tiles or provinces.exclude(tile__isnull=False).exists():
        return []
    told = shown or {}
    return [square(tile, told.get(tile.unit_id, Shown()), on) for tile in tiles]


def square(tile: Tile, shown: Shown, on: date) -> Square:
    unit = tile.unit
    name = unit.brief_name_on(on)
    return Square(unit, name, tile.column, tile.row, *shown)
