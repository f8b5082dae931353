"""Answers about the record as a whole: what somebody may read of it, and how its seals stand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tiendo.kit.permission import beneath, roots
from tiendo.ledger import proof, sealing
from tiendo.ledger.models import Entry


def within_reach(person: Any) -> "QuerySet[Entry]":
    """Entries recorded at or beneath the places whose record this person may read, as the tree stood then."""
    found: QuerySet[Entry] = Entry.objects.filter(beneath("path", roots(person, "ledger.read")))
    return found


@dataclass(frozen=True)
class Seals:
    """How the seals stand: the newest, how many entries lie under them, how many wait, who signs."""

    number: int
    at: datetime | None
    sealed: int
    waiting: int
    key: str

    @property
    def fingerprint(self) -> str:
        return proof.fingerprint(self.key) if self.key else ""


def seals() -> Seals:
    last = sealing.newest()
    waiting = sealing.unsealed(last).count()
    if last is None:
        return Seals(0, None, 0, waiting, "")
    return Seals(last.number, last.at, last.total, waiting, last.key)
