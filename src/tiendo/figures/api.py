"""Every figure over the API: its numbers, its set, its two dates, its rule; for the eyes of whoever asks."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query

from tiendo.figures.ask import Scope, ask
from tiendo.figures.asking import day_come, eyes_of, moment_passed
from tiendo.figures.registry import FIGURES, Figure
from tiendo.kit import clock
from tiendo.kit.api import (
    Day,
    Instant,
    Number,
    Question,
    Router,
    Schema,
    Words,
    answers,
    asker,
    the,
)
from tiendo.kit.refusals import Invalid
from tiendo.ledger.watermark import settled
from tiendo.orgs.models import Unit
from tiendo.tasks.models import Programme

router = Router(tags=["figures"])


class FigureRow(Schema):
    key: str
    title: str
    counted: str
    set: str
    version: str


class FiguresOut(Schema):
    items: list[FigureRow]


class FigureOut(FigureRow):
    """`percent` is text with two decimals; without a denominator above zero there is none."""

    true_on: Day
    known_at: datetime
    numbers: dict[str, int]
    numerator: int | None
    denominator: int | None
    percent: str | None
    rows: list[dict[str, Any]]


def figure_row(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.key,
        "title": str(figure.title),
        "counted": str(figure.counted),
        "set": str(figure.set_words),
        "version": str(figure.version),
    }


@router.get("/figures", response=answers(FiguresOut), operation_id="list_figures")
def figures(request: HttpRequest) -> Any:
    """The registry: every number shown anywhere."""
    return {"items": [figure_row(figure) for figure in FIGURES.values()]}


class FigureAsked(Question):
    """`true_on`: today if not given; `known_at`: now. A programme by its symbol, a unit by its number."""

    true_on: Day | None = None
    known_at: Instant | None = None
    programme: Words(40) = ""  # type: ignore[valid-type]
    unit: Number | None = None


@router.get("/figures/{key}", response=answers(FigureOut), operation_id="ask_figure")
def figure(request: HttpRequest, key: str, asked: Query[FigureAsked]) -> Any:
    """One figure, over what you may see, true on a day and as known at a moment."""
    if key not in FIGURES:
        raise Http404
    eyes = eyes_of(asker(request))
    now = clock.now()
    known_at = asked.known_at or now
    if known_at.tzinfo is None:
        raise Invalid(_("Write a moment with its time zone."), field="known_at")
    known_at = settled(known_at, clock.now())
    known_at = moment_passed(known_at, "known_at", now)
    true_on = day_come(asked.true_on or clock.day_of(now), "true_on", now)
    answer = ask(key, scope_of(asker(request), eyes, asked), true_on, known_at)
    return {
        **figure_row(answer.figure),
        "true_on": answer.true_on,
        "known_at": answer.known_at,
        "numbers": {name: n for name, n in answer.numbers.items() if name != "id"},
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "percent": None if answer.percent is None else str(answer.percent),
        "rows": [dict(row) for row in answer.rows],
    }


def scope_of(person: Any, eyes: tuple[str, ...], asked: FigureAsked) -> Scope:
    programme = None
    if asked.programme:
        seen = Programme.objects.visible_to(person).filter(symbol=asked.programme)
        programme = seen.values_list("pk", flat=True).first()
        if programme is None:
            raise Invalid(_("You follow no programme with this symbol."), field="programme")
    unit = the(Unit.objects, asked.unit, "unit").path if asked.unit else None
    return Scope(eyes, programme, unit)
