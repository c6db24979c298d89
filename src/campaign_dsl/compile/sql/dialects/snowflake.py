"""Snowflake. Each form is that of its SQL reference; pages are named where it is not obvious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.common import (
    Common,
    bounded,
    call,
    known_zones,
    text,
    years_of_a_day,
)
from campaign_dsl.compile.sql.dialects.speller import Speller
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind, Type


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "VARCHAR",
        exp.DType.BIGINT: "NUMBER(38, 0)",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME(6)",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP_LTZ",
        exp.DType.TIMESTAMPNTZ: "TIMESTAMP_NTZ",
        exp.DType.DOUBLE: "DOUBLE",
        exp.DType.DECIMAL: "NUMBER",
        exp.DType.BOOLEAN: "BOOLEAN",
    }
    BACKSLASH: ClassVar[bool] = True  # "String & binary data types": escape sequences in single-quoted constants

    def moved(self, moment: str, count: int, unit: str) -> str:
        return f"DATEADD({unit}, {count}, {moment})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        # TRY_CAST takes texts only, and integers have 38 digits there.
        return f"CAST({self.sql(bounded(expression.this))} AS NUMBER(38, 0))"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        # "Arithmetic operators": `/` keeps six digits more and rounds them, so the rest is taken away before.
        value, divisor = self.sql(expression, "this"), self.sql(expression, "expression")
        return f"CAST(({value} - MOD({value}, {divisor})) / {divisor} AS NUMBER(38, 0))"

    def least_sql(self, expression: exp.Least) -> str:
        return self.func("LEAST_IGNORE_NULLS", expression.this, *expression.expressions)

    def greatest_sql(self, expression: exp.Greatest) -> str:
        return self.func("GREATEST_IGNORE_NULLS", expression.this, *expression.expressions)


class _Written(sqlglot.Dialect):
    Generator = _Generator


class Snowflake(Common):
    """Snowflake. Numbers have 38 digits; lists and records are semi-structured there, and lose the types they have."""

    name: ClassVar[str] = "snowflake"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {
        Feature.LISTS: Gap(When.NEVER, "the elements of an ARRAY have no type there, and a null of their own"),
        Feature.LIST_CONDITIONS: Gap(When.NEVER, "the elements of an ARRAY have no type there"),
        Feature.LOOKUP_BY_ELEMENT: Gap(When.NEVER, "the elements of an ARRAY have no type there"),
        Feature.RECORDS: Gap(When.NEVER, "the values of an OBJECT have no type there, and a null of their own"),
        Feature.DURATIONS: Gap(When.UPSTREAM, "there is no type for a length of time that can be compared"),
    }
    session: ClassVar[tuple[str, ...]] = (
        "ALTER SESSION SET TIMEZONE = 'UTC'",
        "ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE",
        "ALTER SESSION SET WEEK_START = 1",
        "ALTER SESSION SET DATE_OUTPUT_FORMAT = 'YYYY-MM-DD'",
    )
    differs: ClassVar[tuple[str, ...]] = (
        "a result of decimals with more than 38 digits is an error, not missing",
        "a quotient is rounded to 12 digits first, an average of them once more",
        "a day or an instant moved beyond what the type holds is an error, not missing",
    )
    CEILING: ClassVar[str] = "CEIL"

    def zones(self) -> exp.Select:
        # "CONVERT_TIMEZONE": names of the IANA database, which no view lists.
        source = exp.Table(this=call("TABLE", call("SPLIT_TO_TABLE", known_zones(), " ")))
        source.set("alias", exp.TableAlias(this=exp.to_identifier("z", quoted=True)))
        value = exp.Column(this=exp.to_identifier("VALUE", quoted=True), table=exp.to_identifier("z", quoted=True))
        return exp.select(exp.alias_(value, "name", quoted=True)).from_(source, copy=False)

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        # "MIN" takes no BOOLEAN.
        truth = type_ is not None and type_.kind is Kind.BOOLEAN
        return call("BOOLAND_AGG", value) if truth else exp.Min(this=value)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(self._there(moment, zone), exp.DType.DATE)

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(self._there(moment, zone), exp.DType.TIME)

    def _there(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        # The form with three arguments: what it gives is the wall clock there, and nothing else.
        return call("CONVERT_TIMEZONE", "UTC", zone, exp.cast(moment, exp.DType.TIMESTAMPNTZ))

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        return call("DAYOFWEEKISO", day)

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        return call("DATE_TRUNC", unit.upper(), day)

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        return day if count == 0 else call("DATEADD", exp.Var(this=unit.upper()), count, day)

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        return years_of_a_day(moment, call("YEAR", moment.copy()))

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        passed = call("DATEDIFF", exp.Var(this="MICROSECOND"), exp.cast(start, exp.DType.TIMESTAMPTZ), end)
        return exp.IntDiv(this=passed, expression=exp.Literal.number(86_400_000_000))

    def text_test(self, op: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
        name = {"contains": "CONTAINS", "starts with": "STARTSWITH", "ends with": "ENDSWITH"}[op]
        return call(name, value, wanted)

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        # Not REGEXP_LIKE, which wants the whole text to fit. `s`: a dot is a line break, too.
        place = call("REGEXP_INSTR", value, pattern, 1, 1, 0, "is" if ignoring_case else "cs")
        return exp.GT(this=place, expression=exp.Literal.number(0))

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        return call("GET", record, name)

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        return call("ARRAY_SIZE", items)

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        listed = call("ARRAY_CONSTRUCT", *wanted)
        if not all_of:
            return call("ARRAYS_OVERLAP", items, listed)
        left = call("ARRAY_SIZE", call("ARRAY_EXCEPT", listed, items))
        return exp.EQ(this=left, expression=exp.Literal.number(0))

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        kept = call("FILTER", items, exp.Lambda(this=test, expressions=[exp.to_identifier(element)]))
        return self.list_length(kept, type_)

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        return call("OBJECT_AGG", exp.cast(key, exp.DType.TEXT), value)

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        return call("GET", pairs, exp.cast(key, exp.DType.TEXT))

    def widened(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return number

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        if mode == "half even":
            return call("ROUND", value, digits, "HALF_TO_EVEN")
        return super().rounded(value, mode, digits)

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        parts = [exp.cast(side, exp.DataType.build("DECIMAL(38, 12)")) for side in (left, right)]
        divided = exp.Div(this=parts[0], expression=call("NULLIF", parts[1], 0))
        return call("ROUND", divided, digits)

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        return self.quotient(total, count, digits)

    def hash_bucket(self, salted: exp.Expr) -> exp.Expr:
        return call("TO_NUMBER", call("LEFT", call("MD5", salted), 7), "XXXXXXX")

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = exp.cast(exp.cast(moment, exp.DType.TIMESTAMPTZ), exp.DType.TIMESTAMPNTZ)
        return call("TO_VARCHAR", utc, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        # "OBJECT_CONSTRUCT": a pair whose value is NULL is left out.
        if not pairs:
            return text("{}")
        parts = [part for name, value, _ in pairs for part in (text(name), value)]
        return call("TO_JSON", call("OBJECT_CONSTRUCT", *parts))

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        parsed = exp.Kwarg(this=exp.Var(this="INPUT"), expression=call("PARSE_JSON", array))
        alias = exp.TableAlias(this=exp.to_identifier("f", quoted=True))
        flat = exp.Lateral(this=call("FLATTEN", parsed), alias=alias)
        value = exp.Column(this=exp.to_identifier("VALUE", quoted=True), table=exp.to_identifier("f", quoted=True))
        each = exp.alias_(exp.cast(value, exp.DType.TEXT), name, quoted=True)
        query = exp.select(each).from_(source, copy=False)
        return query.join(exp.Join(this=flat, kind="CROSS"), copy=False)
