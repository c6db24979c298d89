"""Spark, on this machine, asked through the engine. Rows stand in memory; tests of the engine itself have files."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from tempfile import TemporaryDirectory

import pyarrow as pa

from campaign_dsl.run.engines.spark import SparkEngine

SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # quick to begin, not to go on
    "spark.sql.shuffle.partitions": "1",  # data is small: what more of them cost is all that they would do
    # Otherwise the planner computes with so few rows itself, and not by the code that many rows would go through.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation",
}


class Warehouse:
    """One session; tables are made anew for each scene."""

    asks_slowly = True

    def __init__(self) -> None:
        self._lake = TemporaryDirectory(prefix="campaign-lake-")
        self.engine = SparkEngine("local[2]", lake=self._lake.name, settings=SETTINGS)
        atexit.register(self.close)

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        for name, rows in tables.items():
            self.engine._session.createDataFrame(rows).createOrReplaceTempView(f"`{name}`")

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        return self.engine.read(query, relations).read_all()

    def close(self) -> None:
        self.engine.close()
        self._lake.cleanup()
