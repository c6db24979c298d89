"""Whatever is written: there is a typed expression or a problem, never both and never an exception."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.catalogue import CODES
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.walk import measure, walk
from campaign_dsl.language.semantics.expressions import Names, Trigger, event_rows, predicate, value
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written
from expression_trees import KINDS, expressions
from sensible_trees import conditions
from wide_catalog import CATALOG, NAMES, without

BUY, LOOK = event_rows("buy", CATALOG), event_rows("look", CATALOG)
assert BUY is not None
assert LOOK is not None
SCOPES: list[Names] = [
    NAMES,
    NAMES.inside("buy"),
    NAMES.naming("a", BUY).naming("b", LOOK).in_step(LOOK),
    NAMES.naming("a", BUY).naming("note", LOOK),
    replace(NAMES, trigger=Trigger((BUY,), goal=True)),
    replace(NAMES, trigger=Trigger((BUY, LOOK), always=False)),
    NAMES.at_element("children", CATALOG.customers.attributes["children"].value_type.element),  # type: ignore[arg-type]
    without("tags", "points", "wallet", "subscriptions", "messages", "decisions"),
]


def check(found: Any, problems: Problems) -> None:
    assert (found is None) == bool(len(problems))
    for item in problems.sorted():
        assert item.code in CODES
        assert item.where is not None
        assert item.help
        assert item.message.count("`") % 2 == 0
        assert "None" not in item.message + item.help
    if found is not None:
        well_formed(found)
        measure(found)


def well_formed(found: Any) -> None:
    """What whoever executes the nodes may rely on."""
    for node in walk(found):
        match node:
            case ir.Compare(_, left, right):
                assert left.type.kind not in (Kind.LIST, Kind.RECORD, Kind.GEO)
                assert right.type.kind not in (Kind.LIST, Kind.RECORD, Kind.GEO)
            case ir.Matches(inner) | ir.TextTest(_, inner):
                assert inner.type.kind is Kind.TEXT
            case ir.ListTest(_, inner) | ir.IsEmpty(inner) | ir.Quantified(_, inner) | ir.ListCount(inner):
                assert inner.type.kind is Kind.LIST
            case ir.Within(place, circles):
                assert place.type.kind is Kind.GEO
                assert circles
            case ir.IsTrue(inner):
                assert inner.type.kind is Kind.BOOLEAN
            case ir.AnniversaryIn(day, first, last):
                assert day.type.kind is Kind.DATE
                assert first <= last
            case ir.Did(event, _, window) | ir.Aggregate(_, event, _, _, window):
                assert (event.occurred_column is None) == (window is None)
            case ir.Sequence(steps):
                assert not steps[0].absent
                assert all(step.seconds is not None for step in steps if step.absent)
            case ir.Rank(_, percent, count) if percent is None:
                assert count is not None
                assert count > 0
        if is_dataclass(node) and "type" in {each.name for each in fields(node)}:
            assert node.type.kind in Kind
            assert (node.type.element is not None) == (node.type.kind is Kind.LIST)


ALL_SIZES = settings(suppress_health_check=list(HealthCheck))


@ALL_SIZES
@given(expressions, st.sampled_from(SCOPES))
def test_any_expression_as_a_condition(node: t.Expression, names: Names) -> None:
    problems = Problems()
    check(predicate(node, names, problems), problems)


@ALL_SIZES
@given(expressions, st.sampled_from(SCOPES))
def test_any_expression_as_a_value(node: t.Expression, names: Names) -> None:
    problems = Problems()
    check(value(node, names, problems), problems)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_kind_of_node(kind: type, data: st.DataObject) -> None:
    node, names = data.draw(KINDS[kind]), data.draw(st.sampled_from(SCOPES))
    for check_it in (predicate, value):
        problems = Problems()
        check(check_it(node, names, problems), problems)


@ALL_SIZES
@given(conditions())
def test_what_fits_is_let_through(node: t.Expression) -> None:
    problems = Problems()
    found = predicate(node, NAMES, problems)
    if found is None:  # what can be seen to hold for nobody, such as a division by zero
        assert {item.code for item in problems.sorted()} == {"TYP006"}, (written(node), problems.sorted())
        reject()
    assert found is not None
    check(found, problems)


def test_all_kinds_are_there() -> None:
    assert set(KINDS) == set(get_args(t.Expression))
