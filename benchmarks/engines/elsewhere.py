"""The world of DuckDB brought to another engine, and that engine, opened."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "warehouses"))

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.run.engines.protocol import Engine

MEMORY_MB = 256
"""For DuckDB when audiences are found together. Without a limit it keeps all of the file that it has read."""

_TEXTS = {
    "customers": "customer_id, time_zone, birth_date::VARCHAR, country, tier, email_ok::INTEGER, visits,"
    " spent::VARCHAR, strftime(signed_up, '%Y-%m-%d %H:%M:%S')",
    "events": "event_id, customer_id, kind, strftime(occurred_at, '%Y-%m-%d %H:%M:%S.%f'), amount::VARCHAR, sku, units",
}
_SQLITE = {
    "customers": "customer_id INTEGER PRIMARY KEY, time_zone TEXT, birth_date TEXT, country TEXT, tier TEXT,"
    " email_ok BOOLEAN, visits INTEGER, spent TEXT, signed_up TEXT",
    "events": "event_id INTEGER PRIMARY KEY, customer_id INTEGER, kind TEXT, occurred_at TEXT, amount TEXT, sku TEXT,"
    " units INTEGER",
}


def _in_duckdb(world: Path) -> str:
    return str(world)


def _in_sqlite(world: Path) -> str:
    """A SQLite file with the same rows."""
    path = world.with_suffix(".sqlite")
    if not path.is_file():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with _opened(world) as source, sqlite3.connect(part) as copy:
            for table, columns in _SQLITE.items():
                copy.execute(f"CREATE TABLE {table} ({columns})")
                rows = source.execute(f"SELECT {_TEXTS[table]} FROM {table}")
                marks = ", ".join("?" * len(rows.description))
                while some := rows.fetchmany(50_000):
                    copy.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
        copy.close()
        part.rename(path)
    return str(path)


def _in_a_lake(world: Path) -> str:
    """A folder with a folder of Parquet files for each table."""
    path = world.with_suffix(".lake")
    if not path.is_dir():
        part = path.with_suffix(".part")
        with _opened(world) as source:
            for table in _SQLITE:
                (part / table).mkdir(parents=True, exist_ok=True)
                source.execute(f"COPY {table} TO '{part / table / 'rows.parquet'}' (FORMAT parquet)")
        part.rename(path)
    return str(path)


def _in_clickhouse(world: Path) -> str:
    """A folder of ClickHouse, made as that of the tests."""
    path = world.with_suffix(".clickhouse")
    if not path.is_dir():
        from clickhouse_warehouse import fill

        part = path.with_suffix(".part")
        fill(part, _tables(world))
        part.rename(path)
    return str(path)


def _in_postgres(world: Path) -> str:
    """A database of a server like that of the tests, which ends with this process."""
    from postgres_server import server
    from postgres_warehouse import create

    name = server().database("world")
    with server().connect(name) as connection:
        for table, rows in _tables(world).items():
            create(connection, table, rows)
        connection.execute("ANALYZE")
    return str(server().host)


def _opened(world: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(world), read_only=True)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _tables(world: Path) -> dict[str, pa.Table]:
    with _opened(world) as source:
        return {table: source.sql(f"FROM {table}").to_arrow_table() for table in _SQLITE}


def _duckdb(where: str, limited: bool) -> Engine:
    from campaign_dsl.run.engines.duckdb import DuckDBEngine

    return DuckDBEngine(Path(where), memory_mb=MEMORY_MB if limited else None)


def _sqlite(where: str, _: bool) -> Engine:
    from campaign_dsl.run.engines.sqlite import SQLiteEngine

    return SQLiteEngine(Path(where))


def _spark(where: str, _: bool) -> Engine:
    from campaign_dsl.run.engines.spark import SparkEngine

    return SparkEngine("local[*]", lake=where)


def _clickhouse(where: str, _: bool) -> Engine:
    from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
    from campaign_dsl.run.engines.clickhouse_embedded import Folder

    return ClickHouseEngine(Folder(Path(where)))


def _postgres(where: str, _: bool) -> Engine:
    from campaign_dsl.run.engines.postgres import PostgresEngine

    return PostgresEngine(where, "world", 5432, "postgres")


@dataclass(frozen=True)
class Elsewhere:
    """How an engine gets a world, and how it is opened.

    Attributes:
        bring: gives the place of the world, where `open` finds it as long as this process lives.
        open: of DuckDB with limited memory or without.
    """

    bring: Callable[[Path], str]
    open: Callable[[str, bool], Engine]


ENGINES = {
    "duckdb": Elsewhere(_in_duckdb, _duckdb),
    "sqlite": Elsewhere(_in_sqlite, _sqlite),
    "spark": Elsewhere(_in_a_lake, _spark),
    "clickhouse": Elsewhere(_in_clickhouse, _clickhouse),
    "postgres": Elsewhere(_in_postgres, _postgres),
}
