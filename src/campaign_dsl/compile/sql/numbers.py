"""Calculations: exact, and missing when they overflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.moments import local_day
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

QUOTIENT_DIGITS, AVERAGE_DIGITS = 12, 6
"""Digits after the point."""

_STORED = (ir.Attribute, ir.Property, ir.Lookup, ir.Field, ir.Element, ir.Aggregate)
"""Values whose columns may have fewer than 64 bits."""


def calculated(low: Lowering, node: ir.Arithmetic | ir.Round | ir.Function) -> exp.Expr:
    if isinstance(node, ir.Function) and node.name != "absolute of":
        return _function(low, node)
    return low.shared.dialect.missing_on_error(_number(low, node))


def _number(low: Lowering, node: ir.Value) -> exp.Expr:
    """A number whose computing may overflow. Integers are calculated in 64 bits, however few a column has."""
    match node:
        case ir.Arithmetic("/", left, right):
            return low.shared.dialect.quotient(_number(low, left), _number(low, right), QUOTIENT_DIGITS)
        case ir.Arithmetic(op, left, right):
            kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
            return kind(this=b.paren(_number(low, left)), expression=b.paren(_number(low, right)))
        case ir.Round(value, mode, digits):
            inner = _number(low, value)
            if value.type.kind is Kind.INTEGER:
                return inner
            rounded = low.shared.dialect.rounded(inner, mode, digits)
            return b.whole(rounded) if digits == 0 else rounded
        case ir.Function("absolute of", value):
            return exp.Abs(this=_number(low, value))
    plain = low.value(node)
    return b.whole(plain) if node.type.kind is Kind.INTEGER and isinstance(node, _STORED) else plain


def _function(low: Lowering, node: ir.Function) -> exp.Expr:
    value = low.value(node.value)
    if node.value.type.kind is Kind.TIMESTAMP:
        value = local_day(low, value)
    match node.name:
        case "length of":
            return exp.Length(this=value)
        case "lower of":
            return exp.Lower(this=value)
        case "weekday of":
            return low.shared.dialect.weekday(value)
    return b.part({"year of": "YEAR", "month of": "MONTH", "day of": "DAY"}[node.name], value)
