"""Queries that look at a table as it is: how many rows are so, which values they have, which keys come twice.

A table is called ``r`` here. A test is a condition on one of its rows; what is missing makes it not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.language.catalog.types import TEXT, Type

ROW = "r"
ROWS = "rows"
"""Column of `measured`: how many rows there are."""
VALUE, COUNT, TOTAL = "value", "count", "total"
"""Columns of `common` and `strange_zones`: a value as text, how many rows have it, and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a table: how many rows pass all tests; or with ``latest`` the latest instant among them."""

    tests: tuple[exp.Expr, ...]
    latest: exp.Expr | None = None


def raw(column: str) -> exp.Expr:
    """A column as it is kept."""
    return b.column(column, ROW)


def value(dialect: Dialect, column: str, type_: Type | None) -> exp.Expr:
    """A column as a value of its type; missing, where it cannot be read as one."""
    read = dialect.stored(raw(column), type_)
    can = None if type_ is None else dialect.readable(raw(column), type_)
    return read if can is None else exp.Case().when(can, read, copy=False)


def is_word(dialect: Dialect, column: str, *words: str) -> exp.Expr:
    """Whether a column holds one of these words."""
    kept = value(dialect, column, TEXT.maybe())
    if len(words) == 1:
        return exp.EQ(this=kept, expression=exp.Literal.string(words[0]))
    return b.in_words(kept, words)


def is_there(column: str) -> exp.Expr:
    """Whether a column has a value."""
    return b.known(raw(column))


def outside(value: exp.Expr, words: Sequence[str]) -> exp.Expr:
    """Whether a value is there and none of the words."""
    return exp.and_(b.known(value.copy()), b.negated(b.in_words(value, words)), copy=False)


def unreadable(dialect: Dialect, column: str, type_: Type) -> exp.Expr | None:
    """Whether something stands in a column that cannot be read as its type; None, where the engine sees to that."""
    can = dialect.readable(raw(column), type_)
    return None if can is None else b.negated(can)


def beyond(value: exp.Expr, low: exp.Expr | None, high: exp.Expr | None) -> exp.Expr:
    """Whether a value is less than ``low`` or more than ``high``."""
    sides: list[exp.Expr] = []
    if low is not None:
        sides.append(exp.LT(this=value.copy(), expression=low))
    if high is not None:
        sides.append(exp.GT(this=value.copy(), expression=high))
    return exp.or_(*sides, copy=False)


def measured(table: str, measures: Sequence[Measure], dialect: Dialect) -> exp.Select:
    """All measures in one scan: column ``rows``, then one for each."""
    columns = [b.named(exp.Count(this=exp.Star()), ROWS)]
    for number, measure in enumerate(measures):
        columns.append(b.named(_measure(measure, dialect), f"m{number}"))
    return exp.select(*columns).from_(b.table(table, ROW), copy=False)


def _measure(measure: Measure, dialect: Dialect) -> exp.Expr:
    wanted = b.number(1) if measure.latest is None else measure.latest.copy()
    if measure.tests:
        wanted = exp.Case().when(_all(measure.tests), wanted, copy=False)
    if measure.latest is None:
        return exp.Count(this=wanted)
    return dialect.rfc3339(exp.Max(this=wanted))


def common(table: str, column: str, tests: Sequence[exp.Expr], most: int, dialect: Dialect) -> exp.Select:
    """The most frequent values of the rows that pass all tests, as they are kept, and how often each is there."""
    one = (
        exp.select(b.named(b.text(raw(column)), VALUE))
        .from_(b.table(table, ROW), copy=False)
        .where(*(test.copy() for test in tests), copy=False)
    )
    return _ranked(one, most, dialect)


def strange_zones(table: str, value: exp.Expr, tests: Sequence[exp.Expr], most: int, dialect: Dialect) -> exp.Select:
    """The most frequent texts that are no zone of the tz database."""
    known = exp.Subquery(this=dialect.zones(), alias=exp.TableAlias(this=b.quoted("z")))
    one = (
        exp.select(b.named(value.copy(), VALUE))
        .from_(b.table(table, ROW), copy=False)
        .join(known, on=exp.EQ(this=b.column("name", "z"), expression=value.copy()), join_type="left", copy=False)
        .where(b.known(value.copy()), b.missing(b.column("name", "z")), *(test.copy() for test in tests), copy=False)
    )
    return _ranked(one, most, dialect)


def _ranked(one: exp.Select, most: int, dialect: Dialect) -> exp.Select:
    """How often each value is there, the most frequent first; those as frequent in the order of their characters."""
    text, count = b.column(VALUE, "v"), b.column(COUNT, "g")
    order = dialect.in_order(b.column(VALUE, "g"), TEXT.maybe())
    grouped = (
        exp.select(text, b.named(exp.Count(this=exp.Star()), COUNT))
        .from_(exp.Subquery(this=one, alias=exp.TableAlias(this=b.quoted("v"))), copy=False)
        .group_by(text.copy(), copy=False)
    )
    total = exp.Window(this=exp.Sum(this=count.copy()))
    return (
        exp.select(b.column(VALUE, "g"), count, b.named(b.whole(total), TOTAL))
        .from_(exp.Subquery(this=grouped, alias=exp.TableAlias(this=b.quoted("g"))), copy=False)
        .order_by(b.ordered(count.copy(), descending=True), b.ordered(order), copy=False)
        .limit(most, copy=False)
    )


def repeated(
    table: str,
    key: exp.Expr,
    tests: Sequence[exp.Expr],
    differing: Sequence[exp.Expr] = (),
    by: exp.Expr | None = None,
) -> exp.Select:
    """How many keys stand in several rows (``count``), and one of them as text (``value``).

    Args:
        differing: only keys whose rows differ in one of these.
        by: keys are told apart within each of its values, and counted for each (``by``).
    """
    groups = [by] if by is not None else []
    if differing:
        each = [exp.NEQ(this=exp.Min(this=item.copy()), expression=exp.Max(this=item.copy())) for item in differing]
        several: exp.Expr = exp.or_(*each, copy=False)
    else:
        several = exp.GT(this=exp.Count(this=exp.Star()), expression=b.number(1))
    inner = (
        exp.select(b.named(key.copy(), VALUE), *(b.named(group, "by") for group in groups))
        .from_(b.table(table, ROW), copy=False)
        .where(b.known(key.copy()), *(test.copy() for test in tests), copy=False)
        .group_by(key.copy(), *(group.copy() for group in groups), copy=False)
        .having(several, copy=False)
    )
    example = exp.Min(this=b.text(b.column(VALUE, "k")))
    query = exp.select(b.named(example, VALUE), b.named(exp.Count(this=exp.Star()), COUNT))
    query = query.from_(exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted("k"))), copy=False)
    if by is None:
        return query
    return query.select(b.column("by", "k"), copy=False).group_by(b.column("by", "k"), copy=False)


def first_rows(table: str, columns: Sequence[str], rows: int) -> exp.Select:
    """How many different values each column has among some rows, whichever they are: columns ``m0``, ``m1``, ..."""
    some = exp.select(*(b.named(raw(column), f"c{number}") for number, column in enumerate(columns)))
    some = some.from_(b.table(table, ROW), copy=False).limit(rows, copy=False)
    counts = [
        b.named(exp.Count(this=exp.Distinct(expressions=[b.column(f"c{number}", "s")])), f"m{number}")
        for number in range(len(columns))
    ]
    return exp.select(*counts).from_(exp.Subquery(this=some, alias=exp.TableAlias(this=b.quoted("s"))), copy=False)


def filled(table: str, columns: Sequence[str], by: str | None) -> exp.Select:
    """How many rows there are and how many have a value, for each column: ``rows``, ``m0``, ``m1``, ...

    Args:
        by: a column: the same for each of its values (``by``).
    """
    counts = [b.named(exp.Count(this=exp.Star()), ROWS)]
    counts += [b.named(exp.Count(this=raw(column)), f"m{number}") for number, column in enumerate(columns)]
    query = exp.select(*counts).from_(b.table(table, ROW), copy=False)
    if by is None:
        return query
    return query.select(b.named(b.text(raw(by)), "by"), copy=False).group_by(raw(by), copy=False)


def _all(tests: Sequence[exp.Expr]) -> exp.Expr:
    return exp.and_(*(test.copy() for test in tests), copy=False)
