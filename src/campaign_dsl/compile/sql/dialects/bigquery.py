"""BigQuery. Each form is that of the GoogleSQL reference; pages are named where it is not obvious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.common import Common, call, known_zones
from campaign_dsl.compile.sql.dialects.speller import Speller
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind, Type

_DECIMAL = "BIGNUMERIC"


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "STRING",
        exp.DType.BIGINT: "INT64",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP",
        exp.DType.DOUBLE: "FLOAT64",
        exp.DType.DECIMAL: _DECIMAL,
        exp.DType.BOOLEAN: "BOOL",
    }
    BACKSLASH: ClassVar[bool] = True
    LINE_BREAKS: ClassVar[bool] = False  # "Lexical structure": only triple-quoted literals hold them
    NOWHERE: ClassVar[str] = "FROM (SELECT 1 AS `one`) AS `nowhere`"  # "Query syntax": no WHERE without a FROM
    LENGTH: ClassVar[str] = "CHAR_LENGTH"
    NAMED_PLACEHOLDER_TOKEN = "@"  # noqa: S105  # of a parameter

    def quoted(self, text: str) -> str:
        return text.replace("'", "\\'")

    def moved(self, moment: str, count: int, unit: str) -> str:
        return f"{'DATE' if unit == 'YEAR' else 'TIMESTAMP'}_ADD({moment}, INTERVAL {count} {unit})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"SAFE_CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return self.func("DIV", expression.this, expression.expression)

    def mod_sql(self, expression: exp.Mod) -> str:
        return self.func("MOD", expression.this, expression.expression)

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        # "Mathematical functions" has no RADIANS.
        if expression.name == "RADIANS":
            return f"(({self.sql(expression.expressions[0])}) * ACOS(-1) / 180)"
        return super().anonymous_sql(expression)

    def values_sql(self, expression: exp.Values, values_as_table: bool = True) -> str:
        alias = expression.args["alias"]
        names = [self.sql(each) for each in alias.args["columns"]]
        rows = [
            ", ".join(f"{self.sql(value)} AS {name}" for value, name in zip(row.expressions, names, strict=True))
            for row in expression.expressions
        ]
        return f"UNNEST([{self.rows(f'STRUCT({row})' for row in rows)}]) AS {self.sql(alias, 'this')}"

    def interval_sql(self, expression: exp.Interval) -> str:
        return f"INTERVAL {self.sql(expression, 'this')} {self.sql(expression, 'unit')}"

    def array_sql(self, expression: exp.Array) -> str:
        return f"[{self.expressions(expression, flat=True)}]"


class _Written(sqlglot.Dialect):
    class Tokenizer(sqlglot.Tokenizer):
        IDENTIFIERS = ["`"]  # noqa: RUF012  # read by sqlglot's metaclass

    Generator = _Generator


class BigQuery(Common):
    """BigQuery. Typed all through: lists are ARRAYs and records STRUCTs; what fails can be asked for as NULL."""

    name: ClassVar[str] = "bigquery"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        Feature.DURATIONS: Gap(When.NEVER, "an INTERVAL has months, days and times, and is no exact length of time"),
    }
    differs: ClassVar[tuple[str, ...]] = (
        "a list that is missing is stored as an empty one",
        "more than 500 completions of a goal by one customer are an error",
    )

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        # A DATETIME is compared with no TIMESTAMP; as one, it is in UTC. The cast of a TIMESTAMP is nothing.
        if type_ is not None and type_.kind is Kind.TIMESTAMP:
            return exp.cast(column, exp.DType.TIMESTAMPTZ)
        return column

    def decimal(self, number: exp.Expr) -> exp.Expr:
        # A literal with a point is a binary float, unless it is read from a text.
        sign, literal = ("-", number.this) if isinstance(number, exp.Neg) else ("", number)
        if isinstance(literal, exp.Literal):
            number = exp.Literal.string(f"{sign}{literal.this}")
        return exp.cast(number, exp.DataType.build("DECIMAL"))

    def zones(self) -> exp.Select:
        # "Time zone": names of the IANA database, which no view lists.
        source = exp.Table(this=call("UNNEST", call("SPLIT", known_zones(), " ")))
        source.set("alias", exp.TableAlias(this=exp.to_identifier("name", quoted=True)))
        return exp.select(exp.column("name", quoted=True)).from_(source, copy=False)

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        # "Aggregate functions": MIN takes no ARRAY and no STRUCT.
        unordered = type_ is not None and type_.kind in (Kind.LIST, Kind.RECORD)
        return call("ANY_VALUE", value) if unordered else exp.Min(this=value)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("DATE", moment, zone)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("TIME", moment, zone)

    def weekday(self, day: exp.Expr) -> exp.Expr:
        return exp.Lower(this=call("FORMAT_DATE", "%A", day))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return call("DATE_TRUNC", day, exp.Var(this="ISOWEEK" if unit == "week" else unit.upper()))

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        return day if count == 0 else call("DATE_ADD", day, _length(count, unit.upper()))

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = call("TIMESTAMP_DIFF", end, exp.cast(start, exp.DType.TIMESTAMPTZ), exp.Var(this="MICROSECOND"))
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        if op == "contains":
            return exp.GT(this=call("STRPOS", value, wanted), expression=exp.Literal.number(0))
        return call("STARTS_WITH" if op == "starts with" else "ENDS_WITH", value, wanted)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        return exp.Bracket(this=call("SPLIT", value, mark), expressions=[call("OFFSET", 0)])

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        return call("REGEXP_CONTAINS", value, f"(?{'is' if ignoring_case else 's'}){pattern}")

    # ---- lists and records

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        whole = record if isinstance(record, exp.Column | exp.Dot) else exp.paren(record, copy=False)
        return exp.Dot(this=whole, expression=exp.to_identifier(name, quoted=True))

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("ARRAY_LENGTH", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        it = exp.Column(this=exp.to_identifier("one"))
        listed = exp.In(this=it, expressions=[each.copy() for each in dict.fromkeys(wanted)])
        if all_of:
            number = exp.Count(this=exp.Distinct(expressions=[it.copy()]))
            found = exp.Subquery(this=_from_list(number, items, "one").where(listed, copy=False))
            test: exp.Expr = exp.EQ(this=found, expression=exp.Literal.number(len(listed.expressions)))
        else:
            query = _from_list(exp.Literal.number(1), items, "one").where(listed, copy=False)
            test = exp.Exists(this=query)
        return exp.Case().when(_there(items), test, copy=False)

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        kept = _from_list(exp.Count(this=exp.Star()), items, element).where(test, copy=False)
        return exp.Case().when(_there(items), exp.Subquery(this=kept), copy=False)

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        pair = call("STRUCT", *(exp.alias_(each, name) for each, name in ((key, "k"), (value, "v"))))
        return call("ARRAY_AGG", pair)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        entry = [exp.Column(this=exp.to_identifier(name), table=exp.to_identifier("pair")) for name in ("v", "k")]
        query = _from_list(entry[0], pairs, "pair").where(exp.EQ(this=entry[1], expression=key), copy=False)
        return exp.Subquery(this=query)

    # ---- numbers

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        return call({"+": "SAFE_ADD", "-": "SAFE_SUBTRACT", "*": "SAFE_MULTIPLY"}[op], left, right)

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return call("SAFE.ABS", number)

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        # "Function calls": the prefix makes NULL of an error of the function itself.
        if isinstance(value, exp.Anonymous) and value.name == "DATE_ADD":
            value.set("this", "SAFE.DATE_ADD")
        if isinstance(value, exp.Add | exp.Sub) and isinstance(value.expression, exp.Interval):
            sign = -1 if isinstance(value, exp.Sub) else 1
            count, unit = int(value.expression.this.this), value.expression.args["unit"].name
            return call("SAFE.TIMESTAMP_ADD", value.this, _length(sign * count, unit))
        return super().missing_on_error(value)

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        if mode == "half even":
            return call("ROUND", value, digits, "ROUND_HALF_EVEN")
        return super().rounded(value, mode, digits)

    def total(self, number: exp.Expr) -> exp.Expr:
        return exp.Sum(this=exp.cast(number, exp.DataType.build("DECIMAL")))

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        parts = [exp.TryCast(this=side, to=exp.DataType.build("DECIMAL(25, 12)")) for side in (left, right)]
        return call("ROUND", call("SAFE_DIVIDE", *parts), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        parts = [exp.cast(side, exp.DataType.build("DECIMAL")) for side in (total, count)]
        return call("ROUND", call("SAFE_DIVIDE", *parts), digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        digits = call("LEFT", call("TO_HEX", call("MD5", salted)), 7)
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=digits), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        return call("FORMAT_TIMESTAMP", "%Y-%m-%dT%H:%M:%SZ", exp.cast(moment, exp.DType.TIMESTAMPTZ), "UTC")

    # ---- JSON

    def json_text(self, value: exp.Expr) -> exp.Expr:
        # Of NULL it makes the text null.
        return exp.Case().when(_there(value), call("TO_JSON_STRING", value.copy()), copy=False)

    def json_of(self, value: exp.Expr) -> exp.Expr:
        return self.json_text(value)

    def with_commas(self, members: list[exp.Expr]) -> exp.Expr:
        # "Array functions": ARRAY_TO_STRING leaves NULL out.
        return call("ARRAY_TO_STRING", exp.Array(expressions=members), ",")

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        listed = exp.Table(this=call("UNNEST", call("JSON_VALUE_ARRAY", array)))
        listed.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        query = exp.select(exp.column(name, quoted=True)).from_(source, copy=False)
        return query.join(exp.Join(this=listed, kind="CROSS"), copy=False)


def _length(count: int, unit: str) -> exp.Expr:
    return exp.Interval(this=exp.Literal.number(count), unit=exp.Var(this=unit))


def _there(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.null(), negate=True)


def _from_list(column: exp.Expr, items: exp.Expr, element: str) -> exp.Select:
    source = exp.Table(this=call("UNNEST", items.copy()))
    source.set("alias", exp.TableAlias(this=exp.to_identifier(element)))
    return exp.select(column).from_(source, copy=False)
