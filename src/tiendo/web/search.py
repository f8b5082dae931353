"""One field for everything: units of all times, committees, people, documents and tasks, as far as the reader may see them."""

from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tiendo.documents.models import Document
from tiendo.kit import clock
from tiendo.kit.permission import beneath, roots
from tiendo.orgs import matching, portrait
from tiendo.orgs.models import Committee, Tenure
from tiendo.orgs.names import fold
from tiendo.people.models import Person
from tiendo.tasks.models import Task
from tiendo.web.folding import holding

SHOWN = 10
FEW = 4  # of each kind beneath the field, while it is typed
NEAR = 300  # the newest that hold the words; the nearest of them are shown


class SearchForm(forms.Form):
    q = forms.CharField(max_length=200, required=False)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page of all that was found; beneath the field of every page, the first few."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    is_piece = bool(request.htmx)
    groups = found(request.user, words, FEW if is_piece else SHOWN) if fold(words) else {}
    context = {"form": form, "words": words, **groups, "nothing": not any(groups.values())}
    template = "web/_hits.html" if is_piece else "web/search.html"
    return render(request, template, context, status=422 if form.errors else 200)


def found(person: Any, words: str, most: int = SHOWN) -> dict[str, list[Any]]:
    """What holds these words, best first, a few of each kind."""
    named = units(words, most)
    seated = {
        one.unit_id: one for one in Committee.objects.filter(unit__in=[n.unit for n in named])
    }
    return {
        "tasks": tasks(person, words, most),
        "documents": documents(person, words, most),
        "units": [one for one in named if one.unit.pk not in seated],
        "committees": [(one, seated[one.unit.pk]) for one in named if one.unit.pk in seated],
        "people": people(person, words, most),
    }


def units(words: str, most: int) -> list[portrait.Found]:
    """By their names of all times; when none holds these words, those of today that were probably meant."""
    held = portrait.found(words, limit=most)
    if held:
        return held
    meant = matching.match(words, clock.today(), limit=most)
    numbers = [number for one in meant for number in (one.unit_ids or (one.unit_id,)) if number]
    return portrait.as_found(list(dict.fromkeys(numbers))[:most])


def documents(person: Any, words: str, most: int) -> list[Document]:
    seen = Document.objects.visible_to(person)
    rows = seen.defer("text").select_related("type", "issuer").prefetch_related("issuer__names")
    return best(seen.order_by("-issued_on", "-pk"), rows, words, most, "symbol", "title")


def tasks(person: Any, words: str, most: int) -> list[Task]:
    seen = Task.objects.visible_to(person)
    rows = seen.with_lead()
    return best(seen.order_by("-pk"), rows, words, most, "programme__symbol", "title")


def people(person: Any, words: str, most: int) -> list[Person]:
    """Those who work where the reader welcomes people, with the posts they hold."""
    paths = roots(person, "people.welcome")
    if not paths:
        return []
    works = beneath("grants__unit__path", paths) | beneath("grants__post__unit__path", paths)
    works |= beneath("tenures__post__unit__path", paths)
    seen = Person.objects.filter(pk__in=Person.objects.filter(works).values("pk"))
    held = Tenure.objects.as_of(clock.today()).select_related("post__unit")
    rows = seen.prefetch_related(
        Prefetch("tenures", held.prefetch_related("post__unit__names"), to_attr="posts_now")
    )
    named = best(seen.order_by("name", "pk"), rows, words, most, "name")
    return named or list(rows.filter(Q(username__iexact=words.strip()))[:most])


def best(seen: Any, rows: Any, words: str, most: int, *fields: str) -> list[Any]:
    """The nearest of those that hold the words, each with what its row shows."""
    near = {
        pk: min(how_near(text, words) for text in (*texts, " ".join(texts)))
        for pk, *texts in holding(seen, words, *fields).values_list("pk", *fields)[:NEAR]
    }
    order = sorted(near, key=lambda pk: near[pk])[:most]
    known = rows.in_bulk(order)
    return [known[pk] for pk in order]


def how_near(text: str, words: str) -> int:
    """0 the very words, 1 at its beginning, 2 together somewhere, 3 each somewhere."""
    held, asked = fold(text), fold(words)
    if held == asked:
        return 0
    if held.startswith(asked):
        return 1
    return 2 if asked in held else 3
