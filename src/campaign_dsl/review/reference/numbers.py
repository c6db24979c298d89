"""Exact numbers: integers of 64 bits, decimals of up to 38 digits. What does not fit is missing."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from campaign_dsl.language.catalog.types import Kind

MOST, LEAST = 2**63 - 1, -(2**63)
DIGITS = 38
QUOTIENT_DIGITS, AVERAGE_DIGITS = 12, 6
MOST_DIVIDED = 10**13
"""A side of a division that is as large as this, or larger, makes the quotient missing."""

_WIDE = Context(prec=400)
"""Wide enough that nothing is ever rounded by it: factors have at most 38 digits."""

Number = int | Decimal


def fitted(number: Number, kind: Kind) -> Number | None:
    """The number as a value of its kind."""
    if kind is Kind.INTEGER:
        whole = int(number)
        return whole if LEAST <= whole <= MOST else None
    exact = Decimal(number)
    return exact if _digits(exact) <= DIGITS else None


def _digits(number: Decimal) -> int:
    """How many digits it takes to write it down, zeros at the end of the fraction aside."""
    _, digits, exponent = number.normalize(_WIDE).as_tuple()
    assert isinstance(exponent, int)
    if number == 0:
        return 1
    return len(digits) + exponent if exponent >= 0 else max(len(digits), -exponent)


def calculated(op: str, left: Number, right: Number, kind: Kind) -> Number | None:
    """``op`` is one of `operators.ARITHMETIC`; a quotient is rounded to twelve digits after the point."""
    if op == "/":
        return _quotient(Fraction(left), Fraction(right))
    mine, theirs = Decimal(left), Decimal(right)
    match op:
        case "+":
            made = _WIDE.add(mine, theirs)
        case "-":
            made = _WIDE.subtract(mine, theirs)
        case "*":
            made = _WIDE.multiply(mine, theirs)
        case _:
            raise AssertionError(op)
    return fitted(made, kind)


def _quotient(left: Fraction, right: Fraction) -> Number | None:
    """The quotient of both sides as decimals with 12 digits after the point and up to 13 before it."""
    sides = [Fraction(rounded(side, "half up", QUOTIENT_DIGITS)) for side in (left, right)]
    if sides[1] == 0 or any(abs(side) >= MOST_DIVIDED for side in sides):
        return None
    return fitted(rounded(sides[0] / sides[1], "half up", QUOTIENT_DIGITS), Kind.DECIMAL)


def total(numbers: list[Number], kind: Kind) -> Number | None:
    """The exact sum. Only the sum has to fit, not what it passes on the way."""
    exact = Decimal(0)
    for number in numbers:
        exact = _WIDE.add(exact, Decimal(number))
    return fitted(exact, kind)


def average(numbers: list[Number]) -> Number | None:
    """The mean, rounded to six digits after the point."""
    exact = sum((Fraction(number) for number in numbers), Fraction(0)) / len(numbers)
    return fitted(rounded(exact, "half up", AVERAGE_DIGITS), Kind.DECIMAL)


def rounded(exact: Fraction, mode: str, digits: int) -> Decimal:
    """``exact`` with so many digits after the point; ``mode`` is one of `operators.ROUNDINGS`."""
    scaled = abs(exact) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    half = 2 * rest - scaled.denominator
    match mode:
        case "half up":
            away = half >= 0
        case "half even":
            away = half > 0 or (half == 0 and whole % 2 == 1)
        case "up":
            away = rest > 0
        case "down":
            away = False
        case _:
            raise AssertionError(mode)
    whole += away
    return Decimal(-whole if exact < 0 else whole).scaleb(-digits, _WIDE)
