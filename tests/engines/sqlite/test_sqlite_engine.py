"""The SQLite engine itself: read only, locked down, streaming, cancelled, and plain about what is wrong."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.run.engines import opened
from campaign_dsl.run.engines.sqlite import BATCH_ROWS, SQLiteEngine
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

Made = Callable[..., SQLiteEngine]
COUNTING = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {})
SELECT {} FROM counted
"""


@pytest.fixture
def engine(tmp_path: Path) -> Made:
    """Makes a database of statements, and the engine on it."""

    def made(*statements: str) -> SQLiteEngine:
        path = tmp_path / "ware house's.sqlite"
        with sqlite3.connect(path) as connection:
            for statement in statements or ("CREATE TABLE customers (id TEXT)",):
                connection.execute(statement)
        connection.close()
        return SQLiteEngine(path)

    return made


# ------------------------------------------------------------------------------------------------------- read only


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers VALUES ('x')",
        "UPDATE customers SET id = 'x'",
        "DELETE FROM customers",
        "CREATE TABLE other (id TEXT)",
        "CREATE TEMP TABLE other (id TEXT)",
        "DROP TABLE customers",
        "ATTACH DATABASE 'other.sqlite' AS other",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('other')",
        "VACUUM INTO 'other.sqlite'",
        "SAVEPOINT s",
        "ANALYZE",
        "REINDEX",
    ],
)
def test_no_statement_writes_or_opens_anything(engine: Made, statement: str, tmp_path: Path) -> None:
    made = engine("CREATE TABLE customers (id TEXT)", "INSERT INTO customers VALUES ('a')")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(EnvironmentProblem) as problem:
        made.read(statement).read_all()
    assert problem.value.code == "ENV004"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_may_only_be_read_is_enough(engine: Made, tmp_path: Path) -> None:
    made = engine("CREATE TABLE customers (id TEXT)", "INSERT INTO customers VALUES ('a')")
    (path,) = tmp_path.iterdir()
    path.chmod(0o444)
    assert made.read("SELECT `id` FROM `customers`").read_all().to_pylist() == [{"id": "a"}]


def test_what_another_process_commits_is_seen_and_a_query_sees_one_state(engine: Made, tmp_path: Path) -> None:
    made = engine("CREATE TABLE customers (id TEXT)", "PRAGMA journal_mode = WAL")
    (path,) = [each for each in tmp_path.iterdir() if each.suffix == ".sqlite"]
    writer = sqlite3.connect(path)
    rows = made.read("SELECT COUNT(*) AS n FROM customers")
    writer.execute("INSERT INTO customers VALUES ('a')")
    writer.commit()
    assert rows.read_all().to_pylist() == [{"n": 0}]
    assert made.read("SELECT COUNT(*) AS n FROM customers").read_all().to_pylist() == [{"n": 1}]
    writer.close()


# ---------------------------------------------------------------------------------------------------------- opening


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    settings = EngineSettings(kind="sqlite", database="data/none.sqlite")
    with pytest.raises(EnvironmentProblem, match="does not exist") as problem:
        opened(settings, tmp_path)
    assert problem.value.code == "ENV002"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("content", [b"PAR1 this is no database at all", b"SQLite format 3\0" + b"\xff" * 2000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.sqlite").write_bytes(content)
    with pytest.raises(EnvironmentProblem, match="cannot open the database") as problem:
        opened(EngineSettings(kind="sqlite", database="x.sqlite"), tmp_path)
    assert problem.value.code == "ENV003"


def test_the_oldest_sqlite(engine: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(EnvironmentProblem, match=r"needs 3\.38 or newer") as problem:
        engine()
    assert problem.value.code == "ENV007"


# ------------------------------------------------------------------------------------------------------- streaming


def test_rows_come_in_batches_of_one_schema(engine: Made) -> None:
    rows = engine().read(COUNTING.format(2 * BATCH_ROWS + 1, "n, NULL AS occurred_at, 'x' AS occurrence"))
    assert rows.schema == pa.schema(
        [("n", pa.int64()), ("occurred_at", pa.timestamp("us", "UTC")), ("occurrence", pa.string())]
    )
    assert [batch.num_rows for batch in rows] == [BATCH_ROWS, BATCH_ROWS, 1]


def test_no_rows_are_a_table_with_columns(engine: Made) -> None:
    found = engine().read("SELECT `id`, 0 AS `steps` FROM `customers`").read_all()
    assert found.num_rows == 0
    assert found.schema == pa.schema([("id", pa.string()), ("steps", pa.int64())])


def test_memory_does_not_grow_with_the_rows(engine: Made) -> None:
    made = engine()
    for batch in made.read(COUNTING.format(BATCH_ROWS, "n, 'x' || n AS text")):
        assert batch.num_rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(batch.num_rows for batch in made.read(COUNTING.format(60 * BATCH_ROWS, "n, 'x' || n AS text")))
    assert count == 60 * BATCH_ROWS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KiB; all rows would take 200 MB


def test_two_queries_are_read_at_once(engine: Made) -> None:
    made = engine()
    one, other = (made.read(COUNTING.format(BATCH_ROWS + 1, f"n * {factor} AS n")) for factor in (1, 2))
    sums = [0, 0]
    for first, second in zip(one, other, strict=True):
        sums[0] += sum(first.column(0).to_pylist())
        sums[1] += sum(second.column(0).to_pylist())
    assert sums[1] == 2 * sums[0]


def test_a_column_of_two_types_stops_the_stream(engine: Made) -> None:
    with pytest.raises(DataProblem, match="`n` holds other values than int64") as problem:
        engine().read("SELECT 1 AS n UNION ALL SELECT 'x'").read_all()
    assert problem.value.code == "DAT003"


# ------------------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT `c`.`id` FROM `customer` AS `c`", "no such table: customer"),
        ("SELECT `c`.`points` FROM `customers` AS `c`", "no such column: c.points"),
        ("SELECT `points` FROM `customers`", "no such column: points"),
    ],
)
def test_tables_and_columns_that_are_not_there(engine: Made, query: str, said: str) -> None:
    """In double quotes the last one would be the text `points`."""
    with pytest.raises(DataProblem, match=said) as problem:
        engine().read(query)
    assert problem.value.code == "DAT002"
    assert problem.value.help is not None


@pytest.mark.parametrize(
    ("reading", "value", "form"),
    [
        ("INTEGER_OF(`c`.`x`)", "'12'", "an INTEGER"),
        ("INTEGER_OF(`c`.`x`)", "1.5", "an INTEGER"),
        ("INTEGER_OF(`c`.`x`)", "x'00'", "an INTEGER"),
        ("BOOLEAN_OF(`c`.`x`)", "2", "0 or 1"),
        ("BOOLEAN_OF(`c`.`x`)", "'true'", "0 or 1"),
        ("DATE_OF(`c`.`x`)", "'2023-02-29'", "a day that exists"),
        ("DATE_OF(`c`.`x`)", "'2023-02-31'", "a day that exists"),
        ("DATE_OF(`c`.`x`)", "'15.06.2026'", "a day that exists"),
        ("DATE_OF(`c`.`x`)", "'2026-06-15 00:00:00'", "a day that exists"),
        ("DATE_OF(`c`.`x`)", "20260615", "a day that exists"),
        ("INSTANT_OF(`c`.`x`)", "1781524800", "an instant"),
        ("INSTANT_OF(`c`.`x`)", "'2026-06-15'", "an instant"),
        ("INSTANT_OF(`c`.`x`)", "'2026-06-15 24:00:00'", "an instant"),
        ("INSTANT_OF(`c`.`x`)", "'2026-06-15 12:00:00.0000001'", "an instant"),
        ("INSTANT_OF(`c`.`x`)", "'0001-01-01 00:00:00+01:00'", "an instant"),
        ("DECIMAL_OF(`c`.`x`)", "'12,50'", "a decimal"),
        ("DECIMAL_OF(`c`.`x`)", "'1e3'", "a decimal"),
        ("DECIMAL_OF(`c`.`x`)", "0.1 + 0.2", "at most 15 digits"),
        ("DECIMAL_OF(`c`.`x`)", "9e999", "at most 15 digits"),
        ("DECIMAL_OF(`c`.`x`)", f"'{'9' * 39}'", "at most 38 digits"),
        ("DEGREES_OF(`c`.`x`)", "'north'", "a number of degrees"),
        ("JSON_AS(`c`.`x`, '[\"text\"]')", "'run, yoga'", "JSON"),
        ("JSON_AS(`c`.`x`, '[\"text\"]')", "'{}'", "a JSON array"),
        ("JSON_AS(`c`.`x`, '[\"date\"]')", "'[\"2026-02-30\"]'", "a day that exists"),
        ('JSON_AS(`c`.`x`, \'{"floor":"integer"}\')', '\'{"floor": "3"}\'', "an INTEGER"),
        ('JSON_AS(`c`.`x`, \'{"floor":"integer"}\')', "'[1]'", "a JSON object"),
    ],
)
def test_values_that_are_not_what_was_promised(engine: Made, reading: str, value: str, form: str) -> None:
    made = engine(
        "CREATE TABLE customers (id TEXT, x)",
        "INSERT INTO customers VALUES ('a', NULL)",
        f"INSERT INTO customers VALUES ('b', {value})",
    )
    with pytest.raises(DataProblem) as problem:
        made.read(f"SELECT {reading} AS `x` FROM `customers` AS `c`").read_all()
    assert problem.value.code == "DAT003"
    assert "`customers.x` (row 2)" in problem.value.message
    assert form in problem.value.message
    assert value.strip("'") not in problem.value.message or value in ("2", "1.5", "'2026-06-15'", "0.1 + 0.2")


@pytest.mark.parametrize(
    ("reading", "values", "wanted"),
    [
        ("INSTANT_OF", ["2026-06-15T12:00:00Z", "2026-06-15 12:00:00"], [1781524800000000] * 2),
        ("INSTANT_OF", ["2026-06-15 14:00:00.000+02:00", "2026-06-15 12:00"], [1781524800000000] * 2),
        ("INSTANT_OF", ["1969-12-31 23:59:59.999999", "1970-01-01 00:00:00-00:01"], [-1, 60_000_000]),
        ("DECIMAL_OF", ["12.50", "12.5", "+12.500", "012.5"], ["p502125"] * 4),
        ("DECIMAL_OF", [12, 12.0, "12"], ["p50212"] * 3),
        ("BOOLEAN_OF", [0, 1], [0, 1]),
        ("DATE_OF", ["2024-02-29"], ["2024-02-29"]),
    ],
)  # fmt: skip
def test_values_in_all_their_forms(engine: Made, reading: str, values: list[object], wanted: list[object]) -> None:
    rows = " UNION ALL ".join(f"SELECT {value!r} AS x" for value in values)
    found = engine().read(f"SELECT {reading}(x) AS x FROM ({rows})").read_all()
    assert found.column(0).to_pylist() == wanted


def test_decimals_of_a_column_that_makes_floats_of_them(engine: Made) -> None:
    made = engine(
        "CREATE TABLE t (price DECIMAL(12, 2))", "INSERT INTO t VALUES ('0.10'), ('0.20'), ('999999999.99'), (7)"
    )
    total = made.read("SELECT JSON_FROM(EXACT_TOTAL(DECIMAL_OF(price)), '\"decimal\"') AS x FROM t").read_all()
    assert total.to_pylist() == [{"x": "1000000007.29"}]


def test_a_text_that_is_not_utf_8(engine: Made) -> None:
    made = engine("CREATE TABLE t (x TEXT)", "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT))")
    with pytest.raises(DataProblem) as problem:
        made.read("SELECT `x` FROM `t`").read_all()
    assert problem.value.code == "DAT003"


def test_too_large_a_text_runs_out_of_memory_plainly(engine: Made) -> None:
    with pytest.raises(EnvironmentProblem, match=r"too big|out of memory") as problem:
        engine().read("SELECT ZEROBLOB(2000000000) AS x").read_all()
    assert problem.value.code == "ENV004"


def test_a_query_that_nests_too_deep(engine: Made) -> None:
    with pytest.raises(EnvironmentProblem, match=r"stack overflow|maximum depth") as problem:
        engine().read(f"SELECT {'NOT (1 = ' * 2_000}1{')' * 2_000} AS n").read_all()
    assert problem.value.code == "ENV004"
    assert problem.value.help is not None
    assert "fewer conditions inside of each other" in problem.value.help


def test_ctrl_c_stops_a_query(engine: Made) -> None:
    made = engine()
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        made.read(COUNTING.format(10**12, "SUM(n) AS n")).read_all()
    timer.join()
    assert made.read("SELECT 1 AS n").read_all().to_pylist() == [{"n": 1}]


def test_ctrl_c_inside_one_of_our_functions(engine: Made) -> None:
    made = engine()
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        made.read(COUNTING.format(10**12, "SUM(LOCAL_DAY(n, 'UTC') = '') AS n")).read_all()
    timer.join()


def test_a_writer_that_holds_the_file(engine: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine()
    (path,) = tmp_path.iterdir()
    monkeypatch.setattr("campaign_dsl.run.engines.sqlite.PATIENCE_MS", 50)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(EnvironmentProblem, match="locked") as problem:
        made.read("SELECT 1 AS n").read_all()
    writer.close()
    assert problem.value.help is not None
