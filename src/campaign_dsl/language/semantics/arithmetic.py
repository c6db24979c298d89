"""Arithmetic that stays within the digits that engines keep."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext

from campaign_dsl.language.catalog.types import DECIMAL, INTEGER, Kind, Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.ir import nodes as ir

MAX_DIGITS = 18
"""Of a constant."""
MAX_DECIMALS = 30
"""Digits after the point of a result: engines keep 38 digits in all."""
QUOTIENT_DECIMALS = 12
"""Digits after the point of a quotient, and of what is divided."""
_LARGEST_DIVIDED = Decimal(10) ** 13
_ROUNDINGS = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def within_digits(node: ir.Arithmetic, span: Span, problems: Problems) -> ir.Value | None:
    """``node``, or the constant it makes; None after having reported that it has too many digits."""
    if node.op == "/":
        return _quotient(node, span, problems)
    if isinstance(node.left, ir.Constant) and isinstance(node.right, ir.Constant):
        return _constant(node, span, problems)
    if decimals(node) <= MAX_DECIMALS:
        return node
    problems.add(
        "TYP006",
        f"this product has up to {decimals(node)} decimals; at most {MAX_DECIMALS} can be kept",
        span,
        help="multiply fewer decimals, round them first, or use constants with fewer digits",
    )
    return None


def _constant(node: ir.Arithmetic, span: Span, problems: Problems) -> ir.Constant | None:
    assert isinstance(node.left, ir.Constant)
    assert isinstance(node.right, ir.Constant)
    left, right = Decimal(str(node.left.value)), Decimal(str(node.right.value))
    with localcontext() as exact:
        exact.prec = 4 * MAX_DIGITS
        value = {"+": left + right, "-": left - right, "*": left * right}[node.op]
    if len(value.as_tuple().digits) > MAX_DIGITS or decimals(node) > MAX_DIGITS:
        problems.add(
            "TYP006",
            "the result of this has too many digits",
            span,
            help=f"write a number of at most {MAX_DIGITS} digits",
        )
        return None
    whole = node.type.kind is Kind.INTEGER
    return ir.Constant(int(value) if whole else value, Type(node.type.kind))


def _quotient(node: ir.Arithmetic, span: Span, problems: Problems) -> ir.Value | None:
    """A quotient of constants is worked out where it is exact; one that is always missing is reported."""
    left, right = (_number(side) for side in (node.left, node.right))
    if right == 0:
        problems.add(
            "TYP006",
            "what is divided by zero is always missing",
            span,
            help="divide by another number, or leave the division out",
        )
        return None
    if any(side is not None and abs(side) >= _LARGEST_DIVIDED for side in (left, right)):
        problems.add(
            "TYP006",
            "a number of more than 13 digits before the point is too large to divide",
            span,
            help="use a smaller number",
        )
        return None
    if left is None or right is None:
        return node
    with localcontext() as exact:
        exact.prec = 60
        value = left / right
        found = Decimal(f"{value.normalize():f}")
        kept = (
            max(0, -int(found.as_tuple().exponent)) <= QUOTIENT_DECIMALS and len(found.as_tuple().digits) <= MAX_DIGITS
        )
        return ir.Constant(found, DECIMAL) if kept and found * right == left else node


def _number(value: ir.Value) -> Decimal | None:
    """A constant as it is divided."""
    if not isinstance(value, ir.Constant):
        return None
    with localcontext() as exact:
        exact.prec = 4 * MAX_DIGITS
        return Decimal(str(value.value)).quantize(Decimal(1).scaleb(-QUOTIENT_DECIMALS), ROUND_HALF_UP)


def rounded_constant(value: ir.Constant, mode: str, digits: int) -> ir.Constant:
    """A number that is known, rounded; to 0 digits an integer."""
    with localcontext() as exact:
        exact.prec = 4 * MAX_DIGITS
        number = Decimal(str(value.value))
        if -int(number.as_tuple().exponent) > digits:
            number = number.quantize(Decimal(1).scaleb(-digits), _ROUNDINGS[mode])
    return ir.Constant(int(number), INTEGER) if digits == 0 else ir.Constant(number, DECIMAL)


def decimals(value: ir.Value) -> int:
    """How many digits after the point a value may have. Of attributes nothing is known: six is more than money has."""
    match value:
        case ir.Constant(Decimal() as number):
            return max(0, -int(number.as_tuple().exponent))
        case ir.Arithmetic("*", left, right):
            return decimals(left) + decimals(right)
        case ir.Arithmetic("/"):
            return QUOTIENT_DECIMALS
        case ir.Arithmetic(_, left, right):
            return max(decimals(left), decimals(right))
        case ir.Round(inner, _, digits):
            return min(digits, decimals(inner))
        case ir.Function(_, inner) if value.type.kind is Kind.DECIMAL:
            return decimals(inner)
        case ir.Choice(cases, otherwise):
            return max((decimals(each) for each in (*(one for _, one in cases), otherwise) if each), default=0)
    return 6 if value.type.kind is Kind.DECIMAL else 0
