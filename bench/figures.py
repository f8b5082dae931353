"""How fast figures answer at the size of a country.

    python bench/figures.py                       SQLite, in a scratch folder
    python tools/with_postgres.py python bench/figures.py    PostgreSQL

A tenth of the country; SIZE=nation for all of it: 25,000 tasks, 125,000 parts, about 700,000 moves.
Prints milliseconds: median and worst of five.
"""

import statistics
import time
from datetime import UTC, date, datetime

from django.db import connection
from nation import DAWN, DAY, PARTS_EACH, SPAN, TASKS, made

from tiendo.figures.ask import Pair, Scope, ask, ask_several, members


def main() -> None:
    began = time.perf_counter()
    country, province = made()
    took = time.perf_counter() - began
    print(
        f"{connection.vendor}: {TASKS:,} tasks, {TASKS * PARTS_EACH:,} parts, made in {took:.0f} s"
    )
    scopes = {
        "whole country": Scope((country,)),
        "one province": Scope((province,)),
    }
    for words, scope in scopes.items():
        report(words, scope)


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
