from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.documents.files import Kept
from tiendo.documents.models import Document, DocumentType, Provision
from tiendo.documents.states import Secrecy, Status
from tiendo.documents.symbols import fold_symbol
from tiendo.kit import clock
from tiendo.kit.permission import WholeTree, require
from tiendo.kit.refusals import Refused
from tiendo.ledger.record import record
from tiendo.orgs.models import Unit
from tiendo.people.models import Person


@transaction.atomic
def register(
    unit: Unit,
    *,
    by: Person,
    issuer: Unit,
    title: str,
    text: str,
    language: str,
    issued_on: date,
    file: Kept,
    symbol: str = "",
    type: DocumentType | None = None,
    secrecy: str = Secrecy.OPEN,
    recipients: tuple[Unit, ...] = (),
) -> Document:
    """Enter an official text in the unit's register, with its file and the tree of its provisions."""
    require(by, "documents.register", unit)
    document = Document(
        unit=unit,
        issuer=issuer,
        title=title,
        text=text,
        language=language,
        issued_on=issued_on,
        year=issued_on.year,
        symbol=symbol,
        symbol_folded=fold_symbol(symbol),
        type=type,
        secrecy=secrecy,
        status=Status.IN_FORCE,
        in_force_from=issued_on,
        file_hash=file.digest,
        file_name=file.name,
        file_size=file.size,
        registered_by=by,
    )
    return entered(document, recipients, by)


def entered(document: Document, recipients: tuple[Unit, ...], by: Person) -> Document:
    """Write the rows of a register entry: the text, its provisions, its recipients, the record."""
    document.registered_at = clock.now()
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        raise AlreadyRegistered(
            _("This issuer's text with the number “%(symbol)s” is already registered for %(year)s.")
            % {"symbol": document.symbol, "year": document.year},
            field="symbol",
        ) from None
    document.recipients.set(recipients)
    keep_provisions(document)
    record(
        "documents.registered",
        document,
        by=by,
        symbol=document.symbol,
        title=document.title,
        file=document.file_hash,
    )
    return document


class AlreadyRegistered(Refused):
    code = "already-registered"


def keep_provisions(document: Document) -> None:
    """The tree of the text, as the reader sees it, parents before children."""
    rows: dict[str, Provision] = {}
    for position, found in enumerate(reading.provisions(document.text, document.language)):
        rows[found.address] = Provision.objects.create(
            document=document,
            parent=rows.get(found.parent or ""),
            position=position,
            address=found.address,
            kind=found.kind,
            heading=found.heading[:500],
            start=found.span[0],
            end=found.span[1],
        )


@transaction.atomic
def load_types(rows: list[dict[str, str]], *, by: Person, country: Unit) -> int:
    """The country's table of document types; says how many changed and changes nothing twice."""
    require(by, "orgs.load_pack", WholeTree())
    before = {kind.code: kind for kind in DocumentType.objects.all()}
    changed = [row for row in rows if is_news(before.get(row["code"]), row)]
    for row in changed:
        DocumentType.objects.update_or_create(
            code=row["code"], defaults={name: row[name] for name in TYPE_NAMES}
        )
    if changed:
        record("documents.types_loaded", country, by=by, count=len(changed))
    return len(changed)


TYPE_NAMES = ("name_vi", "name_en", "name_fr", "name_ru")


def is_news(known: DocumentType | None, row: dict[str, str]) -> bool:
    return known is None or any(getattr(known, name) != row[name] for name in TYPE_NAMES)
