"""What is checked on the spot: the lot is announced with its seed, drawn after the period, and each finding is written down."""

import secrets
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.kit import clock
from tiendo.kit.clock import day_of
from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.proof import root_of
from tiendo.ledger.record import record
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.tasks.actions import require_outside
from tiendo.tasks.drawing import drawn
from tiendo.tasks.models import Check, Draw
from tiendo.tasks.reads import named, results_of
from tiendo.tasks.states import SHARES, Finding, Level

SEED = 16  # bytes


@transaction.atomic
def announce(
    unit: Unit,
    *,
    by: Person,
    starts_on: date,
    ends_on: date,
    shares: Mapping[str, int] | None = None,
    seed: str = "",
) -> Draw:
    """Publish the seed of a lot over the results of a period that has not ended yet, and the share of each level."""
    require(by, "tasks.draw", unit)
    shares = {str(level): int(n) for level, n in (shares or SHARES).items()}
    require_shares(shares)
    require_period(starts_on, ends_on, clock.today())
    now, seed = clock.now(), seed.strip() or secrets.token_hex(SEED)
    draw = Draw.objects.create(
        unit=unit, seed=seed, shares=shares, starts_on=starts_on, ends_on=ends_on,
        announced_at=now, announced_by=by,
    )  # fmt: skip
    record(
        "tasks.draw_announced", draw, by=by, seed=seed, shares=shares, starts_on=starts_on, ends_on=ends_on,
        unit=unit.name_on(None, "vi"), unit_key=unit.key,
    )  # fmt: skip
    return draw


def require_shares(shares: Mapping[str, int]) -> None:
    if set(shares) - set(Level.values) or not all(0 <= n <= 100 for n in shares.values()):
        raise Invalid(
            _("A share is a whole percent from 0 to 100, for each level."), field="shares"
        )


def require_period(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on <= starts_on:
        raise Invalid(_("The period ends after it begins."), field="ends_on")
    if ends_on <= today:
        raise Invalid(
            _(
                "Announce a lot before its period ends: nobody may know the list when the seed is published."
            ),
            field="ends_on",
        )


@transaction.atomic
def draw_lots(draw: Draw, *, by: Person) -> Draw:
    """After the period: the lot falls on results that were sent in it and accepted by now."""
    require(by, "tasks.draw", draw.unit)
    now = clock.now()
    if day_of(now) < draw.ends_on:
        raise Refused(_("This lot is drawn when its period is over."))
    results = results_of(draw, now)
    root = root_of([list(row) for row in results])
    taken = Draw.objects.filter(pk=draw.pk, drawn_at__isnull=True).update(
        root=root, size=len(results), drawn_at=now, drawn_by=by
    )
    if not taken:
        raise Refused(_("This lot has been drawn already: a lot is drawn once."))
    chosen = drawn(draw.seed, root, results, draw.shares)
    Check.objects.bulk_create(
        (Check(draw=draw, report_id=one.number, level=one.level, rank=one.rank) for one in chosen),
        batch_size=1_000,
    )
    record("tasks.drawn", draw, by=by, root=root, size=len(results), checks=len(chosen))
    draw.refresh_from_db()
    return draw


@transaction.atomic
def find(check: Check, *, by: Person, finding: Finding, note: str) -> Check:
    """What somebody from outside saw on the spot; not the one whose verdict is being checked."""
    part = check.report.part
    require(by, "tasks.verify", part.verifier)
    require_outside(by, part)
    if check.report.verdict.by_id == by.pk:
        raise Forbidden(_("Somebody else than who accepted the result checks it on the spot."))
    if not note.strip():
        raise Invalid(_("Say it in a few words."), field="note")
    entry = record(
        "tasks.checked", part.task, by=by, **named(part), number=check.report.number,
        draw=check.draw_id, finding=str(finding), note=note,
    )  # fmt: skip
    written = Check.objects.filter(pk=check.pk, finding="").update(
        finding=finding, note=note, found_at=entry.at, found_by=by
    )
    if not written:
        raise Refused(_("This result has been checked already; its finding stays."))
    check.refresh_from_db()
    return check
