"""An entry as a sentence in the reader's language. Each room keeps the sentences of its own acts in `acts.py`."""

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from tiendo.kit.words import day_in_words
from tiendo.ledger.models import Entry
from tiendo.ledger.record import PERSONAL


def sentence(entry: Entry) -> str:
    """What happened, in one whole sentence; days are written the reader's way."""
    return str(sentences_of(entry.act)[entry.act]) % Facts(in_words(entry.act, facts_of(entry)))


def facts_of(entry: Entry) -> dict[str, Any]:
    """The facts with the values that stand beside them put in; what is gone says so."""
    hidden = [name for name, fact in entry.facts.items() if is_personal(fact)]
    if not hidden:
        return dict(entry.facts)
    beside = {row.fact: row.value for row in entry.personal.all()}
    return {**entry.facts, **{name: beside.get(name, _("(erased)")) for name in hidden}}


def is_personal(fact: Any) -> bool:
    return isinstance(fact, dict) and set(fact) == {PERSONAL}


def in_words(act: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts whose values are words of the house (a role) as its room reads them, by its table `WORDS`."""
    tables: Mapping[str, Any] = getattr(shelf_of(act), "WORDS", {})
    return {name: tables.get(name, {}).get(str(fact), fact) for name, fact in facts.items()}


def sentences_of(act: str) -> Mapping[str, Any]:
    sentences: Mapping[str, Any] = shelf_of(act).SENTENCES
    return sentences


def shelf_of(act: str) -> Any:
    room = apps.get_app_config(act.partition(".")[0])
    return import_module(f"{room.name}.acts")


class Facts(dict[str, Any]):
    """Facts for a sentence: `…_on` is a day; what an old entry did not say is a dash."""

    def __getitem__(self, key: str) -> Any:
        value = self.get(key)
        if value is None or value == "":
            return "–"
        if key.endswith("_on"):
            return day_in_words(date.fromisoformat(value))
        return value
