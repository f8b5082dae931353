"""The record as pages: of one subject, of everything within reach, of one entry with its receipt."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from tiendo.documents.paging import page_of
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.ledger import proof, receipts, sealing
from tiendo.ledger import reads as ledger
from tiendo.ledger.models import Entry
from tiendo.orgs.history import Told, told
from tiendo.web.subjects import Subject, kin, readable, seen

ROOMS = {
    "tasks": lazy("Tasks"),
    "documents": lazy("Documents"),
    "intake": lazy("Reading desk"),
    "orgs": lazy("Units"),
    "reforms": lazy("Reforms"),
    "exchange": lazy("Webhooks"),
    "access": lazy("Rights"),
    "people": lazy("People"),
    "ledger": lazy("The record itself"),
}


class Line(NamedTuple):
    """A line of the record, and what it is about as far as the reader may see that."""

    told: Told
    subject: Subject | None


@require_safe
def history(request: HttpRequest, subject: str) -> HttpResponse:
    """Everything the record says about one thing, newest first; whoever may not see the thing finds nothing."""
    found = seen(request.user, [subject]).get(subject)
    if found is None:
        raise Http404
    entries = Entry.objects.filter(subject__in=[subject, *kin(request.user, subject)]).order_by(
        "-at", "-pk"
    )
    page = page_of(entries, request.GET.get("page", ""))
    context = {"subject": found, "page": page, "lines": told(page.rows)}
    return render(request, "web/history.html", context)


class RecordFilter(forms.Form):
    room = forms.ChoiceField(
        label=lazy("What it is about"),
        required=False,
        choices=[("", lazy("Everything")), *ROOMS.items()],
    )
    on = forms.DateField(
        label=lazy("Day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """The newest entries within the reader's reach, and how the seals stand."""
    if not roots(request.user, "ledger.read"):
        raise Forbidden(_("The record as a whole is read by the office, the heads and inspectors."))
    form = RecordFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = narrowed(ledger.within_reach(request.user), asked)
    page = page_of(rows.order_by("-at", "-pk"), request.GET.get("page", ""))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(request.user, page.rows),
        "seals": ledger.seals(),
        "is_filtered": any(asked.values()),
    }
    return render(request, "web/record.html", context, status=422 if form.errors else 200)


def narrowed(rows: Any, asked: dict[str, Any]) -> Any:
    """The acts of one room, and of one day of the country."""
    if asked.get("room"):
        rows = rows.filter(act__startswith=f"{asked['room']}.")
    if day := asked.get("on"):
        dawn = datetime.combine(day, datetime.min.time(), ZoneInfo(settings.TIME_ZONE))
        night = datetime.combine(day, datetime.max.time(), ZoneInfo(settings.TIME_ZONE))
        rows = rows.filter(at__gte=dawn, at__lte=night)
    return rows


def lines_of(person: Any, entries: list[Entry]) -> list[Line]:
    about = seen(person, {entry.subject for entry in entries})
    return [Line(line, about.get(line.subject)) for line in told(entries)]


# --- one entry ------------------------------------------------------------------------------------


def find(request: HttpRequest, pk: int) -> Entry:
    """An entry, if its reader may see what it is about."""
    rows = Entry.objects.select_related("sealed__seal").filter(pk=pk) if pk < 2**63 else []
    found = readable(request.user, rows)
    if not found:
        raise Http404
    return found[0]


class ReceiptForm(forms.Form):
    head = forms.IntegerField(
        label=lazy("Seal of the anchor you hold"),
        required=False,
        min_value=1,
        max_value=receipts.BIGGEST,
        help_text=lazy("Leave it empty for the newest seal."),
    )


@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what it says, under which seal it lies, its receipt and how that is checked."""
    found = find(request, pk)
    held = getattr(found, "sealed", None)
    context = {
        "entry": found,
        "line": lines_of(request.user, [found])[0],
        "held": held,
        "fingerprint": proof.fingerprint(held.seal.key) if held else "",
        "form": ReceiptForm(),
        "command": f"python3 check_receipt.py receipt-{found.pk}.json --anchor anchor.json",
    }
    return render(request, "web/entry.html", context)


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The proof of one entry, for whoever wants to check it without this house."""
    found = find(request, pk)
    form = ReceiptForm(request.GET)
    if not form.is_valid():
        raise Invalid(_("Write the number of the seal as your anchor gives it."), field="head")
    made = receipts.receipt(found, head=form.cleaned_data["head"])
    return kept_as(f"receipt-{found.pk}.json", made)


@require_safe
def anchor(request: HttpRequest) -> HttpResponse:
    """The newest seal, for a witness to keep: it says nothing of what was done, only that it cannot be changed."""
    newest = sealing.newest()
    if newest is None:
        raise Http404
    return kept_as(f"anchor-{newest.number}.json", sealing.anchor_of(newest))


@require_safe
def script(request: HttpRequest) -> FileResponse:
    """The script that checks a receipt offline, as it stands in the repository."""
    place = settings.ROOT / "tools" / "check_receipt.py"
    return FileResponse(
        place.open("rb"), as_attachment=True, filename=place.name, content_type="text/plain"
    )


def kept_as(name: str, told: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(told, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
