"""Answers that span models: the register searched, a text laid out, its history."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tiendo.documents.models import Document, DocumentType
from tiendo.documents.symbols import fold_symbol
from tiendo.kit.permission import roots
from tiendo.orgs.models import Kind, Unit
from tiendo.people.models import Person

HEADINGS = {"part", "chapter", "section", "roman", "article"}
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
    """The tasks this text gave rise to, as far as the person may see them."""
    tasks: Any = document.tasks
    return tasks.visible_to(person).with_lead().order_by("programme", "number")


@dataclass
class Passage:
    """A numbered place of a text as the page shows it; the lists around it open and close with it."""

    address: str
    depth: int
    paragraphs: list[str]
    is_heading: bool
    tasks: list[Any]
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
        above = passages[-1].depth if passages else -1
        depth = min(depths.get(provision.parent_id, -1) + 1, above + 1)
        depths[provision.pk] = depth
        text = paragraphs(document.text[provision.start : end])
        is_heading = provision.kind in HEADINGS
        passages.append(
            Passage(provision.address, depth, text, is_heading, given.get(provision.pk, []))
        )
    nest(passages)
    opening = document.text[: provisions[0].start] if provisions else document.text
    return paragraphs(opening), passages


def nest(passages: list[Passage]) -> None:
    """Say for each place whether a list opens beneath it, or how many close after it."""
    depths = [passage.depth for passage in passages[1:]] + [0]
    for passage, following in zip(passages, depths, strict=False):
        passage.opens = following > passage.depth
        passage.closes = range(max(0, passage.depth - following))


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
