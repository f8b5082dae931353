"""The steps of a text's life as they are written, and what a newer text does to an older one. Acts ask and record."""

from datetime import date

from django.utils.translation import gettext as _

from tiendo.documents.models import Document, Stage
from tiendo.documents.states import ENDS, MOVES, PUBLISHED, Bond, Secrecy, Status
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.kit.refusals import ChangedMeanwhile, Invalid
from tiendo.ledger.record import record
from tiendo.people.models import Person


def begin_stage(
    document: Document, status: Status, by: Person, due_on: date | None, note: str = ""
) -> Stage:
    return Stage.objects.create(
        document=document, status=status, begun_at=clock.now(), due_on=due_on, by=by, note=note
    )


def change(
    document: Document, status: Status, by: Person, due_on: date | None, note: str
) -> Document:
    """Write the status if nobody was faster, and keep the step; translations follow."""
    moved = Document.objects.filter(pk=document.pk, status=document.status).update(status=status)
    if not moved:
        raise ChangedMeanwhile(_("Somebody else has just moved this text. Look at it again."))
    facts = (
        "in_force_from",
        "in_force_to",
        "symbol",
        "symbol_folded",
        "year",
        "issued_on",
        "signer",
        "signer_post",
    )
    same = {name: getattr(document, name) for name in facts}
    Document.objects.filter(original=document).update(status=status, **same)
    document.status = status
    begin_stage(document, status, by, due_on, note)
    return document


def ended(document: Document, status: Status, by: Person, on: date, note: str) -> Document:
    """Amended, it goes on; replaced or expired, it holds until the day before."""
    if status != Status.AMENDED:
        if document.in_force_from and on <= document.in_force_from:
            raise Invalid(
                _("A text runs out after it came into force. Check both days."), field="on"
            )
        document.in_force_to = on
        document.save(update_fields=["in_force_to"])
    return change(document, status, by, None, note)


def take_effect(document: Document, by: Person) -> None:
    """What a signed text amends, replaces or repeals follows, where the same office keeps it; elsewhere its own says so."""
    if document.status not in PUBLISHED:
        return
    on = document.in_force_from or document.issued_on
    name = document.symbol if document.secrecy == Secrecy.OPEN else ""
    for relation in document.bonds.filter(kind__in=ENDS).select_related("other__unit"):
        other, status = relation.other, ENDS[Bond(relation.kind)]
        is_whole = relation.other_provision_id is None or status == Status.AMENDED
        is_later = other.in_force_from is None or on > other.in_force_from
        is_open = status in MOVES[Status(other.status)] and status != other.status
        if is_whole and is_later and is_open and can(by, "documents.register", other):
            record("documents.ended", other, by=by, stage=str(status), since_on=on, note=name)
            ended(other, status, by, on, name)
