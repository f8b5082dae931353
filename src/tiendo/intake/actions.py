"""What a person decides about a proposal: a new task, one that follows it already, or none; and taking that back."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo.documents.models import Document
from tiendo.intake.models import Intake, Proposal
from tiendo.intake.readings import Found, found_in, hash_of
from tiendo.intake.states import MOVES, Status
from tiendo.intake.turns import take_turn
from tiendo.kit import clock
from tiendo.kit.permission import require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import lost_to, record, version_of
from tiendo.orgs.models import Post, Unit
from tiendo.people.models import Person
from tiendo.tasks import actions as tasks
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Programme, Task


class AlreadyRead(Refused):
    code = "already-read"


@transaction.atomic
def read_document(document: Document, *, by: Person, found: Found | None = None) -> Intake:
    """Keep what the reader found, for people to decide. Who has time reads before the transaction."""
    require(by, "intake.decide", document)
    found = found or found_in(document)
    try:
        with transaction.atomic():
            intake = Intake.objects.create(
                document=document,
                reader=found.reader,
                read_at=clock.now(),
                read_by=by,
                sentences=[list(span) for span in found.sentences],
                text_hash=found.text_hash or hash_of(document.text),
            )
    except IntegrityError:
        raise AlreadyRead(_("This text has already been read. Open its reading desk.")) from None
    for proposal in found.proposals:
        proposal.intake = intake
    Proposal.objects.bulk_create(found.proposals, batch_size=500)
    record("intake.read", intake, by=by, count=len(found.proposals))
    return intake


@transaction.atomic
def accept(
    proposal: Proposal,
    *,
    by: Person,
    programme: Programme,
    title: str,
    lead: Unit,
    post: Post | None = None,
    product: str = "",
    due_on: date | None = None,
    cycle: str = "",
    verifier: Unit | None = None,
    partners: tuple[Unit, ...] = (),
    saw: int | None = None,
    **wording: Any,
) -> Task:
    """The proposal becomes a draft task with its source sentence for ever.

    `wording` is measure, authority, responsibility, is_key. Without a post, the unit's head answers for it.
    """
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.ACCEPTED, saw)
    if not title.strip():
        raise Invalid(_("Say in a few words what is to be done."), field="title")
    part = PartWording(
        unit=lead, post=post, by_head=post is None, product=product, due_on=due_on, cycle=cycle,
        verifier=verifier or proposal.intake.document.unit,
    )  # fmt: skip
    task = drafted(proposal, programme, title, part, partners, by, wording)
    record(
        "intake.accepted", proposal, by=by, saw=saw,
        number=proposal.number, task=task.number, title=title,
    )  # fmt: skip
    edited = is_edited(proposal, title, lead, due_on, cycle)
    settle(proposal, Status.ACCEPTED, by=by, turn=turn, task=task, edited=edited)
    return task


def drafted(
    proposal: Proposal,
    programme: Programme,
    title: str,
    lead: PartWording,
    partners: tuple[Unit, ...],
    by: Person,
    wording: dict[str, Any],
) -> Task:
    """The draft that a proposal becomes: it cites its document and provision and keeps the source sentence."""
    document = proposal.intake.document
    return tasks.draft(
        programme,
        by=by,
        title=title,
        lead=lead,
        co_parts=tuple(PartWording(unit=unit, verifier=lead.verifier) for unit in partners),
        document=document,
        provision=proposal.provision,
        quote=proposal.quote,
        quote_language=document.language,
        **wording,
    )


def is_edited(proposal: Proposal, title: str, lead: Unit, due_on: date | None, cycle: str) -> bool:
    """Whether the person changed what the reader proposed."""
    proposed = (proposal.work, proposal.lead_id, proposal.due_on, proposal.cycle)
    return proposed != (title, lead.pk, due_on, cycle)


@transaction.atomic
def refuse(proposal: Proposal, *, by: Person, reason: str, saw: int | None = None) -> Proposal:
    """No task comes from this sentence; the reason stays with it."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.REFUSED, saw)
    if not reason.strip():
        raise Invalid(_("Say why no task comes from this sentence."), field="reason")
    record("intake.refused", proposal, by=by, saw=saw, number=proposal.number, reason=reason)
    return settle(proposal, Status.REFUSED, by=by, turn=turn, reason=reason)


@transaction.atomic
def follow(proposal: Proposal, *, by: Person, task: Task, saw: int | None = None) -> Proposal:
    """A task asks for the same already: the sentence is kept with it, and no second task is made."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.FOLLOWED, saw)
    if not Task.objects.visible_to(by).filter(pk=task.pk).exists():
        raise Invalid(_("Choose a task that you can see."), field="task")
    record(
        "intake.followed", proposal, by=by, saw=saw,
        number=proposal.number, task=task.number, title=task.title,
    )  # fmt: skip
    return settle(proposal, Status.FOLLOWED, by=by, turn=turn, follows=task)


@transaction.atomic
def reopen(proposal: Proposal, *, by: Person, saw: int | None = None) -> Proposal:
    """Take a refusal back, or that a task follows it already: the proposal waits again."""
    require(by, "intake.decide", proposal)
    turn = take_turn(proposal.intake)
    require_move(proposal, Status.WAITING, saw)
    require_decided(proposal)
    record("intake.reopened", proposal, by=by, saw=saw, number=proposal.number)
    return settle(proposal, Status.WAITING, by=None, turn=turn, reason="", follows=None)


# What stands guard --------------------------------------------------------------------------------


def require_move(proposal: Proposal, status: Status, saw: int | None) -> None:
    """Only the moves of the table; whoever saw an older state is shown what happened since."""
    now = Proposal.objects.values_list("status", flat=True).get(pk=proposal.pk)
    if status in MOVES[Status(now)]:
        proposal.status = now
        return
    if saw is not None and saw != version_of(proposal):
        raise lost_to(proposal, saw)
    raise Refused(
        _("This proposal is “%(status)s”: it has been decided already.")
        % {"status": Status(now).label}
    )


def require_decided(proposal: Proposal) -> None:
    """What was cut or joined comes back another way: with all its parts."""
    if proposal.status == Status.REPLACED:
        raise Refused(
            _(
                "Other proposals stand in its place. Open one of them and take the change back there."
            )
        )


def settle(proposal: Proposal, status: Status, *, by: Person | None, **changes: Any) -> Proposal:
    """Write the decision unless somebody else was faster: then theirs stands, and this one is told."""
    was = version_of(proposal) - 1
    changes |= {"decided_at": clock.now() if by else None, "decided_by": by}
    moved = Proposal.objects.filter(pk=proposal.pk, status=proposal.status).update(
        status=status, **changes
    )
    if not moved:
        raise lost_to(proposal, was)
    proposal.status = status
    for name, value in changes.items():
        setattr(proposal, name, value)
    return proposal
