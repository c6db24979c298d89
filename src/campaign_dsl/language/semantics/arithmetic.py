"""Arithmetic that stays within the digits that engines keep."""

from __future__ import annotations

from decimal import Decimal, localcontext

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.ir import nodes as ir

MAX_DIGITS = 18
"""Of a constant."""
MAX_DECIMALS = 30
"""Digits after the point of a result: engines keep 38 digits in all."""


def within_digits(node: ir.Arithmetic, span: Span, problems: Problems) -> ir.Value | None:
    """``node``, or the constant it makes; None after having reported that it has too many digits."""
    if isinstance(node.left, ir.Constant) and isinstance(node.right, ir.Constant):
        return _constant(node, span, problems)
    if decimals(node) <= MAX_DECIMALS:
        return node
    problems.add(
        "TYP006",
        f"this product has up to {decimals(node)} decimals; at most {MAX_DECIMALS} can be kept",
        span,
        help="multiply fewer decimals, or use constants with fewer digits",
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


def decimals(value: ir.Value) -> int:
    """How many digits after the point a value may have. Of attributes nothing is known: six is more than money has."""
    match value:
        case ir.Constant(Decimal() as number):
            return max(0, -int(number.as_tuple().exponent))
        case ir.Arithmetic("*", left, right):
            return decimals(left) + decimals(right)
        case ir.Arithmetic(_, left, right):
            return max(decimals(left), decimals(right))
    return 6 if value.type.kind is Kind.DECIMAL else 0
