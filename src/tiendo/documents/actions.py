from collections import Counter
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.documents.cues import bond_suggested
from tiendo.documents.files import Kept
from tiendo.documents.models import Citation, Document, DocumentType, Provision
from tiendo.documents.states import Secrecy, Status
from tiendo.documents.symbols import fold_code, fold_symbol, type_code_of, year_of
from tiendo.documents.texts import Read, read_in, sound, sound_line
from tiendo.kit import clock
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
    entered(document, recipients, read or read_in(document.text, language), by)
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
    entered(translation, recipients, read or read_in(translation.text, language), by)
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


def require_days_in_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on and ends_on <= starts_on:
        raise Invalid(
            _("A text runs out after it came into force. Check both days."), field="in_force_to"
        )


def type_named_by(symbol: str) -> DocumentType | None:
    """The type its symbol names, when the country's table has it."""
    code = type_code_of(symbol)
    known = DocumentType.objects.all() if code else ()
    return next((kind for kind in known if fold_code(kind.code) == code), None)


def line_of(words: str, field: str) -> str:
    return short_enough(sound_line(words, field), field)


def required(line: str, field: str) -> str:
    if not line:
        raise Invalid(_("Say it in a few words."), field=field)
    return line


LONGEST = {"title": 500, "symbol": 80, "signer": 120, "signer_post": 200}


def short_enough(line: str, field: str) -> str:
    most = LONGEST[field]
    if len(line) > most:
        raise Invalid(_("Write it in at most %(most)s characters.") % {"most": most}, field=field)
    return line


def entered(document: Document, recipients: tuple[Unit, ...], read: Read, by: Person) -> None:
    """Write the rows of a register entry: the text, its provisions, what it names, its recipients."""
    document.registered_at = clock.now()
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRegistered(
            _("This issuer's text with the number “%(symbol)s” is already registered for %(year)s.")
            % {"symbol": document.symbol, "year": document.year},
            field="symbol",
        ) from None
    document.recipients.set(recipients)
    keep_provisions(document, read.provisions)
    if document.original_id is None:
        keep_citations(document, read.cited)


def keep_citations(document: Document, cited: "tuple[reading.Citation, ...]") -> None:
    """The documents a text names, but not itself; each waits until somebody says what it means."""
    rows = [citation_of(document, one) for one in cited if len(one.number) <= LONGEST["symbol"]]
    others = [row for row in rows if row.symbol_folded not in ("", document.symbol_folded)]
    Citation.objects.bulk_create(others, batch_size=500)


def citation_of(document: Document, one: "reading.Citation") -> Citation:
    return Citation(
        document=document, start=one.span[0], end=one.span[1], symbol=one.number,
        symbol_folded=fold_symbol(one.number), year=year_told(one),
        suggested=bond_suggested(document.text, one.span[0]),
    )  # fmt: skip


def year_told(one: "reading.Citation") -> int | None:
    """The year of the number, as the symbol or the day beside it says."""
    symbol = reading.symbols.parse(one.number)
    if symbol and symbol.year:
        return symbol.year
    return int(one.date[:4]) if one.date else None


class AlreadyRegistered(Refused):
    code = "already-registered"


def keep_provisions(document: Document, found: "tuple[reading.Provision, ...]") -> None:
    """The tree of the text, as the reader sees it; one level after the other, so that parents are there."""
    places = provisions_of(document, found)
    rows: dict[str, Provision] = {}
    waiting = list(zip(found, places, strict=True))
    while waiting:
        level = [(one, place) for one, place in waiting if not one.parent or one.parent in rows]
        level = level or waiting  # a parent nobody wrote: the place hangs at the root
        for one, place in level:
            place.parent = rows.get(one.parent or "")
        Provision.objects.bulk_create([place for _one, place in level], batch_size=500)
        for one, place in level:
            rows.setdefault(one.address, place)
        waiting = [(one, place) for one, place in waiting if place.pk is None]


def provisions_of(document: Document, found: "tuple[reading.Provision, ...]") -> list[Provision]:
    """Each place with an address of its own: what a text numbers twice is told apart."""
    seen: Counter[str] = Counter()
    places = []
    for position, one in enumerate(found):
        address = one.address[:ADDRESS_LENGTH]
        seen[address] += 1
        places.append(
            Provision(
                document=document,
                position=position,
                address=address if seen[address] == 1 else f"{address}~{seen[address]}",
                kind=one.kind[:20],
                heading=one.heading[:500],
                start=one.span[0],
                end=one.span[1],
            )
        )
    return places


ADDRESS_LENGTH = 100  # and room to tell apart what a text numbers twice


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
