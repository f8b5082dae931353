"""What a reading gives, and its JSON in the shape of the annotated corpus."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tiendo.reading.folding import Span


@dataclass(frozen=True)
class Directive:
    """Somebody is told to do something; spans are offsets in the text given."""

    span: Span
    quote: str
    assignees: tuple[str, ...]
    assignee_inherited: bool
    partners: tuple[str, ...]
    action: str  # proposed wording of the task, at most 200 characters
    deadline: str | None  # YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Qn, P1M, R/P1M
    deadline_text: str | None
    deadline_span: Span | None
    assignee_spans: tuple[Span, ...]
    target: str | None
    sentence_no: int


@dataclass(frozen=True)
class Figure:
    """A number reported as a fact, or planned outside a directive; value in base units."""

    span: Span
    quote: str
    metric: str | None
    value: Decimal | int
    unit: str
    denominator: Decimal | int | None
    as_of: str | None
    status: str  # reported, planned


@dataclass(frozen=True)
class Citation:
    """An official document named by its number, at its fullest mention."""

    span: Span
    quote: str
    number: str
    type: str
    date: str | None
    issuer: str | None


@dataclass(frozen=True)
class Reading:
    """All that was read in one text."""

    language: str
    dated: date | None
    sentences: tuple[Span, ...]
    directives: tuple[Directive, ...]
    figures: tuple[Figure, ...]
    citations: tuple[Citation, ...]


def to_json(reading: Reading, doc_id: str) -> dict[str, Any]:
    """The reading as the corpus writes it, ready for `json.dumps`."""
    return {
        "doc_id": doc_id,
        "language": reading.language,
        "doc_date": reading.dated.isoformat() if reading.dated else None,
        "directives": [_directive(n, d) for n, d in enumerate(reading.directives, 1)],
        "figures": [_figure(n, f) for n, f in enumerate(reading.figures, 1)],
        "citations": [_citation(n, c) for n, c in enumerate(reading.citations, 1)],
    }


def _directive(number: int, directive: Directive) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "span": list(directive.span),
        "quote": directive.quote,
        "assignees": list(directive.assignees),
        "assignee_inherited": directive.assignee_inherited,
        "partners": list(directive.partners),
        "deadline": directive.deadline,
        "deadline_text": directive.deadline_text,
        "target": directive.target,
    }


def _figure(number: int, figure: Figure) -> dict[str, Any]:
    told = {
        "id": f"f{number}",
        "span": list(figure.span),
        "quote": figure.quote,
        "metric": figure.metric,
        "value": _number(figure.value),
        "unit": figure.unit,
        "as_of": figure.as_of,
        "status": figure.status,
    }
    if figure.denominator is not None:
        told["denominator"] = _number(figure.denominator)
    return told


def _citation(number: int, citation: Citation) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "span": list(citation.span),
        "quote": citation.quote,
        "type": citation.type,
        "number": citation.number,
        "date": citation.date,
        "issuer": citation.issuer,
    }


def _number(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)
