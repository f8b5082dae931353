from collections import Counter
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.documents.files import Kept
from tiendo.documents.models import Document, DocumentType, Provision
from tiendo.documents.states import Secrecy, Status
from tiendo.documents.symbols import fold_symbol
from tiendo.documents.texts import sound, sound_line
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
    provisions: "tuple[reading.Provision, ...] | None" = None,
) -> Document:
    """Enter an official text in the unit's register, with its file and the tree of its provisions.

    Whoever has time reads the provisions before the transaction and hands them in.
    """
    require(by, "documents.register", unit)
    symbol = short_enough(sound_line(symbol, "symbol"), "symbol")
    document = Document(
        unit=unit,
        issuer=issuer,
        title=short_enough(required(sound_line(title, "title"), "title"), "title"),
        text=sound(text),
        language=language, type=type, secrecy=secrecy,
        issued_on=issued_on, year=issued_on.year, in_force_from=issued_on, status=Status.IN_FORCE,
        symbol=symbol, symbol_folded=fold_symbol(symbol),
        file_hash=file.digest, file_name=file.name, file_size=file.size,
        registered_by=by,
    )  # fmt: skip
    if provisions is None:
        provisions = tuple(reading.provisions(document.text, language))
    return entered(document, recipients, provisions, by)


def required(line: str, field: str) -> str:
    if not line:
        raise Invalid(_("Say it in a few words."), field=field)
    return line


LONGEST = {"title": 500, "symbol": 80}


def short_enough(line: str, field: str) -> str:
    most = LONGEST[field]
    if len(line) > most:
        raise Invalid(_("Write it in at most %(most)s characters.") % {"most": most}, field=field)
    return line


def entered(
    document: Document,
    recipients: tuple[Unit, ...],
    provisions: "tuple[reading.Provision, ...]",
    by: Person,
) -> Document:
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
    keep_provisions(document, provisions)
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
