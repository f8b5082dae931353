"""The last division of every figure. Pure.

A percent is numerator over denominator, in hundredths of a point, rounded half away from zero
(people expect 0.125 % to become 0.13 %; half to even is never used for people).
"""

from decimal import Decimal
from fractions import Fraction

PLACES = 2
Amount = int | Decimal


def rate(numerator: Amount, denominator: Amount, places: int = PLACES) -> Decimal | None:
    """Percent to so many decimals; None where nobody can divide. The denominator counts rows or amounts, never below zero."""
    if denominator < 0:
        raise ValueError("a denominator counts rows or amounts")
    if denominator == 0:
        return None
    scaled = Fraction(numerator) / Fraction(denominator) * 100 * 10**places
    away = int(abs(scaled) + Fraction(1, 2))  # half away from zero, no float on the way
    return Decimal(away if scaled >= 0 else -away).scaleb(-places)
