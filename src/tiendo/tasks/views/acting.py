"""What every act's page does alike: find, show a form, act, go on."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRedirect

from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Refused
from tiendo.kit.ways import own_page
from tiendo.orgs.history import Told, told
from tiendo.people.models import Person
from tiendo.tasks.models import Extension, Part, Report, Task


def person_of(request: HttpRequest) -> Person:
    """Whoever signed in; nobody else comes this far."""
    return cast(Person, request.user)


def find_task(request: HttpRequest, pk: int) -> Task:
    task: Task = get_object_or_404(
        Task.objects.visible_to(request.user).select_related("unit", "programme"), pk=pk
    )
    return task


def find_part(request: HttpRequest, pk: int) -> Part:
    parts = Part.objects.visible_to(request.user).select_related(
        "task__unit", "task__programme", "unit", "verifier", "post"
    )
    part: Part = get_object_or_404(parts.prefetch_related("extensions", "unit__names"), pk=pk)
    return part


def find_report(request: HttpRequest, pk: int) -> Report:
    seen = Part.objects.visible_to(request.user)
    reports = Report.objects.filter(part__in=seen).select_related(
        "part__task__unit", "part__task__programme", "part__unit", "part__verifier", "sent_by"
    )
    report: Report = get_object_or_404(reports.prefetch_related("evidence"), pk=pk)
    return report


def find_extension(request: HttpRequest, pk: int) -> Extension:
    seen = Part.objects.visible_to(request.user)
    asked: Extension = get_object_or_404(
        Extension.objects.filter(part__in=seen).select_related(
            "part__task__unit", "part__task__programme", "part__unit", "part__verifier", "asked_by"
        ),
        pk=pk,
    )
    return asked


def answer(
    request: HttpRequest, task: Task, form: Any, act: Callable[[], str], panel: str, **shown: Any
) -> HttpResponse:
    """Act on what was typed and go on; a refusal stands on the form beside its field, with nothing lost."""
    if form.is_valid():
        try:
            said = act()
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
            return show(
                request,
                task,
                form,
                panel,
                status=refusal.status,
                since=since(refusal, task),
                **shown,
            )
        return go_on(request, task, said)
    return show(request, task, form, panel, status=422, **shown)


def since(refusal: Refused, task: Task) -> list[Told]:
    """What the loser of a race has not seen, as sentences."""
    if not isinstance(refusal, ChangedMeanwhile):
        return []
    return told(refusal.since)


def show(
    request: HttpRequest, task: Task, form: Any, panel: str, *, status: int = 200, **shown: Any
) -> HttpResponse:
    """The panel alone for htmx, the page around it for everyone else."""
    context = {"task": task, "form": form, "panel": panel, "back": back(request), **shown}
    if request.htmx:  # type: ignore[attr-defined]
        # htmx swaps a form shown again only as 422; a notice may come with any status
        return render(request, panel, context, status=200 if status == 200 else 422)
    return render(request, "tasks/act.html", context, status=status)


def go_on(request: HttpRequest, task: Task, said: str) -> HttpResponse:
    """Say what was done and return to where the person came from, or to the task."""
    messages.success(request, said)
    where = back(request) or task.get_absolute_url()
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)  # type: ignore[attr-defined]


def back(request: HttpRequest) -> str:
    """The page of ours to return to after the act, if one was named."""
    return own_page(request, request.POST.get("next") or request.GET.get("next") or "")
