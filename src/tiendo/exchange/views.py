"""One's calendar addresses, the calendar itself, and the webhooks of one's units."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from tiendo.documents.paging import page_of
from tiendo.exchange import actions, feed, reads
from tiendo.exchange.forms import CalendarForm, HookForm
from tiendo.exchange.models import Calendar, Hook, digest_of
from tiendo.exchange.states import State, Watches
from tiendo.kit import clock
from tiendo.kit.permission import roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.orgs.models import Unit

# Calendars -------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def calendars(request: HttpRequest) -> HttpResponse:
    """My calendar addresses, and a form that opens one; its secret is shown once."""
    if request.method != "POST":
        return show_calendars(request, offered())
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return show_calendars(request, form, status=422)
    try:
        opened, secret = actions.open_calendar(request.user, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show_calendars(request, form, status=refusal.status)
    place = request.build_absolute_uri(reverse("exchange:calendar", args=[secret]))
    return show_calendars(request, offered(), status=201, opened=opened, place=place)


def offered() -> CalendarForm:
    return CalendarForm(initial={"watches": Watches.OWED})


def show_calendars(
    request: HttpRequest, form: CalendarForm, status: int = 200, **fresh: Any
) -> HttpResponse:
    own = Calendar.objects.filter(person=request.user).order_by("-opened_at")[:50]
    context = {"form": form, "calendars": own, **fresh}
    return render(request, "exchange/calendars.html", context, status=status)


@require_POST
def calendar_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own addresses; another person's is not there."""
    own = Calendar.objects.select_related("person")
    found = get_object_or_404(own, pk=pk, person=request.user)
    actions.end_calendar(found, by=request.user)
    messages.success(
        request, _("The address “%(name)s” shows nothing any more.") % {"name": found.name}
    )
    return redirect("exchange:calendars")


@login_not_required
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Deadlines for whoever knows the address: no session, nothing else, and nothing its person may not see now."""
    found = reads.calendar_of(digest_of(secret), clock.today())
    if found is None:
        raise Http404
    text = feed.written(found, clock.today())
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": tag})
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"ETag": tag})
    answer["Content-Disposition"] = 'inline; filename="tiendo.ics"'
    return answer


# Webhooks --------------------------------------------------------------------------------------------


def may_look(request: HttpRequest) -> None:
    if not roots(request.user, "exchange.view"):
        raise Forbidden(_("Webhooks are looked after by the standing office and by integrators."))


@require_GET
def hooks(request: HttpRequest) -> HttpResponse:
    """The webhooks of my units, with how each stands."""
    may_look(request)
    page = page_of(reads.hooks(request.user), request.GET.get("page", ""))
    return render(
        request, "exchange/hooks.html", {"page": page, "hooks": reads.standing(page.rows)}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def new_hook(request: HttpRequest) -> HttpResponse:
    """Connect another system."""
    may_look(request)
    units = Unit.objects.filter(path__in=roots(request.user, "exchange.connect")).with_names()
    form = HookForm(request.POST or None, units=units, said=reads.said_acts())
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = actions.connect(by=request.user, **form.cleaned_data)
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return show_hook(request, hook, status=201, secret=secret)
    status = 422 if form.errors else 200
    return render(request, "exchange/new_hook.html", {"form": form}, status=status)


def found_hook(request: HttpRequest, pk: int) -> Hook:
    rows = Hook.objects.visible_to(request.user).select_related("unit", "owner")
    hook: Hook = get_object_or_404(rows.prefetch_related("unit__names"), pk=pk)
    return hook


@require_GET
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook with what it was sent."""
    return show_hook(request, found_hook(request, pk))


def show_hook(
    request: HttpRequest, hook: Hook, status: int = 200, secret: str = ""
) -> HttpResponse:
    page = page_of(reads.deliveries(hook), request.GET.get("page", ""))
    said = reads.said_acts()
    context = {
        "hook": hook,
        "told_of": [said.get(act, act) for act in hook.acts],
        "page": page,
        "lines": reads.lines_of(page.rows, request.user, said),
        "secret": secret,
        "has_given_up": reads.deliveries(hook).filter(state=State.GIVEN_UP).exists(),
    }
    return render(request, "exchange/hook.html", context, status=status)


@require_POST
def hook_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing there any more."""
    actions.end_hook(found_hook(request, pk), by=request.user)
    messages.success(request, _("This webhook is ended. Nothing is sent there any more."))
    return redirect("exchange:hook", pk)


@never_cache
@require_POST
@proven
def hook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once."""
    hook, secret = actions.renew(found_hook(request, pk), by=request.user)
    return show_hook(request, hook, status=201, secret=secret)


@require_POST
def hook_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one message again, or all that were given up."""
    hook = found_hook(request, pk)
    asked = request.POST.get("delivery", "")
    one = reads.delivery_of(hook, asked) if asked else None
    if asked and one is None:
        raise Http404
    count = actions.replay(hook, by=request.user, delivery=one)
    said = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
    messages.success(request, said % {"n": count})
    return redirect("exchange:hook", pk)
