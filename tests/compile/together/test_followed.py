"""One event after another: at every boundary, with rows that came twice, with more customers than fit a number."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from asking import found, ids, question
from hypothesis import given, settings
from hypothesis import strategies as st
from test_walks import CLOCK, DAY, FILTERS, NOW, SKU, WINDOWS, alone, catalog_of, rows_of, source, tables
from warehouse import load

from campaign_dsl.compile.together.atoms import Asked
from campaign_dsl.compile.together.planner import Forced, Way
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.run.together import followed
from campaign_dsl.run.together.evaluate import members, plan_together
from differential import compared

LATER = [3_600, DAY, 6 * DAY, 7 * DAY, 23 * DAY]


@st.composite
def sequences(draw: st.DrawFn) -> ir.Predicate:
    """Two steps of one table, which is one event or two."""
    one = source(draw(st.booleans()))
    other = draw(st.sampled_from([one, source(False)]))
    absent = draw(st.booleans())
    seconds = draw(st.sampled_from(LATER) if absent else st.none() | st.sampled_from(LATER))
    steps = (
        ir.Step(one, draw(st.sampled_from(FILTERS)), None, False, None),
        ir.Step(other, draw(st.sampled_from(FILTERS)), None, absent, seconds),
    )
    node = ir.Sequence(steps, draw(st.sampled_from(WINDOWS)))
    return ir.Negate(node) if draw(st.booleans()) else node


@pytest.mark.parametrize("kind", ["integer", "text"])
@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "25")))
@given(st.lists(sequences(), min_size=4, max_size=10), st.integers(0, 2**32 - 1))
def test_sequences(kind: str, chosen: list[ir.Predicate], seed: int) -> None:
    compared(agree, kind, chosen, seed)


def agree(kind: str, chosen: list[ir.Predicate], seed: int) -> None:
    catalog = catalog_of(kind)
    load(*tables(kind, *rows_of(seed)))
    audiences = [Asked(f"a{number}", each, CLOCK) for number, each in enumerate(chosen)]
    wanted = {each.name: alone(catalog, each.predicate) for each in audiences}
    for bits in (63, 43):  # Instants take 42 here, so that a part holds two customers.
        with patch.object(followed, "BITS", bits):
            assert found(catalog, NOW, audiences, Forced.WALKS) == wanted, bits


def sequence(first: ir.EventSource, then: ir.EventSource, where: ir.Predicate | None = None) -> ir.Sequence:
    steps = (ir.Step(first, None, "one", False, None), ir.Step(then, where, None, False, DAY))
    return ir.Sequence(steps, ir.Rolling(7 * DAY))


def test_which_sequences_are_told_by_the_order_of_events() -> None:
    load(*tables("integer", [{"id": 1, "level": 0}], []))
    like_the_first = ir.Compare("=", SKU, ir.Property("sku", "sku", Type(Kind.TEXT, True), "one"))
    chosen = [
        sequence(source(), source(False)),
        sequence(source(), source(False), like_the_first),
        ir.Sequence((*sequence(source(), source()).steps, ir.Step(source(), None, None, False, DAY)), ir.Bounded()),
        ir.Sequence(sequence(source(), source()).steps, ir.Calendar(1, "month")),
    ]
    asked = [Asked(f"a{number}", each, CLOCK) for number, each in enumerate(chosen)]
    plan = plan_together(question(catalog_of("integer"), NOW), asked, Forced.WALKS)
    assert [plan.way(atom) for atom in range(4)] == [Way.FOLLOWED, Way.QUERY, Way.QUERY, Way.QUERY]


def test_an_event_that_came_twice_does_not_follow_itself() -> None:
    """Its second row is later than its first, but it is one event."""
    columns, rows = tables("integer", [{"id": 1, "level": 0}, {"id": 2, "level": 0}], [])
    happened: list[dict[str, Any]] = [
        {"event_id": event, "customer_id": customer, "occurred_at": NOW - timedelta(hours=hours)}
        for event, customer, hours in ((1, 1, 3), (1, 1, 2), (2, 2, 3), (3, 2, 2))
    ]
    load(columns, {**rows, "happened": happened})
    about = question(catalog_of("integer"), NOW)
    asked = [Asked("again", sequence(source(), source()), CLOCK)]
    asked.append(Asked("rows", sequence(source(False), source(False)), CLOCK))
    results = list(members(about, plan_together(about, asked, Forced.WALKS)))
    assert [ids(each) for each in results] == [[2], [1, 2]]
    assert about.noted == [
        "bought, bought: an event that came twice does not follow itself, so it was asked by a query"
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_instants_of_every_precision(unit: str) -> None:
    columns, rows = tables("integer", [{"id": number, "level": 0} for number in range(6)], [])
    columns["happened"]["occurred_at"] = pa.timestamp(unit)
    first = (NOW - timedelta(days=2)).replace(tzinfo=None)
    gaps = [0, 1, DAY - 1, DAY, DAY + 1]
    happened = [
        {"event_id": 2 * number + later, "customer_id": number, "occurred_at": first + timedelta(seconds=later * gap)}
        for number, gap in enumerate(gaps)
        for later in (0, 1)
    ]
    load(columns, {**rows, "happened": happened})
    catalog = catalog_of("integer")
    absent = ir.Step(source(False), None, None, True, DAY)
    node = sequence(source(False), source(False))
    asked = [Asked("then", node, CLOCK), Asked("not", ir.Sequence((node.steps[0], absent), node.window), CLOCK)]
    wanted = {each.name: alone(catalog, each.predicate) for each in asked}
    assert wanted["then"] == [1, 2, 3]
    assert found(catalog, NOW, asked, Forced.WALKS) == wanted
