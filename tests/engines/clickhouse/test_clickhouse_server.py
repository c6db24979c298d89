"""A ClickHouse over HTTP, through clickhouse-connect: ClickHouse's engine behind the front door of `front.py`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from chdb.session import Session
from clickhouse_warehouse import put
from expecting import LONG, TABLES, problem, read
from front import PASSWORD, USER
from sample_run import RUNS, decided, elsewhere, sample, tables

from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.run.engines.clickhouse import ClickHouseEngine


@contextmanager
def served(folder: Path, profile: str = "") -> Iterator[int]:
    """The port of a front before a folder."""
    command = [sys.executable, str(Path(__file__).with_name("front.py")), str(folder), profile]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def settings(port: int, **others: object) -> EngineSettings:
    said = {"host": "127.0.0.1", "port": port, "user": USER, "password": {"file": "password"}, **others}
    return EngineSettings.model_validate({"kind": "clickhouse", **said})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace's folder with the password, and `data` of ClickHouse."""
    path = tmp_path_factory.mktemp("server")
    (path / "password").write_text(PASSWORD + "\n", "utf-8")
    code = f"from chdb.session import Session\ns = Session({str(path / 'data')!r})\nfor q in {TABLES!r}: s.query(q)"
    subprocess.run([sys.executable, "-c", code], check=True)
    return path


@pytest.fixture(scope="module")
def port(root: Path) -> Iterator[int]:
    with served(root / "data") as found:
        yield found


@pytest.fixture
def engine(root: Path, port: int) -> Iterator[ClickHouseEngine]:
    opened = ClickHouseEngine.of(settings(port), root)
    yield opened
    opened.close()


def test_rows_relations_and_tables(engine: ClickHouseEngine) -> None:
    assert read(engine, "SELECT id, points FROM customers ORDER BY id") == [
        {"id": "a", "points": 1},
        {"id": "b", "points": None},
    ]
    empty = engine.read("SELECT id FROM customers WHERE id = 'z'").read_all()
    assert (empty.num_rows, empty.column_names) == (0, ["id"])
    ids = pa.table({"id": ["b", "z", None]})
    query = "SELECT id FROM customers WHERE id IN (SELECT id FROM campaign_ids)"
    assert read(engine, query, campaign_ids=ids) == [{"id": "b"}]
    with problem("DAT002", "campaign_ids"):
        read(engine, query)
    assert [each.names for each in engine.tables().tables] == [("customers", "default.customers")]


def test_nothing_can_be_written(engine: ClickHouseEngine) -> None:
    for statement in ("INSERT INTO customers VALUES ('c', 1, '', NULL)", "DROP TABLE customers"):
        with problem("ENV004", "none that gives rows"):
            read(engine, statement)
        with problem("ENV004", "readonly"):
            engine._source.read(statement, {})
    assert read(engine, "SELECT COUNT(*) AS n FROM customers") == [{"n": 2}]


def test_tables_and_values_that_are_not_as_promised(engine: ClickHouseEngine) -> None:
    with problem("DAT002", "shops", "catalog.yaml"):
        read(engine, "SELECT 1 FROM shops")
    with problem("DAT002", "level"):
        read(engine, "SELECT level FROM customers")
    with problem("DAT003", "`number`", "Int64"):
        read(engine, "SELECT CAST(number AS Int64) AS n FROM customers")


def test_limits_of_time_and_memory(root: Path, port: int) -> None:
    engine = ClickHouseEngine.of(settings(port, timeout_seconds=1, memory_mb=64), root)
    with problem("ENV004", "it took too long", "timeout_seconds"):
        read(engine, LONG)
    with problem("ENV004", "out of memory", "memory_mb"):
        read(engine, "SELECT length(groupArray(number)) FROM numbers(30000000)")
    engine.close()


def test_servers_that_refuse_or_are_none(root: Path, port: int) -> None:
    (root / "wrong").write_text("s3cret-but-wrong", "utf-8")
    with problem("ENV003", "refuses the user", "`password`"):
        ClickHouseEngine.of(settings(port, password={"file": "wrong"}), root)
    with problem("ENV002", "no database `crm`"):
        ClickHouseEngine.of(settings(port, database="crm"), root)
    with problem("ENV003", "127.0.0.1:1 refuses the connection", "`port`"):
        ClickHouseEngine.of(settings(1), root)
    with problem("ENV003", "nowhere.invalid:8123 cannot be found", "`host`"):
        ClickHouseEngine.of(settings(8123, host="nowhere.invalid"), root)
    with problem("ENV003", "127.0.0.1", "`secure`"):
        ClickHouseEngine.of(settings(port, secure=True), root)


def test_the_terminal_hears_it_once() -> None:
    """In a process of its own: pytest takes what is logged for itself."""
    code = (
        "from campaign_dsl.run.engines.clickhouse_server import Server\n"
        "try: Server('127.0.0.1', port=1)\nexcept Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("the ClickHouse server at 127.0.0.1:1 refuses the connection\n", "")


def test_a_user_who_may_not_change_settings(root: Path, tmp_path: Path) -> None:
    code = f"from chdb.session import Session\nSession({str(tmp_path / 'data')!r}).query('CREATE DATABASE crm')"
    subprocess.run([sys.executable, "-c", code], check=True)
    with (
        served(tmp_path / "data", "readonly=1") as there,
        problem("ENV003", "may not change settings", "readonly = 2"),
    ):
        ClickHouseEngine.of(settings(there), root)


def test_a_server_that_goes_away(root: Path, tmp_path: Path) -> None:
    code = f"from chdb.session import Session\nSession({str(tmp_path / 'data')!r}).query('CREATE DATABASE crm')"
    subprocess.run([sys.executable, "-c", code], check=True)
    with served(tmp_path / "data") as there:
        engine = ClickHouseEngine.of(settings(there), root)
    with problem("ENV003", "the ClickHouse server at 127.0.0.1"):
        read(engine, "SELECT 1")
    engine.close()


def test_ctrl_c_stops_waiting(engine: ClickHouseEngine) -> None:
    timer = threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            read(
                engine, "SELECT sleepEachRow(1) FROM numbers(20) SETTINGS function_sleep_max_microseconds_per_block = 0"
            )
    finally:
        timer.cancel()
    assert time.monotonic() - begun < 15
    assert len(read(engine, "SELECT id FROM customers")) == 2


def test_the_sample_decides_as_on_duckdb(tmp_path: Path) -> None:
    here = sample(tmp_path)
    folder = tmp_path / "served"
    with Session(str(folder)) as session:
        put(session, tables(here), "MergeTree ORDER BY tuple()")
    with served(folder) as there:
        engine = {"host": "127.0.0.1", "port": there, "user": USER, "password": {"file": "password"}}
        elsewhere_ = elsewhere(here, {"kind": "clickhouse", **engine})
        (elsewhere_ / "password").write_text(PASSWORD, "utf-8")
        found = decided(elsewhere_, RUNS[:2])
    assert found == decided(here, RUNS[:2])
