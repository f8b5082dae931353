"""Language: what a text orders, reports and cites, in Vietnamese, French, Russian and English."""

from tiendo.reading import symbols
from tiendo.reading.dates import day_written
from tiendo.reading.deadline import last_day
from tiendo.reading.language import language_of
from tiendo.reading.provisions import Provision, cells, provisions
from tiendo.reading.reader import cited, read
from tiendo.reading.shape import Citation, Directive, Figure, Reading, to_json

__all__ = [
    "Citation",
    "Directive",
    "Figure",
    "Provision",
    "Reading",
    "cells",
    "cited",
    "day_written",
    "language_of",
    "last_day",
    "provisions",
    "read",
    "symbols",
    "to_json",
]
