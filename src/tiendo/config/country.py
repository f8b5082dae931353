"""Loading a country pack touches two rooms: units, and the types of texts."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict

from django.conf import settings

from tiendo.documents.actions import load_types
from tiendo.orgs.actions import load_pack
from tiendo.orgs.loading import Changes
from tiendo.orgs.models import Unit
from tiendo.orgs.pack import PackBroken
from tiendo.people.models import Person


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
    with (folder / "document_types.csv").open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    country = Unit.objects.get(path__regex=r"^\d+/$")
    yield f"document types: changed: {load_types(rows, by=operator, country=country)}"


def said(changes: Changes) -> Iterator[str]:
    """What a load did, kind by kind, in words."""
    if changes.nothing:
        yield "nothing changed"
    for kind, count in asdict(changes).items():
        yield f"{kind}: added {count['added']}, changed {count['changed']}, unchanged {count['unchanged']}"
