"""The head's page: where we stand, what slips, what to decide; every number asked of a figure."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from tiendo.documents.models import DocumentType
from tiendo.figures.ask import Answer, ask, ask_several, members
from tiendo.figures.asking import Asking, asking_of, eyes_of
from tiendo.figures.engine import Row
from tiendo.figures.lights import light
from tiendo.figures.reads import claims, dated, unit_names
from tiendo.kit import clock
from tiendo.kit.refusals import Invalid
from tiendo.tasks.models import Programme
from tiendo.web.templatetags.tiendo import number

FEW, UNITS = 6, 12
STANDING = (
    "tasks.cells", "tasks.of_due", "tasks.of_all", "tasks.kept_first_date", "tasks.verified",
    "tasks.by_unit", "tasks.by_programme",
)  # fmt: skip


@require_safe
def stocktake(request: HttpRequest) -> HttpResponse:
    eyes = eyes_of(request.user)
    programmes = Programme.objects.visible_to(request.user).distinct().order_by("symbol", "pk")
    try:
        asking = asking_of(request.GET, eyes, clock.now(), programmes)
    except Invalid as refusal:
        form = AnotherDay(request.GET, programmes=programmes)
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(request, "web/stocktake_day.html", {"form": form}, status=422)
    return render(request, "web/stocktake.html", page(request, asking, programmes))


class AnotherDay(forms.Form):
    """Words and fields of the question; `asking_of` reads and judges them."""

    on = forms.CharField(
        label=gettext_lazy("True on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    known = forms.CharField(
        label=gettext_lazy("As known at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    since = forms.CharField(
        label=gettext_lazy("Compared with"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    programme = forms.ChoiceField(label=gettext_lazy("Programme"), required=False)

    def __init__(self, *given: Any, programmes: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(str(programme.pk), programme.symbol) for programme in programmes]
        self.fields["programme"].choices = [("", _("All programmes")), *choices]


def page(request: HttpRequest, asking: Asking, programmes: Any) -> dict[str, Any]:
    """Everything the page shows, from a number of questions that does not grow with the rows."""
    at, scope = asking.at, asking.scope
    said = ask_several(STANDING, scope, at.true_on, at.known_at, since=asking.since)
    late = members("tasks.late", scope, at.true_on, at.known_at, limit=FEW + 1)
    key = members("tasks.key", scope, at.true_on, at.known_at, limit=FEW + 1)
    decisions = ask("decisions.waiting", scope, at.true_on, at.known_at)
    slipped = ask("tasks.slipped", scope, at.true_on, at.known_at, since=asking.since)
    units = shown_units(request, said["tasks.by_unit"].rows)
    names = unit_names(at.true_on, late, key, decisions.rows[:3], units)
    symbols = {programme.pk: programme.symbol for programme in programmes}
    return {
        "asking": asking,
        "form": AnotherDay(initial=form_words(asking), programmes=programmes),
        "heading": finding(said["tasks.cells"], asking),
        "answer": said["tasks.cells"],
        "cells": cells(said["tasks.cells"]),
        "rates": [rate_of(said[name]) for name in STANDING[1:4]],
        "verified": said["tasks.verified"],
        "bridge": bridge(slipped, said["tasks.cells"]),
        "late": [with_unit(row, names) for row in late[:FEW]],
        "key": keys(key[:FEW], asking, names),
        "has_more_key": len(key) > FEW,
        "decisions": [with_unit(row, names) for row in decisions.rows[:3]],
        "waiting": decisions.number,
        "units": [lit(row, names) for row in units],
        "more_units": len(said["tasks.by_unit"].rows) - len(units),
        "programmes": [lit(row, symbols) for row in said["tasks.by_programme"].rows],
        "documents": documents(asking),
    }


def form_words(asking: Asking) -> dict[str, str]:
    programme = str(asking.programme.pk) if asking.programme else ""
    return {**asking.given, "known": asking.known_words, "programme": programme}


def finding(answer: Answer, asking: Asking) -> str:
    """The page's heading: what it found, in a whole sentence."""
    numbers = answer.numbers
    words = {name: number(numbers[name]) for name in ("done", "all")}
    if not numbers["all"]:
        return (
            _("No task has been given yet")
            if not asking.is_past_knowledge
            else _("No task had been given by then")
        )
    if not numbers["open_late"]:
        return _("%(done)s of %(all)s tasks are done; none is late") % words
    return ngettext(
        "%(done)s of %(all)s tasks are done; %(late)s is late",
        "%(done)s of %(all)s tasks are done; %(late)s are late",
        numbers["open_late"],
    ) % {**words, "late": number(numbers["open_late"])}


def cells(answer: Answer) -> dict[str, tuple[int, int | None]]:
    """Each number with its change since the earlier day; no change is told when nothing had been given by then."""
    before = answer.before if answer.before.get("all") else {}
    return {
        name: (count, count - before[name] if before else None)
        for name, count in answer.numbers.items()
        if name != "id"
    }


@dataclass(frozen=True)
class Rate:
    """A named rate with what it is divided by, in words of numbers."""

    answer: Answer
    how: str


def rate_of(answer: Answer) -> Rate:
    """“485 ÷ (485 + 51)”: the denominator in its parts where it is a sum."""
    numbers = answer.numbers
    other = {"tasks.of_due": "open_late", "tasks.kept_first_date": "past_first"}.get(answer.key)
    beneath = (
        number(numbers["all"])
        if other is None
        else f"({number(numbers['done'])} + {number(numbers[other])})"
    )
    return Rate(answer, f"{number(answer.numerator)} ÷ {beneath}")


@dataclass(frozen=True)
class Step:
    """One stretch of the bridge: a reason, its change, and where it lies in percent of the widest total."""

    why: str
    change: int
    left: str
    width: str
    before: str
    after: str
    paint: str


JOIN, PART = (
    ("fell_due", "returned", "given_late"),
    ("done_since", "new_date", "dropped_since", "left"),
)


def bridge(slipped: Answer, now: Answer) -> dict[str, Any]:
    """From the late tasks of then to those of now, reason by reason, adding up exactly."""
    numbers = slipped.numbers
    then = numbers["still_late"] + sum(numbers[why] for why in PART)
    widest = then + sum(numbers[why] for why in JOIN)
    level, steps = then, []
    for why in (*JOIN, *PART):
        change = numbers[why] if why in JOIN else -numbers[why]
        if change:
            steps.append(step(why, change, level, widest))
            level += change
    return {"then": then, "now": level, "steps": steps, "since": slipped.since,
            "then_width": share(then, widest), "now_width": share(level, widest)}  # fmt: skip


def step(why: str, change: int, level: int, widest: int) -> Step:
    paint = "late" if change > 0 else "done" if why == "done_since" else "none"
    return Step(
        why, change, share(min(level, level + change), widest), share(abs(change), widest),
        share(level, widest), share(level + change, widest), paint,
    )  # fmt: skip


def share(part: int, whole: int) -> str:
    """A length for a drawing, in hundredths of a percent."""
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def with_unit(row: Row, names: dict[int, str]) -> Row:
    return {**dated(row), "unit": names.get(row["unit_id"], "")}


def keys(rows: list[Row], asking: Asking, names: dict[int, str]) -> list[Row]:
    """Key tasks with what their lead claims and what of it was verified."""
    told = claims(rows, asking.at)
    return [{**with_unit(row, names), "claim": told.get(row["part_id"])} for row in rows]


def shown_units(request: HttpRequest, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return rows if request.GET.get("units") == "all" else rows[:UNITS]


def lit(row: Row, names: dict[int, str]) -> Row:
    """A row of counts with its name and its light: late of due."""
    return {
        **row,
        "name": names.get(row["id"], ""),
        "light": light(row["open_late"], row["due"], row["all"]),
    }


def documents(asking: Asking) -> dict[str, Any]:
    answer = ask("documents.by_type", asking.scope, asking.at.true_on, asking.at.known_at)
    types = DocumentType.objects.in_bulk()
    rows = [(types.get(row["id"]), row["id"], row["texts"]) for row in answer.rows]
    return {"rows": rows, "all": answer.number}
