"""How texts stand to each other: said by hand, or by settling what a text cites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tiendo.documents import actions_bonds, reads
from tiendo.documents.forms import BondForm, CitedForm
from tiendo.documents.models import Citation, Document, Relation
from tiendo.documents.states import Bond
from tiendo.documents.views.pages import find
from tiendo.kit.permission import require
from tiendo.kit.refusals import Forbidden, Invalid, Refused


@require_http_methods(["GET", "POST"])
def relation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how this text stands to another; what was typed stays when it cannot be taken."""
    found = find(request, pk)
    require(request.user, "documents.register", found)
    form = BondForm(request.POST or None, initial={"provision": request.GET.get("place", "")[:120]})
    if request.method == "POST" and form.is_valid() and is_bound(request, found, form):
        messages.success(request, _("The relation is entered. Both texts show it."))
        return redirect(found)
    context = {"form": form, "document": found}
    return render(request, "documents/relation.html", context, status=422 if form.errors else 200)


def is_bound(request: HttpRequest, document: Document, form: BondForm) -> bool:
    given = form.cleaned_data
    try:
        other = reads.text_meant(given["other"], request.user)
        actions_bonds.bind(
            document,
            Bond(given["kind"]),
            other,
            by=request.user,
            provision=reads.provision_named(document, given["provision"], "provision"),
            other_provision=reads.provision_named(
                other, given["other_provision"], "other_provision"
            ),
        )
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a relation back."""
    found = get_object_or_404(Relation.objects.select_related("document__unit", "other"), pk=pk)
    document = find(request, found.document_id)
    actions_bonds.unbind(found, by=request.user)
    messages.success(request, _("The relation is taken back."))
    return redirect(document)


@require_POST
def cited(request: HttpRequest, pk: int) -> HttpResponse:
    """What a cited number means becomes a relation."""
    found = find_citation(request, pk)
    require(request.user, "documents.register", found.document)
    form = CitedForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose how the texts stand to each other, and which text is meant."))
    other = get_object_or_404(
        Document.objects.visible_to(request.user), pk=form.cleaned_data["other"]
    )
    kind = Bond(form.cleaned_data["kind"])
    actions_bonds.bind(found.document, kind, other, by=request.user, citation=found)
    messages.success(request, _("The relation is entered. Both texts show it."))
    return redirect(found.document)


@require_POST
def setting_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """A number that is only mentioned."""
    found = find_citation(request, pk)
    actions_bonds.set_aside(found, by=request.user)
    return redirect(found.document)


def find_citation(request: HttpRequest, pk: int) -> Citation:
    found: Citation = get_object_or_404(Citation, pk=pk)
    found.document = find(request, found.document_id)
    return found
