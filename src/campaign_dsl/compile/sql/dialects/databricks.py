"""Databricks SQL: Spark's words, without what a warehouse keeps from its users: Java, and most of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.dialects import spark_writer
from campaign_dsl.compile.sql.dialects.common import call
from campaign_dsl.compile.sql.dialects.compiled import Compiled
from campaign_dsl.compile.sql.dialects.spark import Spark
from campaign_dsl.compile.sql.features import Feature, Gap

_CLOCK = "HH:mm:ss.SSSSSS"


class _Generator(spark_writer._Generator):
    TYPES: ClassVar[Mapping[exp.DType, str]] = {**spark_writer._Generator.TYPES, exp.DType.TIME: "STRING"}

    def quoted(self, text: str) -> str:
        # "STRING type": two quotes end one literal and begin the next.
        return text.replace("'", "\\'")

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        clock = expression.this
        if expression.to.this is exp.DType.TIME and isinstance(clock, exp.Literal):
            whole, _, rest = clock.this.partition(".")
            return f"'{whole}.{rest:0<6}'"
        return super().cast_sql(expression, safe_prefix)


class _Written(spark_writer.Written):
    Generator = _Generator


class Databricks(Compiled, Spark):
    """Databricks from runtime 17 on, like Spark. A time of day is a text there, with six digits behind the point."""

    name: ClassVar[str] = "databricks"
    writer: ClassVar[type[sqlglot.Dialect]] = _Written
    lacks: ClassVar[Mapping[Feature, Gap]] = {**Spark.lacks}
    session: ClassVar[tuple[str, ...]] = ("SET TIME ZONE 'UTC'", "SET ANSI_MODE = TRUE")
    differs: ClassVar[tuple[str, ...]] = (
        "a result of decimals with more than 38 digits loses some of those behind the point",
    )

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        return call("DATE_FORMAT", self._there(moment, zone), _CLOCK)
