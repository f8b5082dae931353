"""Loading a country pack touches three rooms: units, the types of texts, and the sectors of tasks."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from tiendo.documents.actions import load_types
from tiendo.orgs.actions import load_pack
from tiendo.orgs.loading import Changes
from tiendo.orgs.models import Unit
from tiendo.orgs.pack import PackBroken
from tiendo.people.models import Person
from tiendo.tasks.actions_sectors import load_sectors


def load_country(name: str) -> Iterator[str]:
    """Load packs/NAME and say, line by line, what changed."""
    folder = settings.PACKS / name
    if not folder.is_dir():
        sys.exit(f"There is no pack {name}: {folder} is not a folder.")
    operator = Person.objects.operator()
    try:
        changes = load_pack(folder, by=operator)
    except PackBroken as broken:
        sys.exit(f"{broken}\nNothing was changed.")
    yield from said(changes)
    country = Unit.objects.get(path__regex=r"^\d+/$")
    types = load_types(rows_of(folder / "document_types.csv"), by=operator, country=country)
    yield f"document types: changed: {types}"
    sectors = load_sectors(rows_of(folder / "sectors.csv"), by=operator, country=country)
    yield f"sectors: changed: {sectors}"


def rows_of(table: Path) -> list[dict[str, str]]:
    """A table of the pack; one it does not have is empty."""
    if not table.exists():
        return []
    with table.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def said(changes: Changes) -> Iterator[str]:
    """What a load did, kind by kind, in words."""
    if changes.nothing:
        yield "nothing changed"
    for kind, count in asdict(changes).items():
        yield f"{kind}: added {count['added']}, changed {count['changed']}, unchanged {count['unchanged']}"
