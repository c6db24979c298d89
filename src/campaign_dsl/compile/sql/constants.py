"""Typed literals. Numbers come from number objects only, never from text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.language.ir import nodes as ir


def constant(node: ir.Constant, dialect: Dialect) -> exp.Expr:
    """A typed literal."""
    match node.value:
        case bool():
            return exp.true() if node.value else exp.false()
        case int():
            return b.number(node.value)
        case Decimal():
            return dialect.decimal(b.number(node.value))
        case datetime():
            return b.instant(node.value)
        case date():
            return b.day(node.value)
        case time():
            return exp.cast(exp.Literal.string(node.value.isoformat()), exp.DType.TIME)
        case timedelta():
            return b.duration(node.value)
        case str():
            return exp.Literal.string(node.value)
