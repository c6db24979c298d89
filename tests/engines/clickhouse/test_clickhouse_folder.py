"""A folder of ClickHouse, asked in this process: what is read, what cannot be written, and what can go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from chdb.session import Session
from expecting import LONG, TABLES, UNSTOPPABLE, problem, read

from campaign_dsl.compile.sql.dialects.clickhouse_functions import DAY, EXACT, FUNCTIONS
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
from campaign_dsl.run.engines.clickhouse_embedded import Folder

SETTINGS = "SETTINGS cast_keep_nullable = 1"
EXACT_DAY, EXACT_DECIMAL = (f"WITH {FUNCTIONS[name].sql('clickhouse')} AS {name}" for name in (DAY, EXACT))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clickhouse") / "data"
    with Session(str(path)) as session:
        for statement in TABLES:
            session.query(statement)
    return path


@pytest.fixture
def engine(folder: Path) -> Iterator[ClickHouseEngine]:
    opened = ClickHouseEngine.of(EngineSettings(kind="clickhouse", path=folder.name), folder.parent)
    yield opened
    opened.close()


def test_rows_and_no_rows(engine: ClickHouseEngine) -> None:
    assert read(engine, "SELECT id, points FROM customers ORDER BY id") == [
        {"id": "a", "points": 1},
        {"id": "b", "points": None},
    ]
    empty = engine.read("SELECT id, points FROM customers WHERE id = 'z'").read_all()
    assert (empty.num_rows, empty.column_names) == (0, ["id", "points"])


def test_rows_come_as_they_are_read(engine: ClickHouseEngine) -> None:
    """The end of the answer is a day away."""
    reader = engine.read("SELECT number FROM numbers(1000000000000)")
    assert reader.read_next_batch().num_rows > 0
    del reader
    assert len(read(engine, "SELECT id FROM customers")) == 2


def test_two_answers_at_once(engine: ClickHouseEngine) -> None:
    readers = [engine.read(f"SELECT number + {start} AS n FROM numbers(200000)") for start in (0, 7)]
    firsts = [reader.read_next_batch().column(0)[0].as_py() for reader in readers]
    assert firsts == [0, 7]
    assert [sum(batch.num_rows for batch in reader) > 0 for reader in readers] == [True, True]


def test_relations_are_seen_by_their_query_only(engine: ClickHouseEngine) -> None:
    query = "SELECT id FROM customers WHERE id IN (SELECT id FROM campaign_ids)"
    ids = pa.table({"id": ["b", "z", None]})
    assert read(engine, query, campaign_ids=ids) == [{"id": "b"}]
    with problem("DAT002", "campaign_ids"):
        read(engine, query)
    numbers = pa.table({"id": pa.array([2**63 - 1, -1], pa.int64())})
    assert read(engine, "SELECT id FROM campaign_ids ORDER BY id", campaign_ids=numbers) == [
        {"id": -1},
        {"id": 2**63 - 1},
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers VALUES ('c', 1, '', NULL)",
        "DROP TABLE customers",
        "ALTER TABLE customers DELETE WHERE 1",
        "CREATE TABLE more (x Int8) ENGINE = Memory",
    ],
)
def test_nothing_can_be_written(engine: ClickHouseEngine, statement: str) -> None:
    with problem("ENV004", "none that gives rows"):
        read(engine, statement)
    with engine._source._session() as session, pytest.raises(RuntimeError, match="readonly"):  # type: ignore[attr-defined]
        session.query(statement)
    with problem("ENV004", "readonly"):
        read(engine, "SELECT 1 SETTINGS readonly = 0")
    assert read(engine, "SELECT COUNT(*) AS n FROM customers") == [{"n": 2}]


def test_no_file_can_be_written(engine: ClickHouseEngine, tmp_path: Path) -> None:
    with problem("ENV004", "none that gives rows"):
        read(engine, f"INSERT INTO FUNCTION file('{tmp_path}/more.csv', 'CSV', 'x Int8') VALUES (1)")
    assert list(tmp_path.iterdir()) == []


def test_tables_and_columns_that_are_not_there(engine: ClickHouseEngine) -> None:
    with problem("DAT002", "shops", "catalog.yaml", "check --target TARGET"):
        read(engine, "SELECT 1 FROM shops")
    with problem("DAT002", "crm"):
        read(engine, "SELECT 1 FROM crm.people")
    with problem("DAT002", "level"):
        read(engine, "SELECT level FROM customers")


def test_a_column_whose_type_changed(engine: ClickHouseEngine) -> None:
    with problem("DAT002"):
        read(engine, "SELECT id FROM customers WHERE length(points) > 3")


def test_text_where_something_else_was_promised(engine: ClickHouseEngine) -> None:
    with problem("DAT003", "`number` holds what is no integer (Int64)", "mend the value", "check --target TARGET"):
        read(engine, "SELECT CAST(number AS Int64) AS n FROM customers")
    with problem("DAT003", "`born` holds what is no date (Date32)"):
        read(engine, f"{EXACT_DAY} SELECT id FROM customers WHERE exact_day(born) > '1990-01-01' {SETTINGS}")
    with problem("DAT003", "`born` holds what is no decimal (Decimal("):
        read(engine, f"{EXACT_DECIMAL} SELECT id FROM customers WHERE exact_decimal(born) > 1990 {SETTINGS}")


def test_what_breaks_half_way_is_explained(engine: ClickHouseEngine) -> None:
    reader = engine.read("SELECT throwIf(number = 3000000, 'too far') AS x, number FROM numbers(5000000)")
    with problem("ENV004", "too far"):
        for _ in reader:
            pass


def test_limits_of_time_and_memory(folder: Path) -> None:
    engine = ClickHouseEngine(Folder(folder, timeout_seconds=1))
    begun = time.monotonic()
    with problem("ENV004", "it took too long", "timeout_seconds"):
        read(engine, LONG)
    assert time.monotonic() - begun < 30
    engine.close()
    engine = ClickHouseEngine(Folder(folder, memory_mb=64))
    with problem("ENV004", "out of memory", "memory_mb"):
        read(engine, "SELECT length(groupArray(number)) FROM numbers(100000000)")
    assert len(read(engine, "SELECT id FROM customers")) == 2
    engine.close()


def test_ctrl_c_stops_the_query_and_the_folder_stays_open(engine: ClickHouseEngine) -> None:
    timer = threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            read(engine, LONG)
    finally:
        timer.cancel()
    assert time.monotonic() - begun < 60
    assert len(read(engine, "SELECT id FROM customers")) == 2


def test_ctrl_c_does_not_wait_for_what_does_not_look_up(folder: Path) -> None:
    """In a process of its own, by the door: the command ends, and so does the process."""
    code = f"""
import sys
from pathlib import Path
from click import Command
from campaign_dsl.doors import cli
from campaign_dsl.doors.cli import Commands
from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
from campaign_dsl.run.engines.clickhouse_embedded import Folder

def command():
    engine = ClickHouseEngine(Folder(Path({str(folder)!r})))
    try:
        print("asked", flush=True)
        engine.read({UNSTOPPABLE!r})
    finally:
        engine.close()
        print("closed")

Commands.get_command = lambda self, context, name: Command(name, callback=command)
sys.argv = ["campaign", "run"]
cli.main()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout is not None
        try:
            assert asking.stdout.readline() == "asked\n"
            time.sleep(2)
            asking.send_signal(signal.SIGINT)
            begun = time.monotonic()
            said, complaint = asking.communicate(timeout=60)
        finally:
            asking.kill()
    assert time.monotonic() - begun < 10
    assert (said, asking.returncode) == ("closed\n", Exit.INTERRUPTED)
    assert complaint.startswith("stopped: nothing is lost")


def test_folders_that_cannot_be_opened(engine: ClickHouseEngine, folder: Path, tmp_path: Path) -> None:
    with problem("ENV002", "is not there", "engine: path:"):
        Folder(tmp_path / "nothing")
    with problem("ENV002", "no data"):
        Folder(tmp_path)
    with problem("ENV002", "no database `crm`", "engine: database:"):
        ClickHouseEngine(Folder(folder, "crm"), "crm")
    (tmp_path / "metadata").mkdir()
    with problem("ENV003", "already uses another folder"):
        Folder(tmp_path)


def test_a_folder_that_another_process_uses(folder: Path) -> None:
    code = f"from chdb.session import Session; s = Session({str(folder)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with problem("ENV003", "another process may be using it", "run it again"):
            Folder(folder)
        other.communicate("\n")
    ClickHouseEngine(Folder(folder)).close()


def test_the_terminal_stays_silent(engine: ClickHouseEngine, capfd: pytest.CaptureFixture[str]) -> None:
    read(engine, "SELECT COUNT(*) AS n FROM customers")
    with problem("DAT002"):
        read(engine, "SELECT nothing FROM customers")
    assert tuple(capfd.readouterr()) == ("", "")
