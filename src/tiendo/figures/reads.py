"""What stands beside a figure's rows on a page: names, days as days, what was claimed and verified."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tiendo.figures.engine import Pair, Row
from tiendo.kit.dates import from_microseconds
from tiendo.orgs.models import Unit
from tiendo.tasks.models import Report
from tiendo.tasks.timing import Claim, claim

DAYS = ("first_due_on", "due_on", "done_on", "issued_on", "was_due_on", "asked_on")


def unit_names(on: date, *lists: Iterable[Row], column: str = "unit_id") -> dict[int, str]:
    """Names, on that day, of all units that appear in the rows: two questions, whatever the rows."""
    wanted: set[Any] = {row.get(column) or row.get("id") for rows in lists for row in rows}
    return {
        unit.pk: unit.short_name_on(on) for unit in Unit.objects.filter(pk__in=wanted).with_names()
    }


def dated(row: Row) -> Row:
    """Day numbers become days; days late or left come with the cell."""
    days = {name: date.fromordinal(row[name]) for name in DAYS if row.get(name) is not None}
    moments = {"since": from_microseconds(row["since"])} if "since" in row else {}
    return {**row, **days, **moments}


def days_of(row: Row, on: date) -> int | None:
    """Days late, or days left for what is open in time; None where no date says."""
    if row["cell"] in {"open_late", "done_late"}:
        return int(row["days_late"])
    if row["cell"] == "open_in_time":
        return int(row["due_on"]) - on.toordinal()
    return None


def claims(rows: Iterable[Row], at: Pair) -> dict[int, Claim]:
    """For parts that reported an amount by then: what is claimed, what of it was accepted, and the light."""
    rows = list(rows)
    told = amounts([row["part_id"] for row in rows], at.known_at)
    return {
        row["part_id"]: claim_of(row, told[row["part_id"]], at.true_on)
        for row in rows
        if row["part_id"] in told
    }


def claim_of(row: Row, told: tuple[Decimal, Decimal, Decimal], on: date) -> Claim:
    claimed, verified, out_of = told
    row = dated(row)
    return claim(
        claimed=claimed, verified=verified, out_of=out_of,
        issued_on=row["issued_on"], due_on=row["due_on"], done_on=row["done_on"], on=on,
    )  # fmt: skip


def amounts(parts: list[int], known_at: datetime) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """The last amount reported by then, the last one accepted by then, and out of how many."""
    reports: Any = (  # their amounts are not empty: the question asks for those only
        Report.objects.filter(part_id__in=parts, amount__isnull=False, sent_at__lte=known_at)
        .select_related("verdict")
        .order_by("part_id", "number")
    )
    told: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for report in reports:
        verified = told.get(report.part_id, (Decimal(0),) * 3)[1]
        if was_accepted(report, known_at):
            verified = report.amount
        told[report.part_id] = (report.amount, verified, report.out_of)
    return told


def was_accepted(report: Any, known_at: datetime) -> bool:
    verdict = getattr(report, "verdict", None)
    return verdict is not None and verdict.accepted and verdict.at <= known_at
