"""The page of one number: its words, its set, its dates, and the rows behind it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tiendo.documents.models import DocumentType
from tiendo.figures.ask import COUNTS, GROUPS, REASONS, Answer, ask, members
from tiendo.figures.asking import Asking, asking_of, eyes_of
from tiendo.figures.engine import Row
from tiendo.figures.reads import dated, days_of, unit_names
from tiendo.figures.registry import FIGURES, Figure
from tiendo.kit import clock
from tiendo.kit.refusals import Invalid
from tiendo.tasks.models import Programme

ROWS = 50
LAST_PAGE = 10_000
CELLS = {*COUNTS, *GROUPS, *REASONS} - {"past_first"}


@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    if key not in FIGURES:
        raise Http404
    asking = asked_by(request)
    cell, lead, page = (
        cell_of(request, FIGURES[key]),
        number_in(request, "lead", 0),
        number_in(request, "page", 1),
    )
    since = asking.since if FIGURES[key].grain == "why" else None
    answer = ask(key, asking.scope, asking.at.true_on, asking.at.known_at, since=since)
    rows = members(
        key, asking.scope, asking.at.true_on, asking.at.known_at, since=since,
        cell=cell, lead=lead, limit=ROWS + 1, offset=ROWS * (page - 1),
    )  # fmt: skip
    context = {
        "asking": asking,
        "answer": answer,
        "number": number_of(answer, cell, lead),
        "rows": shown(rows[:ROWS], asking),
        "names": named(answer.figure, rows, lead),
        "cell": cell,
        "page": page,
        "has_next": len(rows) > ROWS,
    }
    return render(request, "figures/figure.html", context)


def asked_by(request: HttpRequest) -> Asking:
    """The question in the address, for the eyes of who asks."""
    eyes = eyes_of(request.user)
    programmes = Programme.objects.visible_to(request.user).distinct()
    return asking_of(request.GET, eyes, clock.now(), programmes)


def cell_of(request: HttpRequest, figure: Figure) -> str:
    cell = request.GET.get("cell", "")
    if cell and cell not in CELLS:
        raise Invalid(_("There is no such cell. Go back and choose a number."), field="cell")
    return cell


def number_in(request: HttpRequest, name: str, otherwise: int) -> int:
    words = request.GET.get(name, "")
    if not words:
        return otherwise
    if not (words.isascii() and words.isdigit() and len(words) < 12) or (
        name == "page" and not 1 <= int(words) <= LAST_PAGE
    ):
        raise Invalid(_("This address holds a number that cannot be read."), field=name)
    return int(words)


def number_of(answer: Answer, cell: str, lead: int) -> int:
    """The number whose rows are listed."""
    if lead:
        own = next((row for row in answer.rows if row["id"] == lead), {})
        return int(own.get(cell or "all", own.get("texts", 0)))
    return (
        answer.numbers[cell]
        if cell
        else answer.number
        if not answer.figure.is_rate
        else answer.denominator or 0
    )


def shown(rows: list[Row], asking: Asking) -> list[Row]:
    on = asking.at.true_on
    units = unit_names(on, rows) if rows and "unit_id" in rows[0] else {}
    return [
        {
            **dated(row),
            "days": days_of(row, on) if "cell" in row else None,
            "unit": units.get(row.get("unit_id"), ""),
        }
        for row in rows
    ]


def named(figure: Figure, rows: list[Row], lead: int) -> dict[int, Any]:
    """Names that only some figures need: the types of documents."""
    if figure.grain != "type":
        return {}
    return DocumentType.objects.in_bulk()
