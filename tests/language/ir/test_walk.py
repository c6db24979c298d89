"""Walking over typed expressions and measuring them; the tables of operators."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import AGGREGATES, ARITHMETIC, COMPARISONS, MIRRORED, TEXT_TESTS
from campaign_dsl.language.ir.walk import attributes_in, measure, walk

TEXT = Type(Kind.TEXT, True)
NOTE, CITY = ir.Attribute("note", "note", TEXT), ir.Attribute("city", "town", TEXT)
SAME = ir.Compare("=", NOTE, CITY)
EVENT = ir.EventSource("buy", "events", None, None, "id", "customer", "at", None)


def test_every_node_is_visited_once_and_in_order() -> None:
    count = ir.Aggregate("count", EVENT, None, SAME, ir.Rolling(5), Type(Kind.INTEGER))
    five = ir.Constant(5, Type(Kind.INTEGER))
    whole = ir.AllOf((ir.Negate(SAME), ir.Compare(">", count, five)))
    assert [type(each).__name__ for each in walk(whole)] == [
        *("AllOf", "Negate", "Compare", "Attribute", "Attribute"),
        *("Compare", "Aggregate", "EventSource", "Compare", "Attribute", "Attribute", "Rolling", "Constant"),
    ]
    assert list(attributes_in(whole)) == [NOTE, CITY, NOTE, CITY]
    assert list(walk(())) == []


def test_walking_takes_no_stack() -> None:
    deep: ir.Predicate = SAME
    for _ in range(50_000):
        deep = ir.Negate(deep)
    assert sum(1 for _ in walk(deep)) == 50_003
    assert measure(deep).depth == 50_002
    while isinstance(deep, ir.Negate):  # take it apart, so that nothing recurses when it is forgotten
        deep = deep.item


def test_measuring_counts_named_audiences_as_often_as_they_are_named() -> None:
    size = measure(SAME)
    assert (size.nodes, size.depth) == (3, 2)
    inner = ir.InAudience("a", SAME)
    outer = ir.InAudience("b", ir.AnyOf((inner, ir.Negate(inner))))
    assert measure(inner).nodes == 4
    assert measure(outer).nodes == 1 + 1 + 4 + 1 + 4
    assert measure(outer).depth == 1 + 1 + 1 + 1 + 2
    for _ in range(200):
        outer = ir.InAudience("c", ir.AnyOf((outer, outer)))
    assert measure(outer).nodes > 2**200


def test_constants_of_a_list_do_not_count() -> None:
    items = tuple(ir.Constant(number, Type(Kind.INTEGER)) for number in range(1_000))
    assert measure(ir.InList(NOTE, items, False)).nodes == 2


def test_nodes_are_values() -> None:
    """Equal when they say the same, wherever that is said; usable as keys, never changed."""
    for name, node in vars(ir).items():
        if isinstance(node, type) and is_dataclass(node) and node.__module__.startswith(ir.__name__):
            assert node.__dataclass_params__.frozen, name  # type: ignore[attr-defined]
            assert "__dict__" not in dir(node), name
            assert all(each.compare is (each.name != "span") for each in fields(node)), name
    assert hash(ir.Constant(Decimal("1.0"), TEXT)) == hash(ir.Constant(Decimal("1.00"), TEXT))
    with pytest.raises(AttributeError):
        NOTE.name = "x"  # type: ignore[misc]


def test_operators_know_their_symbols() -> None:
    for table in (COMPARISONS, TEXT_TESTS, ARITHMETIC, AGGREGATES):
        assert all(each.symbol == symbol and each.says for symbol, each in table.items())
    assert set(MIRRORED) == set(COMPARISONS)
    for symbol, mirrored in MIRRORED.items():
        assert MIRRORED[mirrored] == symbol
        assert COMPARISONS[symbol].ordered == COMPARISONS[mirrored].ordered
