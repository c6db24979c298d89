"""Walks on what is hard for them: repeated rows, negative sums, windows that begin on an event, keys of both kinds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from asking import UnderTest, found, ids, question
from hypothesis import given, settings
from hypothesis import strategies as st
from warehouse import CHOSEN, ask, dialect, load, nul

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.together.atoms import Asked, Clock
from campaign_dsl.compile.together.planner import Forced, Way
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.run.together import repeats
from campaign_dsl.run.together.evaluate import members, plan_together
from differential import compared

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CLOCK = Clock(ZoneRule(None, "UTC"), "feb_28")
INSTANT = pa.timestamp("us", tz="UTC")
DAY = 86_400

Rows = Sequence[Mapping[str, Any]]


def catalog_of(kind: str) -> Catalog:
    text = f"""
customers:
  table: people
  key: id
  attributes:
    id:    {{type: {kind}, nullable: false}}
    level: {{type: integer}}
events:
  bought:
    table: happened
    received_at: received_at
    properties: {{amount: {{type: decimal}}, units: {{type: integer}}, sku: {{type: text}}}}
"""
    found, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert found is not None, problems
    return found


def source(with_id: bool = True) -> ir.EventSource:
    identity = "event_id" if with_id else None
    return ir.EventSource("bought", "happened", None, None, identity, "customer_id", "occurred_at", "received_at")


AMOUNT = ir.Property("amount", "amount", Type(Kind.DECIMAL, True))
UNITS = ir.Property("units", "units", Type(Kind.INTEGER, True))
SKU = ir.Property("sku", "sku", Type(Kind.TEXT, True))
LEVEL = ir.Attribute("level", "level", Type(Kind.INTEGER, True))


def constant(value: Any) -> ir.Constant:
    kinds = {int: Kind.INTEGER, Decimal: Kind.DECIMAL, str: Kind.TEXT, datetime: Kind.TIMESTAMP}
    return ir.Constant(value, Type(kinds[type(value)]))


FILTERS = [
    None,
    ir.Compare("=", SKU, constant("a")),
    ir.Compare(">=", AMOUNT, constant(Decimal("0.5"))),
    ir.Negate(ir.Compare("=", SKU, constant("a"))),
]
WINDOWS: list[ir.Window] = [
    ir.Rolling(3_600),
    ir.Rolling(DAY),
    ir.Rolling(7 * DAY),
    ir.Bounded(),
    ir.Bounded(since=ir.Ago(DAY, Type(Kind.TIMESTAMP))),
    ir.Bounded(after=ir.Ago(DAY, Type(Kind.TIMESTAMP))),
    ir.Bounded(since=constant(NOW - timedelta(days=7))),
    ir.Bounded(after=constant(NOW - timedelta(days=7))),
]
MOMENTS = [
    NOW - ago + shift
    for ago in (timedelta(0), timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
    for shift in (timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1))
]


@st.composite
def conditions(draw: st.DrawFn) -> ir.Predicate:
    """Counts and sums of events, one or more of them, and some of what they are mixed with."""
    about, where, window = (
        source(draw(st.booleans())),
        draw(st.sampled_from(FILTERS)),
        draw(st.sampled_from(WINDOWS)),
    )
    match draw(st.sampled_from(["did", "did", "sum", "sum", "count", "recency", "level", "not", "and", "or"])):
        case "did":
            low = draw(st.integers(0, 3))
            return ir.Did(about, where, window, low, draw(st.none() | st.integers(low, 4)))
        case "sum":
            value, bounds = draw(
                st.sampled_from(
                    [(AMOUNT, ["-1.5", "0", "0.30", "0.305", "2", "1e20"]), (UNITS, ["-3", "0", "5", "2.5"])]
                )
            )
            total = ir.Aggregate("sum", about, value, where, window, value.type)
            op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
            return ir.Compare(op, total, constant(Decimal(draw(st.sampled_from(bounds)))))
        case "count":
            number = ir.Aggregate("count", about, None, where, window, Type(Kind.INTEGER))
            op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
            sides = [number, constant(draw(st.integers(-1, 4)))]
            return ir.Compare(op, *(sides if draw(st.booleans()) else sides[::-1]))
        case "recency":
            days = ir.Aggregate("recency", about, None, where, ir.Bounded(), Type(Kind.INTEGER, True))
            op = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
            return ir.Compare(op, days, constant(draw(st.sampled_from([-1, 0, 1, 6, 7, 8]))))
        case "level":
            return ir.Compare(draw(st.sampled_from(["<", ">="])), LEVEL, constant(draw(st.integers(0, 2))))
        case "not":
            return ir.Negate(draw(conditions()))
        case "and":
            return ir.AllOf(tuple(draw(st.lists(conditions(), min_size=2, max_size=3))))
    return ir.AnyOf(tuple(draw(st.lists(conditions(), min_size=2, max_size=3))))


AMOUNTS = [Decimal(text) for text in ("-1.50", "0.00", "0.10", "0.20", "0.30", "2.00", "99999.99")]


def rows_of(seed: int) -> tuple[Rows, Rows]:
    """Customers, some of them twice, and events, most of them more than once; the same for the same seed."""
    random = Random(seed)

    def maybe(options: Sequence[Any]) -> Any:
        return None if random.random() < 0.1 else random.choice(options)

    customers = random.randrange(1, 5)
    persons = [{"id": maybe(range(customers)), "level": maybe(range(3))} for _ in range(random.randrange(7))]
    events = [
        {
            "event_id": maybe(range(random.choice([2, 7]))),
            "customer_id": maybe(range(customers + 1)),
            "occurred_at": maybe(MOMENTS),
            "received_at": random.choice([None, None, None, *MOMENTS]),
            "amount": maybe(AMOUNTS),
            "units": maybe([-3, 0, 1, 5, 2**31 - 1]),
            "sku": maybe(["a", "a", "b", ""]),
        }
        for _ in range(random.choice([0, 3, 30, 60]))
    ]
    return persons, events


def tables(kind: str, persons: Rows, events: Rows) -> tuple[dict[str, dict[str, pa.DataType]], dict[str, Rows]]:
    """The rows, with keys and ids that are integers or texts; some of these are long, and some begin alike."""
    key = pa.int64() if kind == "integer" else pa.string()

    def named(number: int | None) -> Any:
        if number is None or kind == "integer":
            return number
        return ["", "a", "customer-1", "customer-12", "customer-é", "ж" * 40, f"customer-1{nul()}"][number]

    columns = {
        "people": {"id": key, "level": pa.int32()},
        "happened": {
            "event_id": key,
            "customer_id": key,
            "occurred_at": INSTANT,
            "received_at": INSTANT,
            "amount": pa.decimal128(9, 2),
            "units": pa.int32(),
            "sku": pa.string(),
        },
    }
    return columns, {
        "people": [{**row, "id": named(row["id"])} for row in persons],
        "happened": [
            {**row, "event_id": named(row["event_id"]), "customer_id": named(row["customer_id"])} for row in events
        ],
    }


def alone(catalog: Catalog, predicate: ir.Predicate, clock: Clock = CLOCK) -> list[Any]:
    query = audience_query(predicate, clock.zone, clock.leap_day, catalog, dialect())
    return sorted(row["customer_id"] for row in ask(render(bind(query, NOW, ()), dialect().name)))


@pytest.mark.parametrize("kind", ["integer", "text"])
@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "40")))
@given(st.lists(conditions(), min_size=4, max_size=10), st.integers(0, 2**32 - 1))
def test_walks(kind: str, chosen: list[ir.Predicate], seed: int) -> None:
    """Customers with two rows are in these worlds, too."""
    compared(agree, kind, chosen, seed)


def agree(kind: str, chosen: list[ir.Predicate], seed: int) -> None:
    catalog = catalog_of(kind)
    load(*tables(kind, *rows_of(seed)))
    audiences = [Asked(f"a{number}", each, CLOCK) for number, each in enumerate(chosen)]
    wanted = {each.name: alone(catalog, each.predicate) for each in audiences}
    for way in Forced:
        assert found(catalog, NOW, audiences, way) == wanted, way
    with patch.object(repeats, "MOST_STRAYS", -1):
        assert found(catalog, NOW, audiences, Forced.WALKS) == wanted


def test_counts_and_sums_of_windows_that_end_now_are_found_on_walks() -> None:
    load(*tables("integer", [{"id": 1, "level": 0}], []))
    purchases = source()
    total = ir.Aggregate("sum", purchases, AMOUNT, None, ir.Rolling(DAY), AMOUNT.type)
    chosen: list[ir.Predicate] = [
        ir.Did(purchases, FILTERS[1], ir.Rolling(DAY), 2, None),
        ir.Compare(">", total, constant(Decimal("1.5"))),
        ir.Did(purchases, None, ir.Calendar(1, "month"), 1, None),
    ]
    about = question(catalog_of("integer"), NOW)
    plan = plan_together(about, [Asked(f"a{n}", each, CLOCK) for n, each in enumerate(chosen)], Forced.WALKS)
    assert [plan.way(atom) for atom in range(3)] == [Way.WALK, Way.WALK, Way.QUERY]


def test_what_is_not_exact_is_asked_by_a_query() -> None:
    """Amounts that are binary floats, though the catalog says decimal."""
    columns, rows = tables("integer", [{"id": 1, "level": 0}], [])
    columns["happened"]["amount"] = pa.float64()
    bought = {"event_id": 1, "customer_id": 1, "occurred_at": NOW, "amount": 0.3, "units": 1, "sku": "a"}
    load(columns, {**rows, "happened": [bought]})
    about = question(catalog_of("integer"), NOW)
    total = ir.Aggregate("sum", source(), AMOUNT, None, ir.Rolling(DAY), AMOUNT.type)
    asked = [Asked("rich", ir.Compare(">", total, constant(Decimal("0.2"))), CLOCK)]
    asked.append(Asked("active", ir.Did(source(), None, ir.Rolling(DAY), 1, None), CLOCK))
    results = list(members(about, plan_together(about, asked, Forced.WALKS)))
    assert [ids(each) for each in results] == [[1], [1]]
    if CHOSEN[0] == "clickhouse":
        assert about.noted == []  # it reads them as decimals
        return
    (note,) = about.noted
    assert note in [
        "bought: numbers of type double, which are not exact, so it was asked by a query",
        "bought: numbers of type string, which are not exact, so it was asked by a query",  # SQLite has no others
    ]


def test_customers_whose_rows_differ_are_asked_about_alone() -> None:
    """Two scans may give their rows in different orders, so nobody knows which answers belong together."""
    two = [{"id": 1, "level": 0}, {"id": 1, "level": 2}, {"id": 2, "level": 2}]
    load(*tables("integer", two, []))
    catalog = catalog_of("integer")
    about = question(catalog, NOW)
    other = Clock(ZoneRule(None, "Asia/Tokyo"), "feb_28")
    high = ir.Compare(">=", LEVEL, constant(2))
    asked = [Asked("home", high, CLOCK), Asked("again", high, CLOCK), Asked("away", high, other)]
    results = list(members(about, plan_together(about, asked, Forced.WALKS)))
    assert [ids(each) for each in results] == [[1, 2], [1, 2], [1, 2]]
    assert [each.one_answer for each in results[:2]] == [False, False]
    assert results[2].alone == "customers have two rows, which differ"


def test_nothing_is_asked_of_events_that_nobody_needs() -> None:
    """What contradicts itself is nobody, whatever the tables hold; and one row is read at a time here."""
    load(*tables("integer", [{"id": 1, "level": 0}], []))
    catalog = catalog_of("integer")
    asked_for: list[str] = []

    class Listening(UnderTest):
        def read(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.RecordBatchReader:
            asked_for.append(query)
            return super().read(query, relations)

    about = question(catalog, NOW)
    about.engine = Listening(1)  # type: ignore[assignment]
    twice = ir.Did(source(), None, ir.Rolling(DAY), 2, None)
    never = ir.Negate(ir.Did(source(), None, ir.Bounded(), 1, None))
    asked = [Asked("odd", ir.AllOf((twice, never)), CLOCK), Asked("all", ir.Always(), CLOCK)]
    results = list(members(about, plan_together(about, asked, Forced.WALKS)))
    assert [ids(each) for each in results] == [[], [1]]
    assert not any("happened" in query for query in asked_for)


UNITS_OF_TIME = {"s": timedelta(seconds=1), "ms": timedelta(milliseconds=1), "us": timedelta(microseconds=1)}


@pytest.mark.parametrize("unit", UNITS_OF_TIME)
@pytest.mark.parametrize("window", WINDOWS)
def test_windows_begin_where_they_say(window: ir.Window, unit: str) -> None:
    """One event each, just before, at and just after the beginning, in columns of every precision."""
    columns, _ = tables("integer", [], [])
    columns["happened"]["occurred_at"] = pa.timestamp(unit)
    offsets = [timedelta(hours=1), timedelta(days=1), timedelta(days=7)]
    moments = [NOW - ago + UNITS_OF_TIME[unit] * shift for ago in offsets for shift in (-1, 0, 1)]
    events = [
        {"event_id": number, "customer_id": number, "occurred_at": each.replace(tzinfo=None)}
        for number, each in enumerate(moments)
    ]
    load(columns, {"people": [{"id": number, "level": 0} for number in range(len(moments))], "happened": events})
    catalog = catalog_of("integer")
    # Another window beside it, so that there are steps.
    chosen = [ir.Did(source(), None, each, 1, None) for each in (window, ir.Rolling(2 * DAY))]
    asked = [Asked(f"a{number}", each, CLOCK) for number, each in enumerate(chosen)]
    wanted = {each.name: alone(catalog, each.predicate) for each in asked}
    assert found(catalog, NOW, asked, Forced.WALKS) == wanted
