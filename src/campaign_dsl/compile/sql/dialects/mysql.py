"""MySQL 8. Each form is that of its reference manual; pages are named where it is not obvious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.common import (
    Common,
    WithoutLists,
    bounded,
    call,
    no_lists,
    text,
)
from campaign_dsl.compile.sql.dialects.patterns import ending_there
from campaign_dsl.compile.sql.dialects.speller import Speller
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind, Type

_COLLATION = "utf8mb4_0900_bin"
"""By code point and without padding ("Unicode Character Sets"); that of `utf8mb4_bin` pads."""


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "CHAR",
        exp.DType.BIGINT: "SIGNED",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME(6)",
        exp.DType.TIMESTAMPTZ: "DATETIME(6)",
        exp.DType.DOUBLE: "DOUBLE",
        exp.DType.DECIMAL: "DECIMAL",
        exp.DType.BOOLEAN: "SIGNED",
        exp.DType.VARCHAR: "VARCHAR",
    }
    BACKSLASH: ClassVar[bool] = True
    NOWHERE: ClassVar[str] = "FROM DUAL"
    LENGTH: ClassVar[str] = "CHAR_LENGTH"
    TRIM: ClassVar[str] = "TRIM({})"

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        moment = expression.this
        if expression.to.this is exp.DType.TIMESTAMPTZ and isinstance(moment, exp.Literal):
            # A DATETIME has no zone: all of them are in UTC.
            return f"CAST('{moment.this.removesuffix('+00:00')}' AS DATETIME(6))"
        return super().cast_sql(expression)

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"CAST({self.sql(bounded(expression.this))} AS SIGNED)"

    def moved(self, moment: str, count: int, unit: str) -> str:
        return f"DATE_ADD({moment}, INTERVAL {count} {unit})"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return self.binary(expression, "DIV")

    def interval_sql(self, expression: exp.Interval) -> str:
        return f"INTERVAL {self.sql(expression, 'this')} {self.sql(expression, 'unit')}"

    def dpipe_sql(self, expression: exp.DPipe) -> str:
        # `||` is OR, unless the session says otherwise.
        return self.func("CONCAT", *expression.flatten())

    def values_sql(self, expression: exp.Values, values_as_table: bool = True) -> str:
        rows = self.rows(f"ROW({self.expressions(row, flat=True)})" for row in expression.expressions)
        return f"(VALUES {rows}) AS {self.sql(expression, 'alias')}"


class _Written(sqlglot.Dialect):
    class Tokenizer(sqlglot.Tokenizer):
        IDENTIFIERS = ["`"]  # noqa: RUF012  # read by sqlglot's metaclass

    Generator = _Generator


class MySQL(WithoutLists, Common):
    """MySQL from 8.0.19 on. Instants are DATETIME in UTC; zones need the server's time zone tables."""

    name: ClassVar[str] = "mysql"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        **no_lists("JSON"),
        Feature.DURATIONS: Gap(When.NEVER, "an interval is a word of the grammar there, and no value"),
    }
    session: ClassVar[tuple[str, ...]] = (
        "SET time_zone = '+00:00'",
        f"SET NAMES utf8mb4 COLLATE {_COLLATION}",
        "SET SESSION cte_max_recursion_depth = 1000000",
    )
    differs: ClassVar[tuple[str, ...]] = (
        "ids of events that are texts compare as the collation of their column says",
        "a zone that the server has not loaded sets its customers aside (`mysql_tzinfo_to_sql` loads them)",
        "instants before 1970 and after 3001 stay in UTC when they are converted to a zone",
        "days before the year 1000 are not promised to work",
        "a result of decimals with more than 65 digits is an error, not missing",
    )

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        if type_ is None or type_.kind not in (Kind.TEXT, Kind.ENUM):
            return column
        return exp.Collate(this=column, expression=exp.Var(this=_COLLATION))

    def zones(self) -> exp.Select:
        source = exp.Table(
            this=exp.to_identifier("time_zone_name", quoted=True), db=exp.to_identifier("mysql", quoted=True)
        )
        source.set("alias", exp.TableAlias(this=exp.to_identifier("z", quoted=True)))
        name = exp.Collate(this=exp.column("Name", table="z", quoted=True), expression=exp.Var(this=_COLLATION))
        return exp.select(exp.alias_(name, "name", quoted=True)).from_(source, copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(_there(moment, zone), exp.DType.TIME)

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        return exp.Add(this=call("WEEKDAY", day), expression=exp.Literal.number(1))

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        match unit:
            case "week":
                back: exp.Expr = call("WEEKDAY", day)
            case "month":
                back = exp.Sub(this=call("DAYOFMONTH", day), expression=exp.Literal.number(1))
            case _:
                back = exp.Sub(this=call("DAYOFYEAR", day), expression=exp.Literal.number(1))
        return call("DATE_SUB", day.copy(), exp.Interval(this=exp.paren(back), unit=exp.Var(this="DAY")))

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        if count == 0:
            return day
        length = exp.Interval(this=exp.Literal.number(count), unit=exp.Var(this=unit.upper()))
        return call("DATE_ADD", day, length)

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = call("TIMESTAMPDIFF", exp.Var(this="MICROSECOND"), exp.cast(start, exp.DType.TIMESTAMPTZ), end)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        match op:
            case "contains":
                return exp.GT(this=call("INSTR", value, wanted), expression=exp.Literal.number(0))
            case "starts with":
                part = call("LEFT", value, exp.Length(this=wanted.copy()))
            case _:
                part = call("RIGHT", value, exp.Length(this=wanted.copy()))
        return exp.EQ(this=part, expression=wanted)

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        return call("SUBSTRING_INDEX", value, mark, 1)

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # "Regular Expressions": `n` lets a dot be a line break, too.
        return call("REGEXP_LIKE", value, ending_there(pattern), "in" if ignoring_case else "cn")

    # ---- numbers

    def widened(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        wide = exp.DataType.build("DECIMAL(20, 0)")
        return exp.Cast(this=number, to=wide) if kind is Kind.INTEGER else number

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        # "Precision Math": a quotient has four digits more than what is divided, and NULL by zero.
        parts = [
            exp.cast(side, exp.DataType.build(f"DECIMAL({25 + more}, {12 + more})"))
            for side, more in ((left, 14), (right, 0))
        ]
        return call("ROUND", exp.Div(this=parts[0], expression=parts[1]), digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        wide = exp.cast(total, exp.DataType.build("DECIMAL(58, 20)"))
        return call("ROUND", exp.Div(this=wide, expression=count), digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        return exp.cast(call("CONV", call("LEFT", call("MD5", salted), 7), 16, 10), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        return call("DATE_FORMAT", exp.cast(moment, exp.DType.TIMESTAMPTZ), "%Y-%m-%dT%H:%i:%sZ")

    def json_text(self, value: exp.Expr) -> exp.Expr:
        return call("JSON_QUOTE", value)

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        column = exp.JSONColumnDef(
            this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build("VARCHAR(255)"), path=text("$")
        )
        rows = exp.JSONTable(this=array, path=text("$[*]"), schema=exp.JSONSchema(expressions=[column]))
        listed = exp.Table(this=rows, alias=exp.TableAlias(this=exp.to_identifier("t", quoted=True)))
        each = exp.Collate(this=exp.column(name, table="t", quoted=True), expression=exp.Var(this=_COLLATION))
        query = exp.select(exp.alias_(each, name, quoted=True)).from_(source, copy=False)
        return query.join(exp.Join(this=listed, kind="CROSS"), copy=False)


def _there(moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return call("CONVERT_TZ", moment, "+00:00", zone)
