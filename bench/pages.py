"""What a page costs the server, at the size of a country, as ordinary people ask for it.

    python bench/pages.py                                    SQLite, in a scratch folder
    python tools/with_postgres.py python bench/pages.py      PostgreSQL

A tenth of the country unless SIZE=nation (see nation.py). A server of one process answers one keep-alive client, packed for pages,
plain for the API. Printed first is the CPU time a request costs the server and the database together, which hardly moves when
others use the machine; then the median and the slowest but 5 % in milliseconds, the kilobytes sent, and the bar where there is
one. The last line is a yardstick: a fixed job of one core.
"""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.test import Client
from nation import HAS_HISTORY, PARTS_EACH, ROOT, TASKS, made

from tiendo.kit import clock
from tiendo.orgs.models import Unit
from tiendo.people.actions import open_token
from tiendo.people.models import Person
from tiendo.tasks.models import Part

PORT = int(os.environ.get("PORT", "8014"))
TURNS = int(os.environ.get("TURNS", "60"))
WARM = 6
TICK = os.sysconf("SC_CLK_TCK")


class Asked(NamedTuple):
    """One question: its words, who asks, the address (or one for each turn), the bar in milliseconds of CPU."""

    words: str
    who: str
    address: str | Callable[[int], str]
    bar: float = 0


class Took(NamedTuple):
    cpu: float
    times: list[float]
    size: int


def main() -> None:
    began = time.perf_counter()
    made()
    took = time.perf_counter() - began
    print(
        f"{connection.vendor}: {TASKS:,} tasks, {TASKS * PARTS_EACH:,} parts, found in {took:.0f} s"
    )
    keys = {name: headers_of(name) for name in ("office", "province", "commune")}
    with serving() as processes:
        print(f"  {'':44}   CPU ms   median      p95       kB     bar")
        for asked in questions():
            if asked.words.startswith(os.environ.get("ONLY", "")):
                show(asked, measured(asked, keys[asked.who], processes))
    print(f"  {'a second of one core, as a yardstick':44} {yardstick() * 1000:8.1f}")


def questions() -> list[Asked]:
    """The scenarios; where there are no histories only the lists."""
    people = ("office", "province", "commune")
    lists = [
        Asked(f"list of 25, {words}, {who}", who, f"/tasks/?{query}", 12)
        for words, query in (("newest", ""), ("late", "state=late"), ("one unit's", unit_query()))
        for who in people
    ]
    api = [Asked(f"REST list of 100, {who}", who, "/api/v1/tasks?limit=100", 8) for who in people]
    if not HAS_HISTORY:
        return lists + api
    return [*lists, *api, *pages()]


def pages() -> list[Asked]:
    province = Unit.objects.get(pk=Person.objects.get(username="province").grants.get().unit_id)
    own = Part.objects.filter(unit__path__startswith=province.path).values_list("task", flat=True)
    numbers = list(own[:200])
    past = (clock.today() - timedelta(days=700)).isoformat()
    return [
        Asked("task page, province", "province", lambda turn: f"/tasks/{numbers[turn]}/", 15),
        Asked("REST single, province", "province", lambda n: f"/api/v1/tasks/{numbers[n]}", 3),
        Asked("Stocktake today, office", "office", "/stocktake/", 20),
        Asked("Stocktake today, province", "province", "/stocktake/"),
        Asked("Stocktake of a past moment, office", "office", f"/stocktake/?known={past}", 1000),
        Asked("Stocktake of a past moment, province", "province", f"/stocktake/?known={past}"),
        Asked("My work, commune", "commune", "/my-work/"),
        Asked("My work, province", "province", "/my-work/"),
    ]


def unit_query() -> str:
    key = Unit.objects.filter(key__startswith="bench.commune").order_by("pk")[0].key
    return f"unit={key}"


def headers_of(username: str) -> dict[str, dict[str, str]]:
    """How this person comes to pages and to the API: a session, and a key."""
    person = Person.objects.get(username=username)
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    _token, secret = open_token(
        person, by=person, name="bench", expires_on=clock.today() + timedelta(days=2), scope="all"
    )
    return {
        "page": {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
            "Accept-Language": "vi",
            "Accept-Encoding": "gzip",
        },
        "api": {"Authorization": f"Bearer {secret}"},
    }


@contextmanager
def serving() -> Iterator[list[int]]:
    """A server of one process; gives the processes whose time is counted."""
    words = ["-m", "tiendo.config.processes", "web", str(PORT), "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TIENDO_KEEPER": str(os.getpid())}
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); from tiendo.config.server import gather_static; gather_static()"],
        env=environment, check=True,
    )  # fmt: skip
    server = subprocess.Popen([sys.executable, *words], env=environment)
    try:
        await_answer()
        yield [server.pid, *database_processes()]
    finally:
        server.terminate()
        server.wait(20)


def await_answer() -> None:
    for _try in range(300):
        try:
            line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            line.request("GET", "/healthz/live")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def database_processes() -> list[int]:
    """The first process of PostgreSQL; those that answer are its children."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("show data_directory")
        folder = cursor.fetchone()[0]
    return [int((Path(folder) / "postmaster.pid").read_text().split()[0])]


def measured(asked: Asked, keys: dict[str, dict[str, str]], processes: list[int]) -> Took:
    line, times, size = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20), [], 0
    for turn in range(WARM + TURNS):
        if turn == WARM:
            before = spent(processes)
        path = asked.address if isinstance(asked.address, str) else asked.address(turn)
        headers = keys["api" if path.startswith("/api/") else "page"]
        began = time.perf_counter()
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        size = len(answer.read())
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:  # a refusal is not a fast page
            raise SystemExit(f"{path} answered {answer.status}")
    return Took((spent(processes) - before) / TURNS * 1000, sorted(times[WARM:]), size)


def spent(processes: list[int]) -> float:
    """Seconds of CPU of these processes and all they started."""
    stats = dict(filter(None, map(stat_of, Path("/proc").glob("[0-9]*"))))
    family, more = set(processes), True
    while more:
        more = {pid for pid, (above, _ticks) in stats.items() if above in family} - family
        family |= more
    return sum(stats[pid][1] for pid in family if pid in stats) / TICK


def stat_of(folder: Path) -> tuple[int, tuple[int, int]] | None:
    """Whose child a process is, and its ticks with those of children that ended."""
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(folder.name), (int(fields[1]), sum(map(int, fields[11:15])))


def show(asked: Asked, took: Took) -> None:
    p95 = took.times[int(len(took.times) * 0.95)]
    bar = f"{asked.bar:7.0f}" + (" !" if took.cpu > asked.bar else "") if asked.bar else ""
    middle = statistics.median(took.times)
    print(f"  {asked.words:44} {took.cpu:8.1f} {middle:8.1f} {p95:8.1f} {took.size / 1024:8.1f} {bar}", flush=True)  # fmt: skip


def yardstick() -> float:
    began = time.process_time()
    sum(n * n for n in range(12_000_000))
    return time.process_time() - began


if __name__ == "__main__":
    main()
