"""A task is given to many units at once, or broken down into tasks of its own words; and what lies beneath it is listed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tiendo.kit import clock
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.orgs.models import Unit
from tiendo.tasks import actions_beneath, reads
from tiendo.tasks.actions_beneath import Asked
from tiendo.tasks.forms import BreakdownForm, GivingForm, one_unit
from tiendo.tasks.models import Part, Task
from tiendo.tasks.offers import require_offered
from tiendo.tasks.sets import Chosen, units_named, units_of
from tiendo.tasks.states import Role, Status
from tiendo.tasks.views.acting import find_task, go_on, person_of
from tiendo.tasks.views.drafts import helpers_wanted, lead_wanted, shown, typed_unit
from tiendo.tasks.views.lists import page_number, suggested_units

PAGE, NAMED = 50, 12
WORDING = ("title", "measure", "authority", "legal_base", "responsibility", "acceptance")


@require_http_methods(["GET", "POST"])
@proven
def giving(request: HttpRequest, pk: int) -> HttpResponse:
    """First who it would go to is looked at; then it is given."""
    task = find_task(request, pk)
    if request.method == "GET":
        require_offered("giving", task.lead, request.user)
        return give_form(request, task, GivingForm(initial={"chosen": Chosen.COMMUNES}))
    form = GivingForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            units = chosen_units(form.cleaned_data, task)
            if request.POST.get("step") == "give":
                return given(request, task, units, form.cleaned_data)
            require_offered("giving", task.lead, request.user)
            return give_form(request, task, form, units=units)
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
    return give_form(request, task, form, status=status)


def chosen_units(given: dict[str, Any], task: Task) -> list[Unit]:
    """Whom the form names; whoever leads the task is left out of a set, but not out of a list made by hand."""
    if given["chosen"] == Chosen.LISTED:
        return units_named(given["units"].splitlines(), one_unit)
    units = units_of(given["chosen"], clock.today(), within=given["within"])
    found = list(units.exclude(pk=task.lead.unit_id).with_names())
    if not found:
        raise Invalid(_("No unit of this kind stands there. Choose another set."), field="chosen")
    return found


def given(
    request: HttpRequest, task: Task, units: list[Unit], wanted: dict[str, Any]
) -> HttpResponse:
    asked = Asked(wanted["product"], wanted["due_on"], wanted["verifier"])
    actions_beneath.give(task, units, by=person_of(request), asked=asked, chosen=wanted["chosen"])
    said = ngettext(
        "Given to %(number)s unit. It sees its task now.",
        "Given to %(number)s units. They see their tasks now.",
        len(units),
    )
    return go_on(request, task, said % {"number": len(units)})


def give_form(
    request: HttpRequest,
    task: Task,
    form: GivingForm,
    *,
    units: list[Unit] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "task": task,
        "lead": task.lead,
        "form": form,
        "units": suggested_units(),
        "found": units,
        "named": (units or [])[:NAMED],
        "more": max(len(units or []) - NAMED, 0),
    }
    return render(request, "tasks/giving.html", context, status=status)


@require_http_methods(["GET", "POST"])
def breakdown(request: HttpRequest, pk: int) -> HttpResponse:
    """A task of its own words beneath this one: written as a draft, issued through the same gate."""
    task = find_task(request, pk)
    require_offered("breakdown", task.lead, request.user)
    lead = typed_unit(request)
    if request.method == "GET":
        first = {"due_on": task.lead.due_on, "authority": task.authority, **request.GET.dict()}
        return shown(request, BreakdownForm(initial=first, lead=lead), 200, above=task)
    form = BreakdownForm(request.POST, lead=lead)
    if form.is_valid():
        try:
            return redirect(written(task, form, request.user))
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
    return shown(request, form, 422, above=task)


def written(task: Task, form: BreakdownForm, by: Any) -> Task:
    given = form.cleaned_data
    return actions_beneath.break_down(
        task,
        by=by,
        lead=lead_wanted(given),
        co_parts=helpers_wanted(given),
        **{name: given[name] for name in WORDING},
    )


@require_GET
def beneath(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks beneath one, each with its lead; those nobody has taken up stand first."""
    task = find_task(request, pk)
    on, number = clock.today(), page_number(request)
    rows = (
        Part.objects.visible_to(request.user)
        .filter(task__above=task, role=Role.LEAD)
        .exclude(status=Status.TRANSFERRED)
        .select_related("task__programme", "unit", "post")
        .prefetch_related("unit__names")
        .order_by("task__number")
    )
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "task": task,
        "rows": [(part, *reads.sign_of(part, on)) for part in found[:PAGE]],
        "levels": reads.levels_beneath(task),
        "number": number,
        "has_next": len(found) > PAGE,
    }
    return render(request, "tasks/beneath.html", context)
