"""Acts on posts and those who hold them."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tiendo.kit import clock
from tiendo.orgs import actions_committees
from tiendo.orgs.forms import EndForm, GroupForm, PostForm, TenureForm
from tiendo.orgs.models import Committee, Group, Post, Unit
from tiendo.orgs.views.acting import Act, answer, find_post, find_tenure, find_unit, typed


def home_of(unit: Unit) -> str:
    """The page where its posts are read: the committee's where it is one."""
    committee = Committee.objects.filter(unit=unit).first()
    if committee is not None:
        return reverse("orgs:committee", args=[committee.pk])
    return reverse("orgs:unit", args=[unit.pk])


@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    unit = find_unit(pk)
    form = PostForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> str:
        given = form.cleaned_data
        opened = actions_committees.open_post(
            unit, Post.Kind(given["kind"]), by=form.by, title=given["title"], on=given["on"]
        )
        return reverse("orgs:tenure", args=[opened.pk])

    act = Act(unit, _("Open a post"), _("Open it"), home_of(unit))
    return answer(request, form, act, do, lambda: _("The post is open. Appoint who holds it."))


@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_post(pk)
    form = EndForm(typed(request), by=request.user, initial={"on": clock.today()})
    del form.fields["basis"]

    def do() -> None:
        actions_committees.close_post(found, by=form.by, on=form.cleaned_data["on"])

    heading = _("Close the post “%(post)s”") % {"post": found}
    act = Act(found.unit, heading, _("Close it"), home_of(found.unit))
    return answer(request, form, act, do, lambda: _("The post is closed from that day."))


@require_http_methods(["GET", "POST"])
def tenure(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_post(pk)
    form = TenureForm(typed(request), by=request.user, initial={"on": clock.today()})
    if not Committee.objects.filter(unit=found.unit).exists():
        del form.fields["group"]

    def do() -> None:
        given = form.cleaned_data
        actions_committees.appoint(
            given["person"], found, by=form.by, on=given["on"], ends_on=given["ends_on"],
            group=given.get("group", ""), basis=given["basis"],
        )  # fmt: skip

    heading = _("Appoint to the post “%(post)s”") % {"post": found}
    act = Act(found.unit, heading, _("Appoint"), home_of(found.unit))
    return answer(request, form, act, do, lambda: _("The appointment is written down."))


@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_tenure(pk)
    form = EndForm(typed(request), by=request.user, initial={"on": clock.today()})

    def do() -> None:
        given = form.cleaned_data
        actions_committees.leave(found, by=form.by, on=given["on"], basis=given["basis"])

    words = {"person": found.person.name, "post": found.post}
    heading = _("%(person)s leaves the post “%(post)s”") % words
    act = Act(found.post.unit, heading, _("End the tenure"), home_of(found.post.unit))
    return answer(request, form, act, do, lambda: _("The tenure ends on that day."))


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    found = find_tenure(pk)
    form = GroupForm(typed(request), by=request.user, initial={"on": found.starts_on})

    def do() -> None:
        given = form.cleaned_data
        actions_committees.place_in_group(found, Group(given["group"]), by=form.by, on=given["on"])

    heading = _("Whom %(person)s stands for") % {"person": found.person.name}
    act = Act(found.post.unit, heading, _("Write it down"), home_of(found.post.unit))
    return answer(request, form, act, do, lambda: _("The group is written down."))
