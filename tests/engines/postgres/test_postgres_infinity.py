"""What PostgreSQL has and nothing else does: days without end, numbers that are none, years before the first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from postgres_server import server

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.run.engines.postgres import PostgresEngine
from campaign_dsl.run.problems import DataProblem

sys.path.insert(0, str(Path(__file__).parents[2] / "doors"))

from commandline import call, settings
from test_postgres_tables import members

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.postgres import Postgres
from campaign_dsl.workspace import Workspace

DATABASE = "without_end"
CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  attributes:
    id:    {type: text, nullable: false}
    zone:  {type: text}
    until: {type: date}
    seen:  {type: timestamp}
    spent: {type: decimal}
    rate:  {type: decimal}
events:
  visit: {table: visits}
"""
TABLE = """
CREATE TABLE customers (id text, zone text, until date, seen timestamptz, spent numeric(12, 2), rate double precision);
CREATE TABLE visits (event_id integer, customer_id text, occurred_at timestamptz);
INSERT INTO visits VALUES (1, 'a', '2026-06-01 12:00Z'), (2, 'c', '-infinity');
INSERT INTO customers VALUES
    ('a', 'UTC', '2027-01-01', '2026-06-01 12:00Z', 10, 0.5),
    ('b', 'UTC', 'infinity', 'infinity', 'NaN', 'NaN'),
    ('c', 'UTC', '-infinity', '-infinity', 5, '-Infinity'),
    ('d', 'UTC', '0044-03-15 BC', '0044-03-15 12:00Z BC', NULL, NULL);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    server().database(DATABASE)
    with server().connect(DATABASE) as connection:
        connection.execute(TABLE)
    root = tmp_path_factory.mktemp(DATABASE)
    (root / "workspace.yaml").write_text(settings(**server().engine(DATABASE)), "utf-8")
    (root / "catalog.yaml").write_text(CATALOG, "utf-8")
    return Workspace.load(root), root


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("until > 2026-06-15", "ab"),
        ("until < 2026-06-15", "cd"),
        ("until is missing", ""),
        ("seen >= 30 days ago", "ab"),
        ("seen < 30 days ago", "cd"),
        ("spent > 7", "ab"),
        ("spent + 1 > 7", "ab"),
        ("until + 1 calendar day > 2026-06-15", "a"),
        ("until - 1 calendar year < 2026-06-15", "a"),
        ("until + 1 calendar day is missing", "bcd"),
    ],
)
def test_what_is_infinite_is_later_or_larger_than_the_rest(
    shop: tuple[Workspace, Path], text: str, wanted: str
) -> None:
    """What is moved is missing then: no day of the years 1 to 9999 comes out."""
    assert members(shop[0], DATABASE, text) == wanted


def test_nothing_is_computed_with_it(shop: tuple[Workspace, Path]) -> None:
    assert members(shop[0], DATABASE, "did visit ever") == "ac"
    with pytest.raises(DataProblem, match="infin") as problem:
        members(shop[0], DATABASE, "recency of visit > 3")
    assert problem.value.code == "DAT003"


@pytest.mark.parametrize("column", ["until", "seen", "seen::timestamp", "spent"])
def test_none_of_it_leaves_the_engine(shop: tuple[Workspace, Path], column: str) -> None:
    engine = PostgresEngine(str(server().host), DATABASE, server().port, "postgres")
    for customer in ("b",) if column == "spent" else ("b", "c", "d"):
        with pytest.raises(DataProblem) as problem:
            engine.read(f"SELECT {column} AS it FROM customers WHERE id IN ('a', '{customer}')").read_all()
        assert problem.value.code == "DAT003"
    assert engine.read(f"SELECT {column} AS it FROM customers WHERE id = 'a'").read_all().num_rows == 1
    engine.close()


def test_no_json_holds_a_number_that_is_none(shop: tuple[Workspace, Path]) -> None:
    made = Postgres().json_object([("spent", b.column("spent", "customers"), Type(Kind.DECIMAL))])
    query = f"SELECT {render(made, 'postgres')} AS made FROM customers WHERE id = "
    engine = PostgresEngine(str(server().host), DATABASE, server().port, "postgres")
    assert engine.read(f"{query}'a'").read_all().to_pylist() == [{"made": '{"spent":10.00}'}]
    assert engine.read(f"{query}'d'").read_all().to_pylist() == [{"made": "{}"}]
    with pytest.raises(DataProblem, match="invalid input syntax for type json"):
        engine.read(f"{query}'b'").read_all()
    engine.close()


def test_check_says_where_it_stands(shop: tuple[Workspace, Path]) -> None:
    done = call("check", "--target", "local", "--workspace", shop[1])
    said = done.out + done.err
    assert "Traceback" not in said
    found = (("3 rows", "until"), ("3 rows", "seen"), ("1 row", "spent"), ("2 rows", "rate"), ("1 row", "occurred_at"))
    for rows, column in found:
        assert f"{rows} in column `{column}` of" in said, said
    assert said.count("[DAT023]") == 5
    assert done.code == 1
