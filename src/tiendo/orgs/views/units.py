"""Units as pages: the tree as of a day, and one unit told through its reforms. Whoever signed in may look."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tiendo.kit import clock
from tiendo.kit.panels import panels
from tiendo.kit.permission import can
from tiendo.orgs import portrait, reads, seats
from tiendo.orgs.models import STATE, Committee, Kind, Tree, Unit
from tiendo.orgs.tiles import Shown, Square, tile_map

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
    tree = forms.ChoiceField(required=False, choices=Tree.choices, widget=forms.HiddenInput)


def asked(request: HttpRequest, usual: date | None = None) -> tuple[DayForm, date]:
    """What the address asks; a day that is none is answered as of the usual one, with a word beside it."""
    form = DayForm(request.GET)
    form.is_valid()
    return form, form.cleaned_data.get("on") or usual or clock.today()


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    form, on = asked(request)
    tree = form.cleaned_data.get("tree") or STATE
    node = opened(form, on, tree)
    words = form.cleaned_data.get("q", "")
    context: dict[str, Any] = {"form": form, "on": on, "node": node, "words": words}
    if words:
        context["found"] = portrait.found(words, limit=40)
    else:
        context |= branches(request, node, on, tree)
    is_branch = "HX-Request" in request.headers and node is not None and not words
    template = "orgs/_branch.html" if is_branch else "orgs/units.html"
    return render(request, template, context, status=422 if form.errors else 200)


def opened(form: DayForm, on: date, tree: str) -> Unit | None:
    """The unit whose branch is open: the one asked for, or the one that stands alone at the top of its tree."""
    if "under" in form.errors:
        raise Http404
    asked_for = form.cleaned_data.get("under")
    if asked_for is not None:
        return get_object_or_404(Unit.objects.with_names(), pk=asked_for)
    tops = portrait.children(None, on, tree)
    return tops[0].unit if len(tops) == 1 else None


def branches(request: HttpRequest, node: Unit | None, on: date, tree: str) -> dict[str, Any]:
    inside = portrait.children(node, on, tree)
    page = Paginator(inside, ROWS).get_page(request.GET.get("page"))
    at_top = node is None or node.kind == Kind.COUNTRY
    return {
        "page": page,
        "branches": page.object_list,
        "counts": [portrait.counted(kind, n) for kind, n in portrait.counts(inside)],
        "above": portrait.path_to(node, on, tree) if node else [],
        "node_name": node.name_on(on) if node else "",
        "tree": Tree(tree),
        "trees": Tree,
        "may_found": node is not None and can(request.user, "orgs.arrange", node),
        "squares": communes_map(on) if at_top and tree == STATE else [],
    }


def communes_map(on: date) -> list[Square]:
    """The provinces of the day, the darker the more communes they have."""
    numbers = portrait.communes_by_province(on)
    most = max(numbers.values(), default=0)
    return tile_map(on, {unit: many(n, most) for unit, n in numbers.items()})


def many(n: int, most: int) -> Shown:
    said = ngettext("%(n)s commune or ward", "%(n)s communes and wards", n) % {"n": n}
    return Shown(str(n), said, f"s{1 + n * 4 // most}")


@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    known = Unit.objects.prefetch_related("names", "codes", "kinds", "placements__parent__names")
    shown = get_object_or_404(known, pk=pk)
    last_day = shown.ends_on - timedelta(days=1) if shown.ends_on else None
    form, on = asked(request, last_day)  # one that has ended is shown as it last stood
    context = {"form": form, "on": on, "unit": shown, **told(shown, on)}
    context["panels"] = panels(request, shown, on)
    goes_on = shown.exists_on(on) and (not shown.ends_on or shown.ends_on > clock.today())
    context["may_arrange"] = goes_on and can(request.user, "orgs.arrange", shown)
    return render(request, "orgs/unit.html", context, status=422 if form.errors else 200)


def told(shown: Unit, on: date) -> dict[str, Any]:
    names, aliases = portrait.names_told(shown)
    turns = portrait.turns(shown)
    near = {one.unit for turn in turns for one in (*turn.old, *turn.new)}
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
        "further_back": [one for one in reads.ancestors(shown) if one not in near] if turns else [],
        "further_on": [one for one in reads.heirs(shown) if one not in near] if turns else [],
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
        "committees": reads.committees_of(shown, on),
        "own_committee": Committee.objects.filter(unit=shown).first(),
        "trees": [(tree, tree.label) for tree in portrait.hangs_in(shown) if tree != STATE],
    }
