"""Numbers reported as facts, or planned outside a directive."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from tiendo.reading.dates import Day
from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon
from tiendo.reading.numbers import Number, numbers_in

REACH = 120  # characters before a number that tell what it is
CONTRACTED = re.compile(r"\s+n'\w", re.IGNORECASE)  # "36 n'ont": a verb, no unit
CLAUSE_ENDS = re.compile(r"\s*[.;,)]")
UNIT = re.compile(r"\s*([^\W\d_][\w'-]*|%)")
UNIT_WORDS = re.compile(r"\s+[^\W\d_][\w'-]*(?:\s+[^\W\d_][\w'-]*){0,3}")
QUOTE_ENDS = re.compile(r"[.;:,()\n]|\s(?=[0-9])|\s(?:et|and|và|и)\s")


@dataclass(frozen=True)
class Counted:
    """A number with what it counts, offsets in the folded text."""

    span: Span
    value: Decimal | int
    unit: str
    metric: str | None
    denominator: Decimal | int | None
    as_of: str | None
    status: str


def figures_in(
    text: str,
    sentences: list[Span],
    taken: list[Span],
    told: list[Span],
    days: list[Day],
    lex: Lexicon,
    dated: date | None,
) -> list[Counted]:
    """The figures outside the taken spans (dates, citations, directives, addresses).

    `told`: the directives, whose dates say nothing about a figure.
    """
    found: list[Counted] = []
    place = 0
    for number in numbers_in(text, lex):
        while place < len(sentences) and sentences[place][1] <= number.span[0]:
            place += 1
        if place == len(sentences):
            break
        if number.span[0] < sentences[place][0] or _taken(number.span, taken):
            continue
        last = found[-1] if found and found[-1].span[0] >= sentences[place][0] else None
        if (counted := _counted(text, number, sentences[place], last, lex)) is not None:
            found.append(counted)
    free = [day for day in days if not _taken(day.span, told)]
    return _as_of(found, free, dated)


def _taken(span: Span, taken: list[Span]) -> bool:
    """The number lies in a span already read as something else; `taken` is sorted and flat."""
    low, high = 0, len(taken)
    while low < high:
        middle = (low + high) // 2
        if taken[middle][1] <= span[0]:
            low = middle + 1
        else:
            high = middle
    return low < len(taken) and taken[low][0] < span[1]


def _counted(
    text: str, number: Number, sentence: Span, last: Counted | None, lex: Lexicon
) -> Counted | None:
    if _opens_line(text, number) or _is_change(text, number, sentence, lex):
        return None
    unit = _measured(text, number, sentence, lex) or _unit_of_fact(text, number, sentence, lex)
    if last and _whole_of(text, number, sentence, lex):
        return None
    if unit is None and last and _of_them(text, number, sentence, lex):
        unit = last.unit, number.span[1]
    if unit is None and _reached(text, number, sentence, lex):
        unit = last.unit if last else "", number.span[1]
    if unit is None:
        return None
    name, end = unit
    status = "planned" if _planned(text, sentence, number.span, lex) else "reported"
    metric = " ".join(text[sentence[0] : number.span[0]].split()[-8:]) or None
    return Counted(
        (number.span[0], end), number.value, name, metric, number.denominator, None, status
    )


def _unit_of_fact(
    text: str, number: Number, sentence: Span, lex: Lexicon
) -> tuple[str, int] | None:
    before = text[max(sentence[0], number.span[0] - 40) : number.span[0]]
    named = lex.pattern("figures.not_before", whole=False).search(before)
    if named and not _percent(text, number, lex):
        return None
    return _unit(text, number, sentence, lex)


def _before(text: str, number: Number, sentence: Span) -> str:
    return text[max(sentence[0], number.span[0] - REACH) : number.span[0]]


def _measured(text: str, number: Number, sentence: Span, lex: Lexicon) -> tuple[str, int] | None:
    """A length of time that was measured: "le délai moyen est passé à 9 jours"."""
    lasting = _lasting(lex.language).match(text, number.span[1], sentence[1])
    if not lasting or not lex.pattern("figures.measured", whole=False).search(
        _before(text, number, sentence)
    ):
        return None
    return lasting["unit"].lower(), lasting.end()


@cache
def _lasting(language: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words("figures.lasting"))
    return re.compile(rf"\s*(?P<unit>{words})(?!\w)", re.IGNORECASE)


def _is_change(text: str, number: Number, sentence: Span, lex: Lexicon) -> bool:
    """By how many points something rose or fell: the level beside it is the figure."""
    start, end = max(sentence[0], number.span[0] - REACH), min(sentence[1], number.span[1] + 30)
    changes = lex.pattern("figures.changes", whole=False).finditer(text, start, end)
    return any(match.start() < number.span[0] < match.end() for match in changes)


def _of_them(text: str, number: Number, sentence: Span, lex: Lexicon) -> bool:
    """ "112 communes …, dont 71 …", "sur 18 actions, 11 sont closes": the same things are counted."""
    told = lex.pattern("figures.of_them", whole=False).search(_before(text, number, sentence))
    if not told and text[: number.span[0]].endswith(", "):
        told = lex.starts("figures.as_subject").match(text, number.span[1] + 1, sentence[1])
    return bool(told) and not _lasting(lex.language).match(text, number.span[1], sentence[1])


def _whole_of(text: str, number: Number, sentence: Span, lex: Lexicon) -> bool:
    """ "9 ministères sur 36 n'ont pas …": the second number is only what the first is a part of."""
    if number.denominator or _percent(text, number, lex):
        return False
    told = lex.pattern("figures.out_of", whole=False).search(_before(text, number, sentence))
    if not told or CONTRACTED.match(text, number.span[1], sentence[1]):
        return bool(told)
    return not _thing(text, number.span[1], sentence, lex)


def _reached(text: str, number: Number, sentence: Span, lex: Lexicon) -> bool:
    """ "complaints fell to 410": what is counted stands before, nothing behind."""
    if not CLAUSE_ENDS.match(text, number.span[1], sentence[1]) and number.span[1] < sentence[1]:
        return False
    return bool(lex.pattern("figures.reached", whole=False).search(_before(text, number, sentence)))


def _opens_line(text: str, number: Number) -> bool:
    """A list marker: "1) …" or "2. …"."""
    start, end = number.span
    return (start == 0 or text[start - 1] in "\n(") and text[end : end + 1] in (")", ".", "/")


def _percent(text: str, number: Number, lex: Lexicon) -> int | None:
    match = _percents(lex.language).match(text, number.span[1])
    return match.end() if match else None


@cache
def _percents(language: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words("figures.percent"))
    return re.compile(rf"\s*(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _currencies(language: str) -> list[tuple[re.Pattern[str], str]]:
    joiner = "|".join(lexicon(language).words("numbers.joiner")) or "(?!)"
    table = lexicon(language).table("figures.currencies")
    return [
        (re.compile(rf"\s*(?:{joiner})?(?:{word})(?!\w)", re.IGNORECASE), str(code))
        for word, code in table.items()
    ]


CODE = re.compile(r"(?<![A-Z])(VND|USD|EUR|RUB|GBP|JPY|CNY|XOF)\s?$")
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₫": "VND", "₽": "RUB"}


def _unit(text: str, number: Number, sentence: Span, lex: Lexicon) -> tuple[str, int] | None:
    """What is counted, and where its words end."""
    start, end = number.span
    if percent := _percent(text, number, lex):
        return "percent", percent
    if start and text[start - 1] in SIGNS:
        return SIGNS[text[start - 1]], end
    if coded := CODE.search(text, max(sentence[0], start - 6), start):
        return coded[1], end
    for pattern, code in _currencies(lex.language):
        if match := pattern.match(text, end, sentence[1]):
            return code, match.end()
    return _thing(text, end, sentence, lex)


def _thing(text: str, end: int, sentence: Span, lex: Lexicon) -> tuple[str, int] | None:
    joiner = re.compile("|".join(lex.words("numbers.joiner")) or "(?!)", re.IGNORECASE)
    space = re.compile(r"\s+").match(text, end, sentence[1])
    if not space:
        return None
    start = space.end()
    if joined := joiner.match(text, start, sentence[1]):
        start = joined.end()
    word = re.compile(r"[^\W\d_][\w'/-]*").match(text, start, sentence[1])
    if not word or lex.pattern("figures.not_units").fullmatch(word[0].rstrip("'")):
        return None
    if lex.pattern("figures.not_units").match(text, start) or (
        word[0][0].isupper() and lex.language != "en"
    ):
        return None
    stop = QUOTE_ENDS.search(text, word.end(), min(sentence[1], word.end() + 40))
    return word[0].lower(), stop.start() if stop and stop.start() - word.end() < 24 else word.end()


def _planned(text: str, sentence: Span, span: Span, lex: Lexicon) -> bool:
    return bool(lex.pattern("figures.planned").search(text, sentence[0], span[0] + 1))


def _as_of(found: list[Counted], days: list[Day], dated: date | None) -> list[Counted]:
    """The last period or day named before the number in the text holds for it."""
    held: list[Counted] = []
    place, latest = 0, None
    for counted in found:
        while place < len(days) and days[place].span[0] < counted.span[0]:
            latest = days[place]
            place += 1
        held.append(replace(counted, as_of=latest.iso(dated) if latest else None))
    return held
