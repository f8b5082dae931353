"""Roles given and ended; posts delegated to deputies."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.access import actions
from tiendo.access.capabilities import Role
from tiendo.access.forms import DelegationForm, EndingForm, GrantForm, GrantToForm
from tiendo.access.giving import may_delegate, may_end_delegation, may_give_anything, may_give_this
from tiendo.access.models import Grant
from tiendo.access.views.acting import (
    Act,
    answer,
    find_delegation,
    find_grant,
    find_person,
    find_post,
    require_offered,
    typed,
)
from tiendo.kit import clock
from tiendo.kit.permission import can
from tiendo.kit.proof import proven
from tiendo.orgs.models import Unit


def unit_page(unit: Unit) -> str:
    return reverse("orgs:unit", args=[unit.pk])


def given(form: Any, **whom: Any) -> Grant:
    words = form.cleaned_data
    return actions.give(
        Role(words["role"]), words["unit"], by=form.by, starts_on=words["starts_on"],
        ends_on=words["ends_on"], **whom,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@proven
def to_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to somebody."""
    found = find_person(request, pk)
    require_offered(may_give_anything(request.user))
    form = GrantForm(typed(request), by=request.user, initial={"starts_on": clock.today()})
    heading = _("Give a role to %(person)s") % {"person": found}
    back = reverse("access:person", args=[found.pk])
    act = Act(heading, _("Give it"), back, found.username)
    return answer(request, form, act, lambda: given(form, person=found), said)


@require_http_methods(["GET", "POST"])
@proven
def to_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to a post: whoever sits in it has the role."""
    found = find_post(pk)
    require_offered(may_give_anything(request.user) and can(request.user, "access.view", found))
    start = {"starts_on": clock.today(), "unit": found.unit.name}
    form = GrantForm(typed(request), by=request.user, initial=start)
    heading = _("Give a role to the post “%(post)s”") % {"post": found}
    note = _("Whoever sits in this post has the role, as long as they sit in it.")
    act = Act(heading, _("Give it"), unit_page(found.unit), found.unit.name, note)
    return answer(request, form, act, lambda: given(form, post=found), said)


@require_http_methods(["GET", "POST"])
@proven
def over_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role over a unit to somebody who is named here."""
    unit = get_object_or_404(Unit.objects.with_names(), pk=pk)
    require_offered(can(request.user, "access.grant", unit))
    start = {"starts_on": clock.today(), "unit": unit.name}
    form = GrantToForm(typed(request), by=request.user, initial=start)
    heading = _("Give a role over %(unit)s") % {"unit": unit.name}
    act = Act(heading, _("Give it"), unit_page(unit))

    def do() -> Grant:
        return given(form, person=form.cleaned_data["person"])

    return answer(request, form, act, do, said)


def said() -> str:
    return _("The role is given. It works from the next request on.")


@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role."""
    found = find_grant(request, pk)
    require_offered(may_give_this(request.user, found.role, found.unit.path))
    form = EndingForm(typed(request), by=request.user, initial={"on": clock.today()})
    facts = {"role": found.get_role_display(), "to": found.person or found.post}
    heading = _("End the role “%(role)s” of %(to)s") % facts
    act = Act(heading, _("End it"), home_of(found), found.unit.name)

    def do() -> None:
        actions.end(found, by=request.user, on=form.cleaned_data["on"])

    return answer(request, form, act, do, lambda: _("The role ends on that day."))


def home_of(grant: Grant) -> str:
    if grant.person_id:
        return reverse("access:person", args=[grant.person_id])
    return unit_page(grant.unit)


@require_http_methods(["GET", "POST"])
@proven
def delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody acts for a post for a while."""
    found = find_post(pk)
    require_offered(may_delegate(request.user, found, clock.today()))
    form = DelegationForm(typed(request), by=request.user, initial={"starts_on": clock.today()})
    heading = _("Delegate the post “%(post)s”") % {"post": found}
    note = _("The deputy has all rights of this post; the record says for which post they acted.")
    act = Act(heading, _("Delegate"), unit_page(found.unit), found.unit.name, note)

    def do() -> None:
        actions.delegate(found, by=form.by, **form.cleaned_data)

    return answer(request, form, act, do, lambda: _("Delegated. It ends by itself on that day."))


@require_http_methods(["GET", "POST"])
def delegation_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """The deputy stops acting for the post."""
    found = find_delegation(request, pk)
    require_offered(may_end_delegation(request.user, found, clock.today()))
    form = EndingForm(typed(request), by=request.user, initial={"on": clock.today()})
    facts = {"deputy": found.deputy, "post": found.post}
    heading = _("%(deputy)s stops acting for the post “%(post)s”") % facts
    act = Act(heading, _("End it"), unit_page(found.post.unit), found.post.unit.name)

    def do() -> None:
        actions.end_delegation(found, by=request.user, on=form.cleaned_data["on"])

    return answer(request, form, act, do, lambda: _("The delegation ends on that day."))
