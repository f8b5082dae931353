"""Hears what the record tells and says it to those it concerns. The row that audits is the row that queues.

Everything below the watermark stands: nothing can still appear behind what was heard. A turn is one transaction that holds the
one row of `Heard`: killed, it never was; begun by two, the second waits and goes on where the first ended.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from tiendo.kit import clock
from tiendo.kit.clock import day_of
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.sealing import SKEW
from tiendo.ledger.watermark import watermark
from tiendo.notifications.audience import Audience, who_may_sign_in
from tiendo.notifications.models import Heard, Notice
from tiendo.notifications.states import Kind
from tiendo.people.models import Person
from tiendo.tasks.models import Part, Task

AT_ONCE = 500  # entries in one turn: a transaction of a second
MANY = 500  # rows in one statement


class Concern(NamedTuple):
    """Whom an act concerns: of every part of its task, or of the one the record names."""

    kind: Kind
    whom: Callable[[Audience, Part], set[int]]
    every_part: bool = False


CONCERNS = {
    "tasks.issued": Concern(Kind.GIVEN, Audience.doers, every_part=True),
    "tasks.reissued": Concern(Kind.GIVEN, Audience.doers),
    "tasks.transferred": Concern(Kind.GIVEN, Audience.doers),
    "tasks.joined": Concern(Kind.GIVEN, Audience.doers),
    "tasks.suspended": Concern(Kind.GIVEN, Audience.doers),
    "tasks.resumed": Concern(Kind.GIVEN, Audience.doers),
    "tasks.dropped": Concern(Kind.GIVEN, Audience.doers, every_part=True),
    "tasks.submitted": Concern(Kind.ASKED, Audience.judges),
    "tasks.verifier_changed": Concern(Kind.ASKED, Audience.judges),
    "tasks.refused": Concern(Kind.ASKED, Audience.extenders),
    "tasks.extension_asked": Concern(Kind.ASKED, Audience.extenders),
    "tasks.returned": Concern(Kind.ANSWERED, Audience.doers),
    "tasks.verified": Concern(Kind.ANSWERED, Audience.doers),
    "tasks.extension_granted": Concern(Kind.ANSWERED, Audience.doers),
    "tasks.extension_declined": Concern(Kind.ANSWERED, Audience.doers),
}
TASK = f"{Task._meta.label_lower}:"


def hear() -> None:
    """The job: tell of everything that was recorded and stands. May run twice at once and be killed at any moment."""
    upto = watermark(clock.now()) - SKEW
    while hear_up_to(upto) == AT_ONCE:
        pass


@transaction.atomic
def hear_up_to(upto: datetime) -> int:
    """One turn: the next entries up to an instant, in their order; how many were heard."""
    heard = Heard.mine(upto)
    entries = list(since(heard).filter(at__lte=upto)[:AT_ONCE])
    keep(notices_of([entry for entry in entries if entry.act in CONCERNS]))
    if entries:
        heard.upto, heard.entry = entries[-1].at, entries[-1].pk
        heard.save(update_fields=["upto", "entry"])
    return len(entries)


def since(heard: Heard) -> Any:
    """What was recorded after the last entry that was heard."""
    later = Q(at__gt=heard.upto) | Q(at=heard.upto, pk__gt=heard.entry)
    return Entry.objects.filter(later, at__gte=heard.upto).order_by("at", "pk")


def notices_of(entries: list[Entry]) -> list[Notice]:
    """What these acts tell, and to whom: as many questions for one as for hundreds."""
    if not entries:
        return []
    parts = parts_of(entries)
    audience = Audience(day_of(entries[-1].at))
    return [
        Notice(person_id=person, key=f"entry:{entry.pk}", kind=CONCERNS[entry.act].kind, part=part, entry=entry, at=entry.at)
        for entry in entries
        for person, part in told_by(entry, parts, audience)
    ]  # fmt: skip


def parts_of(entries: Iterable[Entry]) -> dict[str, list[Part]]:
    """The parts of the tasks these entries are about, by the record's name for the task."""
    subjects = {entry.subject for entry in entries if entry.subject.startswith(TASK)}
    tasks = [int(subject.removeprefix(TASK)) for subject in subjects]
    rows = Part.objects.filter(task__in=tasks).select_related("task__unit", "unit", "verifier")
    found: dict[str, list[Part]] = defaultdict(list)
    for part in rows.order_by("pk"):
        found[key_of(part.task)].append(part)
    return found


def told_by(
    entry: Entry, parts: dict[str, list[Part]], audience: Audience
) -> Iterator[tuple[int, Part]]:
    """Each person once; whoever did it knows."""
    told: dict[int, Part] = {}
    for part in concerned(entry, parts.get(entry.subject, [])):
        for person in CONCERNS[entry.act].whom(audience, part):
            told.setdefault(person, part)
    return ((person, part) for person, part in told.items() if entry.by != f"{PERSON}{person}")


PERSON = f"{Person._meta.label_lower}:"


def concerned(entry: Entry, parts: list[Part]) -> list[Part]:
    """All parts of the task, or those of the units the entry names: who had it, and who has it now."""
    if CONCERNS[entry.act].every_part:
        return parts
    named = {entry.facts.get("unit_key"), entry.facts.get("to_key")}
    return [part for part in reversed(parts) if part.unit.key in named]


def keep(notices: list[Notice]) -> None:
    """Keep them; what was made before is not made again. Nobody who cannot come in is told."""
    there = who_may_sign_in({one.person_id for one in notices}) if notices else set()
    rows = [one for one in notices if one.person_id in there]
    if rows:
        Notice.objects.bulk_create(rows, batch_size=MANY, ignore_conflicts=True)
