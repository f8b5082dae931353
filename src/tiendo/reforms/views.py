"""Reforms as pages: the list, a plan, its preview, its choices, carrying it out, and what moved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tiendo.documents.paging import page_of
from tiendo.documents.units import likely_units
from tiendo.kit import clock
from tiendo.kit.permission import can, require, roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.ledger.origin import told
from tiendo.ledger.record import version_of
from tiendo.orgs.history import history_of
from tiendo.reforms import actions, choices, forms, reads
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import Plan, read_plan
from tiendo.reforms.preview import Preview, previewed
from tiendo.reforms.states import Kind
from tiendo.reforms.units import units_of

KEPT = ("organs", "children", "parts", "verifiers", "grants")  # choices outlive a revised plan


def find(request: HttpRequest, pk: int) -> Reform:
    rows = Reform.objects.visible_to(request.user).select_related(
        "unit", "document", "prepared_by", "carried_out_by"
    )
    found: Reform = get_object_or_404(rows.prefetch_related("unit__names"), pk=pk)
    return found


@require_safe
def reforms(request: HttpRequest) -> HttpResponse:
    """Prepared, carried out and dropped, newest first."""
    rows = Reform.objects.visible_to(request.user).order_by("-on", "-pk")
    page = page_of(rows, request.GET.get("page", ""))
    context = {
        "page": page,
        "rows": reads.titled(page.rows),
        "may_prepare": bool(roots(request.user, "reforms.prepare")),
    }
    return render(request, "reforms/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the kind, then say what happens to which units."""
    if not roots(request.user, "reforms.prepare"):
        raise Forbidden(_("You may not prepare reforms. Ask your standing office."))
    kind = kind_asked(request)
    if kind is None:
        return render(request, "reforms/kinds.html", {"kinds": Kind.choices})
    if request.method == "GET":
        return show_form(request, forms.PlanForm(kind=kind))
    form = posted(request, kind)
    if "more" not in request.POST and form.is_valid():
        reform = prepared(request, form, kind)
        if reform is not None:
            messages.success(request, _("Prepared. Look at what will move; nothing has moved yet."))
            return redirect(reform)
    return show_form(request, form)


def kind_asked(request: HttpRequest) -> Kind | None:
    asked = request.GET.get("kind", "")
    return Kind(asked) if asked in Kind.values else None


def posted(request: HttpRequest, kind: Kind) -> forms.PlanForm:
    """The form as it was sent; “one more” gives it another row and asks nothing yet."""
    typed = request.POST.get("rows", "")
    rows = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else forms.ROWS
    return forms.PlanForm(request.POST, kind=kind, rows=rows + ("more" in request.POST))


def prepared(request: HttpRequest, form: forms.PlanForm, kind: Kind) -> Reform | None:
    given = form.cleaned_data
    try:
        return actions.prepare(
            kind, by=request.user, on=given["on"], basis=given["basis"], plan=read_plan(form.plan)
        )
    except Forbidden:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return None


def show_form(
    request: HttpRequest, form: forms.PlanForm, reform: Reform | None = None
) -> HttpResponse:
    more = "more" in request.POST
    if more:
        form.is_valid()
        for name in list(form.errors):
            del form.errors[name]
    context = {
        "form": form,
        "kind": form.kind,
        "reform": reform,
        "version": version_of(reform) if reform else 0,
        "fields": fields_of(form),
        "may_add": form.rows < forms.MOST_ROWS and form.kind in {*forms.MANY_UNITS, Kind.SPLIT},
        "likely": likely_units(clock.today()),
    }
    wrong = form.is_bound and bool(form.errors) and not more
    return render(request, "reforms/plan.html", context, status=422 if wrong else 200)


def fields_of(form: forms.PlanForm) -> list[tuple[Any, bool, Any]]:
    """Each field of the kind; whether it names a unit, and the units it may mean."""
    offered = form.choices() if form.is_bound else {}
    aside = {"basis", "on"}
    return [
        (field, forms.names_unit(field.name), offered.get(field.name))
        for field in form.visible_fields()
        if field.name not in aside
    ]


@require_safe
def reform(request: HttpRequest, pk: int) -> HttpResponse:
    """A prepared reform with its preview; or what was done, and where everything went."""
    found = find(request, pk)
    return render(request, "reforms/reform.html", told_of(request, found))


def told_of(request: HttpRequest, found: Reform) -> dict[str, Any]:
    preview = previewed(found) if found.is_prepared else None
    may_prepare = can(request.user, "reforms.prepare", found)
    endings = reads.endings_of(preview) if preview else reads.endings_done(found)
    endings = reads.plainest(endings, read_plan(found.plan))
    return {
        "reform": found,
        "title": reads.title_of(found),
        "preview": preview,
        "lines": reads.lines(preview.counts if preview else found.outcome.get("counts", {})),
        "plain": reads.PLAIN,
        "staying": reads.staying(preview.staying) if preview else [],
        "endings": reads.with_names(endings[: reads.TREE_FIRST]),
        "more_endings": len(endings) > reads.TREE_FIRST,
        "ended": len(endings),
        "version": version_of(found),
        "meetings": reads.meetings_of(preview, request.user) if preview else [],
        "settles": any(one.options for one in preview.conflicts) if preview else False,
        "history": history_of(found),
        "may_prepare": may_prepare,
        "may_carry_out": may_carry_out(request, found),
        "is_own": found.prepared_by_id == request.user.pk and told() is None,
        "is_due": found.on <= clock.today(),
        "groups": groups(preview) if preview and may_prepare else [],
    }


def may_carry_out(request: HttpRequest, found: Reform) -> bool:
    return found.is_prepared and can(request.user, "reforms.carry_out", found)


def groups(preview: Preview) -> list[tuple[str, list[choices.Choice]]]:
    """What may be chosen, by group, where there is anything."""
    offered = (
        (_("What hangs beneath the units that end"), choices.organs(preview)),
        (_("Which heir carries an open part on"), choices.parts(preview)),
        (_("What each role becomes"), choices.settled(choices.grants(preview))),
    )
    return [(words, rows) for words, rows in offered if rows]


@require_http_methods(["GET", "POST"])
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the units, the day or the legal text of a prepared reform."""
    found = find(request, pk)
    require(request.user, "reforms.prepare", found)
    actions.require_prepared(found)
    plan, kind = read_plan(found.plan), Kind(found.kind)
    if request.method == "GET":
        fields = forms.typed(kind, plan, units_of(plan, found.on), found.basis, found.on)
        form = forms.PlanForm(fields, kind=kind, rows=forms.rows_of(plan))
        form.is_valid()
        return show_form(request, form, found)
    form = posted(request, kind)
    if "more" not in request.POST and form.is_valid() and revised(request, found, form, plan):
        messages.success(request, _("The plan is revised. Look at what will move now."))
        return redirect(found)
    return show_form(request, form, found)


def revised(request: HttpRequest, found: Reform, form: forms.PlanForm, was: Plan) -> bool:
    kept = {name: getattr(was, name) for name in KEPT}
    given = form.cleaned_data
    try:
        actions.revise(
            found, by=request.user, on=given["on"], basis=given["basis"], saw=seen_version(request),
            plan=read_plan({**form.plan, **Plan(**kept).stored()}),
        )  # fmt: skip
    except Forbidden:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def seen_version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


@require_http_methods(["POST"])
def choices_made(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep where single things go; what is not offered is not heard."""
    found = find(request, pk)
    require(request.user, "reforms.prepare", found)
    actions.require_prepared(found)
    plan = choices.chosen(previewed(found), request.POST)
    actions.revise(
        found, by=request.user, on=found.on, basis=found.basis, plan=plan, saw=seen_version(request)
    )
    messages.success(request, _("Your choices are kept. Look at what will move now."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@proven
def carrying_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, with what will move before the eyes; then do it whole."""
    found = find(request, pk)
    require(request.user, "reforms.carry_out", found)
    actions.require_prepared(found)
    if request.method == "POST" and "yes" in request.POST:
        try:
            done = actions.carry_out(found, by=request.user, seen=request.POST.get("seen", ""))
        except Forbidden:
            raise
        except Refused as refusal:
            return confirm(request, find(request, pk), refusal)
        messages.success(request, _("Carried out. Everything below has moved."))
        return redirect(done)
    return confirm(request, found, None)


def confirm(request: HttpRequest, found: Reform, refusal: Refused | None) -> HttpResponse:
    """The preview as it stands now, with why it was refused; nothing has moved."""
    actions.require_prepared(found)
    actions.require_another(request.user, found)
    actions.require_day(found)
    context = {**told_of(request, found), "refusal": refusal}
    return render(
        request, "reforms/carrying_out.html", context, status=refusal.status if refusal else 200
    )


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up, with a reason."""
    found = find(request, pk)
    require(request.user, "reforms.prepare", found)
    actions.require_prepared(found)
    form = forms.DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.drop(found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Given up. It stays listed with its reason."))
        return redirect(found)
    context = {"reform": found, "title": reads.title_of(found), "form": form}
    return render(request, "reforms/drop.html", context, status=422 if form.errors else 200)


@require_safe
def moves(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The rows behind one number of the preview, or of what was done."""
    found = find(request, pk)
    preview = previewed(found) if found.is_prepared else None
    rows = reads.rows_of(what, found, request.user, preview)
    if rows is None:
        raise Http404
    context = {
        "reform": found,
        "title": reads.title_of(found),
        "heading": reads.heading_of(what),
        "page": page_of(rows, request.GET.get("page", "")),
    }
    return render(request, "reforms/moves.html", context)
