"""The country's table of sectors, by which tasks are grouped."""

from django.db import transaction

from tiendo.kit.permission import WholeTree, require
from tiendo.ledger.record import record
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.tasks.models import Sector

NAMES = ("name_vi", "name_en", "name_fr", "name_ru")


@transaction.atomic
def load_sectors(rows: list[dict[str, str]], *, by: Person, country: Unit) -> int:
    """Sectors in the order of the pack's table; says how many changed and changes nothing twice."""
    require(by, "orgs.load_pack", WholeTree())
    known = {sector.code: sector for sector in Sector.objects.all()}
    changed = 0
    for place, row in enumerate(rows, 1):
        told = {**{name: row[name] for name in NAMES}, "position": place}
        sector = known.get(row["code"])
        if sector is not None and all(getattr(sector, name) == told[name] for name in told):
            continue
        Sector.objects.update_or_create(code=row["code"], defaults=told)
        changed += 1
    if changed:
        record("tasks.sectors_loaded", country, by=by, count=changed)
    return changed
