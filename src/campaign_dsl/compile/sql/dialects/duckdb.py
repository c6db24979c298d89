"""DuckDB."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

_ICU_ONLY = (
    "ACT",
    "AET",
    "AGT",
    "ART",
    "AST",
    "BET",
    "BST",
    "CAT",
    "CNT",
    "CST",
    "CTT",
    "Canada/East-Saskatchewan",
    "EAT",
    "ECT",
    "IET",
    "IST",
    "JST",
    "MIT",
    "NET",
    "NST",
    "PLT",
    "PNT",
    "PRT",
    "PST",
    "SST",
    "SystemV/AST4",
    "SystemV/AST4ADT",
    "SystemV/CST6",
    "SystemV/CST6CDT",
    "SystemV/EST5",
    "SystemV/EST5EDT",
    "SystemV/HST10",
    "SystemV/MST7",
    "SystemV/MST7MDT",
    "SystemV/PST8",
    "SystemV/PST8PDT",
    "SystemV/YST9",
    "SystemV/YST9YDT",
    "US/Pacific-New",
    "VST",
)
"""Names that DuckDB's ICU knows and the tz database does not. A customer's zone must be a tz name."""


class DuckDB:
    """The default engine. Its session zone is UTC; its text compares by code point."""

    name: ClassVar[str] = "duckdb"

    def zones(self) -> exp.Select:
        name = exp.column("name", quoted=True)
        others = exp.In(this=name, expressions=[exp.Literal.string(each) for each in _ICU_ONLY])
        source = exp.Table(this=exp.Anonymous(this="pg_timezone_names"))
        return exp.select(name.copy()).from_(source, copy=False).where(exp.Not(this=others), copy=False)

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return exp.cast(exp.AtTimeZone(this=moment, zone=zone), exp.DataType.Type.DATE)

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        # Functions, not LIKE: `%`, `_` and `\` are ordinary characters.
        name = {"contains": "contains", "starts with": "starts_with", "ends with": "suffix"}[op]
        return exp.Anonymous(this=name, expressions=[value, text])

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        return exp.cast(
            exp.Floor(this=exp.Div(this=value, expression=exp.Literal.number(divisor), typed=False, safe=False)),
            exp.DataType.Type.BIGINT,
        )

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this="TRY", expressions=[value])

    def hash_bucket(self, text: exp.Expr) -> exp.Expr:
        digits = exp.Anonymous(
            this="left", expressions=[exp.Anonymous(this="md5", expressions=[text]), exp.Literal.number(7)]
        )
        return exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=digits), exp.DataType.Type.BIGINT)

    def json_object(self, pairs: list[tuple[str, exp.Expr]]) -> exp.Expr:
        arguments = [part for name, value in pairs for part in (exp.Literal.string(name), value)]
        whole = exp.Anonymous(this="json_object", expressions=arguments)
        # A merge patch deletes members that are null (RFC 7386), so that missing stays missing.
        merged = exp.Anonymous(this="json_merge_patch", expressions=[exp.Literal.string("{}"), whole])
        return exp.cast(merged, exp.DataType.Type.TEXT)
