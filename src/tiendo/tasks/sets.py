"""Whom a task is given to: a set with a name, such as all communes of a province, or a list made by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Kind, Unit, UnitName
from tiendo.orgs.names import fold

MOST = 20_000  # units of one giving
TRIES = 20  # names that several units bear, asked one by one


class Chosen(TextChoices):
    """The sets that have a name."""

    PROVINCES = "provinces", _("All provinces and cities")
    COMMUNES = "communes", _("All communes, wards and special zones")
    MINISTRIES = "ministries", _("All ministries and agencies")
    DEPARTMENTS = "departments", _("All departments")
    LISTED = "listed", _("A list made by hand")


KINDS: dict[str, tuple[Kind, ...]] = {
    Chosen.PROVINCES: (Kind.PROVINCE,),
    Chosen.COMMUNES: (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE),
    Chosen.MINISTRIES: (Kind.MINISTRY, Kind.AGENCY),
    Chosen.DEPARTMENTS: (Kind.DEPARTMENT,),
}


def units_of(chosen: str, on: date, *, within: Unit | None = None) -> Any:
    """The units of a named set that stand on a day, in the whole country or beneath one unit."""
    units = Unit.objects.as_of(on).filter(kind__in=KINDS[chosen])
    if within is not None:
        units = units.within(within).exclude(pk=within.pk)
    return units.order_by("path")


def units_named(lines: Sequence[str], one: Any) -> list[Unit]:
    """Units by their names or keys, one a line: one question for all, `one` tells apart those that share a name."""
    wanted = [line.strip() for line in lines if line.strip()]
    if len(wanted) > MOST:
        raise Invalid(_t("Name at most %(most)s units at once.") % {"most": MOST}, field="units")
    known = units_by_word(wanted)
    unclear = [line for line in wanted if len(known.get(line, ())) != 1]
    told = {line: told_apart(line, one) for line in dict.fromkeys(unclear[:TRIES])}
    if len(unclear) > TRIES:
        raise Invalid(
            _t("These names are not clear: %(names)s. Write them in full, or by their keys.")
            % {"names": "; ".join(unclear[:TRIES])},
            field="units",
        )
    found = [
        known[line][0] if line in known and line not in told else told[line] for line in wanted
    ]
    return list(dict.fromkeys(found))


def told_apart(line: str, one: Any) -> Unit:
    try:
        unit: Unit = one(line)
    except ValidationError as unclear:
        raise Invalid(" ".join(unclear.messages), field="units") from None
    return unit


def units_by_word(lines: Sequence[str]) -> dict[str, list[Unit]]:
    """For each line the standing units that are called so, or carry this key."""
    folded = {line: fold(line) for line in lines}
    named: dict[str, set[int]] = {}
    rows = UnitName.objects.filter(
        folded__in=set(folded.values()) | {line.casefold() for line in lines},
        ends_on=None,
        unit__ends_on=None,
    )
    for word, unit in rows.values_list("folded", "unit"):
        named.setdefault(word, set()).add(unit)
    by_key = Unit.objects.filter(key__in=lines, ends_on=None).in_bulk(field_name="key")
    units = Unit.objects.in_bulk({pk for found in named.values() for pk in found})
    return {
        line: [by_key[line]]
        if line in by_key
        else [
            units[pk] for pk in sorted(named.get(word, set()) | named.get(line.casefold(), set()))
        ]
        for line, word in folded.items()
    }
