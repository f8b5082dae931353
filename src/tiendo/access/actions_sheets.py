"""People and roles brought in by a spreadsheet: all of it or nothing, one act with one entry."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.access.actions_invitations import LETTER
from tiendo.access.giving import require_may_give
from tiendo.access.models import Grant, Invitation, Sheet
from tiendo.access.sheets import Judged, Outcome, Row, judged
from tiendo.kit import clock, jobs
from tiendo.kit.permission import require
from tiendo.kit.refusals import Refused
from tiendo.ledger import root_of
from tiendo.ledger.record import record
from tiendo.people.models import Person


class SheetWrong(Refused):
    """Some line is wrong, or nothing in it is new; `judged` says which and why."""

    code = "sheet-wrong"
    status = 422

    def __init__(self, message: str, sheet: Judged) -> None:
        super().__init__(message, field="file")
        self.judged = sheet


@transaction.atomic
def bring_in(laid: Sequence[Sequence[str]], *, by: Person, name: str, house: str) -> Sheet:
    """Give the known their roles and invite the others; whoever is invited gets a letter, never a password."""
    now, today = clock.now(), clock.today()
    asked = judged(laid, by=by, on=today, now=now)
    require_good(asked)
    require_all_given(asked.news, by)
    rows = [list(row[1:]) for row in laid]
    sheet = Sheet.objects.create(
        name=name[:200], root=root_of(rows), rows=rows, path=common(asked.news), by=by, at=now
    )
    given = [grant_of(row, sheet, today) for row in asked.having(Outcome.GIVE)]
    Grant.objects.bulk_create(given, batch_size=500)
    letters = [*invite_all(asked, sheet, now), *invite_again(asked, sheet, now)]
    record(
        "access.brought_in", sheet, by=by, name=sheet.name, root=sheet.root, rows=len(rows),
        given=len(given), invited=len(letters),
    )  # fmt: skip
    if letters:
        jobs.enqueue(LETTER, letters, house)
    return sheet


def require_good(asked: Judged) -> None:
    if asked.wrong:
        raise SheetWrong(
            _(
                "Nothing was brought in: some lines are wrong. Correct them and send the sheet again."
            ),
            asked,
        )
    if not asked.news:
        raise SheetWrong(_("Nothing in this sheet is new, so nothing was changed."), asked)


def require_all_given(rows: Sequence[Row], by: Person) -> None:
    """The same questions as for one: each role over each unit once."""
    for unit in dict.fromkeys(row.unit for row in rows if row.unit):
        require(by, "people.welcome", unit)
        require(by, "access.grant", unit)
    for role, unit in dict.fromkeys((row.role, row.unit) for row in rows if row.role and row.unit):
        require_may_give(by, role, unit)


def common(rows: Sequence[Row]) -> str:
    """The path beneath which all units of the sheet lie."""
    shared, *others = [row.unit.path.split("/")[:-1] for row in rows if row.unit]
    for steps in others:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(shared, steps, strict=False))
        shared = [step for step, _other in same]
    return "".join(f"{step}/" for step in shared)


def grant_of(row: Row, sheet: Sheet, today: Any) -> Grant:
    return Grant(
        role=str(row.role), unit=row.unit, person=row.person, given_by=sheet.by, sheet=sheet,
        starts_on=row.starts_on or today, ends_on=row.ends_on,
    )  # fmt: skip


def invite_all(asked: Judged, sheet: Sheet, now: Any) -> list[int]:
    fresh = [
        Invitation(
            unit=row.unit, role=str(row.role), email=row.email, name=row.words["name"][:120],
            language=row.language, starts_on=row.starts_on, ends_on=row.ends_on,
            given_by=sheet.by, sheet=sheet,
        )
        for row in asked.having(Outcome.INVITE)
    ]  # fmt: skip
    for invitation in fresh:
        invitation.begin(now)
    return [one.pk for one in Invitation.objects.bulk_create(fresh, batch_size=500)]


def invite_again(asked: Judged, sheet: Sheet, now: Any) -> list[int]:
    """Those whose 72 hours were over get another letter."""
    late = [row.invitation for row in asked.having(Outcome.AGAIN) if row.invitation]
    for invitation in late:
        invitation.given_by, invitation.sheet = sheet.by, sheet
        invitation.begin(now)
        invitation.save()
    return [one.pk for one in late]
