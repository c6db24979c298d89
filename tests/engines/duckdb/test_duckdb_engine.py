"""The DuckDB engine itself: read only, locked down, and plain about what cannot be opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from campaign_dsl.run.engines.duckdb import DuckDBEngine
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    with duckdb.connect(str(tmp_path / "ware house's.duckdb")) as connection:
        connection.execute("CREATE TABLE customers AS SELECT 'a' AS id, TIMESTAMPTZ '2026-06-15 23:30+02' AS seen")
    return DuckDBEngine(tmp_path / "ware house's.duckdb")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers VALUES ('x', now())",
        "DROP TABLE customers",
        "CREATE TABLE other (id TEXT)",
        "ATTACH 'other.duckdb' AS other",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY customers TO 'there.csv'",
        "INSTALL httpfs",
        "LOAD sqlite_scanner",
        "SET enable_external_access = true",
        "SET TimeZone = 'Asia/Tokyo'",
    ],
)
def test_it_only_reads_and_only_its_file(engine: DuckDBEngine, statement: str) -> None:
    with pytest.raises((DataProblem, EnvironmentProblem)):
        engine.read(statement).read_all()
    assert engine.read("SELECT id, CAST(seen AS DATE)::TEXT AS day FROM customers").read_all().to_pylist() == [
        {"id": "a", "day": "2026-06-15"}
    ]


def test_a_file_of_another_kind_is_not_opened_and_nothing_is_fetched_for_it(tmp_path: Path) -> None:
    """DuckDB would fetch what reads it from the network."""
    with sqlite3.connect(tmp_path / "shop.sqlite") as connection:
        connection.execute("CREATE TABLE customers (id TEXT)")
    connection.close()
    (tmp_path / "noise.duckdb").write_bytes(b"noise " * 4_000)
    for name, said in (("shop.sqlite", "it is of another kind"), ("noise.duckdb", "not a valid DuckDB database")):
        with pytest.raises(EnvironmentProblem, match=said) as problem:
            DuckDBEngine(tmp_path / name)
        assert (problem.value.code, problem.value.help) == ("ENV003", "is it a DuckDB file?")


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "nowhere.duckdb", "does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(EnvironmentProblem, match=said) as problem:
            DuckDBEngine(path)
        assert problem.value.code == "ENV002"
