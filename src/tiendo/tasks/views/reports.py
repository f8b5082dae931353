"""The unit reports with evidence; somebody outside it verifies."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.documents.files import Kept
from tiendo.documents.files import opened as opened_file
from tiendo.kit import clock
from tiendo.kit.permission import require
from tiendo.kit.proof import proven
from tiendo.tasks import actions, reads
from tiendo.tasks.evidence import keep_all, once_each, opened_seals, sealed
from tiendo.tasks.forms import ReportForm, VerdictForm
from tiendo.tasks.models import Evidence, Part, Report
from tiendo.tasks.offers import require_offered
from tiendo.tasks.reuse import reused
from tiendo.tasks.states import ReturnReason
from tiendo.tasks.views.acting import answer, find_part, find_report, go_on, person_of, show

BEGUN = "tasks.report.begun"
REPORT, VERDICT = "tasks/_report_form.html", "tasks/_verdict.html"


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)
    if request.method == "GET":
        require_offered("report", part, request.user)
        begun = signing.dumps(clock.now().isoformat(), salt=BEGUN)
        first = {"number": reads.report_number(part), "begun": begun, **last_number(part)}
        form = ReportForm(initial=first)
        return show(request, part.task, form, REPORT, part=part)
    require(request.user, "tasks.report", part.unit)  # before any file is kept
    form = ReportForm(request.POST, request.FILES)
    owner = f"{part.pk}:{request.user.pk}"
    arrived, refused = keep_all(request.FILES.getlist("files"), field="files")
    files = once_each([*opened_seals(request.POST.getlist("kept"), owner), *arrived])
    for why in refused:
        form.add_error("files", why)
    shown = {"part": part, "kept": sealed(files, owner)}
    return answer(
        request, part.task, form, lambda: sent(part, form, files, request.user), REPORT, **shown
    )


def last_number(part: Part) -> dict[str, Any]:
    """Nobody types “out of how many” twice."""
    last = part.reports.exclude(out_of=None).order_by("-number").first()
    return {"out_of": f"{last.out_of.normalize():f}"} if last and last.out_of else {}


def sent(part: Part, form: ReportForm, files: tuple[Kept, ...], by: Any) -> str:
    given = dict(form.cleaned_data)
    given.pop("files")
    given["begun_at"] = begun_at(given.pop("begun"))
    if given["amount"] is None and form.data.get("out_of") == last_number(part).get("out_of"):
        given["out_of"] = None  # offered from the last report, and not used
    try:
        actions.report(part, by=by, files=files, **given)
    except actions.AlreadyReported:
        form.now(number=reads.report_number(part))  # seen now: the next try may go through
        raise
    if given["is_final"]:
        return _("Sent. The product now waits for its verdict.")
    return _("Sent. Thank you.")


def begun_at(seal: str) -> datetime | None:
    """When the form was opened, if the seal is ours."""
    try:
        return datetime.fromisoformat(signing.loads(seal, salt=BEGUN))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@require_POST
def nothing_new(request: HttpRequest, pk: int) -> HttpResponse:
    part = find_part(request, pk)
    actions.report(part, by=person_of(request), words=_("Nothing new."), nothing_new=True)
    return go_on(request, part.task, _("Noted: nothing new."))


@require_http_methods(["GET", "POST"])
@proven
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    shown: dict[str, Any] = {"report": report, "part": report.part}
    shown["reused"] = reused(report, request.user)
    if request.method == "GET":
        require_offered("verdict", report.part, request.user)
        actions.require_outside(person_of(request), report.part)
        actions.require_awaiting(report)
        return show(request, report.part.task, VerdictForm(), VERDICT, **shown)
    form = VerdictForm(request.POST)
    accepts = request.POST.get("accepted") == "yes"
    if not accepts and not request.POST.get("reason"):
        form.add_error("reason", _("Choose why the report is returned."))
    return answer(
        request,
        report.part.task,
        form,
        lambda: judged(report, form, accepts, request.user),
        VERDICT,
        **shown,
    )


def judged(report: Report, form: VerdictForm, accepts: bool, by: Any) -> str:
    note = form.cleaned_data["note"]
    if accepts:
        actions.verify(report, by=by, note=note)
        return _("Verified: done on the day it was submitted, known from now on.")
    reason = ReturnReason(form.cleaned_data["reason"])
    actions.send_back(report, by=by, reason=reason, note=note)
    return _("Returned. The unit reads what is missing.")


@require_GET
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, for who sees the part; never shown inside a page of ours."""
    seen = Part.objects.visible_to(request.user)
    found = get_object_or_404(Evidence.objects.filter(report__part__in=seen), pk=pk)
    answer = FileResponse(
        opened_file(found.digest),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
