"""How Spark spells what all queries share, and what its session has to be set to so that it means that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects.speller import Speller

SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",  # what overflows fails, instead of coming out wrong
    "spark.sql.session.timeZone": "UTC",  # columns without a zone are in UTC
    "spark.sql.timestampType": "TIMESTAMP_LTZ",  # `TIMESTAMP` is an instant
    "spark.sql.timeType.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",  # digits are never dropped in silence
    "spark.sql.parser.escapedStringLiterals": "false",  # two backslashes in a literal are one
    "spark.sql.variable.substitute": "false",  # `${x}` in a literal is what it is
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
}
"""What the meaning of the text relies on."""


class _Generator(Speller):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {
        exp.DType.TEXT: "STRING",
        exp.DType.BIGINT: "BIGINT",
        exp.DType.DATE: "DATE",
        exp.DType.TIME: "TIME",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP",
        exp.DType.DOUBLE: "DOUBLE",
        exp.DType.DECIMAL: "DECIMAL",
        exp.DType.BOOLEAN: "BOOLEAN",
        exp.DType.VARIANT: "VARIANT",
    }
    BACKSLASH: ClassVar[bool] = True
    SKIPS_NULL: ClassVar[bool] = True
    TRIM: ClassVar[str] = "TRIM({})"

    def moved(self, moment: str, count: int, unit: str) -> str:
        if unit == "YEAR":
            return f"ADD_MONTHS({moment}, {12 * count})"
        sign = "-" if count < 0 else "+"
        return f"{moment} {sign} INTERVAL '{abs(count)}' {unit}"

    def interval_sql(self, expression: exp.Interval) -> str:
        return f"INTERVAL {self.sql(expression, 'this')} {self.sql(expression, 'unit')}"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return self.binary(expression, "DIV")

    def lower_sql(self, expression: exp.Lower) -> str:
        # Java makes two characters of one of these, and looks at the neighbours of the other.
        return f"LOWER(TRANSLATE({self.sql(expression, 'this')}, 'İΣ', 'iσ'))"

    def ordered_sql(self, expression: exp.Ordered) -> str:
        value = self.sql(expression, "this")
        return f"{value} DESC NULLS LAST" if expression.args.get("desc") else f"{value} NULLS LAST"


class Written(sqlglot.Dialect):
    """Writes the text of a query."""

    class Tokenizer(sqlglot.Tokenizer):
        IDENTIFIERS = ["`"]  # noqa: RUF012  # read by sqlglot's metaclass

    Generator = _Generator
