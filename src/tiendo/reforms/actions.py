"""Prepare a reform, revise it, drop it, carry it out. Carrying out is one transaction over all rooms: all of it, or nothing."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.access import actions_handover as roles
from tiendo.documents.models import Document
from tiendo.documents.symbols import fold_symbol
from tiendo.intake import actions_handover as proposals
from tiendo.kit import clock
from tiendo.kit.permission import require
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused
from tiendo.kit.words import day_in_words
from tiendo.ledger.origin import told
from tiendo.ledger.record import record
from tiendo.orgs import actions as tree
from tiendo.orgs import actions_handover as seats
from tiendo.orgs import actions_reforms as endings_of_units
from tiendo.orgs.actions_reforms import take_over
from tiendo.orgs.models import Unit
from tiendo.people.models import Person
from tiendo.reforms.changes import GSO, Step
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import Plan
from tiendo.reforms.preview import Preview, preview_of, previewed
from tiendo.reforms.states import Kind, Status
from tiendo.reforms.units import key_for, over, units_of
from tiendo.tasks import actions_handover as work


class Hindered(Refused):
    """Something stands in the way; each is named."""

    code = "hindered"

    def __init__(self, message: str, missing: list[str]) -> None:
        super().__init__(message)
        self.missing = missing


@transaction.atomic
def prepare(
    kind: Kind,
    *,
    by: Person,
    on: date,
    basis: str,
    plan: Plan,
    document: Document | None = None,
) -> Reform:
    """Write a reform down before its day: nothing moves, and those concerned do not see it yet."""
    unit = answers_for(kind, plan, on)
    require(by, "reforms.prepare", unit)
    require_basis(basis)
    reform = Reform.objects.create(
        kind=kind, unit=unit, on=on, basis=basis.strip(), plan=plan.stored(),
        document=document or text_with(basis, by), prepared_by=by, prepared_at=clock.now(),
    )  # fmt: skip
    record("reforms.prepared", reform, by=by, kind=kind.value, basis=reform.basis, effect_on=on)
    return reform


@transaction.atomic
def revise(
    reform: Reform, *, by: Person, on: date, basis: str, plan: Plan, saw: int | None = None
) -> Reform:
    """Change the plan; whoever revised it last answers for it, so somebody else carries it out."""
    require(by, "reforms.prepare", reform)
    require_prepared(reform)
    unit = answers_for(Kind(reform.kind), plan, on)
    require(by, "reforms.prepare", unit)
    require_basis(basis)
    record("reforms.revised", reform, by=by, saw=saw, basis=basis.strip(), effect_on=on)
    reform.unit, reform.on, reform.basis = unit, on, basis.strip()
    reform.plan, reform.prepared_by = plan.stored(), by
    reform.document = text_with(basis, by)
    settle(reform, "unit", "on", "basis", "plan", "prepared_by", "document")
    return reform


@transaction.atomic
def drop(reform: Reform, *, by: Person, reason: str, saw: int | None = None) -> Reform:
    """Give a prepared reform up; it stays listed with its reason."""
    require(by, "reforms.prepare", reform)
    require_prepared(reform)
    if not reason.strip():
        raise Invalid(_("Say it in a few words."), field="reason")
    record("reforms.dropped", reform, by=by, saw=saw, basis=reform.basis, reason=reason.strip())
    reform.status, reform.reason = Status.DROPPED, reason.strip()
    settle(reform, "status", "reason")
    return reform


@transaction.atomic
def carry_out(reform: Reform, *, by: Person, seen: str = "") -> Reform:
    """The tree changes and each room hands over what it owns, in one transaction; `seen` is the preview somebody agreed to."""
    require(by, "reforms.carry_out", reform)
    require_prepared(reform)
    require_another(by, reform)
    require_day(reform)
    preview = previewed(reform)
    lock(preview)
    preview = previewed(reform)
    require_no_conflict(preview)
    require_seen(preview, seen)
    preview = founded(reform, preview, by)
    counts: dict[str, Any] = preview.counts  # before what they count has moved
    reform.status, reform.outcome = Status.CARRIED_OUT, moved(reform, preview, counts, by)
    reform.carried_out_by, reform.carried_out_at = by, clock.now()
    settle(reform, "status", "outcome", "carried_out_by", "carried_out_at")
    reform.concerned.set(concerned(preview))
    record("reforms.carried_out", reform, by=by, basis=reform.basis, effect_on=reform.on, **counts)
    return reform


def lock(preview: Preview) -> None:
    """Whoever names one of these units meanwhile waits until we are through (SQLite lets one write at a time anyway)."""
    numbers = sorted(unit.pk for unit in preview.ended)
    list(Unit.objects.select_for_update().filter(pk__in=numbers).values_list("pk"))


def founded(reform: Reform, preview: Preview, by: Person) -> Preview:
    """Found the new units first; then the preview names them as they are."""
    if not preview.plan.new:
        return preview
    units = dict(preview.units)
    for place, new in enumerate(preview.plan.new, start=1):
        beneath, names = units[new.beneath], {str(lang): text for lang, text in new.names.items()}
        key = key_for(new, beneath)
        unit = tree.found(key, new.kind, names, by=by, beneath=beneath, on=reform.on)
        if new.code:
            endings_of_units.recode(unit, GSO, new.code, by=by, on=reform.on, basis=reform.basis)
        units[-place] = unit
    found = preview_of(Kind(reform.kind), preview.plan, reform.on, units)
    require_no_conflict(found)
    return found


def moved(reform: Reform, preview: Preview, counts: dict[str, Any], by: Person) -> dict[str, Any]:
    """Each room hands over its own; what was done is kept with the reform, by numbers."""
    told: dict[str, Any] = {"by": by, "over": reform.unit, "basis": reform.basis}
    dated = {**told, "on": reform.on}
    waiting = [one.part.pk for one in preview.work.waiting]
    heirs = {ending.unit.pk: ending for ending in preview.endings}
    take_over(preview.endings, preview.changes.children, **dated)
    for step in preview.changes.steps:
        if not step.told:
            take(step, reform, by)
    seats.hand_over(preview.seats, preview.endings, **dated)
    given = roles.hand_over(preview.roles.bequests, **dated)
    parts = work.hand_over(preview.work, **dated)
    asked = proposals.hand_over(preview.proposals, heirs, **told)
    return {
        "counts": counts,
        "endings": [
            [e.unit.pk, [[h.unit.pk, h.share and str(h.share)] for h in e.heirs], e.told.value]
            for e in preview.endings
        ],
        "steps": [[step.unit.pk, step.act, step.told] for step in preview.changes.steps],
        "moved": sorted(preview.changes.paths),
        "parts": parts.passed,
        "drafts": parts.readdressed,
        "waiting": waiting,
        "verifiers": parts.verified_by_another,
        "grants": asdict(given),
        "tenures": [tenure.pk for tenure in preview.seats.tenures],
        "posts": [post.pk for post in preview.seats.posts],
        "proposals": asked,
    }


def concerned(preview: Preview) -> set[Unit]:
    """On whose pages the reform is told."""
    heirs = {heir.unit for ending in preview.endings for heir in ending.heirs}
    return {*preview.ended, *heirs, *(step.unit for step in preview.changes.steps)}


def take(step: Step, reform: Reform, by: Person) -> None:
    on, basis = reform.on, reform.basis
    if step.act == "move":
        tree.move(step.unit, step.value, by=by, on=on)
    elif step.act == "rename":
        tree.rename(step.unit, *step.value, by=by, on=on)
    elif step.act == "recode":
        endings_of_units.recode(step.unit, GSO, step.value, by=by, on=on, basis=basis)
    else:
        endings_of_units.change_kind(step.unit, step.value, by=by, on=on, basis=basis)


def settle(reform: Reform, *fields: str) -> None:
    """Write it, unless somebody else has carried it out or dropped it meanwhile."""
    values = {name: getattr(reform, name) for name in fields}
    changed = Reform.objects.filter(pk=reform.pk, status=Status.PREPARED).update(**values)
    if not changed:
        raise ChangedMeanwhile(_("Somebody else has just changed this reform. Look at it again."))


def text_with(basis: str, by: Person) -> Document | None:
    """The registered text with this symbol, when the person may read it and there is only one."""
    found = Document.objects.visible_to(by).filter(symbol_folded=fold_symbol(basis))
    rows = list(found[:2]) if basis.strip() else []
    return rows[0] if len(rows) == 1 else None


def answers_for(kind: Kind, plan: Plan, on: date) -> Unit:
    require_whole(kind, plan)
    return over(kind, plan, units_of(plan, on), on)


# What stands guard --------------------------------------------------------------------------------


def require_whole(kind: Kind, plan: Plan) -> None:
    """The plan names what its kind of reform needs."""
    needs = {
        Kind.MERGE: bool(plan.units and len(plan.heirs) == 1),
        Kind.SPLIT: len(plan.units) == 1 and len(plan.heirs) > 1,
        Kind.MOVE: bool(plan.units) and plan.beneath is not None,
        Kind.RENAME: len(plan.units) == 1 and bool(plan.names or plan.code),
        Kind.CHANGE_KIND: bool(plan.units) and plan.becomes is not None,
        Kind.ABOLISH: plan.beneath is not None and plan.level is not None,
    }
    if not needs[kind]:
        raise Invalid(missing_words(kind), field="units")
    strange = [heir.unit for heir in plan.heirs if -heir.unit > len(plan.new)]
    strange += [pk for pk in (*plan.children.values(), *plan.parts.values()) if -pk > len(plan.new)]
    strange += [one.unit for one in plan.grants.values() if one.unit and -one.unit > len(plan.new)]
    if strange or any(not text.strip() for new in plan.new for text in (*new.names.values(),)):
        raise Invalid(_("A new unit is named that the plan does not found."), field="new")
    if any(not new.names for new in plan.new):
        raise Invalid(_("Give the unit a name in at least one language."), field="new")


def missing_words(kind: Kind) -> str:
    return {
        Kind.MERGE: _("Name the units that merge and the one that takes over."),
        Kind.SPLIT: _("Name the unit that is split and at least two units that take over."),
        Kind.MOVE: _("Name the units that move and the unit they hang beneath then."),
        Kind.RENAME: _("Name one unit, and its new name or its new code."),
        Kind.CHANGE_KIND: _("Name the units and the kind they become."),
        Kind.ABOLISH: _("Name the kind of units that is abolished and the unit beneath which."),
    }[kind]


def require_basis(basis: str) -> None:
    if not basis.strip():
        raise Invalid(_("Name the legal text by its symbol, such as 202/2025/QH15."), field="basis")


def require_prepared(reform: Reform) -> None:
    if not reform.is_prepared:
        raise Refused(
            _("This reform is “%(status)s”: nothing more can be done with it.")
            % {"status": reform.get_status_display()}
        )


def require_another(by: Person, reform: Reform) -> None:
    """Two people: in a told database one person may try both."""
    if reform.prepared_by_id == by.pk and told() is None:
        raise Forbidden(_("You prepared this reform. Somebody else must carry it out."))


def require_day(reform: Reform) -> None:
    if clock.today() < reform.on:
        raise Refused(
            _("This reform takes effect on %(day)s. It can be carried out from that day on.")
            % {"day": day_in_words(reform.on)}
        )


def require_no_conflict(preview: Preview) -> None:
    if preview.conflicts:
        said = [conflict.words for conflict in preview.conflicts]
        raise Hindered(
            _("This reform cannot be carried out yet. First settle this: %(first)s")
            % {"first": said[0]},
            said,
        )


def require_seen(preview: Preview, seen: str) -> None:
    if seen and seen != preview.fingerprint:
        raise ChangedMeanwhile(
            _("What would move has changed since you looked. Look at it again, then carry it out.")
        )
