"""Writes SQL for SQLite: every node that queries share, in the words that mean here what they mean everywhere."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from sqlglot import exp, tokens
from sqlglot.dialects.sqlite import SQLite as SqlglotSQLite
from sqlglot.generators.sqlite import SQLiteGenerator

from campaign_dsl.compile.sql.dialects.sqlite_joins import apart
from campaign_dsl.compile.sql.dialects.writing import Readable

LATEST_BEFORE_YEARS = "0000-12-31"
"""The day before the first that there is."""
_PLACES = {"YEAR": (1, 4), "MONTH": (6, 2), "DAY": (9, 2)}
_DEEP, _LONG = 8, 50
C = TypeVar("C", exp.And, exp.Or)
_LENGTHS = {"SECOND": 1_000_000, "MICROSECOND": 1}


def call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))


def text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def instant(value: exp.Expr) -> exp.Expr:
    """An instant that is written as a text."""
    return call("INSTANT_OF", value)


class _Generator(Readable, SQLiteGenerator):
    TRANSFORMS: ClassVar = {
        kind: how
        for kind, how in SQLiteGenerator.TRANSFORMS.items()
        if kind not in (exp.TryCast, exp.Select)  # they are spelled below, or need nothing
    }

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        value, to = expression.this, expression.to.this
        if isinstance(value, exp.Null):
            return "NULL"
        match to:
            case exp.DType.TEXT | exp.DType.VARCHAR:
                return self.sql(value) if value.is_string else f"CAST({self.sql(value)} AS TEXT)"
            case exp.DType.BIGINT:
                return f"CAST({self.sql(value)} AS INTEGER)"
            case exp.DType.DOUBLE:
                return f"CAST({self.sql(value)} AS REAL)"
            case exp.DType.TIMESTAMPTZ:
                return self.sql(instant(value) if value.is_string else value)
            case exp.DType.DATE | exp.DType.TIME | exp.DType.BOOLEAN:
                return self.sql(value)
        raise AssertionError(to)

    def trycast_sql(self, expression: exp.TryCast) -> str:
        value = expression.this
        if isinstance(value, exp.Anonymous) and value.name == "INTEGER_OF":
            return self.sql(value)
        return self.sql(call("INTEGER_OR_NULL", value))

    def interval_sql(self, expression: exp.Interval) -> str:
        assert expression.unit is not None
        return str(int(expression.name) * _LENGTHS[expression.unit.name])

    def add_sql(self, expression: exp.Add) -> str:
        return self._years(expression, 1) or self.binary(expression, "+")

    def sub_sql(self, expression: exp.Sub) -> str:
        return self._years(expression, -1) or self.binary(expression, "-")

    def _years(self, expression: exp.Add | exp.Sub, sign: int) -> str | None:
        """Years before or after a day."""
        count = expression.expression
        if not isinstance(count, exp.Interval) or count.unit is None or count.unit.name != "YEAR":
            return None
        return f"YEARS_LATER({self.sql(expression, 'this')}, {sign * int(count.name)})"

    def extract_sql(self, expression: exp.Extract) -> str:
        first, length = _PLACES[expression.name.upper()]
        return f"CAST(SUBSTR({self.sql(expression, 'expression')}, {first}, {length}) AS INTEGER)"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return self.binary(expression, "/")

    def div_sql(self, expression: exp.Div) -> str:
        return self.binary(expression, "/")

    def mod_sql(self, expression: exp.Mod) -> str:
        return self.binary(expression, "%")

    def lower_sql(self, expression: exp.Lower) -> str:
        return f"SIMPLE_LOWER({self.sql(expression, 'this')})"

    def length_sql(self, expression: exp.Length) -> str:
        return f"LENGTH({self.sql(expression, 'this')})"

    def trim_sql(self, expression: exp.Trim, *_: str) -> str:
        return f"TRIM({self.sql(expression, 'this')})"

    def least_sql(self, expression: exp.Least) -> str:
        return self._chosen("MIN", [expression.this, *expression.expressions])

    def greatest_sql(self, expression: exp.Greatest) -> str:
        return self._chosen("MAX", [expression.this, *expression.expressions])

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        name = {"LEAST": "MIN", "GREATEST": "MAX"}.get(expression.name)
        return super().anonymous_sql(expression) if name is None else self._chosen(name, expression.expressions)

    def _chosen(self, name: str, values: list[exp.Expr]) -> str:
        """One of several. SQLite gives NULL when one of them is; so each is followed by the others."""
        each = [self.sql(value) for value in values]
        turned = [", ".join(each[place:] + each[:place]) for place in range(len(each))]
        return f"{name}({', '.join(f'COALESCE({order})' for order in turned)})" if len(each) > 1 else each[0]

    def and_sql(self, expression: exp.And, stack: list[str | exp.Expr] | None = None) -> str:
        return super().and_sql(_flat(expression), stack)

    def or_sql(self, expression: exp.Or, stack: list[str | exp.Expr] | None = None) -> str:
        return super().or_sql(_flat(expression), stack)

    def collate_sql(self, expression: exp.Collate) -> str:
        return f"{self.sql(expression, 'this')} COLLATE BINARY"

    def ordered_sql(self, expression: exp.Ordered) -> str:
        direction = " DESC" if expression.args.get("desc") else ""
        return (
            f"{self.sql(expression, 'this')}{direction} NULLS {'FIRST' if expression.args['nulls_first'] else 'LAST'}"
        )

    def cte_sql(self, expression: exp.CTE) -> str:
        # Each is computed once, customers too: what stands in it would be computed again wherever it is read, and
        # there would be no index of it.
        expression.set("materialized", True)
        return super().cte_sql(expression)

    def select_sql(self, expression: exp.Select) -> str:
        apart(expression)
        return super().select_sql(expression)

    def values_sql(self, expression: exp.Values, values_as_table: bool = True) -> str:
        rows = self.expressions(sqls=[self.sql(each) for each in expression.expressions], flat=True, sep=",\n  ")
        alias = expression.args["alias"]
        names = ", ".join(f"`column{place}` AS {self.sql(name)}" for place, name in enumerate(alias.columns, 1))
        return f"(SELECT {names} FROM (VALUES\n  {rows})) AS {self.sql(alias, 'this')}"


def _flat(expression: C) -> C:
    """The same for a parser that keeps at most 100 things in mind, and makes trees of at most 1,000 levels.

    What is deep comes first, for there nothing waits for it to end; what is long is put in groups.
    """
    parts = list(expression.flatten(unnest=False))
    depths = [_depth(each) for each in parts]
    if max(depths) < _DEEP and len(parts) <= _LONG:
        return expression
    if max(depths) >= _DEEP:
        order = sorted(range(len(parts)), key=lambda place: -depths[place])
        parts = [parts[place] for place in order]
    kind = type(expression)
    while len(parts) > _LONG:
        groups = [parts[place : place + _LONG] for place in range(0, len(parts), _LONG)]
        parts = [exp.paren(_joined(kind, group), copy=False) for group in groups]
    return _joined(kind, parts)


def _joined(kind: type[C], parts: list[exp.Expr]) -> C:
    whole = parts[0]
    for part in parts[1:]:
        whole = kind(this=whole, expression=part)
    return whole  # type: ignore[return-value]


def _depth(node: exp.Expr) -> int:
    """How many parentheses are open at once."""
    deepest, stack = 0, [(node, 0)]
    while stack:
        here, level = stack.pop()
        level += isinstance(here, (exp.Paren, exp.Func)) and not isinstance(here, exp.Connector)
        deepest = max(deepest, level)
        stack += [(each, level) for each in here.iter_expressions()]
    return deepest


class Written(SqlglotSQLite):
    """A name in double quotes that is no column is a text to SQLite; in backquotes it is a mistake."""

    class Tokenizer(SqlglotSQLite.Tokenizer):
        IDENTIFIERS: ClassVar = ["`"]
        KEYWORDS: ClassVar = {**tokens.Tokenizer.KEYWORDS}

    Generator = _Generator
