"""Numbered official documents that a text names, each once, at its fullest mention."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache

from tiendo.reading import symbols
from tiendo.reading.dates import Day
from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon

YEAR = re.compile(r"(?:19|20)[0-9]{2}$")
# № 149-ФЗ, n° 2024-123, No. 13960, 1632-р: whatever a document number looks like after its mark.
MARKED = r"[0-9]{1,6}(?:[-/][0-9A-ZА-ЯĐa-zа-я]{1,12}){0,3}"
BARE = r"[0-9]{1,4}(?![0-9]|[.,][0-9])"
NOT_A_UNIT = r"(?!\s*(?:%|/[0-9]))"


@dataclass(frozen=True)
class Mention:
    """One mention of a document."""

    span: Span
    number: str
    type: str
    date: str | None = None
    issuer: str | None = None
    alone: bool = False  # no word for the document stands before the symbol


def citations_in(text: str, days: list[Day], lex: Lexicon) -> tuple[list[Mention], list[Span]]:
    """The documents, each once, and the spans of all their mentions."""
    found: list[Mention] = []
    for match in _typed(lex.language).finditer(text):
        if mention := _mention(text, match, days, lex):
            found.append(mention)
            found.extend(_also(text, mention, days, lex))
    taken = sorted(mention.span for mention in found)
    found.extend(_alone(text, taken, days, lex))
    return _once(found), sorted(mention.span for mention in found)


@cache
def _typed(language: str) -> re.Pattern[str]:
    """A word for a document, its mark and its number; a number without mark stays short."""
    lex = lexicon(language)
    types = "|".join(sorted(lex.table("citations.types"), key=len, reverse=True))
    between = str(lex.table("citations").get("between", ""))
    mark = "|".join(lex.words("citations.mark"))
    return re.compile(
        rf"(?<!\w)(?P<type>{types})(?:{between})"
        rf"(?:\s*(?P<marked>{mark})(?P<n>{symbols.IN_TEXT}|{MARKED})"
        rf"|\s*(?P<symbol>{symbols.IN_TEXT})|[^\S\n]+(?P<bare>{BARE}){NOT_A_UNIT})(?!\w)",
        re.IGNORECASE,
    )


def _mention(text: str, match: re.Match[str], days: list[Day], lex: Lexicon) -> Mention | None:
    number = match["n"] or match["symbol"] or match["bare"]
    if match["bare"] and (YEAR.match(number) or _counts(text, match, lex)):
        return None
    return _full(text, match.span(), number, _type(lex, match["type"]), days, lex)


def _counts(text: str, match: re.Match[str], lex: Lexicon) -> bool:
    """The bare number counts something: "plan 5 ans", "kế hoạch 3 tháng"."""
    if re.match(r"\s*[-–]\s*[0-9]", text[match.end() : match.end() + 6]):
        return True
    following = re.compile(r"\s+([^\W\d_]+)").match(text, match.end(), match.end() + 24)
    if not following:
        return False
    word = following[1]
    return bool(lex.pattern("citations.counted").fullmatch(word))


def _type(lex: Lexicon, written: str) -> str:
    for word, told in lex.table("citations.types").items():
        if re.fullmatch(word, written, re.IGNORECASE):
            return str(told)
    return "document"


def _full(text: str, span: Span, number: str, kind: str, days: list[Day], lex: Lexicon) -> Mention:
    """The mention with the date and issuer that follow it."""
    start, end = span
    inside = _day_after(days, start, end, text, lex, inside=True)
    dated, issuer = inside, None
    for _ in range(2):
        if dated is None and (after := _day_after(days, end, end + 40, text, lex, inside=False)):
            dated, end = after, _end_of(days, end, text)
        if issuer is None and (by := _issuer(text, end, lex)):
            issuer, end = by
    told = dated.iso(None) if dated and dated.day and dated.year else None
    issuer = issuer or _issuer_inside(text, (start, end), lex)
    return Mention((start, end), number, kind, told, issuer)


def _day_after(
    days: list[Day], start: int, end: int, text: str, lex: Lexicon, *, inside: bool
) -> Day | None:
    number = bisect_left(days, start, key=lambda day: day.span[0])
    if number >= len(days) or days[number].span[0] >= end or not days[number].day:
        return None
    if inside:
        return days[number] if days[number].span[1] <= end else None
    between = text[start : days[number].span[0]]
    fits = any(
        re.fullmatch(form, between, re.IGNORECASE) for form in lex.words("citations.dated_between")
    )
    return days[number] if fits else None


def _end_of(days: list[Day], start: int, text: str) -> int:
    return days[bisect_left(days, start, key=lambda day: day.span[0])].span[1]


def _issuer(text: str, end: int, lex: Lexicon) -> tuple[str, int] | None:
    match = _issued(lex.language).match(text, end, end + 70)
    if not match:
        return None
    return _issuer_named(lex, match["by"]), match.end("by")


@cache
def _issued(language: str) -> re.Pattern[str]:
    lex = lexicon(language)
    issuers = "|".join(sorted(lex.table("citations.issuers"), key=len, reverse=True))
    return re.compile(rf"{lex.table('citations')['issued']}(?P<by>{issuers})(?!\w)", re.IGNORECASE)


def _issuer_inside(text: str, span: Span, lex: Lexicon) -> str | None:
    pattern = "|".join(sorted(lex.table("citations.issuers"), key=len, reverse=True))
    match = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE).search(text, *span)
    return _issuer_named(lex, match[0]) if match else None


def _issuer_named(lex: Lexicon, written: str) -> str:
    for word, told in lex.table("citations.issuers").items():
        if re.fullmatch(word, written, re.IGNORECASE):
            return str(told)
    return written


def _also(text: str, first: Mention, days: list[Day], lex: Lexicon) -> list[Mention]:
    """The second and third of "resolutions 57, 59 and 68"."""
    found: list[Mention] = []
    before = text[max(0, first.span[0] - 12) : first.span[1]]
    plural = bool(lex.pattern("citations.plural").search(before))
    end = first.span[1]
    for _ in range(12):
        match = _next(lex.language).match(text, end)
        if not match or not (match["mark"] or match["symbol"] or plural):
            break
        number = match["n"] or match["symbol"] or match["bare"]
        if match["bare"] and YEAR.match(number):
            break
        mention = _full(text, (match.start("all"), match.end()), number, first.type, days, lex)
        found.append(mention)
        end = mention.span[1]
    return found


@cache
def _next(language: str) -> re.Pattern[str]:
    lex = lexicon(language)
    also, mark = "|".join(lex.words("citations.also")), "|".join(lex.words("citations.mark"))
    return re.compile(
        rf"(?:{also})(?P<all>(?P<mark>{mark})(?P<n>{symbols.IN_TEXT}|{MARKED})"
        rf"|(?P<symbol>{symbols.IN_TEXT})|(?P<bare>{BARE})(?!\s*%))(?!\w)",
        re.IGNORECASE,
    )


SYMBOL = re.compile(rf"(?<![\w/.-])(?:{symbols.IN_TEXT})(?![\w/])")


def _alone(text: str, taken: list[Span], days: list[Day], lex: Lexicon) -> list[Mention]:
    """Symbols without a word for the document: "57-NQ/TW"."""
    found: list[Mention] = []
    place = 0
    for match in SYMBOL.finditer(text):
        while place < len(taken) and taken[place][1] <= match.start():
            place += 1
        if place < len(taken) and taken[place][0] < match.end():
            continue
        if (symbol := symbols.parse(match[0])) and symbol.type:
            told = _full(text, match.span(), match[0], symbol.type, days, lex)
            found.append(replace(told, alone=True))
    return found


def _once(mentions: list[Mention]) -> list[Mention]:
    """One mention a document: the one with a symbol, else with a date or issuer, else the first.

    "57" and "57-NQ/TW" are one resolution; "57-NQ/TW" and "57/NQ-CP" are two.
    """
    kept: dict[tuple[str, str], Mention] = {}
    symbols_by_head: dict[tuple[str, str], tuple[str, str]] = {}
    for mention in sorted(mentions, key=_fullness):
        head = mention.type, re.split(r"[-/]", mention.number)[0].lstrip("0")
        key = head if mention.number.isdigit() else ("", mention.number)
        if mention.number.isdigit():
            key = symbols_by_head.get(head, key)
        else:
            symbols_by_head.setdefault(head, key)
        first = kept.setdefault(key, mention)
        kept[key] = replace(
            first, date=first.date or mention.date, issuer=first.issuer or mention.issuer
        )
    return sorted(kept.values(), key=lambda mention: mention.span)


def _fullness(mention: Mention) -> tuple[int, int, int, int]:
    has_letters = any(letter.isalpha() for letter in mention.number)
    has_type = mention.span[1] - mention.span[0] > len(mention.number) and not mention.alone
    told = bool(mention.date) + bool(mention.issuer)
    return -has_letters, -has_type, -told, mention.span[0]
