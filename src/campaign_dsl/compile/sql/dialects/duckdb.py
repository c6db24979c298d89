"""DuckDB."""

from __future__ import annotations

from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB as SqlglotDuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

_ICU_ONLY = (
    "ACT AET AGT ART AST BET BST CAT CNT CST CTT Canada/East-Saskatchewan EAT ECT IET IST JST MIT NET NST PLT PNT PRT "
    "PST SST SystemV/AST4 SystemV/AST4ADT SystemV/CST6 SystemV/CST6CDT SystemV/EST5 SystemV/EST5EDT SystemV/HST10 "
    "SystemV/MST7 SystemV/MST7MDT SystemV/PST8 SystemV/PST8PDT SystemV/YST9 SystemV/YST9YDT US/Pacific-New VST"
)
"""Names that DuckDB's ICU knows and the tz database does not. A customer's zone must be a tz name."""


class _Generator(DuckDBGenerator):
    """SQL as people write it: `x NOT IN (...)` instead of `NOT x IN (...)`."""

    def not_sql(self, expression: exp.Not) -> str:
        inner = expression.this
        return self.sql(inner) if isinstance(inner, (exp.In, exp.Between)) else super().not_sql(expression)

    def in_sql(self, expression: exp.In) -> str:
        return self._negated(expression, super().in_sql(expression))

    def between_sql(self, expression: exp.Between) -> str:
        return self._negated(expression, super().between_sql(expression))

    def _negated(self, expression: exp.In | exp.Between, text: str) -> str:
        value = self.sql(expression, "this")
        if not isinstance(expression.parent, exp.Not):
            return text
        return f"{value} NOT{text.removeprefix(value)}"


class _Written(SqlglotDuckDB):
    Generator = _Generator


class DuckDB:
    """The default engine. Its session zone is UTC; its text compares by code point."""

    name: ClassVar[str] = "duckdb"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written

    def zones(self) -> exp.Select:
        name = exp.column("name", quoted=True)
        others = exp.Anonymous(
            this="string_split", expressions=[exp.Literal.string(_ICU_ONLY), exp.Literal.string(" ")]
        )
        listed = exp.Anonymous(this="list_contains", expressions=[others, name])
        source = exp.Table(this=exp.Anonymous(this="pg_timezone_names"))
        return exp.select(name.copy()).from_(source, copy=False).where(exp.Not(this=listed), copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DType.DATE)

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        # Functions, not LIKE: `%`, `_` and `\\` are ordinary characters.
        name = {"contains": "contains", "starts with": "starts_with", "ends with": "suffix"}[op]
        return exp.Anonymous(this=name, expressions=[value, text])

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        parts = exp.Div(this=value, expression=exp.Literal.number(divisor), typed=False, safe=False)
        return exp.cast(exp.Floor(this=parts), exp.DType.BIGINT)

    def rounded(self, average: exp.Expr) -> exp.Expr:
        # DuckDB divides decimals as doubles, exact to fifteen digits.
        return exp.TryCast(this=average, to=exp.DataType.build("DECIMAL(38, 6)"))

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this="TRY", expressions=[value])

    def hash_bucket(self, text: exp.Expr) -> exp.Expr:
        digits = exp.Anonymous(
            this="left", expressions=[exp.Anonymous(this="md5", expressions=[text]), exp.Literal.number(7)]
        )
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=digits), exp.DType.BIGINT)

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        utc = exp.AtTimeZone(this=exp.cast(moment, exp.DType.TIMESTAMPTZ), zone=exp.Literal.string("UTC"))
        return exp.Anonymous(this="strftime", expressions=[utc, exp.Literal.string("%Y-%m-%dT%H:%M:%SZ")])

    def json_object(self, pairs: list[tuple[str, exp.Expr]]) -> exp.Expr:
        if not pairs:
            return exp.Literal.string("{}")
        arguments = [part for name, value in pairs for part in (exp.Literal.string(name), value)]
        whole = exp.Anonymous(this="json_object", expressions=arguments)
        # A merge patch deletes members that are null (RFC 7386), so that missing stays missing.
        merged = exp.Anonymous(this="json_merge_patch", expressions=[exp.Literal.string("{}"), whole])
        return exp.cast(merged, exp.DType.TEXT)
