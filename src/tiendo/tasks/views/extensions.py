"""Another date is asked for, and granted or declined. The first date stays."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.kit.proof import proven
from tiendo.tasks import actions
from tiendo.tasks.forms import DecisionForm, ExtensionForm
from tiendo.tasks.models import Extension, Part
from tiendo.tasks.offers import require_offered
from tiendo.tasks.views.acting import answer, find_extension, find_part, show

EXTENSION, DECISION = "tasks/_extension.html", "tasks/_decision.html"


@require_http_methods(["GET", "POST"])
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)
    if request.method == "GET":
        require_offered("extension", part, request.user)
        return show(request, part.task, ExtensionForm(), EXTENSION, part=part)
    form = ExtensionForm(request.POST)
    return answer(
        request, part.task, form, lambda: asked(part, form, request.user), EXTENSION, part=part
    )


def asked(part: Part, form: ExtensionForm, by: Any) -> str:
    actions.ask_extension(part, by=by, **form.cleaned_data)
    return _("Asked. The date in force stays until the office answers.")


@require_http_methods(["GET", "POST"])
@proven
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    request_made = find_extension(request, pk)
    shown: dict[str, Any] = {"extension": request_made, "part": request_made.part}
    if request.method == "GET":
        require_offered("decision", request_made.part, request.user)
        return show(request, request_made.part.task, DecisionForm(), DECISION, **shown)
    form = DecisionForm(request.POST)
    granted = request.POST.get("granted") == "yes"
    return answer(
        request,
        request_made.part.task,
        form,
        lambda: decided(request_made, form, granted, request.user),
        DECISION,
        **shown,
    )


def decided(extension: Extension, form: DecisionForm, granted: bool, by: Any) -> str:
    actions.decide_extension(extension, by=by, granted=granted, note=form.cleaned_data["note"])
    if granted:
        return _("Granted. The first date stays on the page, struck through.")
    return _("Declined. The date in force stays.")
