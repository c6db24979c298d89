"""A writer that spells every node itself, for dialects whose engine is not here to contradict it.

It knows the nodes that queries are made of and no others: what nobody has spelled for an engine is an error, and is
never handed to sqlglot's idea of what that engine might call it. What stands here is what standard SQL says and these
engines say alike; an engine's own file has the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sqlglot import exp
from sqlglot.generator import Generator

from campaign_dsl.compile.sql.dialects.compiled import Unasked

STRUCTURE: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With, exp.CTE,
        exp.TableAlias, exp.Table, exp.Identifier, exp.Column, exp.Alias, exp.Subquery, exp.Union, exp.Distinct,
        exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In,
        exp.Between, exp.Exists, exp.Case, exp.If, exp.Null, exp.Boolean, exp.Literal, exp.Neg, exp.Mul, exp.Tuple,
        exp.Values, exp.Window, exp.Star, exp.Placeholder, exp.Anonymous, exp.Var, exp.Dot, exp.Lambda, exp.Kwarg,
        exp.Aliases, exp.Lateral, exp.Bracket, exp.Array, exp.Collate, exp.JSONTable,
        exp.JSONSchema, exp.JSONColumnDef, exp.DataTypeParam, exp.Limit,
    }
)  # fmt: skip
"""Nodes that have no meaning of their own, or the one of the standard."""
SPELLED: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Cast, exp.TryCast, exp.Add, exp.Sub, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe, exp.Extract, exp.Lower,
        exp.Length, exp.Trim, exp.Coalesce, exp.Least, exp.Greatest, exp.Min, exp.Max, exp.Sum, exp.Count, exp.Abs,
        exp.Floor, exp.RowNumber, exp.Lag, exp.Interval, exp.DataType, exp.AtTimeZone,
    }
)  # fmt: skip
"""Primitives, each spelled below or by the engine's own writer."""


class Speller(Generator):
    """What the engine calls things is in the class variables, and in the methods it overrides."""

    TYPES: ClassVar[Mapping[exp.DType, str]] = {}
    """Types that casts may name; of a decimal the digits follow."""
    BACKSLASH: ClassVar[bool] = False
    """Whether a backslash in a text literal has to be doubled."""
    LINE_BREAKS: ClassVar[bool] = True
    """Whether a text literal may hold line breaks as they are."""
    NOWHERE: ClassVar[str] = ""
    """The FROM of a query that reads no table and has a WHERE."""
    SKIPS_NULL: ClassVar[bool] = False
    """Whether LEAST and GREATEST are those without what is NULL."""
    RECURSIVE: ClassVar[bool] = True
    """Whether recursion has to be announced."""
    NAMES_COLUMNS: ClassVar[bool] = False
    """Whether a CTE that reads itself has to list its columns."""
    LENGTH: ClassVar[str] = "LENGTH"
    TRIM: ClassVar[str] = "TRIM({}, ' ')"

    def sql(self, expression: str | exp.Expr | None, key: str | None = None, comment: bool = True) -> str:
        if isinstance(expression, exp.Expr) and key is None:
            kind = type(expression)
            if kind not in STRUCTURE and kind not in SPELLED:
                raise TypeError(f"{type(self).__name__} has no spelling for {kind.__name__}")
        return super().sql(expression, key, comment)

    # ---- literals and types

    def literal_sql(self, expression: exp.Literal) -> str:
        text: str = expression.this
        if not expression.is_string:
            return text
        if self.BACKSLASH:
            text = text.replace("\\", "\\\\")
        if not self.LINE_BREAKS:
            text = text.replace("\n", "\\n").replace("\r", "\\r")
        return f"'{self._replace_line_breaks(self.quoted(text))}'"

    def quoted(self, text: str) -> str:
        return text.replace("'", "''")

    def datatype_sql(self, expression: exp.DataType) -> str:
        kind = expression.this
        if kind not in self.TYPES:
            raise TypeError(f"{type(self).__name__} has no spelling for the type {kind.value}")
        digits = ", ".join(self.sql(each) for each in expression.expressions)
        return f"{self.TYPES[kind]}({digits})" if digits else self.TYPES[kind]

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        inner = expression.this
        if type(inner) is exp.Cast and inner.to == expression.to:
            return self.sql(inner)  # it is of that type already
        return f"CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"TRY_CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"

    # ---- arithmetic, and moments that are moved

    def add_sql(self, expression: exp.Add) -> str:
        return self._moved(expression, 1) or self.binary(expression, "+")

    def sub_sql(self, expression: exp.Sub) -> str:
        return self._moved(expression, -1) or self.binary(expression, "-")

    def _moved(self, expression: exp.Binary, sign: int) -> str | None:
        length = expression.expression
        if not isinstance(length, exp.Interval):
            return None
        return self.moved(self.sql(expression, "this"), sign * int(length.this.this), self.sql(length, "unit"))

    def moved(self, moment: str, count: int, unit: str) -> str:
        """An instant moved by SECOND or MICROSECOND, a day by YEAR."""
        raise Unasked

    def div_sql(self, expression: exp.Div) -> str:
        return self.binary(expression, "/")

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return self.binary(expression, "/")

    def mod_sql(self, expression: exp.Mod) -> str:
        return self.binary(expression, "%")

    def dpipe_sql(self, expression: exp.DPipe) -> str:
        return self.binary(expression, "||")

    def abs_sql(self, expression: exp.Abs) -> str:
        return f"ABS({self.sql(expression, 'this')})"

    def floor_sql(self, expression: exp.Floor) -> str:
        return f"FLOOR({self.sql(expression, 'this')})"

    # ---- text and parts of days

    def extract_sql(self, expression: exp.Extract) -> str:
        return f"EXTRACT({self.sql(expression, 'this')} FROM {self.sql(expression, 'expression')})"

    def lower_sql(self, expression: exp.Lower) -> str:
        return f"LOWER({self.sql(expression, 'this')})"

    def length_sql(self, expression: exp.Length) -> str:
        return f"{self.LENGTH}({self.sql(expression, 'this')})"

    def trim_sql(self, expression: exp.Trim) -> str:
        return self.TRIM.format(self.sql(expression, "this"))

    # ---- choices and aggregates

    def coalesce_sql(self, expression: exp.Coalesce) -> str:
        return self.func("COALESCE", expression.this, *expression.expressions)

    def least_sql(self, expression: exp.Least) -> str:
        return self._extreme("LEAST", expression)

    def greatest_sql(self, expression: exp.Greatest) -> str:
        return self._extreme("GREATEST", expression)

    def _extreme(self, name: str, expression: exp.Least | exp.Greatest) -> str:
        """Where one NULL makes all of it NULL, each value is replaced by the next that is there."""
        parts = [expression.this, *expression.expressions]
        if self.SKIPS_NULL or len(parts) == 1:
            return self.func(name, *parts)
        turned = [[*parts[place:], *parts[:place]] for place in range(len(parts))]
        return self.func(name, *(self.func("COALESCE", *each) for each in turned))

    def min_sql(self, expression: exp.Min) -> str:
        return f"MIN({self.sql(expression, 'this')})"

    def max_sql(self, expression: exp.Max) -> str:
        return f"MAX({self.sql(expression, 'this')})"

    def sum_sql(self, expression: exp.Sum) -> str:
        return f"SUM({self.sql(expression, 'this')})"

    def count_sql(self, expression: exp.Count) -> str:
        return f"COUNT({self.sql(expression, 'this')})"

    def rownumber_sql(self, expression: exp.RowNumber) -> str:
        return "ROW_NUMBER()"

    def lag_sql(self, expression: exp.Lag) -> str:
        return f"LAG({self.sql(expression, 'this')})"

    # ---- queries

    def ordered_sql(self, expression: exp.Ordered) -> str:
        # Values in an order are known: where NULL would stand does not matter.
        return f"{self.sql(expression, 'this')} {'DESC' if expression.args.get('desc') else 'ASC'}"

    def not_sql(self, expression: exp.Not) -> str:
        inner = expression.this
        if isinstance(inner, (exp.In, exp.Between)):
            text, value = self.sql(inner), self.sql(inner, "this")
            return f"{value} NOT{text.removeprefix(value)}"
        return f"NOT {self.sql(inner)}"

    def with_sql(self, expression: exp.With) -> str:
        recursive = "RECURSIVE " if expression.args.get("recursive") and self.RECURSIVE else ""
        return f"WITH {recursive}{self.expressions(expression, flat=True)}"

    def cte_sql(self, expression: exp.CTE) -> str:
        expression.set("materialized", None)
        body, alias = expression.this, expression.args["alias"]
        if self.NAMES_COLUMNS and any(table.name == expression.alias for table in body.find_all(exp.Table)):
            alias.set("columns", [exp.to_identifier(name, quoted=True) for name in body.named_selects])
        return super().cte_sql(expression)

    def from_sql(self, expression: exp.From) -> str:
        return f"{self.seg('FROM')} {self.sql(expression, 'this')}"

    def where_sql(self, expression: exp.Where) -> str:
        selected = expression.parent
        alone = isinstance(selected, exp.Select) and not selected.args.get("from_")
        return (self.seg(self.NOWHERE) if alone and self.NOWHERE else "") + super().where_sql(expression)

    def rows(self, written: Iterable[str]) -> str:
        """Rows of constants, each in a line of its own."""
        lines = list(written)
        return f",{self.sep()}".join(lines)


def unions(expression: exp.Values) -> exp.Subquery:
    """Rows as selects, where an engine has no VALUES that is a table."""
    alias = expression.args["alias"]
    names = [each.name for each in alias.args["columns"]]
    whole: exp.Query | None = None
    for row in expression.expressions:
        columns = [
            exp.alias_(value.copy(), name, quoted=True) for value, name in zip(row.expressions, names, strict=True)
        ]
        one = exp.select(*columns)
        whole = one if whole is None else exp.Union(this=whole, expression=one, distinct=False)
    return exp.Subquery(this=whole, alias=exp.TableAlias(this=alias.this.copy()))
