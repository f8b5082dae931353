"""How texts stand to each other: a person says it, of two whole texts or of two places."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo.documents.models import Citation, Document, Provision, Relation
from tiendo.documents.stages import take_effect
from tiendo.documents.states import Bond, Cited, Secrecy
from tiendo.kit import clock
from tiendo.kit.permission import require
from tiendo.kit.refusals import Invalid, Refused
from tiendo.ledger.record import record
from tiendo.people.models import Person


@transaction.atomic
def bind(
    document: Document,
    kind: Bond,
    other: Document,
    *,
    by: Person,
    provision: Provision | None = None,
    other_provision: Provision | None = None,
    citation: Citation | None = None,
) -> Relation:
    """Say how this text (or one place of it) stands to another; what it cites may be settled by it."""
    require(by, "documents.register", document)
    require_two(document, other)
    require_own_places(document, provision, other, other_provision)
    try:
        with transaction.atomic():
            relation = Relation.objects.create(
                document=document, kind=kind, other=other, provision=provision,
                other_provision=other_provision, by=by, at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Invalid(_("This relation stands here already."), field="other") from None
    if citation is not None:
        settle(citation, Cited.BOUND, relation)
    record("documents.bound", document, by=by, **named(relation))
    take_effect(document, by)
    return relation


@transaction.atomic
def unbind(relation: Relation, *, by: Person) -> None:
    """Take a relation back; what it was read from waits again."""
    require(by, "documents.register", relation.document)
    relation.citations.update(status=Cited.WAITING, relation=None)
    record("documents.unbound", relation.document, by=by, **named(relation))
    relation.delete()


@transaction.atomic
def set_aside(citation: Citation, *, by: Person) -> Citation:
    """The text only mentions this document; no relation comes from it."""
    require(by, "documents.register", citation.document)
    settle(citation, Cited.ASIDE, None)
    record("documents.set_aside", citation.document, by=by, symbol=citation.symbol)
    return citation


def settle(citation: Citation, status: Cited, relation: Relation | None) -> None:
    waits = Citation.objects.filter(pk=citation.pk, status=Cited.WAITING)
    if not waits.update(status=status, relation=relation):
        raise Refused(_("Somebody has decided about this number already. Look at the page again."))


def named(relation: Relation) -> dict[str, Any]:
    """The other text for the record; a graded one is not named to whoever may read only this one."""
    other = relation.other
    is_open = other.secrecy == Secrecy.OPEN or relation.document.secrecy != Secrecy.OPEN
    place = relation.provision.address if relation.provision else ""
    return {
        "bond": str(relation.kind),
        "symbol": (other.symbol or other.title) if is_open else "graded",
        "place": place,
    }


def require_two(document: Document, other: Document) -> None:
    if other.pk in (document.pk, document.original_id) or other.original_id == document.pk:
        raise Invalid(_("A text has no relation to itself. Name another text."), field="other")
    if document.original_id or other.original_id:
        raise Invalid(
            _("Relations are kept with the text in its own language, not with a translation."),
            field="other",
        )


def require_own_places(
    document: Document,
    provision: Provision | None,
    other: Document,
    other_provision: Provision | None,
) -> None:
    if provision and provision.document_id != document.pk:
        raise Invalid(_("This place is not in this text."), field="provision")
    if other_provision and other_provision.document_id != other.pk:
        raise Invalid(_("This place is not in the other text."), field="other_provision")
