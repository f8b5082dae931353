"""How fast a large record is sealed, verified, and proved entry by entry.

    python bench/seals.py                                    SQLite, in a scratch folder
    python tools/with_postgres.py python bench/seals.py      PostgreSQL

200,000 entries under 200 seals; SIZE=nation for ten times as many.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
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

from tiendo.ledger import sealing  # noqa: E402
from tiendo.ledger.models import Entry, Seal  # noqa: E402
from tiendo.ledger.receipts import receipt  # noqa: E402
from tiendo.ledger.verifying import verify  # noqa: E402

ENTRIES = 2_000_000 if os.environ.get("SIZE") == "nation" else 200_000
UNDER_ONE = 1_000
DAWN = datetime(2025, 1, 2, tzinfo=UTC)
STEP = timedelta(seconds=1)


def main() -> None:
    call_command("migrate", verbosity=0)
    write()
    began = time.perf_counter()
    for number in range(ENTRIES // UNDER_ONE):
        upto = DAWN + STEP * ((number + 1) * UNDER_ONE - 1)
        sealing.seal_up_to(upto, upto + sealing.SKEW)
    took = time.perf_counter() - began
    print(f"{connection.vendor}: {ENTRIES:,} entries under {Seal.objects.count():,} seals")
    print(
        f"  sealing          {took / (ENTRIES // UNDER_ONE) * 1000:8.1f} ms a seal of {UNDER_ONE}"
    )
    began, spent = time.perf_counter(), time.process_time()
    found = verify()
    took = time.perf_counter() - began
    assert found.is_whole, found.faults[:5]  # noqa: S101
    spent = time.process_time() - spent
    rates = f"{ENTRIES / took:8,.0f} rows/s, {took:.1f} s for all"
    print(f"  verifying        {rates} ({ENTRIES / spent:,.0f} a second of its own processor time)")
    lot = Random(57)
    clock("a receipt", lambda: receipt(Entry.objects.get(pk=lot.randrange(1, ENTRIES))))
    clock(
        "nothing to seal", lambda: sealing.seal_up_to(DAWN + STEP * ENTRIES, DAWN + STEP * ENTRIES)
    )


def write() -> None:
    """Entries such as tasks leave: about a thing in five versions, with a few facts."""
    rows = (
        Entry(
            at=DAWN + STEP * number, act="tasks.reported", subject=f"tasks.task:{number // 5}",
            version=number % 5 + 1, by=f"people.person:{number % 900}", path=f"1/{number % 34}/",
            facts={"unit": "Sở Khoa học và Công nghệ", "unit_key": "vn.p.tuyen-quang", "number": number % 7,
                   "files": 2},
        )
        for number in range(ENTRIES)
    )  # fmt: skip
    with transaction.atomic():
        while batch := list(islice(rows, 10_000)):
            Entry.objects.bulk_create(batch)


def clock(words, call) -> None:
    times = []
    for _turn in range(20):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1_000)
    print(f"  {words:<16} {sorted(times)[10]:8.1f} ms   worst {max(times):8.1f}")


if __name__ == "__main__":
    main()
