"""Small builders for sqlglot nodes: every identifier quoted, every value typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlglot import exp


def quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def column(name: str, table: str) -> exp.Column:
    return exp.Column(this=quoted(name), table=quoted(table))


def table(name: str, alias: str | None = None) -> exp.Table:
    """A table, possibly `schema.name`; each part quoted."""
    parts = [quoted(part) for part in name.split(".")]
    node = exp.Table(this=parts[-1], db=parts[-2] if len(parts) > 1 else None)
    if alias is not None:
        node.set("alias", exp.TableAlias(this=quoted(alias)))
    return node


def paren(node: exp.Expr) -> exp.Expr:
    """``node`` in parentheses when it joins things."""
    return exp.paren(node, copy=False) if isinstance(node, (exp.Connector, exp.Add, exp.Sub, exp.Mul)) else node


def part(unit: str, value: exp.Expr) -> exp.Expr:
    """YEAR, MONTH or DAY of a date."""
    return exp.Extract(this=exp.Var(this=unit), expression=value.copy())


def times(left: exp.Expr, right: int) -> exp.Expr:
    return exp.Mul(this=left, expression=exp.Literal.number(right))


def plus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Add(this=left, expression=right)


def month_day(value: exp.Expr) -> exp.Expr:
    """`month * 100 + day`: 29 February is 229."""
    return plus(times(part("MONTH", value), 100), part("DAY", value))


def day(value: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(value.isoformat()), exp.DataType.Type.DATE)


def instant(value: datetime) -> exp.Expr:
    text = value.astimezone(UTC).isoformat(sep=" ")
    return exp.cast(exp.Literal.string(text), exp.DataType.Type.TIMESTAMPTZ)


def in_words(value: exp.Expr, words: Sequence[str]) -> exp.Expr:
    return exp.In(this=value, expressions=[exp.Literal.string(word) for word in words])


def parameter(name: str) -> exp.Placeholder:
    """A value that depends on the day; `bind` puts it in."""
    return exp.Placeholder(this=name)
