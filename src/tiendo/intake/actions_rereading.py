"""A text is read again, because it or the reader's rules have changed: what people decided stays."""

from django.db import transaction
from django.db.models import Max

from tiendo.intake.models import Intake, Proposal
from tiendo.intake.readings import Found, found_in
from tiendo.intake.rereading import READ_AGAIN, Compared, compared
from tiendo.intake.states import Status
from tiendo.intake.turns import take_turn
from tiendo.kit.permission import require
from tiendo.ledger.record import record, require_unchanged
from tiendo.people.models import Person

PLACED = ["start", "end", "more", "bits", "is_gone", "turn"]
BATCH = 500


@transaction.atomic
def read_again(
    intake: Intake, *, by: Person, found: Found | None = None, saw: int | None = None
) -> Compared:
    """Keep the new reading beside the decisions. Who has time reads before the transaction."""
    require(by, "intake.decide", intake)
    turn = take_turn(intake)
    require_unchanged(intake, saw)
    found = found or found_in(intake.document)
    kept = list(intake.proposals.prefetch_related("made_into"))
    told = compared(kept, found.proposals, intake.document.text)
    record(
        "intake.read_again", intake, by=by, saw=saw, reader=found.reader,
        new=len(told.new) + len(told.revived), refreshed=len(told.refreshed),
        withdrawn=len(told.withdrawn), gone=len(told.gone),
    )  # fmt: skip
    keep(intake, told, found.reader, by, turn)
    Intake.objects.filter(pk=intake.pk).update(
        reader=found.reader, text_hash=found.text_hash,
        sentences=[list(span) for span in found.sentences],
    )  # fmt: skip
    return told


def keep(intake: Intake, told: Compared, reader: str, by: Person, turn: int) -> None:
    """Write what the new reading changes; each proposal that changed says so in its own record."""
    for one in told.refreshed:
        record("intake.refreshed", one, by=by, number=one.number, reader=reader)
    for one in told.revived:
        one.status = Status.WAITING
        record("intake.proposed", one, by=by, number=one.number)
    for one in told.withdrawn:
        one.status = Status.REPLACED
        record("intake.withdrawn", one, by=by, number=one.number, reader=reader)
    changed = [*told.moved, *told.gone, *told.refreshed, *told.revived, *told.withdrawn]
    for proposal in changed:
        proposal.turn = turn
    fields = [*dict.fromkeys([*PLACED, "status", *(n.removesuffix("_id") for n in READ_AGAIN)])]
    Proposal.objects.bulk_update(changed, fields, batch_size=BATCH)
    last = intake.proposals.aggregate(last=Max("number"))["last"] or 0
    for number, new in enumerate(told.new, last + 1):
        new.intake, new.number, new.turn = intake, number, turn
    Proposal.objects.bulk_create(told.new, batch_size=BATCH)
