"""Who is named: units and persons as written, told apart in a list, without their articles."""

import re
from functools import cache

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon
from tiendo.reading.sentences import trim

LONGEST = 260  # characters of one list of names
CAPITALS = re.compile(
    r"(?:the\s+)?[A-ZÀ-ÞĐА-ЯЁ][\w.'&/-]*(?:\s+(?:(?:of|and|for|the|&|de|du|des|van|al)\s+)?"
    r"[A-ZÀ-ÞĐА-ЯЁ0-9][\w.'&/-]*){0,7}"
)
BRACKETS = re.compile(r"\s*\([^)]*\)?|\s*\[[^\]]*\]?")
CLAUSE = re.compile(r"(?:^|[,:;–—«\"“(|]\s*|(?<!\w)(?:que|et|и|and|và|là|mais|но|but)\s+|qu')")


@cache
def _headed(language: str) -> re.Pattern[str]:
    """A name's beginning up to its head: articles and qualities, then the head noun."""
    lex = lexicon(language)
    before = "|".join(lex.words("names.before_head"))
    heads = "|".join(lex.words("names.heads"))
    flags = 0 if lex.table("names").get("case") else re.IGNORECASE
    return re.compile(rf"(?:(?:{before})(?:\s+|(?<=')\s*)){{0,5}}(?:{heads})(?!\w)", flags)


def headed(text: str, start: int, end: int, lex: Lexicon) -> int | None:
    """Where the head noun ends, when a unit or person is named right at `start`."""
    match = _headed(lex.language).match(text, start, end)
    return match.end() if match else None


def capitalised(text: str, start: int, end: int) -> int | None:
    """Where a run of capitalised words at `start` ends: a name nobody taught us."""
    match = CAPITALS.match(text, start, end)
    return match.end() if match else None


def until_verb(text: str, start: int, end: int, lex: Lexicon) -> int:
    """Where a list of names starting at `start` stops for the verb (Vietnamese), else `end`."""
    stops = lex.pattern("names.end", whole=False)
    match = stops.search(text, start, min(end, start + LONGEST))
    return match.start() if match else end


def subject_before(text: str, start: int, end: int, lex: Lexicon) -> Span | None:
    """The unit named as subject in text[start:end], the clause that ends at its verb."""
    for match in lex.after("verbs.reporting").finditer(text, start, end):
        start = match.end()
    strong = max(text.rfind(mark, start, end) for mark in ":;")
    start = max(start, end - LONGEST, strong + 1)
    if connector := lex.starts("verbs.connectors").match(text, start, end):
        start = connector.end()
    while start < end and text[start] in " ,":
        start += 1
    for match in CLAUSE.finditer(text[start:end]):
        place = start + match.end()
        if place < end and headed(text, place, end, lex):
            return place, end
    return None


def split_names(text: str, span: Span, lex: Lexicon) -> tuple[Span, ...]:
    """The names in a list, each without article, title after a comma or words in brackets."""
    span = _without_partners(text, (span[0], min(span[1], span[0] + LONGEST)), lex)
    pieces: list[Span] = []
    start = span[0]
    for match in lex.pattern("names.joint", whole=False).finditer(text, *span):
        pieces.append((start, match.start()))
        start = match.end()
    pieces.append((start, span[1]))
    titles = _titles(lex.language)
    kept: list[Span] = []
    for number, piece in enumerate(pieces):
        name = _name(text, piece, lex)
        if name[1] - name[0] < 2 or (number and titles.match(text, *trim(text, piece))):
            continue
        if not number or name[1] - name[0] > 3:
            kept.append(name)
    return tuple(kept)


@cache
def _titles(language: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words("names.apposition"))
    return re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _after_comma(language: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words("names.apposition"))
    dash = lexicon(language).table("names")["dash"]
    return re.compile(rf"\s*,\s*(?:{words})(?!\w)|{dash}|\s*[:;\n|]", re.IGNORECASE)


def _without_partners(text: str, span: Span, lex: Lexicon) -> Span:
    match = lex.pattern("names.partners").search(text, *span)
    return (span[0], match.start()) if match and match.start() > span[0] else span


def _name(text: str, span: Span, lex: Lexicon) -> Span:
    start, end = trim(text, span)
    if cut := _after_comma(lex.language).search(text, start + 1, end):
        end = cut.start()
    if (cut := BRACKETS.search(text, start, end)) and cut.start() > start:
        end = cut.start()
    start = _past_articles(text, start, end, lex)
    while end > start and text[end - 1] in ' ,;:.-–—"»”*)' and not _closes(text, start, end):
        end -= 1
    while start < end and text[start] in ' ,;:.-–—"«“*@':
        start += 1
    return start, end


INITIALS = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")


def _closes(text: str, start: int, end: int) -> bool:
    """The last mark belongs to the name: "Петров И.К.", "Bureau (central)", «Водоканал»."""
    for opening, closing in ("()", "«»", "“”"):
        if text[end - 1] == closing:
            return text.count(opening, start, end) >= text.count(closing, start, end)
    return text[end - 1] == "." and bool(INITIALS.search(text, max(start, end - 3), end))


def _past_articles(text: str, start: int, end: int, lex: Lexicon) -> int:
    keep, articles = lex.starts("names.keep"), _articles(lex.language)
    for _ in range(4):
        if keep.match(text, start, end):
            break
        match = articles.match(text, start, end)
        if not match or match.end() >= end:
            break
        start = match.end()
    return start


@cache
def _articles(language: str) -> re.Pattern[str]:
    words = "|".join(lexicon(language).words("names.strip"))
    return re.compile(rf"(?:{words})(?:\s+|(?<=')\s*)", re.IGNORECASE)


def partners_in(text: str, span: Span, lex: Lexicon) -> tuple[Span, ...]:
    """Units named beside the one who answers: "phối hợp với …", "en liaison avec …"."""
    found: list[Span] = []
    stops = lex.pattern("names.partners_end", whole=False)
    for match in lex.pattern("names.partners").finditer(text, *span):
        if found and match.start() < found[-1][1]:
            continue
        start = match.end()
        limit = min(span[1], start + LONGEST)
        stop = _partners_stop(text, start, limit, stops, lex)
        found.extend(split_names(text, (start, stop), lex))
    return tuple(found)


def _partners_stop(text: str, start: int, limit: int, stops: re.Pattern[str], lex: Lexicon) -> int:
    """The first stop that is not the comma between two names."""
    joints = {
        match.start()
        for match in lex.pattern("names.joint", whole=False).finditer(text, start, limit)
    }
    for match in stops.finditer(text, start + 1, limit):
        if match.start() not in joints:
            return match.start()
    return limit
