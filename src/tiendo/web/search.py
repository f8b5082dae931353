"""One field for everything: units of all times, people, documents and tasks, as far as the reader may see them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tiendo.documents.models import Document
from tiendo.documents.symbols import fold_symbol
from tiendo.kit import clock
from tiendo.kit.permission import beneath, roots
from tiendo.orgs import portrait
from tiendo.orgs.models import Tenure
from tiendo.orgs.names import fold
from tiendo.people.models import Person
from tiendo.tasks.models import Task

SHOWN = 10
READ = 2_000  # the newest titles are read with accents folded; older ones are found as they are written


class SearchForm(forms.Form):
    q = forms.CharField(max_length=200, required=False)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    groups = found(request.user, words) if fold(words) else {}
    context = {"form": form, "words": words, **groups, "nothing": not any(groups.values())}
    return render(request, "web/search.html", context, status=422 if form.errors else 200)


def found(person: Any, words: str) -> dict[str, list[Any]]:
    """What holds these words, best first, a few of each kind."""
    return {
        "units": portrait.found(words, limit=SHOWN),
        "people": people(person, words),
        "documents": documents(person, words),
        "tasks": tasks(person, words),
    }


def documents(person: Any, words: str) -> list[Document]:
    seen = Document.objects.visible_to(person)
    written = Q(title__icontains=words) | Q(symbol_folded__contains=fold_symbol(words))
    rows = seen.defer("text").select_related("type", "issuer").prefetch_related("issuer__names")
    return best(seen.order_by("-issued_on", "-pk"), rows, written, ("symbol", "title"), words)


def tasks(person: Any, words: str) -> list[Task]:
    seen = Task.objects.visible_to(person)
    written = Q(title__icontains=words) | Q(programme__symbol__icontains=words)
    rows = seen.with_lead()
    return best(seen.order_by("-pk"), rows, written, ("programme__symbol", "title"), words)


def people(person: Any, words: str) -> list[Person]:
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
    written = Q(name__icontains=words) | Q(username__iexact=words)
    return best(seen.order_by("name", "pk"), rows, written, ("name",), words)


def best(seen: Any, rows: Any, written: Q, fields: Iterable[str], words: str) -> list[Any]:
    """The rows found as written in the database or, among the first ones, with accents folded away."""
    columns = ("pk", *fields)
    near: dict[int, int] = {}
    for pk, *texts in [
        *seen.values_list(*columns)[:READ],
        *seen.filter(written).values_list(*columns)[:SHOWN],
    ]:
        nearness = min(how_near(text, words) for text in (*texts, " ".join(texts)))
        if nearness < FAR:
            near.setdefault(pk, nearness)
    order = sorted(near, key=lambda pk: near[pk])[:SHOWN]
    known = rows.in_bulk(order)
    return [known[pk] for pk in order]


FAR = 9


def how_near(text: str, words: str) -> int:
    """0 the very words, 1 at its beginning, 2 together somewhere, 3 each somewhere; FAR when not there."""
    held, asked = fold(text), fold(words)
    if held == asked:
        return 0
    if held.startswith(asked):
        return 1
    if asked in held:
        return 2
    return 3 if all(word in held for word in asked.split()) else FAR
