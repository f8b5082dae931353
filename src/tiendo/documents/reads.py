"""Answers that span models: the register searched, a text laid out, its history."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tiendo import reading
from tiendo.documents.models import Citation, Document, DocumentType, Provision, Relation
from tiendo.documents.states import SEEN_FROM_THE_OTHER, Bond, Cited
from tiendo.documents.symbols import fold_symbol
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Invalid
from tiendo.orgs.models import Kind, Unit
from tiendo.people.models import Person

HEADINGS = {"part", "appendix", "chapter", "section", "roman", "article"}
KEEPS = (Kind.COMMITTEE, Kind.OFFICE, Kind.BODY)
KEEPERS_MOST = 60


def searched(rows: Any, words: str, type_code: str) -> Any:
    """Those whose symbol or title holds the words, of one type if named."""
    if words:
        found = Q(symbol_folded__contains=fold_symbol(words))
        for written in {words, words.lower(), words.upper(), words.capitalize()}:
            found |= Q(title__icontains=written)  # SQLite folds only ASCII by itself
        rows = rows.filter(found)
    return rows.filter(type__code=type_code) if type_code else rows


def types_known() -> list[DocumentType]:
    return list(DocumentType.objects.order_by("code"))


def keepers(person: Person) -> Any:
    """Units in whose register this person may enter a text: their own roots first, offices beneath them."""
    paths = roots(person, "documents.register")
    reach = Q(path__in=paths)
    for path in paths:
        reach |= Q(path__startswith=path, kind__in=KEEPS, ends_on__isnull=True)
    first = Unit.objects.filter(reach, ends_on__isnull=True).order_by("path").with_names()
    return first if paths else Unit.objects.none()


def tasks_from(document: Document, person: Person) -> Any:
    """The tasks this text gave rise to, as far as the person may see them; those beneath another stand with that one."""
    tasks: Any = document.tasks
    seen = tasks.visible_to(person)
    return seen.exclude(above__in=seen.values("pk")).with_lead().order_by("programme", "number")


@dataclass
class TableRow:
    """One row of a table in a text, with its address and the tasks that came from it."""

    address: str
    cells: list[str]
    tasks: list[Any]


@dataclass
class Passage:
    """A numbered place of a text as the page shows it; the lists around it open and close with it."""

    address: str
    depth: int
    paragraphs: list[str]
    is_heading: bool
    tasks: list[Any]
    columns: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    opens: bool = False
    closes: range = range(0)


def laid_out(document: Document, tasks: list[Any]) -> tuple[list[str], list[Passage]]:
    """The text before the first provision, and the rest in order; every character stands once."""
    provisions = list(document.provisions.order_by("start", "position"))
    given: dict[int | None, list[Any]] = {}
    for task in tasks:
        given.setdefault(task.provision_id, []).append(task)
    ends = [provision.start for provision in provisions[1:]] + [len(document.text)]
    depths: dict[int | None, int] = {}
    passages: list[Passage] = []
    for provision, end in zip(provisions, ends, strict=True):
        text = document.text[provision.start : end]
        if provision.kind == "row" and passages:
            passages[-1].rows.append(row_of(provision, text, given))
            continue
        above = passages[-1].depth if passages else -1
        depths[provision.pk] = min(depths.get(provision.parent_id, -1) + 1, above + 1)
        passages.append(passage_of(provision, text, depths[provision.pk], given))
    nest(passages)
    opening = document.text[: provisions[0].start] if provisions else document.text
    return paragraphs(opening), passages


def passage_of(
    provision: Provision, text: str, depth: int, given: dict[int | None, list[Any]]
) -> Passage:
    tasks = given.get(provision.pk, [])
    if provision.kind == "table":
        columns = list(reading.cells(paragraphs(text)[0])) if paragraphs(text) else []
        return Passage(provision.address, depth, [], False, tasks, columns=columns)
    return Passage(provision.address, depth, paragraphs(text), provision.kind in HEADINGS, tasks)


def row_of(provision: Provision, text: str, given: dict[int | None, list[Any]]) -> TableRow:
    lines = paragraphs(text)
    return TableRow(
        provision.address,
        list(reading.cells(lines[0])) if lines else [],
        given.get(provision.pk, []),
    )


def nest(passages: list[Passage]) -> None:
    """Say for each place whether a list opens beneath it, or how many close after it."""
    depths = [passage.depth for passage in passages[1:]] + [0]
    for passage, following in zip(passages, depths, strict=False):
        passage.opens = following > passage.depth
        passage.closes = range(max(0, passage.depth - following))


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# One place of a text --------------------------------------------------------------------------------


@dataclass
class Place:
    """One provision as a page of its own: its words, what it stands in, what stands beneath it."""

    provision: Provision
    paragraphs: list[str]
    cells: list[tuple[str, str]]  # of a row: the name of each column, and what stands in it
    above: list[Provision]
    beneath: list[Provision]
    before: Provision | None
    after: Provision | None


def place_of(document: Document, address: str) -> Place | None:
    """The place with this address, in two questions however deep it lies."""
    provisions = list(document.provisions.order_by("start", "position"))
    at = next((n for n, one in enumerate(provisions) if one.address == address), None)
    if at is None:
        return None
    found, by_key = provisions[at], by_number(provisions)
    end = provisions[at + 1].start if at + 1 < len(provisions) else len(document.text)
    above: list[Provision] = []
    one = by_key.get(found.parent_id)
    while one is not None:
        above.insert(0, one)
        one = by_key.get(one.parent_id)
    return Place(
        provision=found,
        paragraphs=paragraphs(document.text[found.start : end]),
        cells=cells_named(document, found, by_key.get(found.parent_id)),
        above=above,
        beneath=[one for one in provisions if one.parent_id == found.pk],
        before=provisions[at - 1] if at else None,
        after=provisions[at + 1] if at + 1 < len(provisions) else None,
    )


def by_number(provisions: list[Provision]) -> dict[int | None, Provision]:
    return {one.pk: one for one in provisions}


def cells_named(
    document: Document, row: Provision, table: Provision | None
) -> list[tuple[str, str]]:
    if row.kind != "row" or table is None:
        return []
    cells = list(reading.cells(document.text[row.start : row.end]))
    names = list(reading.cells(document.text[table.start : table.end]))
    return list(zip([*names, *[""] * len(cells)], cells, strict=False))


# How texts stand to each other ----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One relation as one of its two texts shows it: the words, the other text, the places."""

    relation: Relation
    words: Any
    other: Document
    here: Provision | None
    there: Provision | None
    is_own: bool  # said by the text whose page this is, so that it may be taken back there


def relations_of(document: Document, person: Person) -> list[Line]:
    """In both directions, as far as the person may see the other text."""
    seen = Document.objects.visible_to(person).values("pk")
    rows = Relation.objects.select_related("other", "document", "provision", "other_provision")
    rows = rows.defer("other__text", "document__text").order_by("kind", "pk")
    own = rows.filter(document=document, other__in=seen)
    from_others = rows.filter(other=document, document__in=seen)
    return [
        *(
            Line(r, r.get_kind_display(), r.other, r.provision, r.other_provision, True)
            for r in own
        ),
        *(
            Line(
                r,
                SEEN_FROM_THE_OTHER[Bond(r.kind)],
                r.document,
                r.other_provision,
                r.provision,
                False,
            )
            for r in from_others
        ),
    ]


@dataclass(frozen=True)
class Named:
    """A number a text cites, and the registered texts it may mean."""

    citation: Citation
    words: str
    texts: list[Document]


def named_in(document: Document, person: Person) -> list[Named]:
    """Citations that wait, each with the texts this person may see that carry the number."""
    waiting = list(document.citations.filter(status=Cited.WAITING))
    if not waiting:
        return []
    rows = Document.objects.visible_to(person).originals().defer("text").exclude(pk=document.pk)
    known: dict[str, list[Document]] = {}
    for one in rows.filter(symbol_folded__in={citation.symbol_folded for citation in waiting}):
        known.setdefault(one.symbol_folded, []).append(one)
    return [
        Named(
            one,
            document.text[one.start : one.end],
            of_year(known.get(one.symbol_folded, []), one.year),
        )
        for one in waiting
    ]


def of_year(texts: list[Document], year: int | None) -> list[Document]:
    return [one for one in texts if year is None or one.year == year]


def text_meant(words: str, person: Person) -> Document:
    """The registered text with this number (and year, if it is written after it)."""
    symbol, year = words, ""
    if (parts := words.rsplit(" ", 1))[-1].isdigit() and len(parts) == 2:
        symbol, year = parts
    rows = Document.objects.visible_to(person).originals().defer("text")
    rows = rows.filter(symbol_folded=fold_symbol(symbol))
    found = list((rows.filter(year=int(year[:4])) if year else rows)[:2])
    if not found:
        raise Invalid(
            _("No registered text that you may read has the number “%(words)s”. Register it first.")
            % {"words": words},
            field="other",
        )
    if len(found) > 1:
        raise Invalid(_("Several texts have this number. Add the year after it."), field="other")
    return found[0]


def provision_named(document: Document, address: str, field: str) -> Provision | None:
    if not address:
        return None
    found: Provision | None = document.provisions.filter(address=address).first()
    if found is None:
        raise Invalid(
            _("There is no place “%(address)s” in this text. Its page shows every address.")
            % {"address": address},
            field=field,
        )
    return found


def languages_of(document: Document) -> list[Document]:
    """The text in every language it is here in, the original first."""
    base = document.original or document
    return [base, *base.translations.defer("text").order_by("language")]
