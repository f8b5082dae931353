"""A symbol compared on its folded form: 02-KH/BCĐTW, 02-KH/BCÐTW and 02-kh/bcdtw are one; and what its grammar tells."""

import unicodedata
from datetime import date

from django.utils.translation import gettext as _

from tiendo.kit.refusals import Invalid
from tiendo.reading import symbols


def fold_symbol(symbol: str) -> str:
    plain = unicodedata.normalize("NFC", symbol).upper().replace("Đ", "D").replace("Ð", "D")
    return "".join(plain.split())


def year_of(symbol: str, issued_on: date) -> int:
    """The year a number is counted in: 30/2020/NĐ-CP says it, any other is counted in the year of its day."""
    told = symbols.parse(symbol)
    if told and told.year and told.year != issued_on.year:
        raise Invalid(
            _("The symbol says %(year)s, the date says %(other)s. Correct one of them.")
            % {"year": told.year, "other": issued_on.year},
            field="symbol",
        )
    return issued_on.year


def type_code_of(symbol: str) -> str:
    """The type that the symbol names, as compared: a dispatch names none and is an official letter."""
    told = symbols.parse(symbol)
    if told is None:
        return ""
    return fold_code(told.type_code or "CV")


def fold_code(code: str) -> str:
    """A type's code as compared: QĐ and QD are one."""
    return code.upper().replace("Đ", "D").replace("Ð", "D")


def taken_apart(symbol: str) -> symbols.Symbol | None:
    """Number, type and issuer's letters as the grammar reads them; nothing when it is no such symbol."""
    return symbols.parse(symbol)
