"""The bell's list, and how one wants to be told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiendo.documents.paging import page_of
from tiendo.kit.ways import own_page
from tiendo.notifications import actions, reads
from tiendo.notifications.forms import WishesForm
from tiendo.notifications.wording import said


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first."""
    rows = reads.told(request.user)
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        rows = rows.unread()
    page = page_of(rows, request.GET.get("page", ""))
    shown = reads.seen(request.user, page.rows)
    context = {
        "page": page,
        "lines": [(notice, said(notice)) for notice in shown],
        "only_unread": only_unread,
        "newest": page.rows[0].pk if page.rows else 0,
        "any_unread": any(notice.read_at is None for notice in shown),
    }
    return render(request, "notifications/notices.html", context)


@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one notice aside; another person's is not there."""
    actions.mark_read(reads.own_notice(request.user, pk), by=request.user)
    return back(request)


@require_POST
def all_reading(request: HttpRequest) -> HttpResponse:
    """Put aside all up to the newest that stood on the page."""
    asked = request.POST.get("upto", "")
    upto = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    actions.mark_all_read(by=request.user, upto=upto)
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    return redirect(own_page(request, request.POST.get("next", "")) or "notifications:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """How I want to be told."""
    form = WishesForm(request.POST or None, instance=reads.wishes_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.prefer(by=request.user, **form.chosen())
        messages.success(request, _("You will be told in this way from now on."))
        return redirect("notifications:wishes")
    status = 422 if form.errors else 200
    return render(request, "notifications/wishes.html", {"form": form}, status=status)
