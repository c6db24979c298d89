"""The engines SQL can be written for, by name. A dialect is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.dialects.protocol import Dialect

_WHERE = {
    "duckdb": "duckdb:DuckDB",
    "postgres": "postgres:Postgres",
    "spark": "spark:Spark",
    "clickhouse": "clickhouse:ClickHouse",
    "sqlite": "sqlite:SQLite",
    "snowflake": "snowflake:Snowflake",
    "bigquery": "bigquery:BigQuery",
    "trino": "trino:Trino",
    "tsql": "tsql:TSQL",
    "mysql": "mysql:MySQL",
    "redshift": "redshift:Redshift",
    "databricks": "databricks:Databricks",
}


class _Dialects(Mapping[str, "Dialect"]):
    """Dialects by name, in the order in which they are listed."""

    def __init__(self) -> None:
        self._made: dict[str, Dialect] = {}

    def __getitem__(self, name: str) -> Dialect:
        if name not in self._made:
            module, _, kind = _WHERE[name].partition(":")
            self._made[name] = getattr(import_module(f"campaign_dsl.compile.sql.dialects.{module}"), kind)()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


DIALECTS: Mapping[str, Dialect] = _Dialects()
