"""The unit answers, the office issues, holds and closes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiendo.kit.permission import can
from tiendo.kit.proof import proven
from tiendo.ledger.record import version_of
from tiendo.tasks import actions, reads
from tiendo.tasks.actions import NotClear
from tiendo.tasks.forms import IssueForm, JoinForm, ReasonForm, TransferForm
from tiendo.tasks.models import Part, Task
from tiendo.tasks.offers import require_offered
from tiendo.tasks.views.acting import answer, find_part, find_task, go_on, person_of, show
from tiendo.tasks.views.lists import suggested_units


@require_POST
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)
    actions.receive(part, by=person_of(request))
    return go_on(
        request, part.task, _("Received. Now accept the task, or refuse it with a reason.")
    )


@require_POST
def acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)
    actions.accept(part, by=person_of(request))
    return go_on(
        request, part.task, _("Accepted. The clock runs: report when there is something to say.")
    )


@require_http_methods(["GET", "POST"])
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)

    def act(reason: str) -> str:
        actions.refuse(part, by=person_of(request), reason=reason)
        return _("Refused. The office that gave the task reads your reason and answers.")

    words = {
        "title": _("Refuse this task"),
        "label": _("Why your unit cannot take it"),
        "button": _("Send the refusal"),
    }
    return with_reason(request, part.task, part, "refusal", act, words)


@require_http_methods(["GET", "POST"])
@proven
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)

    def act(note: str) -> str:
        actions.reissue(part, by=person_of(request), note=note)
        return _("Issued again. The unit sees your answer.")

    words = {
        "title": _("Answer the refusal: issue the part again"),
        "label": _("Your answer to the unit"),
        "button": _("Issue again"),
    }
    return with_reason(request, part.task, part, "reissue", act, words)


@require_http_methods(["GET", "POST"])
def suspension(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)

    def act(reason: str) -> str:
        actions.suspend(part, by=person_of(request), reason=reason)
        return _("Suspended. It counts as open while it rests.")

    words = {
        "title": _("Suspend this part"),
        "label": _("Why it must rest"),
        "button": _("Suspend"),
    }
    return with_reason(request, part.task, part, "suspension", act, words)


@require_http_methods(["GET", "POST"])
def resumption(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)

    def act(note: str) -> str:
        actions.resume(part, by=person_of(request), note=note)
        return _("Taken up again.")

    words = {
        "title": _("Take this part up again"),
        "label": _("Note to the unit"),
        "button": _("Take up again"),
    }
    return with_reason(request, part.task, part, "resumption", act, words)


@require_http_methods(["GET", "POST"])
@proven
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    """Two parts of one clause that met in one unit become one; both histories stay."""
    part = find_part(request, pk)
    there = reads.met([part.task]).get(part.unit_id, [])
    offered = Part.objects.visible_to(request.user).filter(
        pk__in=[other.pk for other in reads.joinable(part, there)]
    )
    given: dict[str, Any] = {"offered": offered, "label": _("Why they become one")}
    words = {"title": _("Join this part to another"), "button": _("Join")}
    shown: dict[str, Any] = {"words": words, "part": part}
    if request.method == "GET":
        require_offered("joining", part, request.user)
        return show(request, part.task, JoinForm(**given), "tasks/_reason.html", **shown)
    form = JoinForm(request.POST, **given)

    def act() -> str:
        into, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
        actions.join(part, into, by=person_of(request), reason=reason)
        return _("Joined. The other part goes on; both histories stay.")

    return answer(request, part.task, form, act, "tasks/_reason.html", **shown)


@require_http_methods(["GET", "POST"])
@proven
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Another unit takes a part over, with its product and both its dates."""
    part = find_part(request, pk)
    words = {"title": _("Hand this part to another unit"), "button": _("Hand over")}
    shown: dict[str, Any] = {"words": words, "part": part, "units": suggested_units()}
    if request.method == "GET":
        require_offered("transfer", part, request.user)
        return show(request, part.task, TransferForm(), "tasks/_reason.html", **shown)
    form = TransferForm(request.POST)

    def act() -> str:
        given = form.cleaned_data
        actions.transfer(part, given["unit"], by=person_of(request), reason=given["reason"])
        return _("Handed over. The first date stays; the new unit sees the part now.")

    return answer(request, part.task, form, act, "tasks/_reason.html", **shown)


@require_http_methods(["GET", "POST"])
@proven
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)

    def act(reason: str) -> str:
        actions.drop(task, by=person_of(request), reason=reason)
        return _("Dropped. The task stays listed with its reason and leaves the rates.")

    words = {
        "title": _("Drop this task"),
        "label": _("Why it is no longer followed"),
        "button": _("Drop the task"),
    }
    return with_reason(request, task, task.lead, "drop", act, words)


def with_reason(
    request: HttpRequest,
    task: Task,
    part: Part,
    name: str,
    act: Callable[[str], str],
    words: dict[str, str],
) -> HttpResponse:
    """An act that needs nothing but a text that says why."""
    panel = "tasks/_reason.html"
    shown: dict[str, Any] = {"words": words, "part": part}
    if request.method == "GET":
        require_offered(name, part, request.user)
        return show(request, task, ReasonForm(label=words["label"]), panel, **shown)
    form = ReasonForm(request.POST, label=words["label"])
    return answer(request, task, form, lambda: act(form.cleaned_data["reason"]), panel, **shown)


@require_http_methods(["GET", "POST"])
@proven
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    task = find_task(request, pk)
    shown: dict[str, Any] = {
        "clear": reads.clear_lines(task)[0],
        "may_overrule": can(request.user, "tasks.overrule", task.unit),
    }
    if request.method == "GET":
        require_offered("issue", task.lead, request.user)
        form = IssueForm(initial={"version": version_of(task)})
        return show(request, task, form, "tasks/_issue.html", **shown)
    form = IssueForm(request.POST)
    return answer(
        request, task, form, lambda: sent(task, form, request.user), "tasks/_issue.html", **shown
    )


def sent(task: Task, form: IssueForm, by: Any) -> str:
    overrule, saw = form.cleaned_data["overrule"], form.cleaned_data["version"]
    try:
        actions.issue(task, by=by, overrule=overrule, saw=saw)
    except NotClear as gate:
        gate.field = "overrule"
        raise
    return _("Issued. The units see the task now; its first date is kept for ever.")
