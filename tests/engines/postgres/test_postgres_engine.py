"""The PostgreSQL engine itself: read only, of one moment, streaming, cancelled, and plain about what is wrong."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from postgres_server import server

from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.run.engines import opened
from campaign_dsl.run.engines.postgres import PostgresEngine
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem

Made = Callable[..., PostgresEngine]
SECRET = "hunter2-never-shown"


@pytest.fixture(scope="module")
def database() -> str:
    name = server().database("engine_tests")
    with server().connect(name) as connection:
        connection.execute("CREATE TABLE customers (id text, points integer)")
        connection.execute("INSERT INTO customers VALUES ('a', 1), ('b', 2)")
        connection.execute("CREATE TABLE secrets (id text)")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON customers TO reader")
        connection.execute("CREATE SEQUENCE counter")
    return name


@pytest.fixture
def engine(database: str) -> Iterator[Made]:
    open_ones: list[PostgresEngine] = []

    def made(user: str = "postgres", **more: Any) -> PostgresEngine:
        open_ones.append(PostgresEngine(str(server().host), database, server().port, user, **more))
        return open_ones[-1]

    yield made
    for each in open_ones:
        each.close()


def rows(engine: PostgresEngine, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.read(query).read_all().to_pylist()
    return found


# ------------------------------------------------------------------------------------------------------- read only


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers VALUES ('x')",
        "UPDATE customers SET id = 'x'",
        "DELETE FROM customers",
        "CREATE TABLE other (id text)",
        "DROP TABLE customers",
        "TRUNCATE customers",
        "SELECT nextval('counter')",
        "SELECT * INTO other FROM customers",
        "WITH gone AS (DELETE FROM customers RETURNING id) SELECT id FROM gone",
        "SET TRANSACTION READ WRITE",
    ],
)
def test_no_statement_writes_anything(engine: Made, statement: str) -> None:
    made = engine()
    with pytest.raises(EnvironmentProblem):
        made.read(statement).read_all()
    assert rows(made, "SELECT id FROM customers ORDER BY id") == [{"id": "a"}, {"id": "b"}]


def test_being_allowed_to_read_is_enough(engine: Made) -> None:
    made = engine("reader")
    assert rows(made, "SELECT COUNT(*) AS n FROM customers") == [{"n": 2}]
    with pytest.raises(EnvironmentProblem, match="permission denied for table secrets") as problem:
        made.read("SELECT id FROM secrets")
    assert problem.value.code == "ENV004"
    assert "SELECT" in (problem.value.help or "")


def test_all_that_one_engine_reads_is_of_one_moment(engine: Made, database: str) -> None:
    made, count = engine(), "SELECT COUNT(*) AS n FROM customers"
    assert rows(made, count) == [{"n": 2}]
    with server().connect(database) as connection:
        connection.execute("INSERT INTO customers VALUES ('c')")
        try:
            assert rows(made, count) == [{"n": 2}]
            assert rows(engine(), count) == [{"n": 3}]
        finally:
            connection.execute("DELETE FROM customers WHERE id = 'c'")


def test_the_session_is_as_queries_need_it_whatever_the_server_says(engine: Made, database: str) -> None:
    settings = {"timezone": "Asia/Tokyo", "datestyle": "German", "intervalstyle": "sql_standard"}
    settings |= {"standard_conforming_strings": "off"}
    with server().connect(database) as connection:
        for name, value in settings.items():
            connection.execute(f"ALTER DATABASE {database} SET {name} = '{value}'")
        try:
            made = engine(timeout_seconds=77)
            names = (*settings, "transaction_read_only", "transaction_isolation", "statement_timeout")
            shown = ", ".join(f"current_setting('{name}') AS {name}" for name in (*names, "application_name"))
            assert rows(made, f"SELECT {shown}") == [
                {
                    "timezone": "UTC", "datestyle": "ISO, YMD", "intervalstyle": "postgres",
                    "standard_conforming_strings": "on", "transaction_read_only": "on",
                    "transaction_isolation": "repeatable read", "statement_timeout": "77s",
                    "application_name": "campaign",
                }
            ]  # fmt: skip
        finally:
            for name in settings:
                connection.execute(f"ALTER DATABASE {database} RESET {name}")


def test_rows_of_our_own_can_be_asked_and_are_gone_afterwards(engine: Made) -> None:
    made = engine()
    ours = pa.table({"id": pa.array(["b", "x"]), "number": pa.array([1, 2], pa.int64())})
    query = "SELECT c.id, r.number, 1.50::numeric(5, 2) AS price FROM customers AS c JOIN repeated AS r ON r.id = c.id"
    for _ in range(2):
        found = made.read(query, {"repeated": ours}).read_all()
        assert found.to_pylist() == [{"id": "b", "number": 1, "price": Decimal("1.50")}]
        assert found.schema.field("price").type == pa.decimal128(5, 2)
    with pytest.raises(DataProblem, match='relation "repeated" does not exist'):
        made.read("SELECT id FROM repeated")
    with pytest.raises(EnvironmentProblem):
        made.read("INSERT INTO customers SELECT id FROM repeated", {"repeated": ours}).read_all()


# ---------------------------------------------------------------------------------------------------------- opening


def settings(**more: Any) -> EngineSettings:
    given = {"host": str(server().host), "port": server().port, "database": "engine_tests", "user": "postgres"}
    return EngineSettings(kind="postgres", **{**given, **more})


@pytest.mark.parametrize(
    ("more", "said", "code"),
    [
        ({"database": "nowhere"}, 'database "nowhere" does not exist', "ENV002"),
        ({"user": "nobody_here"}, 'role "nobody_here" does not exist', "ENV003"),
        ({"port": 1}, "No such file or directory", "ENV003"),
        ({"host": "127.0.0.1", "port": 1}, "Connection refused", "ENV003"),
        ({"host": "no-such-host.invalid"}, "name", "ENV003"),
    ],
)
def test_what_cannot_be_opened(
    database: str, tmp_path: Path, more: dict[str, Any], said: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)
    with pytest.raises(EnvironmentProblem) as problem:
        opened(settings(**more, password={"env": "WAREHOUSE_PASSWORD"}), tmp_path)
    assert said in problem.value.message
    assert problem.value.code == code
    assert problem.value.help
    assert SECRET not in f"{problem.value.message} {problem.value.help} {problem.value.__cause__!r}"


def test_a_password(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server().guarded("engine_tests", "guarded", SECRET):
        monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)
        made = opened(settings(user="guarded", password={"env": "WAREHOUSE_PASSWORD"}), tmp_path)
        assert made.read("SELECT 1 AS one").read_all().to_pylist() == [{"one": 1}]
        made.close()
        (tmp_path / "password").write_text("wrong-one")
        with pytest.raises(EnvironmentProblem, match="password authentication failed") as problem:
            opened(settings(user="guarded", password={"file": "password"}), tmp_path)
        assert "wrong-one" not in f"{problem.value.message} {problem.value.help} {problem.value.__cause__!r}"
        with pytest.raises(EnvironmentProblem, match="no password supplied"):
            opened(settings(user="guarded"), tmp_path)
    monkeypatch.delenv("WAREHOUSE_PASSWORD")
    with pytest.raises(EnvironmentProblem, match="`WAREHOUSE_PASSWORD` is not set"):
        opened(settings(password={"env": "WAREHOUSE_PASSWORD"}), tmp_path)


def test_a_database_that_is_not_in_unicode() -> None:
    with server().connect() as connection:
        connection.execute("DROP DATABASE IF EXISTS latin")
        connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(EnvironmentProblem, match="the database is in LATIN1"):
        PostgresEngine(str(server().host), "latin", server().port, "postgres")


# ------------------------------------------------------------------------------------------------------- streaming

MANY = "SELECT n, 'x' || n AS text FROM generate_series(1, {}) AS g(n)"


def test_no_rows_are_a_table_with_columns(engine: Made) -> None:
    found = engine().read("SELECT id, points, 1.5::numeric(4, 1) AS price FROM customers WHERE FALSE").read_all()
    assert found.num_rows == 0
    assert found.schema == pa.schema([("id", pa.string()), ("points", pa.int32()), ("price", pa.decimal128(4, 1))])


def test_numbers_are_exact(engine: Made) -> None:
    (found,) = rows(
        engine(),
        "SELECT 0.10::numeric(12, 2) AS price, 1.0 / 3 AS third, 1e37::numeric AS large, NULL::numeric AS nothing,"
        " 12345678901234567890.5::numeric(60, 5) AS wide, 9223372036854775807 AS whole",
    )
    third = Decimal("0.33333333333333333333")
    assert found == {
        "price": Decimal("0.10"), "third": third, "large": Decimal("1e37"), "nothing": None,
        "wide": Decimal("12345678901234567890.50000"), "whole": 2**63 - 1,
    }  # fmt: skip


def test_memory_does_not_grow_with_the_rows(engine: Made) -> None:
    made = engine()
    assert sum(batch.num_rows for batch in made.read(MANY.format(200_000))) == 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    batches = [batch.num_rows for batch in made.read(MANY.format(5_000_000))]
    assert sum(batches) == 5_000_000
    assert len(batches) > 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB; all rows would take 200 MB


def test_a_new_question_ends_the_answer_before(engine: Made) -> None:
    made = engine()
    unread = made.read(MANY.format(5_000_000))
    next(unread)
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]


# ------------------------------------------------------------------------------------------------------ what is wrong


@pytest.mark.parametrize(
    ("query", "said", "code"),
    [
        ('SELECT c.id FROM customer AS "c"', 'relation "customer" does not exist', "DAT002"),
        ('SELECT c.point FROM customers AS "c"', "column c.point does not exist", "DAT002"),
        ("SELECT id FROM shop.customers", 'relation "shop.customers" does not exist', "DAT002"),
        ("SELECT id + 1 FROM customers", "operator does not exist: text + integer", "DAT002"),
        ("SELECT id FROM customers WHERE id = points", "operator does not exist: text = integer", "DAT002"),
        ("SELECT EXTRACT(YEAR FROM points) FROM customers", "does not exist", "DAT002"),
        ("SELECT points::timestamptz FROM customers", "cannot cast type integer", "DAT002"),
        ("SELECT id::numeric FROM customers", 'invalid input syntax for type numeric: "a"', "DAT003"),
        ("SELECT id::date FROM customers", "invalid input syntax for type date", "DAT003"),
        ("SELECT (points * 3000000000)::integer FROM customers", "integer out of range", "DAT003"),
        ("SELECT '2023-02-30'::text::date FROM customers", "date/time field value out of range", "DAT003"),
        ("SELECT now() AT TIME ZONE id FROM customers", 'time zone "a" not recognized', "DAT003"),
        ("SELECT 'NaN'::numeric AS n", "is not a valid decimal", "DAT003"),
    ],
)
def test_tables_and_values_that_are_not_as_promised(engine: Made, query: str, said: str, code: str) -> None:
    made = engine()
    with pytest.raises(DataProblem) as problem:
        made.read(query).read_all()
    assert said in problem.value.message
    assert problem.value.code == code
    assert problem.value.help
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]


def test_what_breaks_half_way(engine: Made) -> None:
    made = engine()
    stream = made.read("SELECT 1 / (900000 - n) AS n, repeat('x', 100) AS t FROM generate_series(1, 1000000) AS g(n)")
    with pytest.raises(DataProblem, match="division by zero"):
        for _ in stream:
            pass
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]


def test_a_query_that_takes_too_long(engine: Made) -> None:
    made = engine(timeout_seconds=1)
    with pytest.raises(EnvironmentProblem, match="it was not done within 1 seconds") as problem:
        made.read("SELECT pg_sleep(20)").read_all()
    assert problem.value.code == "ENV004"
    assert "timeout_seconds" in (problem.value.help or "")


def test_a_query_that_somebody_cancels(engine: Made, database: str) -> None:
    made = engine()

    def cancel() -> None:
        with server().connect(database) as connection:
            asked = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(19)%' AND pid <> "
            while not connection.execute(asked + "pg_backend_pid() AND state = 'active'").fetchall():
                time.sleep(0.05)

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(EnvironmentProblem, match="the query was cancelled"):
        made.read("SELECT pg_sleep(19)").read_all()
    thread.join()


def test_ctrl_c_ends_a_query(engine: Made, database: str) -> None:
    made = engine()
    threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        made.read("SELECT pg_sleep(18)").read_all()
    assert time.monotonic() - begun < 10
    with server().connect(database) as connection:
        left = "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(18)%' AND pid <> pg_backend_pid()"
        assert connection.execute(left + " AND state = 'active'").fetchone() == (0,)
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]


def test_a_connection_that_is_lost(engine: Made, database: str) -> None:
    made = engine()
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]
    with server().connect(database) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'campaign'")
    with pytest.raises(EnvironmentProblem, match="the connection to the server is lost") as problem:
        made.read("SELECT 1 AS one").read_all()
    assert problem.value.code == "ENV004"
    assert rows(made, "SELECT 1 AS one") == [{"one": 1}]  # asked again, there is a new one


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("53200", "the server ran out of memory"),
        ("53100", "the server ran out of space for its temporary files"),
        ("40001", "the query was cancelled"),
        ("57P01", "the connection to the server is lost"),
        ("XX000", "the query failed"),
        ("42601", "the query failed"),
    ],
)
def test_a_server_that_gives_up(engine: Made, database: str, state: str, said: str) -> None:
    with server().connect(database) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION give_up(state text) RETURNS integer LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no more' USING ERRCODE = state; END $$"
        )
    with pytest.raises(EnvironmentProblem, match=said) as problem:
        engine().read(f"SELECT give_up('{state}') AS n FROM customers").read_all()
    assert "no more" in problem.value.message
    assert problem.value.code == "ENV004"


def test_a_server_without_space_for_what_it_sorts(engine: Made, database: str) -> None:
    with server().connect(database) as connection:
        connection.execute("ALTER ROLE reader SET temp_file_limit = '1MB'")
        try:
            made, large = engine("reader"), "SELECT n FROM generate_series(1, 1000000) AS g(n) ORDER BY md5(n::text)"
            with pytest.raises(EnvironmentProblem, match="the server ran out of space for its temporary files"):
                made.read(large).read_all()
        finally:
            connection.execute("ALTER ROLE reader RESET temp_file_limit")


def test_a_database_whose_letters_nobody_has_told_it(engine: Made, database: str) -> None:
    """PostgreSQL 15 and 16 need a collation that 17 has: what to do stands in the help."""
    with server().connect(database) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION no_letters() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'collation \"pg_c_utf8\" for encoding \"UTF8\" does not exist' USING ERRCODE = '42704'; END $$"
        )
    with pytest.raises(EnvironmentProblem, match="PostgreSQL before 17") as problem:
        engine().read("SELECT no_letters() AS n FROM customers").read_all()
    assert "CREATE COLLATION pg_c_utf8" in (problem.value.help or "")


def test_a_query_that_is_too_deep(engine: Made) -> None:
    deep = "(" * 60_000 + "1" + ")" * 60_000
    with pytest.raises(EnvironmentProblem) as problem:
        engine().read(f"SELECT {deep} AS one")
    assert problem.value.code == "ENV004"
