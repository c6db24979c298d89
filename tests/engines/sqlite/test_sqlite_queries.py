"""What SQLite does with columns whose types promise nothing, seen through the queries that are asked."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.semantics.expressions import Names, predicate
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.assemble import parse_expression
from campaign_dsl.run.engines.sqlite import SQLiteEngine
from campaign_dsl.run.engines.sqlite_values import decimal_of, decoded
from campaign_dsl.run.problems import DataProblem

CATALOG = """\
customers:
  table: customers
  key: id
  attributes:
    id:     {type: %s, nullable: false}
    note:   {type: text}
    points: {type: integer}
    price:  {type: decimal}
events:
  visit:
    table: visits
    id: visit_id
    customer: member
    occurred_at: at
"""
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def catalog(key: str) -> Catalog:
    found, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG % key))
    assert found is not None, problems
    return found


def asked(path: Path, condition: str, key: str) -> list[object]:
    """For whom a condition holds."""
    problems = Problems()
    source = SourceFile("<condition>", condition)
    node = parse_expression(Snippet.of(source, 0, len(condition)), problems)
    assert node is not None
    typed = predicate(node, Names(catalog(key), lambda name, problems: None, "UTC"), problems)
    assert typed is not None, problems.sorted()
    query = audience_query(typed, ZoneRule(None, "UTC"), "feb_28", catalog(key), DIALECTS["sqlite"])
    return SQLiteEngine(path).read(render(bind(query, NOW, ()), "sqlite")).read_all().column(0).to_pylist()


def database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path / "w.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path / "w.sqlite"


LOOSE = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, note TEXT COLLATE NOCASE, points, price DECIMAL(12, 2))",
    "CREATE TABLE visits (visit_id INTEGER, member TEXT COLLATE NOCASE, at TEXT)",
    "INSERT INTO customers VALUES (7, 'a', 5, '0.10'), (8, 'A', 6, '0.30'), (11, 7, NULL, 2)",
    "INSERT INTO visits VALUES (1, '7', '2026-06-01T00:00Z')",
    "INSERT INTO visits VALUES (2, 8, '2026-06-01 02:00:00'), (2, 8, '2026-06-02 02:00')",
)


@pytest.mark.parametrize(("key", "shown"), [("integer", int), ("text", str)])
def test_keys_meet_whatever_they_are_stored_as(tmp_path: Path, key: str, shown: type) -> None:
    """`7` and 7 are not the same to SQLite."""
    statements = [*LOOSE[:2], "DELETE FROM customers WHERE id IS NULL", *LOOSE[2:]]
    if key == "integer":
        statements[1] = statements[1].replace("member TEXT COLLATE NOCASE", "member INTEGER")
    path = database(tmp_path, *statements)
    assert asked(path, "did visit ever", key) == [shown(7), shown(8)]
    assert asked(path, "count of visit ever = 1", key) == [shown(7), shown(8)]
    assert asked(path, "did not visit ever", key) == [shown(11)]


def test_a_key_that_is_no_integer_stops_the_query(tmp_path: Path) -> None:
    path = database(tmp_path, *LOOSE)
    with pytest.raises(DataProblem, match=r"`visits\.member` \(row 1\) does not hold an INTEGER"):
        asked(path, "did visit ever", "integer")


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ('note = "a"', ["7"]),
        ('note = "A"', ["8"]),
        ('note in ["a", "b"]', ["7"]),
        ('note = "7"', ["11"]),
        ('note < "a"', ["11", "8"]),
        ('note contains "A"', ["8"]),
        ("points > 5", ["8"]),
        ("points + 1 = 6", ["7"]),
        ("price = 0.1", ["7"]),
        ("price * 3 = 0.3", ["7"]),
        ("price >= 2", ["11"]),
        ("price in [0.3, 2]", ["11", "8"]),
        ("points < price", []),
    ],
)
def test_columns_that_may_hold_anything(tmp_path: Path, condition: str, wanted: list[str]) -> None:
    assert asked(database(tmp_path, *LOOSE), condition, "text") == wanted


def test_texts_among_numbers_are_not_compared(tmp_path: Path) -> None:
    """Every text is larger than every number to SQLite."""
    path = database(tmp_path, *LOOSE, "INSERT INTO customers VALUES (12, NULL, 'many', NULL)")
    with pytest.raises(DataProblem, match=r"`customers\.points` \(row 12\) does not hold an INTEGER"):
        asked(path, "points > 5", "text")
    assert asked(path, 'note = "a"', "text") == ["7"]  # nobody looks at it


def test_a_column_that_is_missing_is_no_text(tmp_path: Path) -> None:
    path = database(tmp_path, *LOOSE[:1], "CREATE TABLE visits (visit_id, member)")
    with pytest.raises(DataProblem, match=r"no such column: e\.at"):
        asked(path, "did visit ever", "text")


def test_names_are_written_so_that_they_cannot_be_texts() -> None:
    dialect = DIALECTS["sqlite"]
    query = audience_query_of_note()
    assert '"' not in query
    parsed = parse_one(query, dialect=dialect.writer)
    assert {each.name for each in parsed.find_all(exp.Table)} >= {"customers"}
    assert b.column("a`b", "t").sql(dialect=dialect.writer, identify=True) == "`t`.`a``b`"


def audience_query_of_note() -> str:
    problems = Problems()
    source = SourceFile("<condition>", "note is known")
    node = parse_expression(Snippet.of(source, 0, len(source.text)), problems)
    assert node is not None
    typed = predicate(node, Names(catalog("text"), lambda name, problems: None, "UTC"), problems)
    assert typed is not None
    query = audience_query(typed, ZoneRule(None, "UTC"), "feb_28", catalog("text"), DIALECTS["sqlite"])
    return render(bind(query, NOW, ()), "sqlite")


NUMBERS = (
    st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**25), max_value=10**25)
    | st.integers(-(10**37), 10**37).map(Decimal)
    | st.sampled_from(["0", "-0", "0.1", "-0.1", "9.99", "10", "-10", "-9.99", "1", "-1"]).map(Decimal)
)


@given(st.lists(NUMBERS, min_size=2))
def test_decimals_sort_as_texts_as_they_do_as_numbers(numbers: list[Decimal]) -> None:
    texts = {number: decimal_of(f"{number:f}") for number in numbers}
    for one, other in pairwise(sorted(numbers)):
        assert (texts[one] < texts[other]) == (one < other)
        assert (texts[one] == texts[other]) == (one == other)
    assert all(decoded(text) == number for number, text in texts.items())


def test_types_that_lists_and_records_are_read_as() -> None:
    place = Type(Kind.RECORD, fields=(("city", Type(Kind.TEXT)), ("since", Type(Kind.DATE))))
    read = DIALECTS["sqlite"].stored(b.column("places", "c"), Type(Kind.LIST, element=place))
    assert read.sql(dialect=DIALECTS["sqlite"].writer, identify=True) == (
        """JSON_AS(`c`.`places`, '[{"city":"text","since":"date"}]')"""
    )
