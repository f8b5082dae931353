"""What one may see a subject by: its owners and those it is addressed to, as its own queryset declares. Knows no class by name."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from tiendo.kit.permission import ScopedQuerySet
from tiendo.orgs.models import Unit


@dataclass(frozen=True)
class Subject:
    """A thing with the capability by which it is seen, the units it hangs on, and whether it is open to all."""

    thing: Any
    capability: str
    places: list[Unit] = field(default_factory=list)
    is_open: bool = False


def subject_of(key: str, viewer: Any) -> Subject | None:
    """The subject of the record's key (`tasks.task:42`), if this viewer sees it."""
    label, _, number = key.partition(":")
    rows = scoped(label)
    if rows is None or not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    found = rows.visible_to(viewer).filter(pk=int(number)).first()
    if found is None:
        return None
    own = rows.filter(pk=found.pk)
    return Subject(found, rows.view, places_of(own), own.filter(rows.open_to_all()).exists())


def scoped(label: str) -> Any:
    """The rows of a class whose rows are fetched by permission."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    rows = model._default_manager.all()
    return rows if isinstance(rows, ScopedQuerySet) else None


def places_of(own: Any) -> list[Unit]:
    """The units whose paths open this row: those that own it first."""
    paths = [path for lookup in own.owner for path in own.values_list(lookup, flat=True)]
    open_to = own.filter(own.addressed_when)
    paths += [path for lookup in own.addressed for path in open_to.values_list(lookup, flat=True)]
    numbers = [int(path.split("/")[-2]) for path in dict.fromkeys(paths) if path]
    units = Unit.objects.with_names().in_bulk(numbers)
    return [units[number] for number in numbers if number in units]
