"""Units as pages: the tree as of a day, and one unit told through its reforms. Whoever signed in may look."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tiendo.kit import clock
from tiendo.kit.panels import panels
from tiendo.orgs import portrait, seats
from tiendo.orgs.models import Kind, Unit

ROWS = 60


class DayForm(forms.Form):
    """The tree on another day, and words to find a unit by."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    under = forms.IntegerField(required=False, widget=forms.HiddenInput)


def asked(request: HttpRequest, usual: date | None = None) -> tuple[DayForm, date]:
    """What the address asks; a day that is none is answered as of the usual one, with a word beside it."""
    form = DayForm(request.GET)
    form.is_valid()
    return form, form.cleaned_data.get("on") or usual or clock.today()


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    form, on = asked(request)
    node = opened(form, on)
    words = form.cleaned_data.get("q", "")
    context: dict[str, Any] = {"form": form, "on": on, "node": node, "words": words}
    if words:
        context["found"] = portrait.found(words, limit=40)
    else:
        context |= branches(request, node, on)
    is_branch = "HX-Request" in request.headers and node is not None and not words
    template = "orgs/_branch.html" if is_branch else "orgs/units.html"
    return render(request, template, context, status=422 if form.errors else 200)


def opened(form: DayForm, on: date) -> Unit | None:
    """The unit whose branch is open: the one asked for, or the country when it stands alone at the top."""
    if "under" in form.errors:
        raise Http404
    asked_for = form.cleaned_data.get("under")
    if asked_for is not None:
        return get_object_or_404(Unit.objects.with_names(), pk=asked_for)
    tops = portrait.children(None, on)
    return tops[0].unit if len(tops) == 1 else None


def branches(request: HttpRequest, node: Unit | None, on: date) -> dict[str, Any]:
    inside = portrait.children(node, on)
    page = Paginator(inside, ROWS).get_page(request.GET.get("page"))
    return {
        "page": page,
        "branches": page.object_list,
        "counts": [portrait.counted(kind, n) for kind, n in portrait.counts(inside)],
        "above": portrait.path_to(node, on) if node else [],
        "node_name": node.name_on(on) if node else "",
    }


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    known = Unit.objects.prefetch_related("names", "codes", "kinds", "placements__parent__names")
    shown = get_object_or_404(known, pk=pk)
    last_day = shown.ends_on - timedelta(days=1) if shown.ends_on else None
    form, on = asked(request, last_day)  # one that has ended is shown as it last stood
    context = {"form": form, "on": on, "unit": shown, **told(shown, on)}
    context["panels"] = panels(request, shown, on)
    return render(request, "orgs/unit.html", context, status=422 if form.errors else 200)


def told(shown: Unit, on: date) -> dict[str, Any]:
    names, aliases = portrait.names_told(shown)
    turns = portrait.turns(shown)
    inside = portrait.children(shown, on)
    places = [branch for branch in inside if branch.kind in portrait.PLACES]
    return {
        "name": shown.name_on(on),
        "vietnamese": portrait.vietnamese(shown, on),
        "kind": Kind(portrait.kind_on(shown, on)).label,
        "exists": shown.exists_on(on),
        "names": names,
        "aliases": aliases,
        "turns": turns,
        "heirs": [
            one
            for turn in turns
            if turn.old[0].unit == shown
            for one in turn.new
            if one.unit != shown
        ],
        "around": [(day - timedelta(days=1), day) for day in portrait.days_of_change(shown, turns)],
        "above": portrait.path_to(shown, on),
        "inside": inside[:ROWS],
        "more": len(inside) > ROWS,
        "places": len(places),
        "place_counts": [portrait.counted(*row) for row in portrait.counts(places)],
        "organ_counts": [
            portrait.counted(kind, n)
            for kind, n in portrait.counts(inside)
            if kind not in portrait.PLACES
        ],
        "posts": seats.posts_of(shown, on),
        "dots": portrait.dot_map(shown, on),
    }
