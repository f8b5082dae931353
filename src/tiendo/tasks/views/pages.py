"""One task with all there is to know about it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tiendo.kit import clock
from tiendo.kit.panels import panels
from tiendo.orgs.history import history_of
from tiendo.tasks import reads
from tiendo.tasks.doings import doings_of, doings_of_part, once_a_key
from tiendo.tasks.models import Task
from tiendo.tasks.states import Status


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
        "score": reads.score_of(task),
        "clear": clear,
        "clear_count": clear_count,
        "history": history_of(task),
        "doings": once_a_key(doings_of(task, person)),
    }
