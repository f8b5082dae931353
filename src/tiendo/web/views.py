import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from tiendo.kit.ways import own_page
from tiendo.people.actions import read_in
from tiendo.web import menu


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(menu.first_of(request))


def unread(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read; too much of it has a page of its own."""
    is_too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    status = 413 if is_too_much else 400
    return render(request, f"{status}.html", {"most": settings.UPLOAD_MAX_BYTES}, status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """The fault is ours; a database that does not answer is worth another try. Neither page asks it anything."""
    error = sys.exc_info()[1]
    is_ours = str(error).startswith("no such")  # SQLite: the tables are of another version
    is_busy = isinstance(error, OperationalError | InterfaceError) and not is_ours
    status = 503 if is_busy else 500
    answer = HttpResponse(
        render_to_string(f"{status}.html", {"number": getattr(request, "number", "")}),
        status=status,
    )
    if is_busy:
        answer["Retry-After"] = "60"
    return answer


@require_safe
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
