"""One calm page for a newcomer: what happens here, the marks, the words of the country in four languages, the keys."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tiendo.orgs.models import Kind, Unit
from tiendo.orgs.names import fold


class Word(NamedTuple):
    """One line of the glossary: as the reader says it, and as others do."""

    own: str
    others: list[tuple[str, str]]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    language = (get_language() or "en")[:2]
    others = [(code, name) for code, name in settings.LANGUAGES if code != language]
    context = {"words": words(language), "own_language": language, "other_languages": others}
    return render(request, "web/guide.html", context)


def words(language: str) -> list[Word]:
    """The glossaries of the countries loaded here, in the order of the reader's alphabet."""
    countries = Unit.objects.filter(kind=Kind.COUNTRY).values_list("key", flat=True)
    rows = [row for key in countries for row in glossary_of(Path(settings.PACKS) / key)]
    told = [word(row, language) for row in rows if row.get(language)]
    return sorted(told, key=lambda one: fold(one.own))


def word(row: dict[str, str], language: str) -> Word:
    codes = [code for code, _name in settings.LANGUAGES if code != language]
    return Word(row[language], [(code, row.get(code, "")) for code in codes])


@lru_cache(maxsize=8)
def glossary_of(pack: Path) -> list[dict[str, str]]:
    place = pack / "glossary.csv"
    if not place.is_file():
        return []
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
