"""The last division of every figure. Pure.

A percent is numerator over denominator, in hundredths of a point, rounded half away from zero
(people expect 0.125 % to become 0.13 %; half to even is never used for people).
"""

from decimal import Decimal

PLACES = 2


def rate(numerator: int, denominator: int) -> Decimal | None:
    """Percent to two decimals; None where nobody can divide. The denominator counts rows and is never below zero."""
    if denominator < 0:
        raise ValueError("a denominator counts rows")
    if denominator == 0:
        return None
    scaled = 2 * abs(numerator) * 100 * 10**PLACES
    hundredths = (scaled + denominator) // (
        2 * denominator
    )  # half away from zero, in whole numbers
    return Decimal(hundredths if numerator >= 0 else -hundredths).scaleb(-PLACES)
