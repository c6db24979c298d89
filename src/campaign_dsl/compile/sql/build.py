"""Small builders for sqlglot nodes: every identifier quoted, every value typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlglot import exp

from campaign_dsl.language.diagnostics.model import Span

CTE = "cte"
"""Mark of tables that are CTEs of the query."""


def quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def column(name: str, table: str) -> exp.Column:
    return exp.Column(this=quoted(name), table=quoted(table))


def named(value: exp.Expr, name: str) -> exp.Expr:
    """``value`` under a name; a column of that name is left as it is."""
    return value if isinstance(value, exp.Column) and value.name == name else exp.alias_(value, name, quoted=True)


def table(name: str, alias: str | None = None) -> exp.Table:
    """A table, possibly `schema.name`; each part quoted. Without an alias it is a CTE, and marked as one."""
    parts = [quoted(part) for part in name.split(".")]
    node = exp.Table(this=parts[-1], db=parts[-2] if len(parts) > 1 else None)
    if len(parts) > 2:
        node.set("catalog", parts[-3])
    if alias is not None:
        node.set("alias", exp.TableAlias(this=quoted(alias)))
    else:
        node.meta[CTE] = True
    return node


def cte(name: str, alias: str) -> exp.Table:
    """A CTE under another name: it is joined more than once."""
    node = table(name)
    node.set("alias", exp.TableAlias(this=quoted(alias)))
    return node


def paren(node: exp.Expr) -> exp.Expr:
    """``node`` in parentheses when it joins things."""
    kinds = (exp.Connector, exp.Add, exp.Sub, exp.Mul, exp.IntDiv)
    return exp.paren(node, copy=False) if isinstance(node, kinds) else node


def negated(node: exp.Expr) -> exp.Expr:
    """`NOT node`, with parentheses where they help to read it."""
    if isinstance(node, exp.Not):
        inner: exp.Expr = node.this.unnest()
        return inner
    if isinstance(node, exp.Is):
        return exp.Is(this=node.this, expression=node.expression, negate=not node.args.get("negate"))
    if isinstance(node, exp.Boolean):
        return exp.false() if node.this else exp.true()
    plain = isinstance(node, (exp.In, exp.Between, exp.Column, exp.Func)) and not isinstance(node, exp.Connector)
    return exp.Not(this=node if plain else exp.paren(node, copy=False))


def every(tests: Iterable[exp.Expr]) -> list[exp.Expr]:
    """The conditions of a WHERE: what `AND` joins taken apart, without what always holds."""
    found: list[exp.Expr] = []
    for test in tests:
        found.extend(test.flatten() if isinstance(test, exp.And) else [test])
    return [test for test in found if test != exp.true()]


def missing(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value, expression=exp.null())


def known(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value, expression=exp.null(), negate=True)


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


def place(value: exp.Expr, words: Sequence[str]) -> exp.Expr:
    """Where a word stands in its enum, from 0; NULL when it is none of them."""
    case = exp.Case(this=value)
    for index, word in enumerate(words):
        case = case.when(exp.Literal.string(word), number(index), copy=False)
    return case


def ordered(value: exp.Expr, descending: bool = False) -> exp.Expr:
    """One term of an ORDER BY, of values that are known."""
    return exp.Ordered(this=value, desc=descending, nulls_first=False)


def row_number(partition: list[exp.Expr], order: list[exp.Expr]) -> exp.Expr:
    return exp.Window(this=exp.RowNumber(), partition_by=partition, order=exp.Order(expressions=order))


def number(value: int | Decimal) -> exp.Expr:
    literal = exp.Literal.number(format(abs(value), "f" if isinstance(value, Decimal) else "d"))
    return exp.Neg(this=literal) if value < 0 else literal


def seconds(count: int) -> exp.Expr:
    """An interval of so many seconds."""
    return exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this="SECOND"))


def duration(value: timedelta) -> exp.Expr:
    """An exact length of time. In seconds: months and days of an interval are something else."""
    whole, rest = divmod(value // timedelta(microseconds=1), 1_000_000)
    if rest == 0:
        return seconds(whole)
    count = exp.Literal.string(str(whole * 1_000_000 + rest))
    return exp.Interval(this=count, unit=exp.Var(this="MICROSECOND"))


def ago(count: int) -> exp.Expr:
    """The instant so many seconds before T, after it when negative."""
    return parameter(f"as_of_minus_{count}" if count >= 0 else f"as_of_plus_{-count}")


def years(count: int) -> exp.Expr:
    """An interval of so many years."""
    return exp.Interval(this=exp.Literal.string(str(count)), unit=exp.Var(this="YEAR"))


def whole(value: exp.Expr) -> exp.Expr:
    """``value`` as a 64-bit integer."""
    return exp.cast(value, exp.DType.BIGINT)


def text(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, exp.DType.TEXT)


def day(value: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(value.isoformat()), exp.DType.DATE)


def instant(value: datetime) -> exp.Expr:
    written = value.astimezone(UTC).isoformat(sep=" ")
    return exp.cast(exp.Literal.string(written), exp.DType.TIMESTAMPTZ)


def in_words(value: exp.Expr, words: Sequence[str]) -> exp.Expr:
    return exp.In(this=value, expressions=[exp.Literal.string(word) for word in words])


def parameter(name: str) -> exp.Placeholder:
    """A value that depends on the day; `bind` puts it in."""
    return exp.Placeholder(this=name)


def at(span: Span) -> str:
    """What a comment says of where something stands."""
    return f"{span.source.path}:{span.line}"


def said_at(what: str, *spans: Span | None) -> str:
    """What a comment says about a clause: what it is, and where."""
    return ", ".join([what, *dict.fromkeys(at(each) for each in spans if each is not None)])


def comment(node: exp.Expr, text: str) -> exp.Expr:
    """``node`` with a comment that cannot end itself."""
    node.add_comments([f" {text.replace('*/', '* /').replace('/*', '/ *')} "])
    return node
