from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tiendo.kit.permission import roots
from tiendo.kit.ways import own_page
from tiendo.people.actions import read_in


def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins with what they owe; those who steer, with where things stand."""
    steers = roots(request.user, "tasks.plan") or roots(request.user, "intake.view")
    return redirect("web:stocktake" if steers else "web:my_work")


def closed(request: HttpRequest) -> HttpResponse:
    """A page of the sign-in library that this house does not keep."""
    raise Http404


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read on in another language: kept in this browser, and for the person."""
    chosen = request.POST.get("language", "")
    answer = redirect(own_page(request, request.POST.get("next", "")) or "/")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            read_in(request.user, chosen)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return answer
