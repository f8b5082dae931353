"""Rows of the API's list of tasks, straight from their columns: as `api.TaskRow` says, which a test holds them to.

A hundred tasks have five hundred parts: made into objects and checked one by one they cost the server thirty times as much.
"""

import json
from collections import defaultdict
from datetime import date
from operator import attrgetter
from typing import Any

from django.http import HttpResponse

from tiendo.orgs.called import Called, called
from tiendo.tasks.models import Part
from tiendo.tasks.states import OPEN
from tiendo.tasks.timing import cell

TASK = (
    "pk",
    "number",
    "prefix",
    "above_id",
    "programme__symbol",
    "title",
    "unit_id",
    "is_key",
    "issued_on",
)
PART = (
    "pk", "task_id", "role", "unit_id", "verifier_id", "product", "status", "first_due_on", "due_on", "done_on",
    "cycle", "cycle_ends_on",
)  # fmt: skip


def page_of(tasks: Any, after: int, limit: int, today: date) -> HttpResponse:
    """Tasks after the bookmark in the order of their numbers, in as many questions for one as for a hundred."""
    found = list(tasks.filter(pk__gt=after).order_by("pk").values_list(*TASK)[: limit + 1])
    shown = found[:limit]
    parts = list(
        Part.objects.filter(task__in=[row[0] for row in shown]).order_by("pk").values_list(*PART)
    )
    names = called({row[6] for row in shown} | {unit for part in parts for unit in part[3:5]})
    by_task: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in parts:
        by_task[part[1]].append(part_row(part, names, today))
    rows = [task_row(row, by_task[row[0]], names) for row in shown]
    return plainly({"items": rows, "next": shown[-1][0] if len(found) > limit else None})


def task_row(
    row: tuple[Any, ...], parts: list[dict[str, Any]], names: dict[int, Called]
) -> dict[str, Any]:
    pk, number, prefix, above, programme, title, unit, is_key, issued_on = row
    return {
        "id": pk, "number": number, "label": f"{prefix}{number}", "above": above, "programme": programme,
        "title": title, "unit": names[unit].ref, "is_key": is_key, "issued_on": written(issued_on), "parts": parts,
    }  # fmt: skip


def part_row(part: tuple[Any, ...], names: dict[int, Called], today: date) -> dict[str, Any]:
    pk, _task, role, unit, verifier, product, status, first_due_on, due_on, done_on, cycle, ends = (
        part
    )
    timing = cell(is_open=status in OPEN, due_on=due_on, done_on=done_on, on=today)
    return {
        "id": pk, "role": role, "unit": names[unit].ref, "verifier": names[verifier].ref, "product": product,
        "status": status, "timing": timing.value, "first_due_on": written(first_due_on),
        "due_on": written(due_on), "done_on": written(done_on), "cycle": cycle, "cycle_ends_on": written(ends),
    }  # fmt: skip


def values_of(thing: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """The same columns of something already at hand, so that one thing is told as a list of them."""
    return tuple(attrgetter(name.replace("__", "."))(thing) for name in names)


def written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def plainly(said: dict[str, Any]) -> HttpResponse:
    """An answer that is already in its shape."""
    return HttpResponse(
        json.dumps(said, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
