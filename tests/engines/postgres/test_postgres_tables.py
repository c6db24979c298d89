"""Columns as PostgreSQL's people have them: enums, citext, UUIDs, arrays, composite types, JSON, other collations."""

from __future__ import annotations

import sys
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from postgres_server import server
from sqlglot import exp

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.postgres import Postgres
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import zone_names
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.semantics.expressions import predicate
from campaign_dsl.language.semantics.expressions.names import Names
from campaign_dsl.review.reference.values import lower
from campaign_dsl.run.engines.postgres import PostgresEngine

sys.path.insert(0, str(Path(__file__).parents[2] / "doors"))

from commandline import call, settings

from campaign_dsl.workspace import Workspace
from wide_catalog import parsed

T = datetime(2026, 6, 15, 12, tzinfo=UTC)
CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  attributes:
    id:     {type: text, nullable: false}
    zone:   {type: text}
    mood:   {type: enum, values: [good, bad, ugly]}
    spent:  {type: decimal}
    points: {type: integer}
    seen:   {type: timestamp}
    likes:  {type: list, of: text}
    scores: {type: list, of: integer}
    days:   {type: list, of: date}
    home:   {type: record, fields: {city: text, floor: integer, since: date}}
    moves:  {type: list, of: {type: record, fields: {city: text, floor: integer}}}
"""
NATIVE = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TYPE home AS (city text, floor integer, since date);
CREATE TYPE move AS (city text, floor smallint);
CREATE TABLE customers (
    id uuid PRIMARY KEY, zone character(20), mood mood, spent numeric(12, 1), points smallint, seen timestamp,
    likes text[], scores smallint[], days date[], home home, moves move[]
);
INSERT INTO customers VALUES
    ('00000000-0000-0000-0000-00000000000a', 'Asia/Tokyo', 'good', 0.1, 5, '2026-06-15 11:00', '{tea,NULL,Tea}',
     '{1,2}', '{2026-06-15}', ('Boston', 3, '2020-01-01'), ARRAY[('Boston', 3), NULL]::move[]),
    ('00000000-0000-0000-0000-00000000000b', NULL, 'bad', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('00000000-0000-0000-0000-00000000000c', 'Mars/Base', 'bad', 1e6, 1, NULL, '{}', '{}', '{}', NULL, '{}');
"""
JSON = """
CREATE TABLE customers (
    id varchar(40) PRIMARY KEY, zone varchar, mood varchar(10), spent numeric, points bigint, seen timestamptz,
    likes {json}, scores {json}, days {json}, home {json}, moves {json}
);
INSERT INTO customers VALUES
    ('00000000-0000-0000-0000-00000000000a', 'Asia/Tokyo', 'good', 0.1, 5, '2026-06-15 13:00+02',
     '["tea", null, "Tea"]',
     '[1, 2]', '["2026-06-15"]', '{{"city": "Boston", "floor": 3, "since": "2020-01-01", "more": []}}',
     '[{{"city": "Boston", "floor": 3}}, null]'),
    ('00000000-0000-0000-0000-00000000000b', NULL, 'bad', NULL, NULL, NULL, NULL, NULL, NULL, 'null', 'null'),
    ('00000000-0000-0000-0000-00000000000c', 'Mars/Base', 'bad', 1e6, 1, NULL, '[]', '[]', '[]', '{{}}', '[]');
"""
TABLES = {"native": NATIVE, "json": JSON.format(json="json"), "jsonb": JSON.format(json="jsonb")}


@pytest.fixture(scope="module", params=TABLES)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """The same customers in columns of other types."""
    name = server().database(f"shop_{request.param}")
    with server().connect(name) as connection:
        connection.execute(TABLES[request.param])
    root = tmp_path_factory.mktemp(request.param)
    (root / "workspace.yaml").write_text(settings(**server().engine(name)), "utf-8")
    (root / "catalog.yaml").write_text(CATALOG, "utf-8")
    return Workspace.load(root), root


def members(workspace: Workspace, database: str, text: str) -> str:
    """The last characters of the keys of those for whom a condition holds."""
    assert workspace.catalog is not None
    problems = Problems()
    found = predicate(parsed(text), Names(workspace.catalog, lambda name, problems: None, "UTC"), problems)
    assert found is not None, problems.sorted()
    zone = ZoneRule(None, "UTC")
    query = bind(audience_query(found, zone, "feb_28", workspace.catalog, DIALECTS["postgres"]), T)
    engine = PostgresEngine(str(server().host), database, server().port, "postgres")
    try:
        rows = engine.read(render(query, "postgres")).read_all().to_pylist()
    finally:
        engine.close()
    return "".join(row["customer_id"][-1] for row in rows)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('id = "00000000-0000-0000-0000-00000000000a"', "a"),
        ('id > "00000000-0000-0000-0000-00000000000a"', "bc"),
        ('zone = "Asia/Tokyo"', "a"),
        ("mood = good", "a"),
        ("mood != good", "bc"),
        ("mood = ugly", ""),
        ("spent = 0.1", "a"),
        ("spent + 0.2 = 0.3", "a"),
        ("spent round half up to 0 >= 1", "c"),
        ("points * 10_000_000_000 > 1", "ac"),
        ("seen = 2026-06-15 11:00Z", "a"),
        ("seen >= 1 hours ago", "a"),
        ('likes contains "tea"', "a"),
        ('likes contains any of ["Tea", "x"]', "a"),
        ('likes contains all of ["tea", "Tea"]', "a"),
        ('likes contains all of ["tea", "x"]', ""),
        ('not (likes contains "tea")', "bc"),
        ("likes is empty", "c"),
        ("likes is missing", "b"),
        ("scores contains 2", "a"),
        ("scores contains all of [1, 2]", "a"),
        ("any of scores where it > 1", "a"),
        ("days contains 2026-06-15", "a"),
        ('home.city = "Boston"', "a"),
        ("home.floor + 1 = 4", "a"),
        ("home.since < 2021-01-01", "a"),
        ("home.city is missing", "bc"),
        ('any of moves where it.city = "Boston"', "a"),
        ("all of moves where it.floor > 2", "c"),
        ("number of moves = 2", "a"),
    ],
)
def test_a_condition_means_the_same_whatever_the_columns_are(
    shop: tuple[Workspace, Path], text: str, wanted: str
) -> None:
    workspace, root = shop
    database = f"shop_{root.name.removesuffix('0')}"
    assert members(workspace, database, text) == wanted


def test_check_takes_the_columns_for_what_they_are(shop: tuple[Workspace, Path]) -> None:
    done = call("check", "--target", "local", "--workspace", shop[1])
    assert "Traceback" not in done.out + done.err
    assert "DAT022" not in done.out.replace("binary fractions", ""), done.out
    assert done.code in (0, 1)


# ------------------------------------------------------------------------------------------------ what a server knows


def test_no_collation_shows_in_any_order() -> None:
    """In English `a` stands before `B`, and `é` between `e` and `f`."""
    assert server().linguistic, "the tests need localedef and the sources of locales (package `locales`)"
    name = server().database("collated")
    with server().connect(name) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT * FROM (VALUES ('a'), ('B'), ('é'), ('f'), ('_b'), ('-a')) AS v(x)"
        )
        wrong = [row[0] for row in connection.execute("SELECT x FROM t ORDER BY x")]
    order = ["-a", "B", "_b", "a", "f", "é"]
    assert wrong != order
    dialect = Postgres()
    column = exp.column("x", table="t", quoted=True)
    for type_ in (Type(Kind.TEXT), None):
        asked = exp.select(column.copy()).from_("t").order_by(dialect.in_order(column.copy(), type_))
        engine = PostgresEngine(str(server().host), name, server().port, "postgres")
        assert engine.read(render(asked, "postgres")).read_all().column(0).to_pylist() == order
        least = exp.select(exp.alias_(dialect.smallest(column.copy(), Type(Kind.TEXT)), "least")).from_("t")
        assert engine.read(render(least, "postgres")).read_all().to_pylist() == [{"least": "-a"}]
        engine.close()


def test_every_character_of_unicode_is_made_small_by_itself() -> None:
    engine = PostgresEngine(str(server().host), server().database("letters"), server().port, "postgres")
    small = render(exp.Lower(this=exp.column("x", table="v", quoted=True)), "postgres")
    codes = [code for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    there = "generate_series(1, 1114111) AS g(code) WHERE code NOT BETWEEN 55296 AND 57343"
    query = f'SELECT "v"."code", {small} AS "small" FROM (SELECT code, CHR(code) AS x FROM {there}) AS "v" ORDER BY 1'
    found = engine.read(query).read_all()
    assert found.column(0).to_pylist() == codes
    other = [
        (code, small)
        for code, small in zip(codes, found.column(1).to_pylist(), strict=True)
        if small != lower(chr(code)) and unicodedata.category(chr(code)) != "Cn"  # not known to this Python
    ]
    assert other == []
    engine.close()


def test_the_zones_are_those_of_the_tz_database() -> None:
    engine = PostgresEngine(str(server().host), server().database("zoned"), server().port, "postgres")
    found = engine.read(render(DIALECTS["postgres"].zones(), "postgres")).read_all().column(0).to_pylist()
    engine.close()
    assert len(found) == len(set(found))
    assert set(found) <= zone_names()
    assert zone_names() - set(found) <= LATER, "zones that this server does not know, and no release explains"


LATER = {"America/Coyhaique"}
"""Zones that are younger than the tz database of some servers."""


def test_days_before_and_after_all_others() -> None:
    engine = PostgresEngine(str(server().host), server().database("edges"), server().port, "postgres")
    dialect = Postgres()
    day = exp.column("d", table="v", quoted=True)
    asked = exp.select(exp.alias_(dialect.within_years(day, Kind.DATE), "d")).from_(
        "(VALUES (DATE '0001-01-01'), (DATE '9999-12-31'), (DATE '10000-01-01'), (DATE '0001-12-31 BC'), "
        "(DATE 'infinity'), (DATE '-infinity'), (NULL)) AS v(d)"
    )
    found = engine.read(asked.sql(dialect=dialect.writer)).read_all().column(0).to_pylist()
    engine.close()
    assert found == [date(1, 1, 1), date(9999, 12, 31), None, None, None, None, None]
