"""How long it takes to give one task to every commune of the country.

    python bench/giving.py                                    SQLite, in a scratch folder
    python tools/with_postgres.py python bench/giving.py      PostgreSQL

3,321 units; the first time the seats of their heads are written down too. Prints processor time of this process, wall
time and the number of statements.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
SCRATCH = tempfile.TemporaryDirectory(prefix="tiendo-bench-")
os.environ["TIENDO_VAR"] = SCRATCH.name  # never the house's own database
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiendo.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from makers import Cast, an_issued  # noqa: E402
from tiendo.kit import clock  # noqa: E402
from tiendo.orgs.models import Kind, Unit  # noqa: E402
from tiendo.tasks.actions_beneath import give  # noqa: E402
from tiendo.tasks.sets import Chosen, units_of  # noqa: E402

UNITS = 3_321


class Counted:
    """Counts statements and changes nothing of them."""

    n = 0

    def __call__(self, execute, sql, params, many, context):
        self.n += 1
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if os.environ.get("EACH"):
                print(
                    f"    {(time.perf_counter() - began) * 1000:7.1f} ms  {' '.join(sql.split())[:90]}"
                )


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cast = Cast()
    made = Unit.objects.bulk_create(
        Unit(key=f"bench.{n}", kind=Kind.COMMUNE, begins_on=clock.today()) for n in range(UNITS)
    )
    for unit in made:
        unit.path = f"{cast.province.path}{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"], batch_size=500)
    print(f"{connection.vendor}: one task to {UNITS:,} units")
    for words in ("with their seats", "again", "and again", "and again"):
        task = an_issued(cast)
        began, spent, counted = time.perf_counter(), time.process_time(), Counted()
        with connection.execute_wrapper(counted):
            give(task, list(units_of(Chosen.COMMUNES, clock.today())), by=cast.office)
        wall, spent = time.perf_counter() - began, time.process_time() - spent
        told = (
            f"{wall * 1000:7.0f} ms wall  {spent * 1000:7.0f} ms processor  {counted.n} statements"
        )
        print(f"  {words:<18} {told}")


if __name__ == "__main__":
    main()
