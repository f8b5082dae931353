"""The list of tasks, and one task with all there is to know about it."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tiendo.kit import clock
from tiendo.kit.panels import panels
from tiendo.kit.permission import roots
from tiendo.orgs.history import history_of
from tiendo.orgs.models import Kind, Unit
from tiendo.tasks import reads
from tiendo.tasks.doings import doings_of, doings_of_part, once_a_key
from tiendo.tasks.forms import TaskFilter, units_called
from tiendo.tasks.models import Part, Programme, Task
from tiendo.tasks.states import OPEN, Status

PAGE, DEEPEST = 25, 400
CENTRAL = (Kind.BODY, Kind.MINISTRY, Kind.AGENCY, Kind.PROVINCE, Kind.PARTY, Kind.COMMITTEE)


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    form = TaskFilter(request.GET, programmes=Programme.objects.visible_to(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    number = page_number(request)
    rows = filtered(
        reads.lead_parts(Task.objects.visible_to(request.user)), asked, request.user, on
    )
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "form": form,
        "rows": [(part, *reads.sign_of(part, on)) for part in found[:PAGE]],
        "number": number,
        "has_next": len(found) > PAGE and number < DEEPEST,
        "units": suggested_units(),
        "may_write": bool(roots(request.user, "tasks.plan")),
        "is_filtered": any(asked.values()),
    }
    return render(request, "tasks/list.html", context)


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return (
        min(max(int(asked), 1), DEEPEST)
        if asked.isascii() and asked.isdigit() and len(asked) < 6
        else 1
    )


def filtered(parts: Any, asked: dict[str, Any], person: Any, on: date) -> Any:
    """Lead parts the address asks for; what is open comes by its due day, the rest newest first."""
    if asked.get("programme"):
        parts = parts.filter(task__programme=asked["programme"])
    if asked.get("unit"):
        holding = Part.objects.visible_to(person).filter(unit__in=units_called(asked["unit"]))
        parts = parts.filter(task__in=holding.values("task"))
    if asked.get("key"):
        parts = parts.filter(task__is_key=True)
    for word in asked.get("q", "").split()[:8]:
        parts = parts.filter(holds(word))
    return in_state(parts, asked.get("state", ""), on)


def holds(word: str) -> Q:
    """The word in the title, however its letters are cased: SQLite folds only the Latin ones."""
    found = Q()
    for way in {word, word.lower(), word.capitalize(), word.upper()}:
        found |= Q(task__title__icontains=way) | Q(task__programme__symbol__icontains=way)
    if word.isascii() and word.isdigit() and len(word) < 9:
        found |= Q(task__number=int(word))
    return found


def in_state(parts: Any, state: str, on: date) -> Any:
    soon = on + timedelta(days=settings.TASKS_DUE_SOON_DAYS)
    by_state = {
        "open": Q(status__in=OPEN),
        "late": Q(status__in=OPEN, due_on__lt=on),
        "due_soon": Q(status__in=OPEN, due_on__gte=on, due_on__lte=soon),
        "done": Q(status=Status.DONE),
        "submitted": Q(status=Status.SUBMITTED),
        "draft": Q(status=Status.DRAFT),
    }
    if state in by_state:
        parts = parts.filter(by_state[state])
    by_day = state in {"open", "late", "due_soon", "submitted"}
    return parts.order_by("due_on", "task_id") if by_day else parts.order_by("-task_id")


def suggested_units() -> list[str]:
    """Names a field of units may offer while typing; the thousands of communes are typed in full."""
    units = Unit.objects.filter(kind__in=CENTRAL, ends_on=None).with_names()[:400]
    return sorted(unit.name_on(None) for unit in units)


@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    seen = get_object_or_404(reads.whole(Task.objects.visible_to(request.user)), pk=pk)
    on = clock.today()
    context = told(seen, request.user, on)
    context["panels"] = panels(request, seen, on)
    return render(request, "tasks/task.html", context)


def told(task: Task, person: Any, on: date) -> dict[str, Any]:
    """Everything the page of a task tells this person on a day."""
    parts = list(task.parts.all())
    for part in parts:
        part.task = task  # one object, so that nobody asks for it again
    stories = [reads.story_of(part, on) for part in parts]
    there = reads.met([task])
    meets = {p.pk: bool(reads.joinable(p, there.get(p.unit_id, ()))) for p in parts}
    clear, clear_count = reads.clear_lines(task)
    levels = reads.levels_beneath(task) if task.last_number else []
    lead = next(story for story in stories if story.part == task.lead)
    if levels:
        lead.claim = reads.claim_beneath(task, on)
    return {
        "above": reads.above_of(task, person),
        "levels": levels,
        "task": task,
        "on": on,
        "stories": [
            (story, doings_of_part(story.part, person, meets=meets[story.part.pk]))
            for story in stories
        ],
        "standing": sum(part.status != Status.TRANSFERRED for part in parts),
        "lead": lead,
        "moved": sum(one.granted is True for one in task.lead.extensions.all()),
        "stopped": reads.longest_wait(stories),
        "axis": reads.axis_of(task, on),
        "reports": reads.reports_seen(task, person),
        "extensions": [one for part in parts for one in part.extensions.all()],
        "clear": clear,
        "clear_count": clear_count,
        "history": history_of(task),
        "doings": once_a_key(doings_of(task, person)),
    }
