"""Answers that span models: the register searched, a text laid out, its history."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tiendo.documents.models import Document, DocumentType, Provision
from tiendo.documents.symbols import fold_symbol
from tiendo.kit.permission import roots
from tiendo.ledger.models import Entry, key_of
from tiendo.ledger.sentences import sentence
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
    """A numbered place of a text as the page shows it."""

    address: str
    paragraphs: list[str]
    is_heading: bool
    tasks: list[Any] = field(default_factory=list)
    beneath: list["Passage"] = field(default_factory=list)


def laid_out(document: Document, tasks: list[Any]) -> tuple[list[str], list[Passage]]:
    """The text before the first provision, and the tree of the rest; every character stands once."""
    provisions = list(document.provisions.order_by("start", "position"))
    given: dict[int | None, list[Any]] = {}
    for task in tasks:
        given.setdefault(task.provision_id, []).append(task)
    ends = [provision.start for provision in provisions[1:]] + [len(document.text)]
    rows: dict[int, Passage] = {}
    top: list[Passage] = []
    for provision, end in zip(provisions, ends, strict=False):
        passage = passage_of(provision, document.text[provision.start : end])
        passage.tasks = given.get(provision.pk, [])
        rows[provision.pk] = passage
        parent = rows.get(provision.parent_id or 0)
        (parent.beneath if parent else top).append(passage)
    opening = document.text[: provisions[0].start] if provisions else document.text
    return paragraphs(opening), top


def passage_of(provision: Provision, text: str) -> Passage:
    return Passage(provision.address, paragraphs(text), provision.kind in HEADINGS)


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Told:
    """A line of a history: when, the sentence, who."""

    at: Any
    words: str
    who: str


def history_of(*subjects: Any) -> list[Told]:
    """What the record says about these, newest first, in two questions."""
    keys = [key_of(subject) for subject in subjects]
    entries = list(Entry.objects.filter(subject__in=keys).order_by("-at", "-pk")[:200])
    ids = {entry.by.partition(":")[2] for entry in entries if entry.by}
    names = {key_of(person): person.name for person in Person.objects.filter(pk__in=ids)}
    return [Told(entry.at, sentence(entry), names.get(entry.by, "")) for entry in entries]
