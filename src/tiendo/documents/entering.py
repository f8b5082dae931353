"""What every way into the register shares: lines that fit, a number once a year, the rows of a text."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.documents.cues import bond_suggested
from tiendo.documents.models import Citation, Document, DocumentType, Provision
from tiendo.documents.symbols import fold_code, fold_symbol, type_code_of
from tiendo.documents.texts import Read, sound_line
from tiendo.kit import clock
from tiendo.kit.refusals import Invalid, Refused
from tiendo.orgs.models import Unit


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


def entered(document: Document, recipients: tuple[Unit, ...], read: Read) -> None:
    """Write the rows of a register entry: the text, its provisions, what it names, its recipients."""
    document.registered_at = clock.now()
    with number_once(document):
        document.save(force_insert=True)
    document.recipients.set(recipients)
    keep_provisions(document, read.provisions)
    if document.original_id is None:
        keep_citations(document, read.cited)


@contextmanager
def number_once(document: Document) -> Iterator[None]:
    """Write a text whose issuer has not given this number this year, or say that it has."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise AlreadyRegistered(
            _("This issuer's text with the number “%(symbol)s” is already registered for %(year)s.")
            % {"symbol": document.symbol, "year": document.year},
            field="symbol",
        ) from None


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
