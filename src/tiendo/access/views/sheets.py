"""People and roles by spreadsheet: looked at first, then all of it or nothing."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiendo.access import actions_sheets, reads, sheets
from tiendo.access.forms import SheetForm, role_field
from tiendo.access.giving import may_give_anything
from tiendo.access.sheets import COLUMNS, Judged, Outcome
from tiendo.access.views.acting import house_of, require_offered
from tiendo.kit import clock, uploads
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Invalid, Refused

KEPT_FOR = 3600  # seconds a sheet that was looked at may wait
SHOWN = 300  # lines of each outcome worth reading on a page
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Send a spreadsheet and see what would come of each line. Nothing is changed."""
    require_offered(may_give_anything(request.user))
    if request.method == "GET":
        return show(request, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        laid = sheets.laid_out(read(file.read()))
    except Refused as refusal:
        form.refuse(refusal)
        return show(request, form, status=refusal.status)
    judged = sheets.judged(laid, by=request.user, on=clock.today(), now=clock.now())
    return show_outcome(request, laid, str(file.name), judged, 422 if judged.wrong else 200)


def read(content: bytes) -> Any:
    """The rows of a file; a zip is looked at before it is opened, and a child opens it."""
    if content.startswith(WORKBOOK):
        uploads.guarded_zip(content)
    else:
        require_text(content)
    return uploads.in_child("tiendo.access.sheet.read", content)


def require_text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or content.startswith(OLD_WORKBOOK):
        raise Invalid(_("Save it as .xlsx, or as “CSV UTF-8”, and send it again."), field="file")


@require_POST
@proven
def entry(request: HttpRequest) -> HttpResponse:
    """Bring in the sheet that was looked at: all of it, or nothing."""
    require_offered(may_give_anything(request.user))
    try:
        laid, name = signing.loads(
            request.POST.get("sheet", ""), salt=salt_of(request), max_age=KEPT_FOR
        )
    except signing.BadSignature:
        messages.error(request, _("The sheet you looked at is gone. Send it again."))
        return redirect("access:sheet")
    try:
        done = actions_sheets.bring_in(laid, by=request.user, name=name, house=house_of(request))
    except actions_sheets.SheetWrong as refusal:
        messages.error(request, str(refusal))
        return show_outcome(request, laid, name, refusal.judged, refusal.status)
    messages.success(request, _("Brought in. Whoever is new gets a letter."))
    return redirect("access:sheet_brought_in", done.pk)


def salt_of(request: HttpRequest) -> str:
    return f"access.sheet.{request.user.pk}"


def show(request: HttpRequest, form: SheetForm, status: int = 200) -> HttpResponse:
    recent = reads.sheets_within(request.user).order_by("-pk")[:10]
    context = {"form": form, "recent": recent, "columns": COLUMNS.values()}
    return render(request, "access/sheet.html", context, status=status)


def show_outcome(
    request: HttpRequest, laid: Any, name: str, judged: Judged, status: int
) -> HttpResponse:
    kept = signing.dumps([laid, name], salt=salt_of(request), compress=True)
    groups = [(outcome, judged.having(outcome)) for outcome in ORDER]
    context = {
        "name": name,
        "judged": judged,
        "groups": [(outcome, rows[:SHOWN], len(rows)) for outcome, rows in groups if rows],
        "kept": kept if judged.may_go else "",
    }
    return render(request, "access/sheet_outcome.html", context, status=status)


ORDER = (Outcome.WRONG, Outcome.INVITE, Outcome.AGAIN, Outcome.GIVE, Outcome.NOTHING)


@require_safe
def brought_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet that was brought in, with the hash over its rows that the record holds."""
    found = get_object_or_404(reads.sheets_within(request.user), pk=pk)
    context = {"sheet": found, "columns": COLUMNS.values(), "rows": found.rows[:SHOWN]}
    return render(request, "access/sheet_brought_in.html", context)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet with the columns in the reader's language, an example, and the roles to choose from."""
    require_offered(may_give_anything(request.user))
    answer = HttpResponse(
        drawn(request.user),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = 'attachment; filename="tiendo-people.xlsx"'
    return answer


def drawn(person: Any) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(str(_("People"))[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, [str(words) for words in COLUMNS.values()], bold)
        page.set_column(0, 3, 28)
        page.set_column(4, 5, 14, day)
        page.set_column(6, 6, 12)
        page.freeze_panes(1, 0)
        roles = [str(label) for value, label in role_field(person).choices if value]
        languages = [str(label) for label in settings.LANGUAGE_NAMES.values()]
        page.data_validation(1, 2, sheets.MOST_ROWS, 2, {"validate": "list", "source": roles})
        page.data_validation(1, 6, sheets.MOST_ROWS, 6, {"validate": "list", "source": languages})
    return buffer.getvalue()
