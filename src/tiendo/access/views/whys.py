"""Why may I, why may they: a person, what they would do, and where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tiendo.access import why
from tiendo.access.capabilities import ALLOWED
from tiendo.access.forms import WhyForm
from tiendo.access.subjects import Subject, subject_of
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Forbidden


@require_safe
def reasons(request: HttpRequest) -> HttpResponse:
    """The reasons of one right, of all at a place, or of seeing one subject."""
    asked = {"person": request.user.username, **request.GET.dict()}
    form = WhyForm(asked, by=request.user)
    form.is_valid()
    person = form.cleaned_data.get("person") or request.user
    context: dict[str, Any] = {
        "form": form,
        "who": person,
        "is_oneself": person == request.user,
        "may_ask_others": bool(roots(request.user, "access.view")),
    }
    if key := request.GET.get("subject", ""):
        context |= seen(request, key, person)
    elif unit := form.cleaned_data.get("unit"):
        context |= done(request, form.cleaned_data.get("capability"), person, unit)
    return render(request, "access/why.html", context, status=422 if form.errors else 200)


def seen(request: HttpRequest, key: str, person: Any) -> dict[str, Any]:
    """Why this person sees one subject; whoever asks must see it too."""
    subject: Subject | None = subject_of(key, request.user)
    if subject is None:
        raise Http404
    for place in subject.places:
        require_may_ask(request, person, place)
    answers = [(place, why.why(person, subject.capability, place)) for place in subject.places]
    return {
        "subject": subject,
        "answers": [(place, one) for place, one in answers if one.may] or answers[:1],
        "sees": subject.is_open or any(one.may for _place, one in answers),
    }


def done(request: HttpRequest, capability: str | None, person: Any, unit: Any) -> dict[str, Any]:
    """Why this person may do one thing at a unit, or a line for everything there is to do."""
    require_may_ask(request, person, unit)
    if capability:
        return {"unit": unit, "answers": [(unit, why.why(person, capability, unit))]}
    return {"unit": unit, "table": [why.in_short(person, one, unit) for one in ALLOWED]}


def require_may_ask(request: HttpRequest, person: Any, place: Any) -> None:
    if not why.may_be_told(request.user, person, place):
        raise Forbidden(
            _(
                "You may ask about yourself, and about others where you may see who holds which right."
            )
        )
