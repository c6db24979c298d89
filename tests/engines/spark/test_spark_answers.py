"""What Spark is asked and how it answers: tables of a lake, values of every type, results in parts, nothing written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.engines.spark import SparkEngine
from campaign_dsl.run.problems import DataProblem, EnvironmentProblem
from conftest import CUSTOMERS, put


def rows(engine: SparkEngine, query: str, **relations: pa.Table) -> list[dict[str, Any]]:
    return engine.read(query, relations).read_all().to_pylist()


def test_values_of_every_type_come_as_they_lie_in_the_files(engine: SparkEngine) -> None:
    found = engine.read("SELECT * FROM customers ORDER BY id").read_all()
    assert found.to_pylist() == CUSTOMERS.to_pylist()
    assert [field.type for field in found.schema if field.name != "likes"] == [
        field.type for field in CUSTOMERS.schema if field.name != "likes"
    ]


def test_values_that_only_queries_have(engine: SparkEngine) -> None:
    query = (
        "SELECT CAST('06:00' AS TIME) AS at, INTERVAL '90' SECOND AS length, CAST(NULL AS STRING) AS text, NULL AS void"
    )
    (found,) = rows(engine, query)
    assert found["length"] == timedelta(seconds=90)
    assert str(found["at"]) == "06:00:00"
    assert found["text"] is None
    assert found["void"] is None


def test_tables_of_a_schema_and_in_a_folder_for_each_day(engine: SparkEngine) -> None:
    joined = "SELECT SUM(o.total) AS total FROM crm.orders AS o JOIN customers AS c ON c.id = o.owner WHERE c.id = 'a'"
    assert rows(engine, joined) == [{"total": 3}]
    days = "SELECT CAST(day AS STRING) AS day, COUNT(*) AS n FROM events GROUP BY day ORDER BY day"
    assert rows(engine, days) == [{"day": "2026-06-14", "n": 2}, {"day": "2026-06-15", "n": 2}]


def test_names_of_tables_and_columns_are_the_same_in_capitals(engine: SparkEngine) -> None:
    assert rows(engine, "SELECT COUNT(ID) AS n FROM Customers") == [{"n": 2}]
    assert rows(engine, "SELECT COUNT(*) AS n FROM CRM.Orders") == [{"n": 3}]


def test_its_tables_are_found_without_reading_a_row(engine: SparkEngine) -> None:
    inventory = engine.tables()
    assert {("crm.orders",), ("customers",), ("events",)} <= {table.names for table in inventory.tables}
    assert inventory.table("empty") is None
    table = inventory.table("customers")
    assert table is not None
    kinds = {column.name: column.type for column in table.columns}
    assert kinds["points"].kind is Kind.INTEGER
    assert (kinds["spent"].kind, kinds["spent"].places) == (Kind.DECIMAL, 2)
    assert (kinds["seen"].kind, kinds["seen"].zoned) == (Kind.TIMESTAMP, True)
    assert (kinds["naive"].kind, kinds["naive"].zoned) == (Kind.TIMESTAMP, False)
    assert kinds["likes"].element is not None
    assert kinds["likes"].element.kind is Kind.TEXT
    assert dict(kinds["home"].fields)["floor"].kind is Kind.INTEGER


def test_rows_of_our_own_are_seen_by_their_query_only(engine: SparkEngine) -> None:
    chosen = pa.table({"key": ["b", "x"], "place": pa.array([1, 2], pa.int64())})
    query = "SELECT c.id, o.place FROM customers AS c JOIN ours AS o ON o.key = c.id"
    assert rows(engine, query, ours=chosen) == [{"id": "b", "place": 1}]
    assert rows(engine, query, ours=chosen.slice(1)) == []
    with pytest.raises(DataProblem):
        rows(engine, query)


def test_large_results_come_in_parts_and_in_order(engine: SparkEngine) -> None:
    reader = engine.read("SELECT id, REPEAT('x', 100) AS text FROM RANGE(0, 200000, 1, 7) ORDER BY id")
    last, batches = -1, 0
    for batch in reader:
        ids = batch.column(0)
        assert ids[0].as_py() == last + 1
        last, batches = ids[-1].as_py(), batches + 1
        assert batch.num_rows <= 20_000
    assert (last, batches > 9) == (199_999, True)


def test_results_can_be_left_half_way_and_read_side_by_side(engine: SparkEngine) -> None:
    left = engine.read("SELECT id FROM RANGE(0, 100000, 1, 5)")
    assert left.read_next_batch().num_rows > 0
    one, other = (engine.read(f"SELECT id + {n} AS id FROM RANGE(0, 50000, 1, 3)") for n in (0, 1))
    pairs = zip(one, other, strict=True)
    assert sum(a.num_rows for a, b in pairs if b.column(0)[0].as_py() == a.column(0)[0].as_py() + 1) == 50_000
    left.close()
    assert rows(engine, "SELECT COUNT(*) AS n FROM customers") == [{"n": 2}]


def test_a_result_without_rows_has_its_columns(engine: SparkEngine) -> None:
    found = engine.read("SELECT id, points FROM customers WHERE id = 'nobody'").read_all()
    assert (found.num_rows, found.column_names) == (0, ["id", "points"])


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE made (x INT)",
        "INSERT INTO customers VALUES (1)",
        "DROP VIEW customers",
        "DROP TABLE crm.orders",
        "SET spark.sql.ansi.enabled = false",
        "ADD JAR '/nowhere.jar'",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_is_no_query_is_refused(engine: SparkEngine, statement: str) -> None:
    with pytest.raises(EnvironmentProblem) as refused:
        engine.read(statement)
    assert refused.value.code == "ENV004"
    assert rows(engine, "SELECT COUNT(*) AS n FROM customers") == [{"n": 2}]


def test_a_query_cannot_name_a_file(engine: SparkEngine, lake: Path) -> None:
    with pytest.raises(DataProblem):
        engine.read(f"SELECT * FROM parquet.`{lake}/customers`")
    for name in ("`..`", "`../customers`", "`a/b`", "x.y.z"):
        with pytest.raises(DataProblem):
            engine.read(f"SELECT * FROM {name}")


def test_a_text_is_what_it_is_whatever_stands_in_it(engine: SparkEngine) -> None:
    """The session neither puts variables into a query nor reads escapes in another way."""
    assert rows(engine, r"SELECT '${spark.master}' AS a, 'a\\nb' AS b, 'O''Neil' AS c") == [
        {"a": "${spark.master}", "b": "a\\nb", "c": "O'Neil"}
    ]


def test_files_that_come_later_belong_to_the_next_session(engine: SparkEngine, lake: Path) -> None:
    put(lake / "growing", pa.table({"x": [1]}))
    assert rows(engine, "SELECT COUNT(*) AS n FROM growing") == [{"n": 1}]
    put(lake / "growing", pa.table({"x": [2]}), "part-1.parquet")
    assert rows(engine, "SELECT COUNT(*) AS n FROM growing") == [{"n": 1}]
