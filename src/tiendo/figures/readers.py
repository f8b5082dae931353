"""A figure for machines: the same answer as on the page, as plain JSON values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tiendo.figures.ask import Answer, ask
from tiendo.figures.asking import asking_of
from tiendo.figures.registry import FIGURES
from tiendo.kit.dates import from_microseconds
from tiendo.kit.refusals import Invalid
from tiendo.tasks.models import Programme

DAYS = {"first_due_on", "due_on", "done_on", "issued_on", "was_due_on", "asked_on"}


def figure_json(
    name: str, person_roots: tuple[str, ...], *, now: datetime, **given: str | None
) -> dict[str, Any]:
    """The answer of a figure by name; `on`, `known`, `programme` (symbol), `unit` (key) and `since` as text, all optional."""
    if name not in FIGURES:
        raise Invalid(
            _("There is no figure called “%(name)s”. These are known: %(known)s.")
            % {"name": name, "known": ", ".join(FIGURES)},
            field="figure",
        )
    words = {key: value for key, value in given.items() if value}
    asking = asking_of(words, person_roots, now, Programme.objects.all())
    since = asking.since if FIGURES[name].grain == "why" or words.get("since") else None
    answer = ask(name, asking.scope, asking.at.true_on, asking.at.known_at, since=since)
    return answer_json(answer, programme=str(asking.programme or ""), unit=words.get("unit", ""))


def answer_json(answer: Answer, *, programme: str = "", unit: str = "") -> dict[str, Any]:
    """Whole numbers, ISO dates, a percent as text with its two decimals; what does not apply is null."""
    figure = answer.figure
    return {
        "figure": figure.key,
        "title": str(figure.title),
        "counted": str(figure.counted),
        "set": {
            "words": str(figure.set_words),
            "programme": programme or None,
            "unit": unit or None,
        },
        "true_on": answer.true_on.isoformat(),
        "known_at": answer.known_at.isoformat(),
        "rule_version": figure.version,
        "number": answer.number,
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "percent": None if answer.percent is None else str(answer.percent),
        "numbers": without_id(answer.numbers),
        "since": since_json(answer),
        "rows": [row_json(row) for row in answer.rows],
    }


def since_json(answer: Answer) -> dict[str, Any] | None:
    if answer.since is None:
        return None
    pair = answer.since
    return {
        "true_on": pair.true_on.isoformat(),
        "known_at": pair.known_at.isoformat(),
        "numbers": without_id(answer.before),
    }


def without_id(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: number for name, number in numbers.items() if name != "id"}


def row_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value_json(name, value) for name, value in row.items()}


def value_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in DAYS:
        return date.fromordinal(value).isoformat()
    return from_microseconds(value).isoformat() if name == "since" else value
