"""Entries of the record as lines a person reads: what happened, who did it, from which seat, for whom, when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from tiendo.kit.clock import day_of
from tiendo.kit.words import moment_in_words
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.sentences import sentence
from tiendo.orgs.models import Tenure, Unit
from tiendo.orgs.signatures import signed

UNITS_NAMED = "_key"  # a fact `lead` beside a fact `lead_key`: the unit's name then, and which unit


@dataclass(frozen=True)
class Told:
    """One line of a history: who signed it, and where they sat that day."""

    number: int
    subject: str
    version: int
    at: datetime
    sentence: str
    person: str
    post: str

    @property
    def said(self) -> str:
        """The whole line as one sentence, where a page has room for no more."""
        facts = {"sentence": self.sentence, "who": self.person, "when": moment_in_words(self.at)}
        return _("%(sentence)s (%(who)s, %(when)s)") % facts if self.person else self.sentence


def history_of(subject: Any) -> list[Told]:
    """The record of a subject, newest first."""
    return told(Entry.objects.about(subject).reverse())


def told(entries: Iterable[Any]) -> list[Told]:
    """Entries as lines, in as many questions for one as for a thousand; units are called as the reader calls them."""
    lines = list(entries)
    prefetch_related_objects(lines, "personal")
    units, seats = units_of(lines), seats_of(lines)
    return [
        Told(
            entry.pk,
            entry.subject,
            entry.version,
            entry.at,
            sentence(in_language(entry, units)),
            who,
            "" if entry.post else seat_on(seats.get(entry.by, []), day_of(entry.at)),
        )
        for entry, who in zip(lines, signed(lines), strict=True)
    ]


def in_language(entry: Entry, units: dict[str, Unit]) -> Entry:
    """The entry with the units it names by key called in the reader's language; nothing is stored."""
    for fact, key in keys_named(entry).items():
        if key in units:
            entry.facts = {**entry.facts, fact: units[key].short_name}
    return entry


def keys_named(entry: Entry) -> dict[str, str]:
    """The facts that name a unit, with that unit's key."""
    return {
        name.removesuffix(UNITS_NAMED): key
        for name, key in entry.facts.items()
        if name.endswith(UNITS_NAMED) and isinstance(key, str)
    }


def units_of(entries: Sequence[Entry]) -> dict[str, Unit]:
    keys = {key for entry in entries for key in keys_named(entry).values()}
    found = Unit.objects.filter(key__in=keys).with_names() if keys else []
    return {unit.key: unit for unit in found}


def seats_of(entries: Sequence[Entry]) -> dict[str, list[Tenure]]:
    """Who sat where: tenures of those who acted, by person."""
    people = {int(entry.by.partition(":")[2]) for entry in entries if entry.by}
    rows = (
        Tenure.objects.filter(person__in=people)
        .select_related("post__unit", "person")
        .prefetch_related("post__unit__names")
        .order_by("starts_on")
    )
    found: dict[str, list[Tenure]] = {}
    for row in rows:
        found.setdefault(key_of(row.person), []).append(row)
    return found


def seat_on(tenures: Sequence[Tenure], day: date) -> str:
    sat = (
        one
        for one in tenures
        if one.starts_on <= day and (one.ends_on is None or one.ends_on > day)
    )
    first = next(sat, None)
    return f"{first.post}, {first.post.unit.short_name_on(day)}" if first else ""
