"""The life of a text: drafted, out for opinions, appraised, signed, in force, ended; each step is kept with its clock."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.documents.entering import (
    entered,
    keep_citations,
    keep_provisions,
    line_of,
    number_once,
    required,
    type_named_by,
)
from tiendo.documents.files import Kept
from tiendo.documents.models import Document, DocumentType, Opinion, OpinionRequest
from tiendo.documents.stages import begin_stage, change, ended, take_effect
from tiendo.documents.states import ENDS, MOVES, UNSIGNED, Answer, Secrecy, Status
from tiendo.documents.symbols import fold_symbol, year_of
from tiendo.documents.texts import Read, read_in, sound
from tiendo.kit import clock
from tiendo.kit.permission import require
from tiendo.kit.refusals import ChangedMeanwhile, Invalid, Refused
from tiendo.ledger.record import record
from tiendo.orgs.models import Unit
from tiendo.people.models import Person

LONGEST_OPINION = 20_000  # characters


@transaction.atomic
def draft(
    unit: Unit,
    *,
    by: Person,
    issuer: Unit,
    title: str,
    text: str,
    language: str,
    file: Kept,
    type: DocumentType | None = None,
    secrecy: str = Secrecy.OPEN,
    due_on: date | None = None,
    read: Read | None = None,
) -> Document:
    """Begin a text: only its office sees it, and the units it asks; it has no number yet."""
    require(by, "documents.register", unit)
    today = clock.today()
    document = Document(
        unit=unit, issuer=issuer, title=required(line_of(title, "title"), "title"), text=sound(text),
        language=language, type=type, secrecy=secrecy, status=Status.DRAFT,
        issued_on=today, year=today.year, file_hash=file.digest, file_name=file.name, file_size=file.size,
        registered_by=by,
    )  # fmt: skip
    entered(document, (), read or read_in(document.text, language))
    record("documents.drafted", document, by=by, title=document.title, file=file.digest)
    begin_stage(document, Status.DRAFT, by, due_on)
    return document


@transaction.atomic
def reword(
    document: Document, *, by: Person, title: str, text: str, file: Kept, read: Read | None = None
) -> Document:
    """Another wording of a draft; what was said of the old one stays with its address."""
    require(by, "documents.register", document)
    require_unsigned(document)
    if document.bonds.filter(provision__isnull=False).exists():
        raise Refused(_("A relation names a place of this draft. Take it back first."))
    document.title, document.text = required(line_of(title, "title"), "title"), sound(text)
    document.file_hash, document.file_name, document.file_size = file.digest, file.name, file.size
    document.save(update_fields=["title", "text", "file_hash", "file_name", "file_size"])
    found = read or read_in(document.text, document.language)
    document.provisions.update(parent=None)
    document.provisions.all().delete()
    keep_provisions(document, found.provisions)
    document.citations.all().delete()
    keep_citations(document, found.cited)
    record("documents.reworded", document, by=by, title=document.title, file=file.digest)
    return document


@transaction.atomic
def move_on(
    document: Document, status: Status, *, by: Person, due_on: date | None = None, note: str = ""
) -> Document:
    """Move a draft to its next stage; signing and ending have acts of their own."""
    require(by, "documents.register", document)
    if status not in UNSIGNED:
        raise Invalid(_("A text is signed, and ended, by acts of their own."), field="status")
    require_move(document, status)
    require_ahead(due_on)
    if status == Status.APPRAISAL:
        require_answered(document)
    record("documents.moved_on", document, by=by, stage=str(status), due_on=due_on, note=note)
    return change(document, status, by, due_on, note)


@transaction.atomic
def ask_opinions(
    document: Document, units: Iterable[Unit], *, by: Person, due_on: date, note: str = ""
) -> list[OpinionRequest]:
    """Ask units what they think of a draft, until a day; each is asked once."""
    require(by, "documents.register", document)
    require_unsigned(document)
    require_ahead(due_on)
    known = set(document.opinion_requests.values_list("unit", flat=True))
    fresh = [unit for unit in dict.fromkeys(units) if unit.pk not in known]
    if not fresh:
        raise Invalid(_("Name at least one unit that was not asked yet."), field="units")
    now = clock.now()
    made = [
        OpinionRequest(document=document, unit=unit, due_on=due_on, asked_at=now, asked_by=by)
        for unit in fresh
    ]
    OpinionRequest.objects.bulk_create(made)
    record("documents.opinions_asked", document, by=by, count=len(made), due_on=due_on)
    if document.status != Status.OPINIONS:
        change(document, Status.OPINIONS, by, due_on, note)
    return list(document.opinion_requests.filter(unit__in=fresh))


@transaction.atomic
def give_opinion(
    request: OpinionRequest, *, by: Person, words: str = "", address: str = ""
) -> Opinion | None:
    """What a unit thinks, of one place or of the whole; without words it agrees. It may say several things."""
    require(by, "documents.opine", request.unit)
    require_asking(request.document)
    plain = sound(words, "words") if words.strip() else ""
    if len(plain) > LONGEST_OPINION:
        raise Invalid(
            _("Write it in at most %(most)s characters.") % {"most": LONGEST_OPINION}, field="words"
        )
    now = clock.now()
    OpinionRequest.objects.filter(pk=request.pk, answered_at=None).update(
        answered_at=now, answered_by=by
    )
    unit = request.unit.name_on(None, "vi")
    if not plain:
        record("documents.agreed", request.document, by=by, unit=unit, unit_key=request.unit.key)
        return None
    require_place(request.document, address)
    record(
        "documents.opinion_given", request.document, by=by,
        unit=unit, unit_key=request.unit.key, place=address,
    )  # fmt: skip
    return Opinion.objects.create(
        request=request, address=address, words=plain, given_at=now, given_by=by
    )


@transaction.atomic
def answer_opinion(opinion: Opinion, answer: Answer, *, by: Person, reason: str = "") -> Opinion:
    """Say of one opinion whether it is taken, partly, or not, and why; once."""
    document = opinion.request.document
    require(by, "documents.register", document)
    require_unsigned(document)
    if answer != Answer.TAKEN and not reason.strip():
        raise Invalid(_("Say why it is not taken as it is."), field="reason")
    waits = Opinion.objects.filter(pk=opinion.pk, answer="")
    facts = {"answer": answer, "reason": reason.strip(), "answered_at": clock.now()}
    if not waits.update(answered_by=by, **facts):
        raise ChangedMeanwhile(_("This opinion has been answered already. Look at it again."))
    unit = opinion.request.unit
    record(
        "documents.opinion_answered", document, by=by, answer=str(answer),
        unit=unit.name_on(None, "vi"), unit_key=unit.key, reason=reason.strip(),
    )  # fmt: skip
    opinion.refresh_from_db()
    return opinion


@transaction.atomic
def sign(
    document: Document,
    *,
    by: Person,
    symbol: str,
    signed_on: date,
    signer: str,
    signer_post: str = "",
    in_force_from: date | None = None,
) -> Document:
    """Enter the number and the signature: every opinion is answered, and the text may be read by all it concerns."""
    require(by, "documents.register", document)
    require_move(document, Status.SIGNED)
    require_answered(document)
    if signed_on > clock.today():
        raise Invalid(_("A text cannot be signed after today. Check the date."), field="signed_on")
    if in_force_from and in_force_from < signed_on:
        raise Invalid(_("A text comes into force after it is signed."), field="in_force_from")
    document.symbol = required(line_of(symbol, "symbol"), "symbol")
    document.symbol_folded, document.year = fold_symbol(document.symbol), year_of(symbol, signed_on)
    document.signer = required(line_of(signer, "signer"), "signer")
    document.signer_post = line_of(signer_post, "signer_post")
    document.issued_on, document.in_force_from = signed_on, in_force_from or signed_on
    document.type = document.type or type_named_by(document.symbol)
    with number_once(document):
        document.save(update_fields=SIGNATURE)
    record(
        "documents.signed", document, by=by, symbol=document.symbol, signer=document.signer,
        signed_on=signed_on, in_force_on=document.in_force_from,
    )  # fmt: skip
    change(document, Status.SIGNED, by, document.in_force_from, "")
    take_effect(document, by)
    return document


SIGNATURE = [
    "symbol", "symbol_folded", "year", "signer", "signer_post", "issued_on", "in_force_from", "type",
]  # fmt: skip


@transaction.atomic
def end(document: Document, status: Status, *, by: Person, on: date, note: str) -> Document:
    """Say that a text is amended, replaced or no longer in force, from a day."""
    require(by, "documents.register", document)
    if status not in ENDS.values():
        raise Invalid(_("Choose what became of the text."), field="status")
    require_move(document, status)
    if not note.strip():
        raise Invalid(_("Say why, or by which text."), field="note")
    record("documents.ended", document, by=by, stage=str(status), since_on=on, note=note.strip())
    return ended(document, status, by, on, note.strip())


# What stands guard ---------------------------------------------------------------------------------


def require_move(document: Document, status: Status) -> None:
    if document.original_id:
        raise Refused(_("This is a translation: its original lives, and the translation with it."))
    if status not in MOVES[Status(document.status)]:
        raise Refused(
            _("This text is “%(status)s”: that step is not open to it.")
            % {"status": document.get_status_display()}
        )


def require_unsigned(document: Document) -> None:
    if document.status not in UNSIGNED:
        raise Refused(_("This text is signed: it stands as it is. Amend it by another text."))


def require_asking(document: Document) -> None:
    if document.status != Status.OPINIONS:
        raise Refused(_("This draft is not out for opinions any more."))


def require_answered(document: Document) -> None:
    if Opinion.objects.filter(request__document=document, answer="").exists():
        raise Refused(_("Some opinions wait for an answer. Answer each one first."))


def require_ahead(due_on: date | None) -> None:
    if due_on and due_on < clock.today():
        raise Invalid(_("This day has passed. Choose a later one."), field="due_on")


def require_place(document: Document, address: str) -> None:
    if address and not document.provisions.filter(address=address).exists():
        raise Invalid(
            _("There is no place “%(address)s” in this text. Its page shows every address.")
            % {"address": address},
            field="address",
        )
