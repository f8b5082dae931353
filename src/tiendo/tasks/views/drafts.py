"""A task is written by hand, and reworded until it is issued."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.kit.permission import beneath, roots
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Refused
from tiendo.ledger.record import version_of
from tiendo.orgs.history import Told, told
from tiendo.orgs.models import Unit
from tiendo.tasks import actions, reads
from tiendo.tasks.actions import PartWording
from tiendo.tasks.forms import (
    HEAD,
    BreakdownForm,
    DraftForm,
    HelpForm,
    NewTaskForm,
    SplitForm,
    full_name,
    one_unit,
    units_called,
)
from tiendo.tasks.models import Part, Programme, Task
from tiendo.tasks.offers import require_offered
from tiendo.tasks.views.acting import answer, find_task, show
from tiendo.tasks.views.lists import suggested_units

WORDING = (
    "title", "measure", "authority", "legal_base", "responsibility", "acceptance", "sector", "secrecy",
    "is_key",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.visible_to(request.user).filter(
        beneath("unit__path", roots(request.user, "tasks.plan"))
    )
    if not roots(request.user, "tasks.plan"):
        raise Forbidden(_("Only the office of a committee writes tasks. Ask it to write this one."))
    lead = typed_unit(request)
    if request.method == "GET":
        first = programmes.first()
        form = NewTaskForm(
            programmes=programmes, lead=lead, initial={"programme": first, **request.GET.dict()}
        )
        return shown(request, form, 200)
    form = NewTaskForm(request.POST, programmes=programmes, lead=lead)
    if form.is_valid():
        try:
            return redirect(written(form, request.user))
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
    return shown(request, form, 422)


def written(form: NewTaskForm, by: Any) -> Task:
    given = form.cleaned_data
    return actions.draft(
        given["programme"],
        by=by,
        lead=lead_wanted(given),
        co_parts=helpers_wanted(given),
        **{name: given[name] for name in WORDING},
    )


@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Two actions in one sentence become two drafts."""
    task = find_task(request, pk)
    if request.method == "GET":
        require_offered("split", task.lead, request.user)
        first, second = reads.score_of(task).split or (task.title, "")
        form = SplitForm(initial={"first": first, "second": second, "version": version_of(task)})
        return show(request, task, form, "tasks/_split.html")
    form = SplitForm(request.POST)
    return answer(
        request, task, form, lambda: parted(task, form, request.user), "tasks/_split.html"
    )


def parted(task: Task, form: SplitForm, by: Any) -> str:
    given = form.cleaned_data
    other = actions.split(
        task, by=by, saw=given["version"], first=given["first"], second=given["second"]
    )
    return _("Two drafts now: this one, and task %(number)s.") % {"number": other.label}


@require_http_methods(["GET", "POST"])
def help(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit that helps with a draft: its own product, its own day."""
    task = find_task(request, pk)
    if request.method == "GET":
        require_offered("help", task.lead, request.user)
        return show(request, task, HelpForm(), "tasks/_help.html")
    form = HelpForm(request.POST)
    return answer(
        request, task, form, lambda: brought_in(task, form, request.user), "tasks/_help.html"
    )


def brought_in(task: Task, form: HelpForm, by: Any) -> str:
    given = form.cleaned_data
    lead = task.lead
    wanted = PartWording(
        unit=given["unit"], by_head=True, product=given["product"],
        due_on=given["due_on"] or lead.due_on, cycle="" if given["due_on"] else lead.cycle,
        verifier=given["verifier"],
    )  # fmt: skip
    actions.bring_in(task, wanted, by=by)
    return _("Named to help. Its part goes out with the task.")


@require_http_methods(["GET", "POST"])
def wording(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(reads.whole(Task.objects.visible_to(request.user)), pk=pk)
    lead = task.lead
    if request.method == "GET":
        require_offered("wording", lead, request.user)
        form = wording_form(task)(initial=stored(task), lead=typed_unit(request) or lead.unit)
        return shown(request, form, 200, task=task)
    form = wording_form(task)(request.POST, lead=typed_unit(request) or lead.unit)
    since: list[Told] = []
    if form.is_valid():
        try:
            return redirect(reworded(task, form, request.user))
        except Forbidden:
            raise
        except ChangedMeanwhile as lost:
            since = told(lost.since)
            show_what_changed(form, task, lost, request.user)
            return shown(request, form, 409, task=task, since=since)
        except Refused as refusal:
            form.refuse(refusal)
            return shown(request, form, refusal.status, task=task)
    return shown(request, form, 422, task=task)


def wording_form(task: Task) -> type[DraftForm]:
    return DraftForm if task.above_id is None else BreakdownForm


def reworded(task: Task, form: DraftForm, by: Any) -> Task:
    given = form.cleaned_data
    return actions.reword(
        task,
        by=by,
        saw=given["version"] or 0,
        lead=lead_wanted(given),
        co_parts=helpers_wanted(given, task),
        **{name: given[name] for name in WORDING if name in given},
    )


def lead_wanted(given: dict[str, Any]) -> PartWording:
    unit: Unit = given["lead"]
    by_head = given["post"] == HEAD
    return PartWording(
        unit=unit,
        post=None if by_head else unit.posts.filter(pk=given["post"] or 0).first(),
        by_head=by_head,
        product=given["product"],
        due_on=given["due_on"],
        cycle=given["cycle"],
        cycle_ends_on=given["cycle_ends_on"],
        verifier=given["verifier"],
    )


def helpers_wanted(given: dict[str, Any], task: Task | None = None) -> tuple[PartWording, ...]:
    """Those who help have the lead's day and verifier unless it is they who verify; who had a product and a day of its
    own keeps them."""
    own = {part.unit_id: part for part in task.co_parts} if task else {}
    return tuple(
        as_it_was(own[unit.pk], task.lead, given)  # type: ignore[union-attr]
        if unit.pk in own
        else PartWording(
            unit=unit,
            due_on=given["due_on"],
            cycle=given["cycle"],
            cycle_ends_on=given["cycle_ends_on"],
            verifier=given["verifier"] if given["verifier"] != unit else None,
        )
        for unit in given["helpers"]
    )


def as_it_was(part: Part, lead: Part, given: dict[str, Any]) -> PartWording:
    """A helper as worded before; one that had the lead's day and verifier goes along when those change."""
    follows_day = (part.due_on, part.cycle) == (lead.due_on, lead.cycle)
    verifier = given["verifier"] if part.verifier_id == lead.verifier_id else part.verifier
    return PartWording(
        unit=part.unit,
        post=part.post,
        product=part.product,
        due_on=given["due_on"] if follows_day else part.due_on,
        cycle=given["cycle"] if follows_day else part.cycle,
        cycle_ends_on=given["cycle_ends_on"] if follows_day else part.cycle_ends_on,
        verifier=verifier if verifier != part.unit else None,
    )


def stored(task: Task) -> dict[str, Any]:
    """The draft as the form shows it."""
    lead: Part = task.lead
    return {
        **{name: getattr(task, name) for name in WORDING},
        "lead": name_that_finds(lead.unit),
        "post": lead.post_id or "",
        "helpers": "\n".join(name_that_finds(part.unit) for part in task.co_parts),
        "due_on": lead.due_on,
        "cycle": lead.cycle,
        "cycle_ends_on": lead.cycle_ends_on,
        "product": lead.product,
        "verifier": name_that_finds(lead.verifier),
        "version": version_of(task),
    }


def name_that_finds(unit: Unit) -> str:
    name = unit.name_on(None)
    if units_called(name) == [unit]:
        return name
    longer = full_name(unit)
    return longer if units_called(longer) == [unit] else unit.key


def show_what_changed(form: DraftForm, task: Task, lost: ChangedMeanwhile, by: Any) -> None:
    """Beside each field that now differs: what is stored. The next try overwrites it knowingly."""
    fresh = stored(reads.whole(Task.objects.visible_to(by)).get(pk=task.pk))
    form.add_error(None, str(lost))
    form.now(version=fresh["version"])
    for name, value in fresh.items():
        typed = form.data.get(name, "")
        if name in {"version", "post", "is_key", "cycle", "sector", "secrecy"} or same(
            value, typed
        ):
            continue
        form[name].help_text = _("Now stored: %(value)s") % {"value": readable(value)}


def same(value: Any, typed: str) -> bool:
    return str(value or "").split() == typed.split()


def readable(value: Any) -> str:
    if not value:
        return _("nothing")
    return date_format(value, "DATE_FORMAT") if hasattr(value, "isoformat") else str(value)


def typed_unit(request: HttpRequest) -> Unit | None:
    """The lead unit named so far, so that its posts may be offered."""
    name = (request.POST.get("lead") or request.GET.get("lead") or "").replace("\0", "")[:300]
    try:
        return one_unit(name) if name.strip() else None
    except ValidationError:
        return None


def shown(request: HttpRequest, form: DraftForm, status: int, **more: Any) -> HttpResponse:
    context = {"form": form, "units": suggested_units(), **more}
    return render(request, "tasks/wording.html", context, status=status)
