"""People within reach, one person with their rights, their account closed and opened again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tiendo.access import reads
from tiendo.access.forms import ClosingForm, PeopleSearch
from tiendo.access.giving import may_end_delegation, may_give_anything, may_give_this
from tiendo.access.models import Grant
from tiendo.access.views.acting import Act, answer, find_person, house_of, require_offered, typed
from tiendo.kit import clock
from tiendo.kit.permission import reaches, roots
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Forbidden
from tiendo.people import actions

ROWS = 30


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody within reach, by name; filtered by unit, role and account."""
    if not roots(request.user, reads.SEES):
        raise Forbidden(
            _("You may not see who holds which right. Your own rights are on your page.")
        )
    today = clock.today()
    form = PeopleSearch(request.GET, by=request.user)
    form.is_valid()
    rows = reads.searched(reads.people_within(request.user), form.cleaned_data, today)
    rows = reads.with_rights(rows.order_by("name", "pk"), request.user, today)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": page.object_list,
        "is_filtered": any(form.cleaned_data.values()),
        "may_give": may_give_anything(request.user),
    }
    return render(request, "access/people.html", context, status=422 if form.errors else 200)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, posts, delegations, invitations, the account."""
    shown, today = find_person(request, pk), clock.today()
    grants = list(reads.grants_of(shown, request.user))
    context = {
        "person": shown,
        "is_oneself": shown == request.user,
        "grants": [line(grant, request.user, today) for grant in grants if is_ahead(grant, today)],
        "past": [grant for grant in grants if not is_ahead(grant, today)],
        "tenures": reads.tenures_of(shown),
        "delegations": [
            (one, may_end_delegation(request.user, one, today), is_ahead(one, today))
            for one in reads.delegations_of(shown)
        ],
        "today": today,
        "may_give": shown != request.user and may_give_anything(request.user),
        "may_close": shown.is_active and reaches(request.user, "people.close", shown),
        "may_open": not shown.is_active and reaches(request.user, "people.close", shown),
        "may_write": bool(shown.email) and reaches(request.user, "people.welcome", shown),
    }
    return render(request, "access/person.html", context)


def line(grant: Grant, viewer: Any, today: Any) -> tuple[Grant, bool, bool]:
    """A grant, whether it works today, whether the viewer may end it."""
    return grant, grant.starts_on <= today, may_give_this(viewer, grant.role, grant.unit.path)


def is_ahead(dated: Any, today: Any) -> bool:
    """It works, or will."""
    return dated.ends_on is None or dated.ends_on > today


@require_http_methods(["GET", "POST"])
@proven
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_person(request, pk)
    require_offered(reaches(request.user, "people.close", found))
    form = ClosingForm(typed(request))

    def do() -> None:
        actions.close(found, by=request.user, reason=form.cleaned_data["reason"])

    heading = _("Close the account of %(person)s") % {"person": found}
    note = _("Sessions and keys end at once. Roles stay written down and give nothing.")
    act = Act(heading, _("Close the account"), home_of(found), found.username, note)
    return answer(request, form, act, do, lambda: _("The account is closed."))


@require_POST
@proven
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_person(request, pk)
    actions.reopen(found, by=request.user)
    messages.success(request, _("The account is open again."))
    return redirect(home_of(found))


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter with which somebody chooses a new password."""
    found = find_person(request, pk)
    actions.send_reset(found, by=request.user, house=house_of(request))
    messages.success(request, _("The letter is on its way. Its link works for one hour."))
    return redirect(home_of(found))


def home_of(found: Any) -> str:
    return reverse("access:person", args=[found.pk])
