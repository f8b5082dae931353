"""Numbers as written, in base units: 1 132, 84,56, 2.8 trillion, 95 nghìn tỷ, 124/124."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tiendo.reading.folding import Span
from tiendo.reading.lexicon import Lexicon, lexicon

PLAIN = r"(?:[0-9]{1,3}(?:[ .,][0-9]{3}){1,5}(?![0-9])(?:[.,][0-9]{1,6})?|[0-9]{1,12}(?:[.,][0-9]{1,6})?)"
# "48 of 60 communes": the second number is the denominator of the first.
OUT_OF = re.compile(
    rf"\s+(?:of|out of|sur|des|parmi les|из|trên(?: tổng số)?)\s+(?P<b>{PLAIN})(?![0-9%])\s"
)
NUMBER = re.compile(rf"(?<![\w№°.,/:\-])[-+]?(?P<a>{PLAIN})(?:/(?P<b>{PLAIN}))?(?![0-9:])")


@dataclass(frozen=True)
class Number:
    """A number with its place; `scaled` ends after "million" when that word follows."""

    span: Span
    value: Decimal | int
    denominator: Decimal | int | None = None


def numbers_in(text: str, lex: Lexicon) -> list[Number]:
    """Every number in a folded text, scale words taken in."""
    found: list[Number] = []
    place = 0
    for match in NUMBER.finditer(text):
        if match.start() < place:
            continue
        value = value_of(match["a"], lex)
        end = match.end()
        if match["b"]:
            found.append(Number(match.span(), whole(value), whole(value_of(match["b"], lex))))
            continue
        if (out_of := OUT_OF.match(text, end)) and match["a"].isdigit():
            bottom = whole(value_of(out_of["b"], lex))
            found.append(Number((match.start(), out_of.end("b")), whole(value), bottom))
            place = out_of.end()
            continue
        if scale := _scales(lex.language).match(text, end, min(len(text), end + 24)):
            value *= _factor(lex, scale["scale"])
            end = scale.end("scale")
        found.append(Number((match.start(), end), whole(value)))
    return found


def value_of(written: str, lex: Lexicon) -> Decimal:
    """The value of digits with the thousand and decimal marks of the language.

    A lone mark before exactly three digits is a thousand mark, unless the language writes its
    decimals so ("2.800" in English is 2.8).
    """
    plain = written.replace(" ", "")
    marks = [letter for letter in plain if letter in ".,"]
    if not marks:
        return Decimal(plain)
    last = marks[-1]
    tail = len(plain) - plain.rfind(last) - 1
    decimal = len(set(marks)) == 2 or (len(marks) == 1 and (tail != 3 or last == _decimal(lex)))
    if decimal and len(marks) == 1 and tail == 3 and last == "," and lex.language == "en":
        decimal = False
    if not decimal:
        return Decimal(re.sub("[.,]", "", plain))
    head, _, part = plain.rpartition(last)
    return Decimal(re.sub("[.,]", "", head) + "." + part)


def whole(value: Decimal) -> Decimal | int:
    """An int when nothing stands after the point."""
    return int(value) if value == value.to_integral_value() else value


def _decimal(lex: Lexicon) -> str:
    return str(lex.table("numbers").get("decimal", "."))


@cache
def _scales(language: str) -> re.Pattern[str]:
    words = sorted(lexicon(language).table("numbers.scales"), key=len, reverse=True)
    return re.compile(rf"[ -]?(?P<scale>{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _factor(lex: Lexicon, written: str) -> int:
    for word, factor in lex.table("numbers.scales").items():
        if re.fullmatch(word, written, re.IGNORECASE):
            return int(factor)
    return 1
