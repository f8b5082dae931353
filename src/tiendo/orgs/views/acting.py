"""What every act's page does alike: ask who may, show a form, act, go on; nothing typed is lost."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Refused
from tiendo.orgs.models import Committee, Post, Tenure, Unit


class Act(NamedTuple):
    """One act's page: about which unit, under which heading, with which button, and where it leads."""

    unit: Unit
    heading: str
    button: str
    back: str
    note: str = ""
    template: str = "orgs/act.html"


def answer(
    request: HttpRequest, form: Any, act: Act, do: Callable[[], Any], done: Callable[[], str]
) -> HttpResponse:
    """Show the form, or do what it says; `done` is the sentence afterwards."""
    require(request.user, "orgs.arrange", act.unit)
    if request.method != "POST":
        return show(request, form, act, 200)
    if not form.is_valid():
        return show(request, form, act, 422)
    try:
        made = do()
    except Forbidden:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return show(request, form, act, refusal.status)
    messages.success(request, done())
    return redirect(made if isinstance(made, str) else act.back)


def show(request: HttpRequest, form: Any, act: Act, status: int) -> HttpResponse:
    return render(request, act.template, {"form": form, "act": act}, status=status)


def typed(request: HttpRequest) -> Any:
    """What was sent, if anything was."""
    return request.POST if request.method == "POST" else None


def find_unit(pk: int) -> Unit:
    found: Unit = get_object_or_404(Unit.objects.prefetch_related("names", "kinds"), pk=pk)
    return found


def find_committee(pk: int) -> Committee:
    rows = Committee.objects.select_related("unit", "serves")
    found: Committee = get_object_or_404(
        rows.prefetch_related("unit__names", "unit__kinds", "serves__names"), pk=pk
    )
    return found


def find_post(pk: int) -> Post:
    found: Post = get_object_or_404(
        Post.objects.select_related("unit").prefetch_related("unit__names"), pk=pk
    )
    return found


def find_tenure(pk: int) -> Tenure:
    rows = Tenure.objects.select_related("post__unit", "person")
    found: Tenure = get_object_or_404(rows.prefetch_related("post__unit__names"), pk=pk)
    return found
