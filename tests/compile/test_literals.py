"""Text from campaigns, catalogs and rows stays text: one literal, whatever it looks like."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from oracle import World
from shop import Shop, campaign_text
from small_world import CATALOG, Database, quoted, typed
from sqlglot import exp

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql import build
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.predicates import constant
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule

ATTACKS = [
    "'",
    "''",
    "'''",
    "' OR '1'='1",
    "'; DROP TABLE customers; --",
    "\\'; DROP TABLE customers; --",
    "\\",
    "\\\\",
    "\\n",
    "$as_of",
    "$$ $$",
    "$tag$ x $tag$",
    "?",
    ":name",
    "%s %(x)s {0} {x}",
    "-- comment",
    "/* comment */",
    "*/ 1; --",
    "# comment",
    '"identifier"',
    "`identifier`",
    "E'\\x27'",
    "U&'\\0027'",
    "x'27'",
    "NULL",
    "null::text",
    "1e400",
    "NaN",
    "{{ 7 * 7 }}",
    "${jndi:ldap://x}",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "ＡＢＣ",
    "ʼ ＇ ’",
    "Zoë 😀 名前",
    "a\tb",
    "a\nb; DROP TABLE customers",
    " ",
    "x" * 10_000,
    "%",
    "_",
    "[a-z]",
    "(?i)x",
]
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
EMPTY: dict[str, Any] = {**dict.fromkeys(CATALOG.customers.attributes), "active": True, "tier": "gold"}


def sql_of(predicate: ir.Predicate) -> str:
    query = audience_query(predicate, ZoneRule(None, "UTC"), "feb_28", CATALOG, DIALECTS["duckdb"])
    return render(bind(query, NOW, ()), "duckdb")


def literals(sql: str) -> list[str]:
    (statement,) = sqlglot.parse(sql, dialect="duckdb")
    assert statement is not None
    return [each.this for each in statement.find_all(exp.Literal) if each.is_string]


def database(*notes: str) -> Database:
    rows = [{**EMPTY, "id": f"c{number}", "note": note} for number, note in enumerate(notes)]
    return Database.of(World(rows, {"events": [], "visits": []}, "id", NOW, None, "UTC", "feb_28"))


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: repr(text[:30]))
@pytest.mark.parametrize("test", ["note = {}", "note in [{}]", "note contains {}", "note >= {} and note <= {}"])
def test_a_value_stays_one_literal(text: str, test: str) -> None:
    written = quoted(text).replace("\n", "\\n").replace("\t", "\\t")
    predicate, problems = typed(test.replace("{}", written))
    assert predicate is not None, problems
    assert text in literals(sql_of(predicate))
    found = database(text, "else", text + "x").matching(predicate)
    assert found == (["c0", "c2"] if "contains" in test else ["c0"])


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_any_text_stays_one_literal(text: str) -> None:
    predicate = ir.Compare("=", ir.Attribute("note", "note", Type(Kind.TEXT, True)), ir.Constant(text, Type(Kind.TEXT)))
    sql = sql_of(predicate)
    assert text in literals(sql)
    assert duckdb.extract_statements(sql)[0].query == sql
    assert len(duckdb.extract_statements(sql)) == 1
    assert database(text, text + "x").matching(predicate) == ["c0"]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: repr(text[:30]))
def test_the_catalog_s_own_texts_stay_literals(shop: Shop, text: str) -> None:
    text = text[:4_000]
    word = json.dumps(text, ensure_ascii=False)  # a double-quoted scalar of YAML
    catalog = (shop.root / "catalog.yaml").read_text("utf-8")
    catalog = catalog.replace("equals: purchase}", f"equals: {word}}}")
    catalog = catalog.replace("address: address", f"address: address\n    where: {{column: reason, equals: {word}}}")
    catalog = catalog.replace("values: [good, suspended, blocked]", f"values: [good, {word}]")
    (shop.root / "catalog.yaml").write_text(catalog, "utf-8")
    written = quoted(text).replace("\n", "\\n").replace("\t", "\\t")
    shop.write(campaign_text(f"where status = {written} and did purchase ever\n suppress global_suppression"))
    shop.customers(a={"status": text}, b={"status": "good"}, c={"status": text, "email": "c@x"})
    shop.add("suppressions", [{"address": "c@x", "reason": text}, {"address": "ada@example.com", "reason": "other"}])
    event = {"kind": text, "occurred_at": NOW, "received_at": NOW}
    shop.add("events", [{"event_id": number, "customer_id": each, **event} for number, each in enumerate("abc")])
    assert shop.lost() == {"a": None, "c": "not_suppressed"}


@pytest.mark.parametrize(
    "column", ['quo"te', "semi;colon", "-- comment", "select", "ünïcode", "a b", "a.b", "'", "\\", "/*"]
)
def test_columns_may_be_called_anything(shop: Shop, column: str) -> None:
    catalog = (shop.root / "catalog.yaml").read_text("utf-8")
    name = json.dumps(column)
    catalog = catalog.replace("country:           {type: text}", f"country: {{type: text, column: {name}}}")
    catalog = catalog.replace("amount:   {type: decimal}", f"amount: {{type: decimal, column: {name}}}")
    (shop.root / "catalog.yaml").write_text(catalog, "utf-8")
    identifier = '"' + column.replace('"', '""') + '"'
    shop.connection.execute(f"ALTER TABLE customers RENAME country TO {identifier}")
    shop.connection.execute(f"ALTER TABLE events RENAME amount TO {identifier}")
    shop.write(campaign_text('where country = "US" and sum of purchase.amount where amount > 1 ever >= 5'))
    shop.customers({"customer_id": "a", column.replace('"', '""'): "US"}, {"customer_id": "b"})
    event = {"event_id": 1, "customer_id": "a", "kind": "purchase", "occurred_at": NOW, "received_at": NOW}
    shop.add("events", [{**event, column.replace('"', '""'): 5}])
    assert shop.lost() == {"a": None}


@pytest.mark.parametrize("kind", list(Kind))
def test_only_numbers_are_written_as_numbers(kind: Kind) -> None:
    """sqlglot writes whatever stands in a number literal as it is."""
    written = constant(ir.Constant("1; DROP TABLE x", Type(kind)), DIALECTS["duckdb"])
    assert isinstance(written, exp.Literal)
    assert written.is_string


@pytest.mark.parametrize("path", ["*/ DROP TABLE customers; /*", "a\\b", "x.campaign\n1", "ü 'quoted'"])
def test_a_file_name_cannot_end_its_comment(shop: Shop, path: str) -> None:
    node = build.comment(exp.select("1"), f"{path}:5")
    sql = render(node, "duckdb")
    (statement,) = sqlglot.parse(sql, dialect="duckdb")
    assert statement is not None
    assert shop.connection.execute(sql).fetchall() == [(1,)]
