"""The hour before a deadline: every commune sends its final report with two files, half of them in the last tenth of the time.

    python bench/deadline_hour.py                                  120 submissions in 40 s, SQLite, in a scratch folder
    SIZE=nation python bench/deadline_hour.py                      3,321 submissions in 15 minutes
    python tools/with_postgres.py python bench/deadline_hour.py    PostgreSQL
    SUBMISSIONS=600 SECONDS=120 WORKERS=2 python bench/deadline_hour.py

Against the served house over its API, by keys of the units' own people. One in ten sends its report twice with one key of its own,
as a program does whose line broke. Then somebody outside judges every report: one in five is returned. None may be lost, none be
double, no file another than was sent, every verdict right (done in time, done late where the day had passed, returned). Prints how
long a request took, and how long a person waited from the instant at which they pressed the button. Fails if not.
"""

import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SCRATCH = tempfile.TemporaryDirectory(prefix="tiendo-bench-")
os.environ["TIENDO_VAR"] = SCRATCH.name  # never the house's own database
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")

import django  # noqa: E402

django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from makers import a_person, a_unit  # noqa: E402
from tiendo.access.capabilities import Role  # noqa: E402
from tiendo.documents.files import place_of  # noqa: E402
from tiendo.kit import clock  # noqa: E402
from tiendo.kit.clock import day_of  # noqa: E402
from tiendo.ledger.models import Entry  # noqa: E402
from tiendo.orgs.models import Kind, Post  # noqa: E402
from tiendo.people.actions import open_token  # noqa: E402
from tiendo.people.models import Scope  # noqa: E402
from tiendo.tasks import actions  # noqa: E402
from tiendo.tasks.actions import PartWording  # noqa: E402
from tiendo.tasks.models import Evidence, Part, Report, Verdict  # noqa: E402
from tiendo.tasks.timing import cell  # noqa: E402

NATION = os.environ.get("SIZE") == "nation"
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "3321" if NATION else "120"))
SECONDS = int(os.environ.get("SECONDS", "900" if NATION else "40"))
WORKERS = os.environ.get("WORKERS", "2")
SENDERS = 48  # people at the button at one time
LOT = random.Random(57)


class Owed(NamedTuple):
    """What one commune sends: when, with whose key, of which part, which two files; twice, or past its day."""

    at: float
    key: str
    part: int
    files: tuple[bytes, bytes]
    twice: bool
    past: bool


class Sent(NamedTuple):
    """How one submission went: its answers, how long each request took, how long the person waited."""

    owed: Owed
    statuses: list[int]
    took: list[float]
    waited: float
    report: int


def main() -> int:
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    owed, judge = furnished()
    print(f"{connection.vendor}: {len(owed):,} parts in {time.perf_counter() - began:.0f} s")
    with Served() as house:
        sent = hour(house, owed)
        judged = verdicts(house, sent, judge)
    faults = [*faults_of_sending(sent), *faults_of_rows(sent), *faults_of_verdicts(sent, judged)]
    show("a request", [one for each in sent for one in each.took])
    show("from the button to the last answer", [each.waited for each in sent])
    for fault in faults[:20]:
        print(f"WRONG: {fault}")
    print(
        "\nnone lost, none double, every verdict right" if not faults else f"\n{len(faults)} faults"
    )
    return 1 if faults else 0


def furnished() -> tuple[list[Owed], str]:
    """A country with a committee, its communes and their officers, each with an accepted part; and who judges."""
    with transaction.atomic():
        country = a_unit("Country", kind=Kind.COUNTRY)
        committee = a_unit("Committee", under=country, kind=Kind.COMMITTEE)
        office = a_person("Office", role=Role.STANDING_OFFICE, over=country)
        judge = a_person("Judge", role=Role.VERIFIER, over=committee)
        for person in (office, judge):
            person.roots_asked = {}
        programme = actions.open_programme(
            committee, by=office, symbol="57-NQ/TW", title="Breakthroughs"
        )
        owed = [
            one_commune(number, country, committee, office, programme)
            for number in range(SUBMISSIONS)
        ]
        return sorted(owed), key_of(judge)


def one_commune(number: int, country: Any, committee: Any, office: Any, programme: Any) -> Owed:
    unit = a_unit(f"Commune {number}", under=country, kind=Kind.COMMUNE)
    head = a_person(f"Head {number}", role=Role.UNIT_HEAD, over=unit)
    past = number % 10 == 3
    due_on = clock.today() - timedelta(days=1) if past else clock.today() + timedelta(days=1)
    wanted = PartWording(
        unit=unit, post=Post.objects.create(unit=unit, kind=Post.Kind.HEAD), product="A signed list of the records",
        due_on=due_on, verifier=committee,
    )  # fmt: skip
    task = actions.draft(
        programme, by=office, title=f"Clear the paper backlog of commune {number}", lead=wanted,
        measure="records cleared ÷ records at the start", authority="The chairman signs",
        responsibility="Answers to the committee",
    )  # fmt: skip
    part = actions.accept(actions.issue(task, by=office).lead, by=head)
    late = LOT.random() < 0.5
    at = LOT.uniform(0.9, 1) if late else LOT.uniform(0, 0.9)
    files = tuple(
        f"%PDF-1.7 file {n} of {number}\n".encode() + LOT.randbytes(20_000) for n in (1, 2)
    )
    return Owed(at * SECONDS, key_of(head), part.pk, files, number % 10 == 7, past)  # type: ignore[arg-type]


def key_of(person: Any) -> str:
    until = clock.today() + timedelta(days=30)
    return open_token(person, by=person, name="bench", scope=Scope.ALL, expires_on=until)[1]


# The house and who comes to it --------------------------------------------------------------------


class Served:
    """The house as it is served, on a port of its own."""

    def __enter__(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        tiendo = str(Path(sys.executable).with_name("tiendo"))
        command = [tiendo, "serve", "--port", str(port), "--workers", WORKERS]
        self.process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                urlopen(f"http://localhost:{port}/healthz/live", timeout=5).close()
            except OSError:
                time.sleep(0.2)
            else:
                return port
        raise SystemExit("the house does not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)


LINES = threading.local()


def asked(
    port: int, address: str, body: bytes, **headers: str
) -> tuple[int, dict[str, Any], float]:
    """One request on this sender's own line; the answer and how long it took."""
    began = time.perf_counter()
    for fresh in (False, True):  # a line that idled too long was closed by the house
        if fresh or getattr(LINES, "line", None) is None:
            LINES.line = http.client.HTTPConnection("localhost", port, timeout=120)
        try:
            LINES.line.request("POST", address, body, headers)
            answer = LINES.line.getresponse()
            told = answer.read()
            return answer.status, json.loads(told or b"{}"), time.perf_counter() - began
        except (http.client.HTTPException, OSError):
            if fresh:
                raise
    raise AssertionError


def hour(port: int, owed: list[Owed]) -> list[Sent]:
    """Everybody presses the button at their instant."""
    start = time.perf_counter() + 1
    with ThreadPoolExecutor(SENDERS) as people:
        return list(people.map(lambda one: submitted(port, one, start), owed))


def submitted(port: int, owed: Owed, start: float) -> Sent:
    """Two files, then the report that names them; some send it once more."""
    pressed = start + owed.at
    time.sleep(max(pressed - time.perf_counter(), 0))
    bearer = {"Authorization": f"Bearer {owed.key}"}
    statuses, took, seals = [], [], []
    for number, file in enumerate(owed.files, 1):
        address = f"/api/v1/parts/{owed.part}/evidence"
        status, told, seconds = asked(port, address, multipart(file, number), **MULTIPART, **bearer)
        statuses.append(status)
        took.append(seconds)
        seals.append(told.get("seal", ""))
    words = {"words": "All records are cleared.", "is_final": True, "evidence": seals}
    once = {"Idempotency-Key": f"bench-{owed.part}", "Content-Type": "application/json", **bearer}
    for _time in range(2 if owed.twice else 1):
        address = f"/api/v1/parts/{owed.part}/reports"
        status, told, seconds = asked(port, address, json.dumps(words).encode(), **once)
        statuses.append(status)
        took.append(seconds)
    mine = [one for part in told.get("parts", []) for one in part.get("reports", [])]
    report = (
        mine[-1]["id"]
        if mine
        else Report.objects.filter(part=owed.part).values_list("pk", flat=True).first() or 0
    )
    return Sent(owed, statuses, took, time.perf_counter() - pressed, report)


MULTIPART = {"Content-Type": "multipart/form-data; boundary=tiendo"}


def multipart(file: bytes, number: int) -> bytes:
    named = f'--tiendo\r\nContent-Disposition: form-data; name="file"; filename="proof-{number}.pdf"\r\n'
    return named.encode() + b"Content-Type: application/pdf\r\n\r\n" + file + b"\r\n--tiendo--\r\n"


def verdicts(port: int, sent: list[Sent], judge: str) -> dict[int, bool]:
    """Somebody outside judges every report: one in five is returned."""
    given = {one.report: one.owed.part % 5 != 0 for one in sent if one.report}
    headers = {"Authorization": f"Bearer {judge}", "Content-Type": "application/json"}

    def judged(report: int) -> int:
        words = {
            "accepted": given[report],
            "note": "Read.",
            "reason": "" if given[report] else "evidence",
        }
        return asked(
            port, f"/api/v1/reports/{report}/verdict", json.dumps(words).encode(), **headers
        )[0]

    with ThreadPoolExecutor(8) as people:
        print(f"verdicts: {dict(Counter(people.map(judged, given)))}")
    return given


# What must be so ----------------------------------------------------------------------------------


def faults_of_sending(sent: list[Sent]) -> list[str]:
    return [
        f"part {one.owed.part} was answered {one.statuses}"
        for one in sent
        if set(one.statuses) != {201}
    ]


def faults_of_rows(sent: list[Sent]) -> list[str]:
    """One report for each, with its two files, byte by byte; one entry of the record each."""
    reports = Counter(Report.objects.values_list("part", flat=True))
    faults = [
        f"part {o.owed.part} has {reports[o.owed.part]} reports"
        for o in sent
        if reports[o.owed.part] != 1
    ]
    kept: dict[int, set[str]] = {}
    for part, digest in Evidence.objects.values_list("report__part", "digest"):
        kept.setdefault(part, set()).add(digest)
    for one in sent:
        wanted = {hashlib.sha256(file).hexdigest() for file in one.owed.files}
        if kept.get(one.owed.part) != wanted:
            faults.append(f"part {one.owed.part} has other files than were sent")
        faults += [f"a file of part {one.owed.part} is gone" for d in wanted if not whole(d)]
    told = Entry.objects.filter(act="tasks.submitted").count()
    return faults + ([f"{told} entries of {len(sent)}"] if told != len(sent) else [])


def whole(digest: str) -> bool:
    """Whether the file kept under this hash has it."""
    with default_storage.open(place_of(digest)) as file:
        return hashlib.sha256(file.read()).hexdigest() == digest


def faults_of_verdicts(sent: list[Sent], judged: dict[int, bool]) -> list[str]:
    """Accepted: done on the day it was sent, in time or late by its own day. Returned: open, with the reason."""
    faults = []
    parts = Part.objects.in_bulk([one.owed.part for one in sent])
    found = {verdict.report_id: verdict for verdict in Verdict.objects.select_related("report")}
    for one in sent:
        part, verdict = parts[one.owed.part], found.get(one.report)
        if verdict is None or verdict.accepted != judged[one.report]:
            faults.append(f"part {part.pk} has no verdict, or another than was given")
            continue
        day = day_of(verdict.report.sent_at)
        stands = cell(is_open=part.is_open, due_on=part.due_on, done_on=part.done_on, on=day)
        wanted = "done_late" if one.owed.past else "done_in_time"
        right = (part.status, part.done_on, stands) == ("done", day, wanted)
        if not (
            right if verdict.accepted else (part.status, verdict.reason) == ("returned", "evidence")
        ):
            faults.append(f"part {part.pk} stands as {part.status}, {stands}")
    return faults


def show(words: str, times: list[float]) -> None:
    ordered = sorted(times)
    marks = {p: ordered[min(int(len(ordered) * p / 100), len(ordered) - 1)] for p in (50, 95, 99)}
    print(
        f"{words:38}",
        *(f"p{p} {seconds * 1000:8,.0f} ms" for p, seconds in marks.items()),
        f"({len(ordered):,})",
    )


if __name__ == "__main__":
    sys.exit(main())
