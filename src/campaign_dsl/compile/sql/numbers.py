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

_STORED = (ir.Attribute, ir.Property, ir.Lookup, ir.Field, ir.Element, ir.Aggregate, ir.Choice)
"""Values whose columns may have fewer than 64 bits, or more."""


def calculated(low: Lowering, node: ir.Arithmetic | ir.Round | ir.Function) -> exp.Expr:
    """What may overflow is caught where it stands, not around the whole: see `Dialect.missing_on_error`."""
    caught = low.shared.dialect.missing_on_error
    match node:
        case ir.Arithmetic("/", left, right):
            return low.shared.dialect.quotient(low.value(left), low.value(right), QUOTIENT_DIGITS)
        case ir.Arithmetic(op, left, right):
            first = _number(low, left)
            if isinstance(left, ir.Constant) and node.type.kind is Kind.INTEGER:
                first = b.whole(first)  # beside another literal it would have as few bits as it needs
            return low.shared.dialect.calculated(op, first, _number(low, right), node.type.kind)
        case ir.Round(value, mode, digits):
            inner = _number(low, value)
            if value.type.kind is Kind.INTEGER:
                return as_kind(low, inner, Kind.INTEGER, node.type.kind)
            rounded = low.shared.dialect.rounded(inner, mode, digits)
            return caught(b.whole(rounded) if digits == 0 else rounded)
        case ir.Function("absolute of", value):
            return low.shared.dialect.absolute(_number(low, value), node.type.kind)
        case ir.Function():
            return _function(low, node)


def as_kind(low: Lowering, number: exp.Expr, kind: Kind, wanted: Kind) -> exp.Expr:
    """An integer where a decimal is wanted; anything else as it is."""
    mixed = kind is Kind.INTEGER and wanted is Kind.DECIMAL
    return low.shared.dialect.decimal(number) if mixed else number


def _number(low: Lowering, node: ir.Value) -> exp.Expr:
    """Integers are calculated in 64 bits, however few a column has."""
    plain = low.value(node)
    if node.type.kind is Kind.INTEGER and isinstance(node, _STORED):
        return exp.TryCast(this=plain, to=exp.DataType.build("BIGINT"))
    return plain


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
