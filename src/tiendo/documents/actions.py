from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tiendo.documents.entering import (
    entered,
    line_of,
    require_days_in_order,
    required,
    type_named_by,
)
from tiendo.documents.files import Kept
from tiendo.documents.models import Document, DocumentType
from tiendo.documents.states import Secrecy, Status
from tiendo.documents.symbols import fold_symbol, year_of
from tiendo.documents.texts import Read, read_in, sound
from tiendo.kit.permission import WholeTree, require
from tiendo.kit.refusals import Invalid, Refused
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
    in_force_from: date | None = None,
    in_force_to: date | None = None,
    signer: str = "",
    signer_post: str = "",
    read: Read | None = None,
) -> Document:
    """Enter an official text in the unit's register, with its file and the tree of its provisions.

    Whoever has time reads the text before the transaction (`read_in`) and hands that in.
    """
    require(by, "documents.register", unit)
    symbol = line_of(symbol, "symbol")
    require_days_in_order(in_force_from or issued_on, in_force_to)
    document = Document(
        unit=unit, issuer=issuer, title=required(line_of(title, "title"), "title"), text=sound(text),
        language=language, type=type or type_named_by(symbol), secrecy=secrecy, status=Status.IN_FORCE,
        issued_on=issued_on, year=year_of(symbol, issued_on),
        in_force_from=in_force_from or issued_on, in_force_to=in_force_to,
        symbol=symbol, symbol_folded=fold_symbol(symbol),
        signer=line_of(signer, "signer"), signer_post=line_of(signer_post, "signer_post"),
        file_hash=file.digest, file_name=file.name, file_size=file.size,
        registered_by=by,
    )  # fmt: skip
    entered(document, recipients, read or read_in(document.text, language))
    record(
        "documents.registered", document, by=by,
        symbol=document.symbol, title=document.title, file=document.file_hash,
    )  # fmt: skip
    return document


@transaction.atomic
def translate(
    document: Document,
    *,
    by: Person,
    title: str,
    text: str,
    language: str,
    file: Kept,
    read: Read | None = None,
) -> Document:
    """Enter the same text in another language, with a file of its own; it is read by whoever may read the original."""
    require(by, "documents.register", document)
    require_other_language(document, language)
    translation = Document(
        **{name: getattr(document, name) for name in SHARED}, original=document, language=language,
        title=required(line_of(title, "title"), "title"), text=sound(text),
        file_hash=file.digest, file_name=file.name, file_size=file.size, registered_by=by,
    )  # fmt: skip
    recipients = tuple(document.recipients.all())
    entered(translation, recipients, read or read_in(translation.text, language))
    record("documents.translated", document, by=by, language=language, title=translation.title)
    return translation


SHARED = (
    "unit", "issuer", "type", "symbol", "symbol_folded", "year", "issued_on", "secrecy", "status",
    "in_force_from", "in_force_to", "signer", "signer_post",
)  # fmt: skip


def require_other_language(document: Document, language: str) -> None:
    if document.original_id:
        raise Refused(_("This is a translation already. Translate the text it was made from."))
    known = {document.language, *document.translations.values_list("language", flat=True)}
    if language in known:
        raise Invalid(
            _("This text is here in this language already. Choose another language."),
            field="language",
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
