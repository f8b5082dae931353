"""A unit named by typing: the written name is resolved on a day, and when in doubt the person chooses."""

from datetime import date

from tiendo.documents.texts import sound_line
from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Kind, Unit, UnitCode
from tiendo.orgs.naming import Naming, unit_named

LIKELY = (Kind.BODY, Kind.MINISTRY, Kind.AGENCY, Kind.PROVINCE, Kind.PARTY, Kind.COMMITTEE)
LIKELY_MOST = 200


def named(written: str, *, on: date, picked: str = "") -> Naming:
    """The unit of that day with this name, where the words can be kept at all."""
    try:
        return unit_named(sound_line(written, ""), on=on, picked=picked)
    except Invalid as refusal:
        return Naming(why=str(refusal))


def likely_units(on: date) -> list[str]:
    """Names for the list under the field: those who usually sign or lead, by kind, as called that day."""
    rows = Unit.objects.as_of(on).filter(kind__in=LIKELY).with_names()
    order = {kind.value: place for place, kind in enumerate(LIKELY)}
    units = sorted(rows[:LIKELY_MOST], key=lambda unit: (order[unit.kind], unit.pk))
    return [unit.name_on(on) for unit in units]


def unit_of_symbol(org: str, on: date) -> Unit | None:
    """Who signs with this abbreviation on that day, when only one does."""
    rows = UnitCode.objects.as_of(on).filter(system="symbol", code__iexact=org)
    codes = list(rows.select_related("unit")[:2]) if org else []
    return codes[0].unit if len(codes) == 1 else None
