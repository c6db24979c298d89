"""DuckDB, in memory."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa


class Warehouse:
    """One connection; tables are made anew for each scene."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("SET TimeZone = 'UTC'")

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        for name, rows in tables.items():
            self.connection.register("rows", rows)
            self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM rows')
            self.connection.unregister("rows")

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        for name, rows in (relations or {}).items():
            self.connection.register(name, rows)
        found = self.connection.sql(query).to_arrow_table()
        for name in relations or {}:
            self.connection.unregister(name)
        return found
