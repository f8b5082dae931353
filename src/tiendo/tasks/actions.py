"""Everything a person can do with a task. Each asks, changes, records, in one transaction."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tiendo.documents.files import Kept
from tiendo.documents.models import Document, Provision
from tiendo.documents.states import Secrecy
from tiendo.kit import clock, jobs
from tiendo.kit.clock import day_of
from tiendo.kit.permission import can, require, roots
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.record import record, require_unchanged
from tiendo.orgs.models import Unit
from tiendo.orgs.reads import heirs as heirs_of
from tiendo.people.models import Person
from tiendo.tasks import turns
from tiendo.tasks.asked import PartWording as PartWording
from tiendo.tasks.asked import add_part, require_apart
from tiendo.tasks.clears import unclear
from tiendo.tasks.models import (
    Evidence,
    Extension,
    Occurrence,
    Part,
    Programme,
    Report,
    Task,
    Verdict,
)
from tiendo.tasks.passing import passed_on, succession_of
from tiendo.tasks.reads import (
    gains_time,
    name_of,
    named,
    parts_beneath,
    report_number,
    score_of,
    wording_of,
)
from tiendo.tasks.reuse import LOOK, is_picture
from tiendo.tasks.rights import giving
from tiendo.tasks.states import NOT_YET, OPEN, WORKABLE, ReturnReason, Role, Status, leading_to


class NotClear(Refused):
    """The gate: what is missing before a task may be issued."""

    code = "not-clear"
    status = 422

    def __init__(self, message: str, missing: list[str]) -> None:
        super().__init__(message)
        self.missing = missing


@transaction.atomic
def open_programme(
    unit: Unit, *, by: Person, symbol: str, title: str, document: Document | None = None
) -> Programme:
    """Begin to follow a resolution."""
    require(by, "tasks.plan", unit)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                unit=unit, symbol=symbol, title=title, document=document
            )
    except IntegrityError:
        raise Invalid(
            _("This unit already follows a programme with this symbol."), field="symbol"
        ) from None
    record("tasks.programme_opened", programme, by=by, symbol=symbol, title=title)
    return programme


@transaction.atomic
def draft(
    programme: Programme,
    *,
    by: Person,
    title: str,
    lead: PartWording,
    co_parts: tuple[PartWording, ...] = (),
    document: Document | None = None,
    provision: Provision | None = None,
    **wording: Any,
) -> Task:
    """Write a task down: nobody outside the office sees it until it is issued."""
    require(by, "tasks.plan", programme.unit)
    task = Task.objects.create(
        programme=programme,
        number=next_number(programme),
        unit=programme.unit,
        title=title,
        document=document,
        provision=provision,
        secrecy=gravest(wording.pop("secrecy", None), document),
        **wording,
    )
    add_part(task, lead, Role.LEAD)
    for helper in co_parts:
        add_part(task, helper, Role.WITH)
    record("tasks.drafted", task, by=by, title=title, number=task.number)
    return task


def gravest(asked: str | None, document: Document | None) -> str:
    """The grade asked for, and never a lower one than that of the text the task comes from."""
    grades = list(Secrecy.values)
    wanted = asked or Secrecy.OPEN
    return max(wanted, document.secrecy if document else Secrecy.OPEN, key=grades.index)


def next_number(programme: Programme) -> int:
    """The programme's next task number; two offices writing at once get two numbers."""
    Programme.objects.filter(pk=programme.pk).update(last_number=F("last_number") + 1)
    programme.refresh_from_db(fields=["last_number"])
    return programme.last_number


@transaction.atomic
def bring_in(task: Task, wanted: PartWording, *, by: Person) -> Part:
    """Name a unit that helps with a draft."""
    require(by, giving("tasks.plan", task), task.unit)
    require_status(task.lead, {Status.DRAFT})
    part = add_part(task, wanted, Role.WITH)
    record("tasks.brought_in", task, by=by, unit=name_of(part), product=part.product)
    require_status(task.lead, NOT_YET)  # it may have gone out while we waited our turn
    return part


@transaction.atomic
def reword(
    task: Task,
    *,
    by: Person,
    saw: int,
    lead: PartWording,
    co_parts: tuple[PartWording, ...] | None = None,
    **wording: Any,
) -> Task:
    """Change a draft. Two editors cannot both win: the second is shown what changed.

    Without `co_parts` the helping units stay as they are.
    """
    require(by, giving("tasks.plan", task), task.unit)
    require_unchanged(task, saw)
    require_status(task.lead, {Status.DRAFT})
    record("tasks.reworded", task, by=by, saw=saw, title=wording.get("title", task.title))
    if "secrecy" in wording:
        wording["secrecy"] = gravest(wording["secrecy"], task.document)
    for name in ("secrecy", "is_key") if task.above_id else ():  # what holds above holds beneath
        wording.pop(name, None)
    for name, value in wording.items():
        setattr(task, name, value)
    task.save(update_fields=list(wording))
    if co_parts is not None:
        task.parts.filter(role=Role.WITH, status=Status.DRAFT).delete()  # a draft part has no past
    change_draft_part(task.lead, lead, task)
    for helper in co_parts or ():
        add_part(task, helper, Role.WITH)
    return task


def change_draft_part(part: Part, wanted: PartWording, task: Task) -> None:
    part.unit, part.post, part.product = wanted.unit, wanted.seat(), wanted.product
    part.due_on, part.cycle = wanted.due_on, wanted.cycle
    part.cycle_ends_on = wanted.cycle_ends_on if wanted.cycle else None
    part.verifier = wanted.verifier or task.unit
    require_apart(part.verifier, part.unit)
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError:
        raise Invalid(
            _("Each unit has one part in a task. Name every unit once."), field="unit"
        ) from None


@transaction.atomic
def split(task: Task, *, by: Person, saw: int | None, first: str, second: str) -> Task:
    """Two actions in one sentence become two drafts, alike but for the work; gives the second."""
    require(by, giving("tasks.plan", task), task.unit)
    require_unchanged(task, saw)
    require_status(task.lead, {Status.DRAFT})
    for name, words in (("first", first), ("second", second)):
        require_words(words, name)
    other = Task.objects.get(pk=task.pk)
    other.pk, other.title, other.number = None, second, next_beside(task)
    other._state.adding = True
    other.save()
    for part in task.parts.order_by("role", "pk"):
        add_part(other, as_worded(part), Role(part.role))
    Task.objects.filter(pk=task.pk).update(title=first)
    for one, words in ((task, first), (other, second)):
        record("tasks.split", one, by=by, first=first, second=second, title=words)
    task.title = first
    return other


def next_beside(task: Task) -> int:
    """The next number in the same row: of the programme, or beneath the same task."""
    if task.above_id is None:
        return next_number(task.programme)
    Task.objects.filter(pk=task.above_id).update(last_number=F("last_number") + 1)
    return int(Task.objects.values_list("last_number", flat=True).get(pk=task.above_id))


def as_worded(part: Part) -> PartWording:
    return PartWording(
        unit=part.unit, post=part.post, product=part.product, due_on=part.due_on, cycle=part.cycle,
        cycle_ends_on=part.cycle_ends_on, verifier=part.verifier,
    )  # fmt: skip


@transaction.atomic
def issue(task: Task, *, by: Person, overrule: str = "", saw: int | None = None) -> Task:
    """Send a task out. The six clears and a measure stand guard; the committee's head may overrule with a note."""
    require(by, giving("tasks.issue", task), task.unit)
    require_unchanged(task, saw)
    require_status(task.lead, {Status.DRAFT})
    missing = unclear(wording_of(task))
    if missing and not may_overrule(by, task, overrule):
        raise NotClear(
            _("This task is not clear enough to be issued. See what is missing."), missing
        )
    entry = record(
        "tasks.issued", task, by=by, saw=saw, title=task.title,
        due_on=turns.first(task.lead, clock.today()) or task.lead.due_on,
        wording=score_of(task).points, lead=name_of(task.lead), lead_key=task.lead.unit.key,
    )  # fmt: skip
    task.issued_on = day_of(entry.at)
    task.save(update_fields=["issued_on"])
    for part in task.parts.all():
        require_standing(part, task.issued_on)
        require_status(part, NOT_YET)  # somebody may have sent it out while we waited our turn
        due = turns.first(part, task.issued_on) or part.due_on
        part.move_to(Status.ISSUED, entry=entry, by=by, note=overrule, first_due_on=due, due_on=due)
        if part.cycle:
            Occurrence.objects.create(part=part, number=1, first_due_on=due, due_on=due)
    return task


def may_overrule(by: Person, task: Task, note: str) -> bool:
    if note.strip():
        require(by, "tasks.overrule", task.unit)
    return bool(note.strip())


@transaction.atomic
def receive(part: Part, *, by: Person) -> Part:
    """The unit's desk confirms that the part arrived. Opening the page records nothing; this does."""
    require(by, "tasks.report", part.unit)
    require_status(part, leading_to(Status.RECEIVED))
    entry = record("tasks.received", part.task, by=by, **named(part))
    part.move_to(Status.RECEIVED, entry=entry, by=by)
    return part


@transaction.atomic
def accept(part: Part, *, by: Person) -> Part:
    """The unit takes the part on."""
    require(by, "tasks.answer", part.unit)
    require_status(part, leading_to(Status.ACCEPTED))
    entry = record("tasks.accepted", part.task, by=by, **named(part))
    part.move_to(Status.ACCEPTED, entry=entry, by=by)
    return part


@transaction.atomic
def refuse(part: Part, *, by: Person, reason: str) -> Part:
    """The unit sends the part back to the office that gave it, and says why."""
    require(by, "tasks.answer", part.unit)
    require_status(part, leading_to(Status.REFUSED))
    require_words(reason, "reason")
    entry = record("tasks.refused", part.task, by=by, **named(part), reason=reason)
    part.move_to(Status.REFUSED, entry=entry, by=by, note=reason)
    return part


@transaction.atomic
def reissue(part: Part, *, by: Person, note: str) -> Part:
    """The office answers a refusal: the part goes out again."""
    require(by, giving("tasks.issue", part.task), part.task.unit)
    require_status(part, {Status.REFUSED})  # a draft goes out through its gate
    require_words(note, "note")
    entry = record("tasks.reissued", part.task, by=by, **named(part), note=note)
    part.move_to(Status.ISSUED, entry=entry, by=by, note=note)
    return part


@transaction.atomic
def transfer(part: Part, unit: Unit, *, by: Person, reason: str) -> Part:
    """The assigning side hands a part to another unit, with its product, its first date and the date in force.

    The old part stays listed as transferred; its reports stay with those who sent them.
    """
    require(by, giving("tasks.issue", part.task), part.task.unit)
    require_status(part, leading_to(Status.TRANSFERRED))
    require_words(reason, "reason")
    require_apart(part.verifier, unit)
    require_new_to(part.task, unit)
    entry = record(
        "tasks.transferred", part.task, by=by, **named(part),
        to=unit.name_on(None, "vi"), to_key=unit.key, reason=reason,
    )  # fmt: skip
    return passed_on(part, unit, entry=entry, by=by, note=reason)


@transaction.atomic
def join(part: Part, into: Part, *, by: Person, reason: str) -> Part:
    """Two open parts of one clause that met in one unit become one, once; both histories stay.

    The one that goes on is due no later than the other, so that nobody gains time by it.
    """
    require(by, giving("tasks.issue", part.task), part.task.unit)
    require(by, giving("tasks.issue", into.task), into.task.unit)
    require_joinable(part, into)
    require_words(reason, "reason")
    entry = record(
        "tasks.joined", part.task, by=by, **named(part), number=into.task.label,
        programme=into.task.programme.symbol, reason=reason,
    )  # fmt: skip
    if into.task_id != part.task_id:
        record(
            "tasks.joined_by", into.task, by=by, **named(into), number=part.task.label,
            programme=part.task.programme.symbol, reason=reason,
        )  # fmt: skip
    part.move_to(Status.TRANSFERRED, entry=entry, by=by, note=reason, handed_to=into)
    return into


@transaction.atomic
def report(
    part: Part,
    *,
    by: Person,
    words: str,
    obstacle: str = "",
    amount: Decimal | None = None,
    out_of: Decimal | None = None,
    is_final: bool = False,
    nothing_new: bool = False,
    files: tuple[Kept, ...] = (),
    statement: str = "",
    begun_at: datetime | None = None,
    number: int | None = None,
) -> Report:
    """The unit says what it did. A final report, with a file or a signed statement, asks for a verdict.

    What counts is the instant it arrives: a report begun before the last minute of its day and sent after is late (ADR 27).

    `number` is the one its writer expects it to get: when a colleague was faster, the second reads the first.
    """
    require(by, "tasks.report", part.unit)
    require_workable(part)
    require_words(words, "words")
    require_fraction(amount, out_of)
    if is_final and not files and not statement.strip():
        raise Invalid(
            _("Add a file that shows the product, or a statement, then send the report."),
            field="files",
        )
    told = Report(
        part=part, words=words, obstacle=obstacle, amount=amount, out_of=out_of,
        is_final=is_final, nothing_new=nothing_new, number=next_report(part, number), sent_by=by,
        statement=statement, begun_at=begun_at,
        occurrence=turns.open_turn(part) if is_final else None,
    )  # fmt: skip
    act = (
        "tasks.nothing_new" if nothing_new else "tasks.submitted" if is_final else "tasks.reported"
    )
    entry = record(act, part.task, by=by, **named(part), number=told.number, files=len(files))
    keep_report(told, entry, files)
    part.move_to(status_after(told), entry=entry, by=by)
    return told


def next_report(part: Part, expected: int | None) -> int:
    """The number of the part's next report; somebody who expected another has not seen the last one."""
    number = report_number(part)
    if expected is not None and expected != number:
        raise AlreadyReported(
            _(
                "Report %(number)s has been sent meanwhile. Read it, then send yours if it is still needed."
            )
            % {"number": number - 1}
        )
    return number


class AlreadyReported(Refused):
    code = "already-reported"


def keep_report(told: Report, entry: Entry, files: tuple[Kept, ...]) -> None:
    told.sent_at = entry.at
    if told.nothing_new:
        require_silence_since(told.part, day_of(entry.at))
    try:
        with transaction.atomic():
            told.save()
    except IntegrityError:  # two colleagues in the same instant
        next_report(told.part, told.number)
        raise
    kept = [
        Evidence.objects.create(report=told, digest=file.digest, name=file.name, size=file.size)
        for file in files
    ]
    pictures = [one.pk for one in kept if is_picture(one.name)]
    if pictures:
        jobs.enqueue(LOOK, pictures)


def status_after(told: Report) -> Status:
    """A final report waits for its verdict, any other means work; “nothing new” leaves the part where it was."""
    if told.nothing_new:
        return Status(told.part.status)
    return Status.SUBMITTED if told.is_final else Status.UNDER_WAY


@transaction.atomic
def verify(report: Report, *, by: Person, note: str = "", saw: int | None = None) -> Verdict:
    """Somebody outside the unit finds the product there. Done happened the day it was submitted, and is known from now."""
    part = report.part
    require_outside(by, part)
    require_unchanged(part.task, saw)
    require_awaiting(report)
    turn = finish_turn(report)
    facts = {**named(part), "number": report.number}
    if turn is not None:
        entry = record(
            "tasks.turn_verified", part.task, by=by, saw=saw, **facts, due_on=turn.due_on
        )
        verdict = judge(report, entry, by, accepted=True, note=note)
        part.move_to(
            Status.UNDER_WAY, entry=entry, by=by, note=note,
            first_due_on=turn.first_due_on, due_on=turn.due_on,
        )  # fmt: skip
        return verdict
    entry = record("tasks.verified", part.task, by=by, saw=saw, **facts)
    verdict = judge(report, entry, by, accepted=True, note=note)
    done_on = day_of(report.sent_at)
    part.move_to(Status.DONE, entry=entry, by=by, note=note, true_on=done_on, done_on=done_on)
    return verdict


def finish_turn(report: Report) -> Occurrence | None:
    """Of a part that repeats: its turn is done on the day it was sent; gives the next one, nothing after the last."""
    if report.occurrence_id is None:
        return None
    Occurrence.objects.filter(pk=report.occurrence_id).update(done_on=day_of(report.sent_at))
    return turns.next_turn(report.part)


@transaction.atomic
def send_back(
    report: Report, *, by: Person, reason: ReturnReason, note: str, saw: int | None = None
) -> Verdict:
    """Somebody outside the unit does not find the product, and says what is missing."""
    part = report.part
    require_outside(by, part)
    require_unchanged(part.task, saw)
    require_awaiting(report)
    require_words(note, "note")
    entry = record(
        "tasks.returned", part.task, by=by, saw=saw, **named(part), number=report.number, note=note
    )
    verdict = judge(report, entry, by, accepted=False, note=note, reason=reason)
    part.move_to(Status.RETURNED, entry=entry, by=by, note=note)
    pass_on_if_ended(part, by, day_of(entry.at))
    return verdict


def pass_on_if_ended(part: Part, by: Person, on: date) -> None:
    """A report that waited through a reform and came back: whoever took over the unit goes on with the part."""
    came = succession_of(part.unit, on)
    if came is None or part.verifier.path.startswith(came.new.path):
        return
    reason = came.legal_basis
    entry = record(
        "tasks.transferred", part.task, by=by, **named(part),
        to=came.new.name_on(on, "vi"), to_key=came.new.key, reason=reason,
    )  # fmt: skip
    passed_on(part, came.new, entry=entry, by=by, note=reason)


def judge(
    report: Report, entry: Entry, by: Person, *, accepted: bool, note: str, reason: str = ""
) -> Verdict:
    try:
        with transaction.atomic():
            return Verdict.objects.create(
                report=report, accepted=accepted, reason=reason, note=note, at=entry.at, by=by,
                unit=report.part.verifier,
            )  # fmt: skip
    except IntegrityError:  # two verifiers in the same instant: the first verdict stands
        raise Refused(_("This report is not waiting for a verdict.")) from None


@transaction.atomic
def ask_extension(part: Part, *, by: Person, asked_on: date, reason: str) -> Extension:
    """The unit asks for another date, before or after the one in force has passed."""
    require(by, "tasks.report", part.unit)
    require_workable(part)
    require_words(reason, "reason")
    if part.due_on is None:
        raise Invalid(_("This part has no date to extend."), field="asked_on")
    if asked_on <= part.due_on:
        raise Invalid(_("Ask for a day after the one in force."), field="asked_on")
    entry = record(
        "tasks.extension_asked", part.task, by=by, **named(part),
        due_on=part.due_on, asked_on=asked_on, reason=reason,
    )  # fmt: skip
    try:
        with transaction.atomic():
            return Extension.objects.create(
                part=part, was_due_on=part.due_on, asked_on=asked_on, reason=reason,
                asked_at=entry.at, asked_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("A request for a new date is already waiting for its answer.")) from None


@transaction.atomic
def decide_extension(extension: Extension, *, by: Person, granted: bool, note: str) -> Extension:
    """The assigning side grants or declines. The first date stays either way."""
    part = extension.part
    require(by, giving("tasks.extend", part.task), part.task.unit)
    if extension.asked_by == by:
        raise Forbidden(_("Somebody else must answer a request that you made."))
    require_words(note, "note")
    act = "tasks.extension_granted" if granted else "tasks.extension_declined"
    entry = record(
        act, part.task, by=by, **named(part),
        due_on=extension.was_due_on, asked_on=extension.asked_on, note=note,
    )  # fmt: skip
    decided = Extension.objects.filter(pk=extension.pk, granted__isnull=True).update(
        granted=granted, decided_at=entry.at, decided_by=by, note=note
    )
    if not decided:
        raise Refused(_("This request has already been answered."))
    if granted:
        if part.status not in OPEN:
            raise Refused(_("This part is no longer open, so its date cannot change."))
        part.move_to(Status(part.status), entry=entry, by=by, note=note, due_on=extension.asked_on)
        if (turn := turns.open_turn(part)) is not None:
            Occurrence.objects.filter(pk=turn.pk).update(due_on=extension.asked_on)
    extension.refresh_from_db()
    return extension


@transaction.atomic
def drop(task: Task, *, by: Person, reason: str) -> Task:
    """Stop following a task and what lies beneath it. It stays listed with its reason and leaves the rates."""
    require(by, giving("tasks.issue", task), task.unit)
    going_on = [part for part in task.parts.all() if part.status in OPEN | NOT_YET]
    if not going_on:
        raise Refused(_("This task is already closed."))
    require_words(reason, "reason")
    entry = record("tasks.dropped", task, by=by, title=task.title, reason=reason)
    for part in going_on:
        part.move_to(Status.DROPPED, entry=entry, by=by, note=reason)
    Part.move_all_to(Status.DROPPED, parts_beneath(task), entry=entry, by=by, note=reason)
    return task


@transaction.atomic
def suspend(part: Part, *, by: Person, reason: str) -> Part:
    """Hold a part; it counts as open while it rests."""
    require(by, giving("tasks.issue", part.task), part.task.unit)
    require_status(part, leading_to(Status.SUSPENDED))
    require_words(reason, "reason")
    entry = record("tasks.suspended", part.task, by=by, **named(part), reason=reason)
    part.move_to(Status.SUSPENDED, entry=entry, by=by, note=reason)
    return part


@transaction.atomic
def resume(part: Part, *, by: Person, note: str) -> Part:
    """Take a suspended part up again."""
    require(by, giving("tasks.issue", part.task), part.task.unit)
    require_status(part, {Status.SUSPENDED})
    require_words(note, "note")
    entry = record("tasks.resumed", part.task, by=by, **named(part), note=note)
    part.move_to(Status.UNDER_WAY, entry=entry, by=by, note=note)
    return part


# What stands guard --------------------------------------------------------------------------------


def require_outside(by: Person, part: Part) -> None:
    """The doer can never verify: nobody who may report for the unit may judge its reports."""
    require(by, "tasks.verify", part.verifier)
    if can(by, "tasks.report", part.unit) or not judges_from_outside(by, part):
        raise Forbidden(_("Somebody outside the unit must verify this report."))


def judges_from_outside(by: Person, part: Part) -> bool:
    """Whether the right to verify comes from elsewhere than the doer: not by a merger, nor by having sent the report."""
    if part.reports.filter(sent_by=by, is_final=True).exists():
        return False
    heirs = [part.verifier, *heirs_of(part.verifier)]
    if not any(one.path.startswith(part.unit.path) for one in heirs):
        return True
    above = part.unit.path.removesuffix(f"{part.unit.pk}/")
    return any(above.startswith(root) for root in roots(by, "tasks.verify"))


def require_new_to(task: Task, unit: Unit) -> None:
    if task.parts.filter(unit=unit).exclude(status=Status.TRANSFERRED).exists():
        raise Invalid(_("Each unit has one part in a task. Name every unit once."), field="unit")


def require_joinable(part: Part, into: Part) -> None:
    """Both open, of one unit, of one clause; the lead is not joined to a helper; no time is gained."""
    require_status(part, leading_to(Status.TRANSFERRED))
    require_status(into, OPEN)
    if part.is_lead and part.task.beneath.exists():
        raise Refused(_("Other tasks lie beneath this one: join the other part to it."))
    if part == into or part.unit_id != into.unit_id or not is_one_clause(part.task, into.task):
        raise Refused(_("Only two parts of one unit that come from one clause can be joined."))
    if part.is_lead and not into.is_lead:
        raise Refused(_("A lead part goes on: join the other part to it."))
    if gains_time(part, into):
        raise Refused(_("Join the part that is due later to the one that is due first."))


def is_one_clause(one: Task, other: Task) -> bool:
    return one == other or (one.provision_id is not None and one.provision_id == other.provision_id)


def require_standing(part: Part, on: date) -> None:
    if part.unit.ends_on is not None and part.unit.ends_on <= on:
        raise Refused(
            _("%(unit)s no longer exists. Name the unit that took over, then issue the task.")
            % {"unit": part.unit.name}
        )


def require_awaiting(report: Report) -> None:
    newest = report.part.reports.order_by("-number").first()
    if report.part.status != Status.SUBMITTED or newest != report or not report.is_final:
        raise Refused(_("This report is not waiting for a verdict."))


def require_workable(part: Part) -> None:
    if part.status in {Status.ISSUED, Status.RECEIVED}:
        raise Refused(_("Accept the task first, or refuse it with a reason."))
    if part.status == Status.SUBMITTED:
        raise Refused(_("A report is waiting for its verdict. Wait for it, then go on."))
    require_status(part, WORKABLE)


def require_status(part: Part, wanted: set[Status]) -> None:
    if part.status not in wanted:
        raise Refused(
            _("This cannot be done while the part is “%(status)s”.")
            % {"status": part.get_status_display()}
        )


def require_silence_since(part: Part, day: date) -> None:
    """“Nothing new” is said once a day: a second tap is not a second report."""
    newest = part.reports.order_by("-number").first()
    if newest is not None and newest.nothing_new and day_of(newest.sent_at) == day:
        raise Refused(_("You have already said today that there is nothing new."))


def require_words(words: str, field: str) -> None:
    if not words.strip():
        raise Invalid(_("Say it in a few words."), field=field)


def require_fraction(amount: Decimal | None, out_of: Decimal | None) -> None:
    if (amount is None) != (out_of is None):
        raise Invalid(_("A number needs both parts: how many, out of how many."), field="amount")
    if amount is not None and out_of is not None and not (out_of > 0 and amount >= 0):
        raise Invalid(
            _("How many cannot be below zero, and out of how many must be more."), field="out_of"
        )
