"""One's own keys to the API: listed, opened (the secret is shown once), ended."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tiendo.kit import clock
from tiendo.kit.proof import proven
from tiendo.kit.refusals import Refused
from tiendo.people import actions
from tiendo.people.models import Scope, Token

USUAL = timedelta(days=90)


class KeyForm(forms.Form):
    name = forms.CharField(label=lazy("What it is for"), max_length=80)
    scope = forms.ChoiceField(
        label=lazy("What it may do"),
        choices=Scope,
        widget=forms.RadioSelect,
        help_text=lazy("Never more than you may yourself, and never what belongs to your account."),
    )
    expires_on = forms.DateField(
        label=lazy("Works until"),
        help_text=lazy("At most a year from today."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and a form that opens a new one."""
    if request.method != "POST":
        return show(request, offered())
    form = KeyForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        token, secret = actions.open_token(request.user, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return show(request, form, status=refusal.status)
    return show(request, offered(), status=201, opened=token, secret=secret)


def offered() -> KeyForm:
    """The least a key can do, for the usual time."""
    return KeyForm(initial={"scope": Scope.READ, "expires_on": clock.today() + USUAL})


def show(request: HttpRequest, form: KeyForm, status: int = 200, **fresh: object) -> HttpResponse:
    own = Token.objects.filter(person=request.user).order_by("-created_at")[:50]
    context = {"form": form, "tokens": own, "today": clock.today(), **fresh}
    return render(request, "web/tokens.html", context, status=status)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own keys; another person's is not there."""
    token = get_object_or_404(Token.objects.select_related("person"), pk=pk, person=request.user)
    actions.end_token(token, by=request.user)
    messages.success(
        request, _("The key “%(name)s” opens nothing any more.") % {"name": token.name}
    )
    return redirect("web:tokens")
