"""The set that benches ask about: a country at work, written in bulk with a fixed seed.

A tenth of it unless SIZE=nation says all of it: 25,000 tasks, 125,000 parts, 700,000 moves and entries, 400,000 reports,
14,000 units, 10,000 people. SIZE=million is for lists alone: 200,000 tasks and 1,000,000 parts, without their histories.
SIZE=small, 10,000 tasks likewise, is what the million is compared with.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SCRATCH = tempfile.TemporaryDirectory(prefix="tiendo-bench-")
os.environ["TIENDO_VAR"] = os.environ.get("BENCH_VAR") or SCRATCH.name  # never the house's own
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from makers import Cast, a_grant, a_programme  # noqa: E402
from tiendo.access.capabilities import Role  # noqa: E402
from tiendo.kit.dates import day_number, microseconds  # noqa: E402
from tiendo.ledger.models import Entry  # noqa: E402
from tiendo.orgs.models import Kind, Placement, Unit, UnitName  # noqa: E402
from tiendo.people.models import Person  # noqa: E402
from tiendo.tasks import tallies  # noqa: E402
from tiendo.tasks.models import Move, Part, Report, Task  # noqa: E402

SIZE = os.environ.get("SIZE", "")
TASKS = {"nation": 25_000, "million": 200_000, "small": 10_000}.get(SIZE, 2_500)
HAS_HISTORY = SIZE in {"", "nation"}
COMMUNES, PEOPLE = 3_321, 10_000 if SIZE == "nation" else 1_000
DEPARTMENTS = 10_600 if SIZE == "nation" else 0
PARTS_EACH = 5
DAWN = datetime(2023, 1, 2, 2, tzinfo=UTC)
SPAN = 1_000  # days
DAY = timedelta(days=1)

TASK = (
    "id, programme_id, number, unit_id, title, measure, authority, responsibility, is_key, secrecy, quote,"
    " quote_language, issued_on"
)
PART = (
    "id, task_id, role, unit_id, product, first_due_on, due_on, cycle, verifier_id, status, done_on"
)
MOVE = "id, part_id, was, status, at, true_on, first_due_on, due_on, done_on, note, unit_id, by_id"
REPORT = "id, part_id, number, words, obstacle, is_final, nothing_new, sent_at, sent_by_id"
ENTRY = "id, at, act, subject, version, by, post, path, facts, told"

Values = tuple[Any, ...]


def made() -> tuple[str, str]:
    """The paths of the country and of one province, written once; a kept set (BENCH_VAR) is found again."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not Task.objects.exists():
        with transaction.atomic():
            Lives(Cast()).write()
        tallies.rebuild()
        settle()
    tops = Unit.objects.filter(kind__in=[Kind.COUNTRY, Kind.PROVINCE]).order_by("pk")
    country, province = tops.values_list("path", flat=True)
    return country, province


class Lives:
    """What each task went through; every journal is written beside the row it tells of."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.lot = cast, Random(57)
        self.programme = a_programme(cast)
        self.units = write_units(cast)
        write_people(cast)
        self.numbers = {name: count(1) for name in ("part", "move", "report")}
        self.entries = count(1_000_000)

    def write(self) -> None:
        for first in range(1, TASKS + 1, 2_000):
            tasks = range(first, min(first + 2_000, TASKS + 1))
            rows: dict[str, list[Values]] = {
                name: [] for name in ("part", "move", "report", "entry")
            }
            fill(Task, TASK, (self.task(task) for task in tasks))
            for task in tasks:
                self.lives(task, rows)
            fill(Part, PART, rows["part"])
            fill(Move, MOVE, rows["move"])
            fill(Report, REPORT, rows["report"])
            fill(Entry, ENTRY, rows["entry"])
        after_ids("tasks_task", "tasks_part", "tasks_move", "tasks_report", "ledger_entry")
        self.programme.last_number = TASKS
        self.programme.save()

    def task(self, number: int) -> Values:
        words = "Clear the paper backlog of the commune, record by record. " * 3
        is_key = self.lot.random() < 0.02
        return (
            number, self.programme.pk, number, self.cast.committee.pk, words[:180], words[:60], words[:40],
            words[:40], is_key, "open", words, "en", day_number(DAWN.date()),
        )  # fmt: skip

    def lives(self, task: int, rows: dict[str, list[Values]]) -> None:
        version = count(1)
        for place, unit in enumerate(self.lot.sample(self.units, PARTS_EACH)):
            part, steps = next(self.numbers["part"]), history(self.lot)
            _was, status, _at, _true, first, due, done, _note = steps[-1]
            role = "lead" if place == 0 else "with"
            product = "A signed list of the records that were cleared"
            own = (part, task, role, unit, product, first, due, "", self.cast.committee.pk, status)
            rows["part"].append((*own, done))
            if HAS_HISTORY:
                rows["move"] += self.moves(part, unit, steps)
                rows["report"] += self.reports(part, steps)
                rows["entry"] += self.told(task, version, steps)

    def moves(self, part: int, unit: int, steps: list[Values]) -> list[Values]:
        by = self.cast.office.pk
        return [(next(self.numbers["move"]), part, *step, unit, by) for step in steps]

    def reports(self, part: int, steps: list[Values]) -> Iterator[Values]:
        sent = [step for step in steps if step[1] in {"under_way", "submitted"}]
        words = "Half of the records were cleared and entered; the list is signed. "
        for number, (_was, status, at, *_rest) in enumerate(sent, 1):
            final = status == "submitted"
            own = (next(self.numbers["report"]), part, number, words, "", final, False)
            yield (*own, at, self.cast.lead.pk)

    def told(self, task: int, version: Iterator[int], steps: list[Values]) -> Iterator[Values]:
        facts = '{"unit": "Ministry of Rivers", "number": 1, "files": 1}'
        by, path = f"people.person:{self.cast.lead.pk}", self.cast.committee.path
        for _was, _status, at, *_rest in steps:
            own = (next(self.entries), at, "tasks.reported", f"tasks.task:{task}", next(version))
            yield (*own, by, "", path, facts, False)


def history(lot: Random) -> list[Values]:
    """Issued, accepted, then reports; two in three are sent and judged, one in ten gets another date."""
    at = DAWN + DAY * lot.randrange(SPAN - 300)
    due = first = day_number(at.date()) + lot.randrange(20, 500)
    steps = [step("draft", "issued", at, first, due)]
    status = "issued"
    for onward in ["accepted"] + ["under_way"] * lot.randrange(1, 5):
        at += DAY * lot.randrange(1, 40)
        due += 60 if lot.random() < 0.05 else 0
        steps.append(step(status, onward, at, first, due))
        status = onward
    if lot.random() < 0.66:
        sent, judged = at + DAY * lot.randrange(1, 30), at + DAY * lot.randrange(30, 60)
        day = day_number(sent.date())
        steps.append(step(status, "submitted", sent, first, due))
        steps.append(step("submitted", "done", judged, first, due, done=day))
    return steps


def step(
    was: str, status: str, at: datetime, first: int, due: int, done: int | None = None
) -> Values:
    true_on = done if done is not None else day_number(at.date())
    return (was, status, microseconds(at), true_on, first, due, done, "")


def write_units(cast: Cast) -> list[int]:
    """As many units as the country has communes, a hundred of them beneath the province, and departments beneath these."""
    communes = planted(cast, COMMUNES, Kind.COMMUNE, lambda n: cast.province if n < 100 else None)
    planted(cast, DEPARTMENTS, Kind.DEPARTMENT, lambda n: communes[n % COMMUNES])
    return [unit.pk for unit in communes]


def planted(cast: Cast, how_many: int, kind: Kind, above: Any) -> list[Unit]:
    made = Unit.objects.bulk_create(
        Unit(key=f"bench.{kind}.{n}", kind=kind, begins_on=date(2000, 1, 1))
        for n in range(how_many)
    )
    for number, unit in enumerate(made):
        unit.path = f"{(above(number) or cast.country).path}{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"], batch_size=500)
    Placement.objects.bulk_create(
        Placement(unit=unit, parent=above(number) or cast.country, path=unit.path, starts_on=date(2000, 1, 1))
        for number, unit in enumerate(made)
    )  # fmt: skip
    UnitName.objects.bulk_create(
        UnitName(unit=unit, language=language, text=f"{word} {unit.pk}", folded=f"{word} {unit.pk}".lower(),
                 starts_on=date(2000, 1, 1))
        for unit in made
        for language, word in (("vi", "Xã"), ("en", "Commune"))
    )  # fmt: skip
    return made


def write_people(cast: Cast) -> None:
    """People, and one of them over the province's hundred communes, one over a single commune."""
    Person.objects.bulk_create(
        Person(username=f"bench-{n}", name=f"Người {n}", password="!")  # noqa: S106 - nobody's
        for n in range(PEOPLE)
    )
    first = Unit.objects.filter(path__startswith=cast.province.path, kind=Kind.COMMUNE).first()
    for name, over in (("province", cast.province), ("commune", first)):
        a_grant(Role.UNIT_HEAD, over, Person.objects.create(username=name, name=name, password="!"))  # noqa: S106
    Person.objects.filter(pk=cast.office.pk).update(username="office", is_demo=True)


def fill(model: Any, columns: str, rows: Iterable[Values]) -> None:
    """Rows straight into a table, COPY where there is one; what is not named has its usual value."""
    named = columns.split(", ")
    usual = {
        field.column: field.get_default()
        for field in model._meta.concrete_fields
        if not (field.null or field.generated or field.column in named)
    }
    table, columns = model._meta.db_table, ", ".join([*named, *usual])
    whole = ((*row, *usual.values()) for row in rows)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into,
        ):
            for row in whole:
                into.write_row(row)
        return
    places = ", ".join(["%s"] * (len(named) + len(usual)))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(whole))  # noqa: S608


def after_ids(*tables: str) -> None:
    """New rows are numbered after those written with a number."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1)) FROM {table}"  # noqa: S608
                )


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
