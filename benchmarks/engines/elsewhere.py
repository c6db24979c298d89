"""The world of DuckDB brought to another engine, and that engine, opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
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


def sqlite(world: Path) -> Path:
    """A SQLite file with the same rows."""
    path = world.with_suffix(".sqlite")
    if not path.is_file():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with duckdb.connect(str(world), read_only=True) as source, sqlite3.connect(part) as copy:
            source.execute("SET TimeZone = 'UTC'")
            for table, columns in _SQLITE.items():
                copy.execute(f"CREATE TABLE {table} ({columns})")
                rows = source.execute(f"SELECT {_TEXTS[table]} FROM {table}")
                marks = ", ".join("?" * len(rows.description))
                while some := rows.fetchmany(50_000):
                    copy.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
        copy.close()
        part.rename(path)
    return path


def lake(world: Path) -> Path:
    """A folder with a folder of Parquet files for each table."""
    path = world.with_suffix(".lake")
    if not path.is_dir():
        part = path.with_suffix(".part")
        with duckdb.connect(str(world), read_only=True) as source:
            source.execute("SET TimeZone = 'UTC'")
            for table in _SQLITE:
                (part / table).mkdir(parents=True, exist_ok=True)
                source.execute(f"COPY {table} TO '{part / table / 'rows.parquet'}' (FORMAT parquet)")
        part.rename(path)
    return path


def _duckdb(world: Path, limited: bool) -> Engine:
    from campaign_dsl.run.engines.duckdb import DuckDBEngine

    return DuckDBEngine(world, memory_mb=MEMORY_MB if limited else None)


def _sqlite(world: Path, _: bool) -> Engine:
    from campaign_dsl.run.engines.sqlite import SQLiteEngine

    return SQLiteEngine(sqlite(world))


def _spark(world: Path, _: bool) -> Engine:
    from campaign_dsl.run.engines.spark import SparkEngine

    return SparkEngine("local[*]", lake=str(lake(world)))


ENGINES: dict[str, Callable[[Path, bool], Engine]] = {"duckdb": _duckdb, "sqlite": _sqlite, "spark": _spark}
"""Opens an engine on a world, of DuckDB with limited memory or without."""
