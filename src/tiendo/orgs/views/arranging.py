"""Acts on a unit: found one beneath it, name it anew, hang it elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.kit import clock
from tiendo.orgs import actions
from tiendo.orgs.forms import FoundingForm, NameForm, PlaceForm
from tiendo.orgs.models import STATE, Kind, Unit
from tiendo.orgs.views.acting import Act, answer, find_unit, typed


@require_http_methods(["GET", "POST"])
def founding(request: HttpRequest, pk: int) -> HttpResponse:
    above = find_unit(pk)
    form = FoundingForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> str:
        given = form.cleaned_data
        unit = actions.found(
            "", Kind(given["kind"]), form.names(), by=form.by, beneath=above, on=given["on"],
            basis=given["basis"],
        )  # fmt: skip
        return reverse("orgs:unit", args=[unit.pk])

    act = Act(above, _("Found a unit beneath it"), _("Found it"), page_of(above))
    return answer(request, form, act, do, lambda: _("The unit is founded."))


@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, pk: int) -> HttpResponse:
    unit = find_unit(pk)
    form = NameForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> None:
        given = form.cleaned_data
        actions.rename(
            unit, given["language"], given["text"], by=form.by, on=given["on"], basis=given["basis"]
        )

    note = _("Before that day it keeps the name it had: nothing is renamed backwards.")
    act = Act(unit, _("Give it another name"), _("Name it so"), page_of(unit), note)
    return answer(request, form, act, do, lambda: _("The new name holds from that day."))


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    unit = find_unit(pk)
    form = PlaceForm(typed(request), by=request.user, initial={"on": clock.today(), "tree": STATE})

    def do() -> None:
        given = form.cleaned_data
        actions.move(
            unit, given["beneath"], by=form.by, on=given["on"], tree=given["tree"],
            basis=given["basis"],
        )  # fmt: skip

    note = _("Everything beneath it moves with it, and so do the rights over it.")
    act = Act(unit, _("Hang it elsewhere"), _("Move it"), page_of(unit), note)
    return answer(request, form, act, do, lambda: _("It hangs there from that day."))


def page_of(unit: Unit) -> str:
    return reverse("orgs:unit", args=[unit.pk])
