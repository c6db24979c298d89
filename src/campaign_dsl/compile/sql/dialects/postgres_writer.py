"""How PostgreSQL spells what all queries share, and what its session has to be set to so that it means that."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.generator import Generator

from campaign_dsl.compile.sql.dialects.common import LAST_INTEGER
from campaign_dsl.compile.sql.dialects.speller import Speller

SETTINGS: Mapping[str, str] = {
    "TimeZone": "UTC",  # columns without a zone are in UTC
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "standard_conforming_strings": "on",  # a backslash in a literal is a backslash
}
"""What the meaning of the text relies on."""
CODE_POINTS = "C"
"""The collation that compares byte by byte: in UTF-8 that is by code point."""
UNICODE = "pg_c_utf8"
"""The collation that knows the other case of every character, each for itself. It is built in since PostgreSQL 17."""
_LONGEST = 63
"""Bytes of a name. What is longer would be cut in silence, and two names could become one."""
_ABOVE, _BELOW = LAST_INTEGER + 1, -LAST_INTEGER - 2
"""The nearest numbers that are no integers of 64 bits."""
_DIGITS = 38
_DAY = {"SECOND": 86_400, "MICROSECOND": 86_400_000_000}


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "TEXT",
        exp.DType.BIGINT: "BIGINT",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME",
        exp.DType.TIMESTAMPTZ: "TIMESTAMPTZ",
        exp.DType.INTERVAL: "INTERVAL",
        exp.DType.DOUBLE: "DOUBLE PRECISION",
        exp.DType.DECIMAL: "NUMERIC",
        exp.DType.BOOLEAN: "BOOLEAN",
        exp.DType.JSON: "JSON",
        exp.DType.JSONB: "JSONB",
        exp.DType.BIT: "BIT",
    }
    SKIPS_NULL: ClassVar[bool] = True
    TRIM: ClassVar[str] = "BTRIM({}, ' ')"

    def identifier_sql(self, expression: exp.Identifier) -> str:
        name = expression.name.encode()
        if len(name) > _LONGEST:
            short = name[: _LONGEST - 9].decode(errors="ignore")
            expression = exp.to_identifier(f"{short}_{md5(name, usedforsecurity=False).hexdigest()[:8]}", quoted=True)
        return super().identifier_sql(expression)

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        if isinstance(expression.this, exp.Column):
            return f"{self.sql(expression, 'this')}::{self.sql(expression, 'to')}"
        return super().cast_sql(expression)

    # ---- numbers that have to fit: there is no TRY, so they are computed with room and looked at

    def trycast_sql(self, expression: exp.TryCast) -> str:
        if isinstance(expression.this, exp.Column | exp.Cast):
            return self.sql(exp.cast(expression.this, expression.to))  # the catalog says it is one
        found = self._fitting(expression)
        return f"CAST({found} AS BIGINT)" if expression.to.this is exp.DType.BIGINT else found

    def _fitting(self, expression: exp.TryCast) -> str:
        """NULL instead of a number that does not fit. Said once, as it may be long: an operand may be one of these."""
        number = self._wide(expression.this)
        if expression.to.this is exp.DType.BIGINT:
            return f"NULLIF(NULLIF(GREATEST(LEAST({number}, {_ABOVE}), {_BELOW}), {_ABOVE}), {_BELOW})"
        digits = "LENGTH(REPLACE(LTRIM(CAST(TRIM_SCALE(ABS(n.number)) AS TEXT), '0'), '.', ''))"
        return f"(SELECT n.number FROM (SELECT {number} AS number) AS n WHERE {digits} <= {_DIGITS})"

    def _wide(self, number: exp.Expr) -> str:
        """A number with more digits than any of its results needs."""
        match number:
            case exp.TryCast() if not isinstance(number.this, exp.Column | exp.Cast):
                return self._fitting(number)
            case exp.Add() | exp.Sub() | exp.Mul():
                sign = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}[type(number)]
                return f"{self._wide(number.this)} {sign} {self._wide(number.expression)}"
            case exp.Abs():
                return f"ABS({self._wide(number.this)})"
            case exp.Paren():
                return f"({self._wide(number.this)})"
            case exp.Sum():
                return self.sql(number)
        inner = number.this if isinstance(number, exp.TryCast | exp.Cast) else number
        return self.sql(exp.cast(inner.copy(), exp.DType.DECIMAL))

    def extract_sql(self, expression: exp.Extract) -> str:
        found = super().extract_sql(expression)
        return found if expression.name.upper() == "EPOCH" else f"CAST({found} AS INTEGER)"

    def interval_sql(self, expression: exp.Interval) -> str:
        return _interval(int(expression.this.name), self.sql(expression, "unit"))

    def moved(self, moment: str, count: int, unit: str) -> str:
        return f"{moment} {'-' if count < 0 else '+'} {_interval(abs(count), unit)}"

    def lower_sql(self, expression: exp.Lower) -> str:
        # What comes out would keep the collation, and could not be compared with a text of another one.
        return f'LOWER({self.sql(expression, "this")} COLLATE "{UNICODE}") COLLATE "{CODE_POINTS}"'

    def ordered_sql(self, expression: exp.Ordered) -> str:
        return f"{self.sql(expression, 'this')}{' DESC NULLS LAST' if expression.args.get('desc') else ''}"

    def array_sql(self, expression: exp.Array) -> str:
        return f"ARRAY[{self.expressions(expression, flat=True)}]"

    def cte_sql(self, expression: exp.CTE) -> str:
        return Generator.cte_sql(self, expression)


def _interval(count: int, unit: str) -> str:
    """Days apart where there are very many: microseconds are counted in 64 bits."""
    size = _DAY.get(unit)
    if size is None or abs(count) < 1_000_000 * size:
        return f"INTERVAL '{count} {unit}'"
    days, rest = divmod(count, size)
    return f"INTERVAL '{days} DAY {rest} {unit}'"


class Written(sqlglot.Dialect):
    """Writes the text of a query."""

    Generator = _Generator
