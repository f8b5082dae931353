"""The personal action programme: what somebody's posts answer for, as a page that is also a paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from tiendo.kit import clock
from tiendo.orgs.models import Tenure
from tiendo.people.models import Person
from tiendo.tasks import reads
from tiendo.tasks.models import Part


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return redirect("tasks:personal", pk=request.user.pk)


@require_GET
def personal(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody reads their own; another's as far as its tasks are theirs to see, and not at all if none is."""
    person = get_object_or_404(Person.objects.filter(is_active=True), pk=pk)
    on = clock.today()
    tenures = list(
        Tenure.objects.of(person, on).prefetch_related("post__unit__names").order_by("starts_on")
    )
    rows = list(reads.answered_for(tenures, request.user))
    if person != request.user and not rows:
        seen = Part.objects.visible_to(request.user)
        get_object_or_404(seen.filter(post__in=[tenure.post_id for tenure in tenures])[:1])
    context: dict[str, Any] = {
        "person": person,
        "on": on,
        "tenures": tenures,
        "programmes": reads.by_programme(rows, on),
    }
    return render(request, "tasks/personal.html", context)
