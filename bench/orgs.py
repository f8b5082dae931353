"""How fast the tree answers at the size of a country: every unit Viet Nam had and has.

    python bench/orgs.py                                     SQLite, in a scratch folder
    python tools/with_postgres.py python bench/orgs.py       PostgreSQL

The set: the country, all provinces of both days, 100 districts, 400 communes of before and of today, all central bodies. Each is
asked on a day of its life, three times, of which the fastest counts: a neighbour on the machine is not our slowness. Subtrees are
numbers of units, not whole rows: the country's alone has 3,500 to 14,000. Prints milliseconds with the bar each must stay under
on SQLite, and fails there when one does not.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SCRATCH = tempfile.TemporaryDirectory(prefix="tiendo-bench-")
os.environ["TIENDO_VAR"] = SCRATCH.name  # never the house's own database
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tiendo.orgs import matching, portrait, reads  # noqa: E402
from tiendo.orgs.actions import load_pack, move  # noqa: E402
from tiendo.orgs.models import Kind, Unit, UnitName  # noqa: E402
from tiendo.orgs.names import unmarked  # noqa: E402
from tiendo.people.models import Person  # noqa: E402

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 1)
LOT = Random(57)
COMMUNES = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)


class Line(NamedTuple):
    """One question: how often it was asked, its times in milliseconds, the bar for the slowest but 5 %."""

    words: str
    times: list[float]
    bar: float

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95)]


def main() -> int:
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    load_pack(ROOT / "packs" / "vn", by=Person.objects.operator())
    print(
        f"{connection.vendor}: {Unit.objects.count():,} units in {time.perf_counter() - began:.0f} s\n"
    )
    lines = [*of_the_tree(sample()), *of_names()]
    for line in lines:
        show(line)
    statements()
    barred = connection.vendor == "sqlite"
    slow = [line.words for line in lines if barred and line.p95 > line.bar]
    if not barred:
        return 0
    print("\nall under their bars" if not slow else f"\ntoo slow: {', '.join(slow)}")
    return 1 if slow else 0


def sample() -> list[tuple[Unit, date]]:
    """The set, each with a day on which it stood."""
    rows = list(Unit.objects.with_names())
    by_kind = {kind: [unit for unit in rows if unit.kind == kind] for kind in Kind}
    small = [unit for kind in COMMUNES for unit in by_kind[kind]]
    chosen = LOT.sample(small, 400) + LOT.sample(by_kind[Kind.DISTRICT], 100)
    chosen += [unit for unit in rows if unit.kind not in {*COMMUNES, Kind.DISTRICT}]
    return [(unit, a_day_of(unit)) for unit in chosen]


def a_day_of(unit: Unit) -> date:
    return unit.ends_on - timedelta(days=1) if unit.ends_on else JULY


def of_the_tree(units: list[tuple[Unit, date]]) -> Iterable[Line]:
    yield timed("subtree, numbers of units", units, lambda one: ids(one[0], one[1]), 5)
    yield timed("ancestors on a day", units, lambda one: portrait.path_to(*one), 5)
    yield timed("successors, through all reforms", units, lambda one: reads.heirs(one[0]), 5)
    yield timed("origins, through all reforms", units, lambda one: reads.ancestors(one[0]), 5)
    country = Unit.objects.get(kind=Kind.COUNTRY)
    yield timed("the whole country, today (set apart)", [country] * 20, lambda c: ids(c, JULY), 50)
    yield timed("the whole country, June (set apart)", [country] * 20, lambda c: ids(c, JUNE), 50)


def ids(unit: Unit, on: date) -> list[int]:
    return list(Unit.objects.within(unit, on).values_list("pk", flat=True))


def of_names() -> Iterable[Line]:
    names = list(
        UnitName.objects.as_of(JULY).filter(language="vi", unit__in=Unit.objects.as_of(JULY))
    )
    written = [name.text for name in LOT.sample(names, 500)]
    matching.match(written[0], JULY)  # the names are folded once and kept
    yield timed("a name as written", written, exact, 1)
    yield timed("the same without accents", [unmarked(w) for w in written], exact, 1)
    mistyped = [mistype(w) for w in written[:200]]
    yield timed("mistyped by a letter, no accents", mistyped, exact, 20)
    short = [
        w.replace("Ủy ban nhân dân", "UBND").replace("Khoa học và Công nghệ", "KH&CN")
        for w in written
    ]
    yield timed("abbreviated", [w for w in short if w not in written] or short, exact, 20)


def exact(written: str) -> Any:
    return matching.match(written, JULY)


def mistype(written: str) -> str:
    plain = unmarked(written)
    place = LOT.randrange(len(plain))
    return plain[:place] + LOT.choice("aeiouhn") + plain[place + 1 :]


def timed(words: str, asked: Iterable[Any], ask: Callable[[Any], Any], bar: float) -> Line:
    return Line(words, [min(took(ask, one) for _ in range(3)) for one in asked], bar)


def took(ask: Callable[[Any], Any], one: Any) -> float:
    began = time.perf_counter()
    ask(one)
    return (time.perf_counter() - began) * 1000


def show(line: Line) -> None:
    middle, worst = statistics.median(line.times), max(line.times)
    bar = f"   bar {line.bar:g} ms" if connection.vendor == "sqlite" else ""
    print(
        f"{line.words:38} {len(line.times):5} asked   median {middle:7.2f}   p95 {line.p95:7.2f}"
        f"   worst {worst:7.2f}{bar}"
    )


def statements() -> None:
    """Moving a province: its statements do not grow with what hangs beneath it."""
    operator, gov = Person.objects.operator(), Unit.objects.get(key="vn.gov")
    print()
    for key in ("vn.p.hue", "vn.p.thanh-hoa"):
        unit = Unit.objects.get(key=key)
        size, began = len(ids(unit, JULY)), time.perf_counter()
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            move(unit, gov, by=operator, on=JULY + timedelta(days=92))
        took = (time.perf_counter() - began) * 1000
        print(f"moving {key} with {size - 1} beneath: {len(asked)} statements, {took:.0f} ms")


if __name__ == "__main__":
    raise SystemExit(main())
