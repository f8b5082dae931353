"""Lots that decide what is checked on the spot: the list, one lot with how to do it again, and what was found."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.kit import clock
from tiendo.kit.permission import can, require, roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.tasks import actions_draws, reads
from tiendo.tasks.actions import require_outside
from tiendo.tasks.drawing import ticket
from tiendo.tasks.forms import DrawForm, FindingForm
from tiendo.tasks.models import Check, Draw, Part
from tiendo.tasks.reuse import reused
from tiendo.tasks.states import SHARES, Finding, Level
from tiendo.tasks.views.acting import answer, person_of, show
from tiendo.tasks.views.lists import page_number, suggested_units

PAGE = 50


@require_GET
def draws(request: HttpRequest) -> HttpResponse:
    number = page_number(request)
    rows = (
        Draw.objects.visible_to(request.user).select_related("unit").prefetch_related("unit__names")
    )
    found = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "number": number,
        "has_next": len(found) > PAGE,
        "may_announce": bool(roots(request.user, "tasks.draw")),
    }
    return render(request, "tasks/draws.html", context)


@require_http_methods(["GET", "POST"])
@proven
def announcement(request: HttpRequest) -> HttpResponse:
    if not roots(request.user, "tasks.draw"):
        raise Forbidden(_("Only a standing office announces what is checked on the spot. Ask it."))
    form = DrawForm(
        request.POST or None, initial={f"share_{level}": n for level, n in SHARES.items()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(announced(form, request.user))
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "units": suggested_units()}
    return render(
        request, "tasks/announcement.html", context, status=200 if request.method == "GET" else 422
    )


def announced(form: DrawForm, by: Any) -> Draw:
    given = form.cleaned_data
    return actions_draws.announce(
        given["unit"], by=by, starts_on=given["starts_on"], ends_on=given["ends_on"],
        shares={str(level): given[f"share_{level}"] for level in Level.values}, seed=given["seed"],
    )  # fmt: skip


@require_GET
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Draw.objects.visible_to(request.user).select_related("unit", "announced_by", "drawn_by"),
        pk=pk,
    )
    checks = list(
        found.checks.select_related(
            "report__part__task__programme", "report__part__unit", "report__part__verifier",
            "report__verdict", "found_by",
        ).prefetch_related("report__part__unit__names")
    )  # fmt: skip
    seen = set(
        Part.objects.visible_to(request.user)
        .filter(pk__in=[check.report.part_id for check in checks])
        .values_list("pk", flat=True)
    )
    context = {
        "draw": found,
        "shares": [(Level(level).label, n) for level, n in found.shares.items()],
        "checks": [
            (check, check.report.part_id in seen, may_find(check, request.user)) for check in checks
        ],
        "waits": found.drawn_at is None and clock.today() < found.ends_on,
        "may_draw": found.drawn_at is None
        and clock.today() >= found.ends_on
        and can(request.user, "tasks.draw", found.unit),
    }
    return render(request, "tasks/draw.html", context)


def may_find(check: Check, person: Any) -> bool:
    if check.finding or check.report.verdict.by_id == person.pk:
        return False
    part = check.report.part
    return can(person, "tasks.verify", part.verifier) and not can(person, "tasks.report", part.unit)


@require_GET
def tickets(request: HttpRequest, pk: int) -> JsonResponse:
    """All that is needed to do the lot again: seed, root, shares, and each result with its level and ticket."""
    found = get_object_or_404(Draw.objects.visible_to(request.user), pk=pk)
    results = reads.results_of(found, found.drawn_at) if found.drawn_at else []
    told = {
        "seed": found.seed,
        "root": found.root,
        "shares": found.shares,
        "results": [
            {"number": number, "level": level, "ticket": ticket(found.seed, found.root, number)}
            for number, level in results
        ],
        "drawn": list(found.checks.values_list("report", flat=True)),
    }
    return JsonResponse(told, json_dumps_params={"indent": 1})


@require_POST
@proven
def drawing(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Draw.objects.visible_to(request.user).select_related("unit"), pk=pk)
    actions_draws.draw_lots(found, by=person_of(request))
    messages.success(request, _("Drawn. The list stands and can be drawn again by anyone."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@proven
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen on the spot, beside what was reported and what of its evidence was sent before."""
    seen = Part.objects.visible_to(request.user)
    check = get_object_or_404(
        Check.objects.filter(report__part__in=seen).select_related(
            "draw__unit", "report__verdict", "report__part__task__unit", "report__part__task__programme",
            "report__part__unit", "report__part__verifier", "report__sent_by",
        ),
        pk=pk,
    )  # fmt: skip
    report = check.report
    shown: dict[str, Any] = {"report": report, "part": report.part, "check": check}
    shown["reused"] = reused(report, request.user)
    if request.method == "GET":
        require(request.user, "tasks.verify", report.part.verifier)
        require_outside(person_of(request), report.part)
        return show(request, report.part.task, FindingForm(), "tasks/_finding.html", **shown)
    form = FindingForm(request.POST)

    def act() -> str:
        given = form.cleaned_data
        actions_draws.find(
            check, by=person_of(request), finding=Finding(given["finding"]), note=given["note"]
        )
        return _("Written down. It stands beside the verdict for ever.")

    return answer(request, report.part.task, form, act, "tasks/_finding.html", **shown)
