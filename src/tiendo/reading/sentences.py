"""Sentences and their parts at semicolons, as spans."""

import re

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon

LONGEST = 2_500  # characters; a longer run without a full stop is cut, so that reading stays linear
END = re.compile(r"(?:[.!?]+|…)[\"”»')\]]*(?=\s|$)")
OPENS = re.compile(r"\s+[\"“«'(\[]*\s*[-–—•]?\s*(?:[^\W\d_a-zа-яёăâđêôơư]|\d)")
LAST_WORD = re.compile(r"(\S+)$")
INITIALS = re.compile(r"[^\W\d_]\.\s?[^\W\d_]\.\Z")  # «Петров И.К.»
INITIAL = re.compile(r"(?:^|[\s(.])[^\W\d_]$")


def sentences_of(text: str, span: Span, lex: Lexicon) -> list[Span]:
    """The sentences of one line, outer spaces left out."""
    start, end = span
    found: list[Span] = []
    for match in END.finditer(text, start, end):
        if match.end() < end and not _is_end(text, match, start, end, lex):
            continue
        found.extend(_cut(text, start, match.end()))
        start = match.end()
    found.extend(_cut(text, start, end))
    return found


def _is_end(text: str, match: re.Match[str], start: int, end: int, lex: Lexicon) -> bool:
    opening = OPENS.match(text, match.end(), min(end, match.end() + 20))
    if not opening or text[opening.end() - 1].islower():
        return False
    if not match[0].startswith(".") or len(match[0]) > 1:
        return True
    last = LAST_WORD.search(text, max(start, match.start() - 20), match.start())
    if not last:
        return True
    if lex.pattern("sentences.abbreviations", case=True).fullmatch(last[1].lstrip("(«“\"'")):
        return False
    return not INITIAL.search(text[max(start, match.start() - 2) : match.start()])


def _cut(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        middle = space if space > start else start + LONGEST
        spans.append(trim(text, (start, middle)))
        start = middle
    spans.append(trim(text, (start, end)))
    return [found for found in spans if found[0] < found[1]]


def segments_of(text: str, span: Span) -> list[Span]:
    """The parts of a sentence between semicolons, those inside brackets left whole."""
    start, end = span
    parts: list[Span] = []
    depth = 0
    for place in range(start, end):
        letter = text[place]
        if letter in "([«“":
            depth += 1
        elif letter in ")]»”":
            depth = max(0, depth - 1)
        elif letter == ";" and depth == 0:
            parts.append(trim(text, (start, place)))
            start = place + 1
    parts.append(trim(text, (start, end)))
    return [part for part in parts if part[0] < part[1]]


def trim(text: str, span: Span) -> Span:
    """The span without outer spaces."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def bare(text: str, span: Span) -> Span:
    """The span without outer spaces, full stops, semicolons and lone quotes."""
    start, end = trim(text, span)
    while end > start and text[end - 1] in ".;:, \n":
        if text[end - 1] == "." and text[max(start, end - 3) : end] == "...":
            break
        if text[end - 1] == "." and INITIALS.search(text, max(start, end - 4), end):
            break
        end -= 1
    return start, end
