"""What a text says about itself, offered to the person who registers it. Nothing here is decided."""

import re
from dataclasses import dataclass
from datetime import date

from tiendo import reading
from tiendo.documents.symbols import fold_code
from tiendo.reading import symbols

HEAD = 4_000  # characters: number, day and title stand at the top
NUMBERED = re.compile(r"^\W*(?:Số|No\.?|N°|n°|№|Номер)\s*:?\s*(?P<symbol>[0-9][^\s,;]{2,60})")
STATE_LINES = re.compile(
    r"cộng hòa xã hội chủ nghĩa|độc lập\s*-|đảng cộng sản việt nam|^(?:số|no\.?|n°|№)\s*:?\s*\d"
    r"|^.{0,30}ngày \d+ tháng \d+ năm \d+$|^[\W\d_]+$|^https?://|^!?\[|^\|",
    re.IGNORECASE,
)
HEAD_LINES, TITLE_LINES = 15, 4
ENOUGH, LONGEST = 12, 300  # letters of a title at least; characters at most


@dataclass(frozen=True)
class Offer:
    """Facts read in the text; empty where it says nothing."""

    title: str
    symbol: str
    type_code: str
    org: str
    language: str
    issued_on: date | None


def offered(text: str) -> Offer:
    language = reading.language_of(text)
    symbol = symbol_of(text)
    return Offer(
        title=title_of(text),
        symbol=symbol.written if symbol else "",
        type_code=fold_code(symbol.type_code or "") if symbol else "",
        org=(symbol.org or "") if symbol else "",
        language=language,
        issued_on=reading.day_written(text, language),
    )


def symbol_of(text: str) -> symbols.Symbol | None:
    """Its own number, as its head gives it; the numbers it cites are not its own."""
    for line in text[:HEAD].splitlines()[:HEAD_LINES]:
        if found := NUMBERED.search(line):
            return symbols.parse(found["symbol"].rstrip(".:"))
    return None


def title_of(text: str) -> str:
    """The first line after its number and day that could be a title; capitals name the issuer."""
    lines = [" ".join(line.split()).rstrip(" |") for line in text[:HEAD].splitlines()]
    begins = max(
        (n for n, line in enumerate(lines[:HEAD_LINES]) if STATE_LINES.search(line)), default=-1
    )
    for usable in (lines[begins + 1 :], lines):
        titles = [
            line for line in usable if letters_in(line) >= ENOUGH and not STATE_LINES.search(line)
        ]
        spoken = [line for line in titles[:TITLE_LINES] if not line.isupper()]
        if titles:
            return (spoken or titles)[0][:LONGEST]
    return ""


def letters_in(line: str) -> int:
    return sum(letter.isalpha() for letter in line)
