"""Committees: their list, one of them with its members, and the acts on it."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tiendo.kit import clock
from tiendo.kit.panels import panels
from tiendo.kit.permission import can, roots
from tiendo.kit.words import HARD_SPACE
from tiendo.orgs import actions_committees, portrait, reads, seats
from tiendo.orgs.composition import Line
from tiendo.orgs.forms import CommitteeForm, CompositionForm, EndForm, StandingOfficeForm
from tiendo.orgs.models import SEATED, Committee, Group, Unit
from tiendo.orgs.names import fold
from tiendo.orgs.views.acting import Act, answer, find_committee, find_unit, typed

ROWS = 50


class CommitteesForm(forms.Form):
    """Which committees, on which day."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Every level")), *Committee.Level.choices]
    )
    type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Every type")), *Committee.Type.choices]
    )
    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


@require_safe
def committees(request: HttpRequest) -> HttpResponse:
    form = CommitteesForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    on = given.get("on") or clock.today()
    rows = reads.committees(on, level=given.get("level"), type=given.get("type"))
    if words := fold(given.get("q", "")):
        rows = rows.filter(unit__names__folded__contains=words).distinct()
    page = Paginator(reads.in_order(rows), ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "on": on,
        "page": page,
        "rows": reads.with_heads(list(page.object_list), on),
        "may_form": bool(roots(request.user, "orgs.arrange")),
    }
    return render(request, "orgs/committees.html", context, status=422 if form.errors else 200)


class DayForm(forms.Form):
    on = CommitteesForm.base_fields["on"]


@require_safe
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    shown = find_committee(pk)
    form = DayForm(request.GET)
    form.is_valid()
    on = form.cleaned_data.get("on") or last_day(shown)
    posts, composed = seats.posts_of(shown.unit, on), seats.composition(shown, on)
    context = {
        "form": form,
        "on": on,
        "committee": shown,
        "name": shown.unit.name_on(on),
        "vietnamese": portrait.vietnamese(shown.unit, on),
        "above": portrait.path_to(shown.unit, on),
        "serves": shown.serves.name_on(on),
        "posts": [post for post in posts if post.kind in SEATED],
        "staff": [post for post in posts if post.kind not in SEATED],
        "offices": seats.offices_of(shown, on),
        "composition": composed,
        "composition_lines": [told(line) for line in composed.judgement.lines] if composed else [],
        "menders": seats.menders(shown, on),
        "beneath": reads.with_heads(reads.committees_of(shown.unit, on), on),
        "may_arrange": shown.unit.exists_on(on) and can(request.user, "orgs.arrange", shown),
        "panels": panels(request, shown, on),
    }
    return render(request, "orgs/committee.html", context, status=422 if form.errors else 200)


class ToldLine(NamedTuple):
    """A line of the composition in words: the shares as people write them."""

    group: Any
    have: int
    least: str
    needed: int
    most: str
    allowed: int
    verdict: str
    gap: int


def told(line: Line) -> ToldLine:
    share = line.share
    return ToldLine(
        Group(share.group).label, line.have, part_in_words(share.least), line.needed,
        part_in_words(share.most), line.allowed, line.verdict, line.gap,
    )  # fmt: skip


def part_in_words(part: Fraction | None) -> str:
    """“30 %” where that is exact, else “1/3”; nothing where nothing is asked."""
    if part is None:
        return ""
    percent = part * 100
    if percent.denominator == 1:
        return f"{percent}{HARD_SPACE}%"
    return str(part)


def last_day(shown: Committee) -> date:
    """Today, or the last day of one that has ended."""
    return shown.unit.ends_on - timedelta(days=1) if shown.unit.ends_on else clock.today()


# ---------------------------------------------------------------- acts
@require_http_methods(["GET", "POST"])
def forming(request: HttpRequest, pk: int) -> HttpResponse:
    above = find_unit(pk)
    initial = {"on": clock.today(), "level": level_of(above)}
    form = CommitteeForm(typed(request), by=request.user, initial=initial)

    def do() -> str:
        given = form.cleaned_data
        made = actions_committees.form_committee(
            "", form.names(), by=form.by, beneath=above, on=given["on"],
            type=Committee.Type(given["type"]), level=Committee.Level(given["level"]),
            serves=given["serves"], basis=given["basis"],
        )  # fmt: skip
        return page_of(made)

    back = reverse("orgs:unit", args=[above.pk])
    act = Act(above, _t("Form a committee beneath it"), _t("Form it"), back)
    return answer(request, form, act, do, lambda: _t("The committee is formed."))


def level_of(above: Unit) -> str:
    """The level a committee beneath this unit most likely has."""
    if above.kind in portrait.COMMUNES:
        return Committee.Level.COMMUNE.value
    local = above.kind in portrait.PLACES
    return (Committee.Level.PROVINCIAL if local else Committee.Level.CENTRAL).value


@require_http_methods(["GET", "POST"])
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    shown = find_committee(pk)
    form = CompositionForm(typed(request), by=request.user, initial=ruled(shown))

    def do() -> None:
        given = form.cleaned_data
        actions_committees.rule_composition(
            shown, form.shares(), by=form.by, on=given["on"], smallest=given["smallest"],
            largest=given["largest"], is_binding=given["is_binding"], basis=given["basis"],
        )  # fmt: skip

    act = Act(
        shown.unit, _t("Rule who must sit in it"), _t("Rule it so"), page_of(shown),
        _t("“At least” is rounded up and “at most” down: people are whole."),
        "orgs/composition.html",
    )  # fmt: skip
    return answer(request, form, act, do, lambda: _t("The rule holds from that day."))


def ruled(shown: Committee) -> dict[str, Any]:
    """The rule in force, as the form's first words."""
    today = clock.today()
    rule = seats.rule_on(shown.unit, today)
    if rule is None:
        return {"on": today}
    shares = {
        f"{side}_{share.group}": part_in_words(part)
        for share in seats.asked(rule).shares
        for side, part in (("least", share.least), ("most", share.most))
        if part is not None
    }
    kept = {name: getattr(rule, name) for name in ("smallest", "largest", "is_binding")}
    return {"on": today, **kept, **shares}


@require_http_methods(["GET", "POST"])
def standing_office(request: HttpRequest, pk: int) -> HttpResponse:
    shown = find_committee(pk)
    form = StandingOfficeForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> None:
        given = form.cleaned_data
        actions_committees.name_standing_office(
            shown, given["unit"], by=form.by, on=given["on"], basis=given["basis"]
        )

    act = Act(shown.unit, _t("Name its standing office"), _t("Name it"), page_of(shown))
    return answer(request, form, act, do, lambda: _t("The standing office is named."))


@require_http_methods(["GET", "POST"])
def committee_ending(request: HttpRequest, pk: int) -> HttpResponse:
    shown = find_committee(pk)
    form = EndForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> None:
        given = form.cleaned_data
        actions_committees.end_committee(shown, by=form.by, on=given["on"], basis=given["basis"])

    note = _t("Its tenures, posts and rules end with it; what was done stays told.")
    act = Act(shown.unit, _t("End the committee"), _t("End it"), page_of(shown), note)
    return answer(request, form, act, do, lambda: _t("The committee ends on that day."))


def page_of(shown: Committee) -> str:
    return reverse("orgs:committee", args=[shown.pk])
