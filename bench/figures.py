"""How fast figures answer at the size of a country.

    python bench/figures.py                       SQLite, in a scratch folder
    python tools/with_postgres.py python bench/figures.py    PostgreSQL

A tenth of the country; SIZE=nation for all of it: 25,000 tasks, 125,000 parts, about 700,000 moves.
Prints milliseconds: median and worst of five.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SCRATCH = tempfile.TemporaryDirectory(prefix="tiendo-bench-")
os.environ["TIENDO_VAR"] = SCRATCH.name  # never the house's own database
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from makers import Cast, a_programme  # noqa: E402
from tiendo.figures.ask import Pair, Scope, ask, ask_several, members  # noqa: E402
from tiendo.kit.dates import day_number, microseconds  # noqa: E402
from tiendo.orgs.models import Kind, Unit  # noqa: E402
from tiendo.tasks import tallies  # noqa: E402

TASKS = 25_000 if os.environ.get("SIZE") == "nation" else 2_500
PARTS_EACH, MOVES_EACH = 5, 5.6
DAWN = datetime(2023, 1, 2, 2, tzinfo=UTC)
SPAN = 1_000  # days
DAY = timedelta(days=1)


def main() -> None:
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    cast = Cast()
    with transaction.atomic():
        moves = write_country(cast)
    tallies.rebuild()
    settle()
    took = time.perf_counter() - began
    print(
        f"{connection.vendor}: {TASKS:,} tasks, {TASKS * PARTS_EACH:,} parts, {moves:,} moves, made in {took:.0f} s"
    )
    scopes = {
        "whole country": Scope((cast.country.path,)),
        "one province": Scope((cast.province.path,)),
    }
    for words, scope in scopes.items():
        report(words, scope)


def write_country(cast: Cast) -> int:
    """Units, tasks, parts and their histories, written in bulk with a fixed seed."""
    lot, programme = Random(57), a_programme(cast)
    units = write_units(cast)
    tasks, parts, moves = [], [], []
    for task in range(1, TASKS + 1):
        tasks.append(task_row(task, programme, cast, lot))
        for place, unit in enumerate(lot.sample(units, PARTS_EACH)):
            part = (task - 1) * PARTS_EACH + place + 1
            steps = history(lot)
            parts.append(part_row(part, task, place, unit, cast, steps[-1]))
            moves += [(part, *step, unit, cast.office.pk) for step in steps]
    fill("tasks_task", TASK, tasks)
    fill("tasks_part", PART, parts)
    fill("tasks_move", MOVE, ((number, *row) for number, row in enumerate(moves, 1)))
    return len(moves)


def write_units(cast: Cast) -> list[int]:
    """As many units as the country has communes, a hundred of them beneath the province."""
    made = Unit.objects.bulk_create(
        Unit(key=f"bench.{n}", kind=Kind.COMMUNE, begins_on=date(2000, 1, 1)) for n in range(3_321)
    )
    for number, unit in enumerate(made):
        above = cast.province.path if number < 100 else cast.country.path
        unit.path = f"{above}{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"])
    return [unit.pk for unit in made]


TASK = (
    "id, programme_id, number, unit_id, title, measure, authority, responsibility, is_key, secrecy, quote,"
    " quote_language, issued_on"
)
PART = (
    "id, task_id, role, unit_id, product, first_due_on, due_on, cycle, verifier_id, status, done_on"
)
MOVE = "id, part_id, was, status, at, true_on, first_due_on, due_on, done_on, note, unit_id, by_id"


def task_row(task, programme, cast, lot):
    words = "Clear the paper backlog of the commune, record by record. " * 3
    key = lot.random() < 0.02
    return (
        task, programme.pk, task, cast.committee.pk, words[:180], words[:60], words[:40], words[:40],
        key, "open", words, "en", day_number(DAWN.date()),
    )  # fmt: skip


def part_row(part, task, place, unit, cast, last):
    _was, status, _at, _true, first, due, done, _note = last
    role = "lead" if place == 0 else "with"
    product = "A signed list of the records that were cleared"
    return (part, task, role, unit, product, first, due, "", cast.committee.pk, status, done)


def history(lot):
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


def step(was, status, at, first, due, done=None):
    true_on = done if done is not None else day_number(at.date())
    return (was, status, microseconds(at), true_on, first, due, done, "")


def fill(table, columns, rows) -> None:
    names = columns.split(", ")
    places = ", ".join(["%s"] * len(names))
    rows = list(rows)
    insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 5_000):
            cursor.executemany(insert, rows[start : start + 5_000])


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def report(words: str, scope: Scope) -> None:
    end = DAWN + DAY * (SPAN + 200)
    today = (end.date(), end)
    past = (date(2024, 6, 30), datetime(2024, 7, 2, tzinfo=UTC))
    earlier = Pair(date(2024, 5, 31), datetime(2024, 6, 1, tzinfo=UTC))
    page = ("tasks.cells", "tasks.of_due", "tasks.of_all", "tasks.by_unit", "tasks.by_programme")
    for when, dates in (("today", today), ("a past moment", past)):
        print(f"\n{words}, {when}")
        clock("tasks.cells", lambda d=dates: ask("tasks.cells", scope, *d))
        clock("five of one text", lambda d=dates: ask_several(page, scope, *d))
        clock("parts.cells", lambda d=dates: ask("parts.cells", scope, *d))
        clock("late, first 100", lambda d=dates: members("tasks.late", scope, *d))
        clock("key, first 100", lambda d=dates: members("tasks.key", scope, *d))
        clock("what slipped", lambda d=dates: ask("tasks.slipped", scope, *d, since=earlier))
        clock("decisions", lambda d=dates: ask("decisions.waiting", scope, *d))


def clock(words, call) -> None:
    times = []
    for _turn in range(5):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1_000)
    print(f"  {words:<20} {statistics.median(times):8.1f} ms   worst {max(times):8.1f}")


if __name__ == "__main__":
    main()
