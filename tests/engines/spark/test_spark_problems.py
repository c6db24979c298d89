"""What can go wrong with Spark: the cause, the place, what to do; never a traceback, and nothing on the terminal."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest
from expecting import LONG, problem, read

from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.problems import DataProblem
from conftest import put

# ---------------------------------------------------------------------------------------------- tables and values


def test_a_table_or_column_that_is_not_there(engine: SparkEngine, lake: Path) -> None:
    with problem("DAT002", "no table `shops`", f"{lake}/shops", "catalog.yaml"):
        read(engine, "SELECT 1 FROM shops")
    with problem("DAT002", "no table `crm.people`"):
        read(engine, "SELECT 1 FROM crm.people")
    with problem("DAT002", "`level`"):
        read(engine, "SELECT level FROM customers")
    with problem("DAT002", "`street`"):
        read(engine, "SELECT home.street FROM customers")
    with problem("DAT002", "files of the lake"):
        read(engine, "SELECT 1 FROM empty")


def test_a_column_whose_type_changed(engine: SparkEngine) -> None:
    with problem("DAT002", "DATE"):
        read(engine, "SELECT id FROM customers WHERE points > CAST('2026-06-15' AS DATE)")
    with problem("DAT002", "ARRAY"):
        read(engine, "SELECT ARRAY_SIZE(points) FROM customers")


def test_text_where_numbers_were_promised(engine: SparkEngine) -> None:
    with problem("DAT003", "'seven'", "BIGINT"):
        read(engine, "SELECT id FROM customers WHERE number > 3")


def test_a_file_that_is_no_parquet_or_of_another_type(engine: SparkEngine, lake: Path) -> None:
    put(lake / "mixed", pa.table({"x": [1]}), "a.parquet")
    put(lake / "mixed", pa.table({"x": ["one"]}), "b.parquet")
    with problem("DAT002", "files of the lake", "catalog.yaml"):
        read(engine, "SELECT SUM(x) FROM mixed")
    put(lake / "broken", pa.table({"x": [1]}))
    (lake / "broken" / "part-1.parquet").write_bytes(b"no parquet at all, but long enough for a footer")
    with problem("DAT002", "files of the lake"):
        read(engine, "SELECT COUNT(x) FROM broken")


def test_a_file_that_goes_away_during_the_query(engine: SparkEngine, lake: Path) -> None:
    put(lake / "going", pa.table({"x": [1]}))
    read(engine, "SELECT COUNT(*) FROM going")
    (lake / "going" / "part-0.parquet").unlink()
    with problem("DAT002", "run it again"):
        read(engine, "SELECT SUM(x) FROM going")


def test_what_breaks_half_way_is_explained(engine: SparkEngine) -> None:
    reader = engine.read("SELECT ASSERT_TRUE(id < 90000, 'too far') AS x, id FROM RANGE(0, 100000, 1, 1)")
    with problem("ENV004", "too far"):
        for _ in reader:
            pass


def test_ctrl_c_stops_the_query_and_the_session_goes_on(engine: SparkEngine) -> None:
    timer = threading.Timer(3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            read(engine, LONG)
    finally:
        timer.cancel()
    assert time.monotonic() - begun < 60
    assert read(engine, "SELECT COUNT(*) FROM customers").num_rows == 1


def test_one_session_in_a_process(engine: SparkEngine, lake: Path) -> None:
    with problem("ENV003", "one session"):
        SparkEngine("local[1]", lake=str(lake))


def test_the_terminal_stays_silent(engine: SparkEngine, capfd: pytest.CaptureFixture[str]) -> None:
    read(engine, "SELECT COUNT(*) FROM customers")
    with pytest.raises(DataProblem):
        read(engine, "SELECT nothing FROM customers")
    with pytest.raises(DataProblem):
        read(engine, "SELECT id FROM customers WHERE number > 3")
    sys.stdout.flush()
    sys.stderr.flush()
    assert tuple(capfd.readouterr()) == ("", "")
