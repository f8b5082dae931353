"""All names units ever had, as kept in memory for matching; read again when the tree has changed."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from tiendo.orgs.models import Kind, Placement, Succession, Unit, UnitName
from tiendo.orgs.names import fold, stem, without_article

OF_ALL = re.compile(r"^(?:tous|toutes|all|tat ca|toan bo|все|всем|всех|всеми)\s+")
CONCERNED = re.compile(
    r"\s+(?:lien quan|co lien quan|relevant|concerned|concerne(?:e?s)?|competente?s?|соответствующ\w+)$|^relevant\s+"
)


class Called(NamedTuple):
    """One name of one unit."""

    unit: int
    language: str
    text: str
    folded: str
    starts_on: date
    ends_on: date | None


class Group(NamedTuple):
    """Words that name all units of some kinds, or the one of that kind around the writer."""

    means: str
    kinds: frozenset[str]


@dataclass(slots=True)
class Register:
    """All names ever, with the days on which anything changes; read again when the mark has moved."""

    mark: tuple[int, ...]
    names: list[Called]
    units: dict[int, tuple[str, str, date, date | None]]
    heirs: dict[int, int]
    groups: dict[str, Group]
    cuts: list[date]


def watermark() -> tuple[int, ...]:
    """Moves whenever a name, a place or a succession is added: every act on units adds one of them."""
    tables = (UnitName._meta.db_table, Placement._meta.db_table, Succession._meta.db_table)
    with connection.cursor() as cursor:
        asked = ", ".join(f"(SELECT max(id) FROM {table})" for table in tables)  # noqa: S608 - own tables
        cursor.execute(f"SELECT {asked}")
        return tuple(cursor.fetchone())


def read_register(mark: tuple[int, ...]) -> Register:
    rows = UnitName.objects.values_list(
        "unit", "language", "text", "folded", "starts_on", "ends_on"
    )
    names = [Called(*row) for row in rows.iterator(chunk_size=5000)]
    asked = Unit.objects.values_list("pk", "kind", "path", "begins_on", "ends_on")
    units = {pk: (kind, path, begins, ends) for pk, kind, path, begins, ends in asked}
    days = {d for n in names for d in (n.starts_on, n.ends_on)}
    days |= {d for _k, _p, begins, ends in units.values() for d in (begins, ends)}
    heirs = dict(Succession.objects.filter(is_default=True).values_list("old", "new"))
    countries = Unit.objects.filter(kind=Kind.COUNTRY).values_list("key", flat=True)
    groups = {
        word: group
        for key in countries
        for word, group in groups_of(Path(settings.PACKS) / key).items()
    }
    return Register(mark, names, units, heirs, groups, sorted(d for d in days if d))


@lru_cache(maxsize=8)
def groups_of(pack: Path) -> dict[str, Group]:
    """Words for groups from the country's pack; whole words first, then without article or 'all'."""
    if not (pack / "groups.csv").is_file():
        return {}
    with (pack / "groups.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, Group] = {}
    for key_of in (whole, plain, plain_stem):
        for row in rows:
            groups.setdefault(
                key_of(row["text"]), Group(row["means"], frozenset(row["kinds"].split()))
            )
    return groups


def whole(text: str) -> str:
    return fold(text).replace(" ", "")


def plain(text: str) -> str:
    return without_article(CONCERNED.sub("", OF_ALL.sub("", without_article(text)))).replace(
        " ", ""
    )


def plain_stem(text: str) -> str:
    return stem(CONCERNED.sub("", OF_ALL.sub("", fold(text)))).replace(" ", "")
