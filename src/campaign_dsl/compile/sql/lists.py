"""Lists: tests of a whole list, and of its elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.comparisons import one_of
from campaign_dsl.compile.sql.constants import constant
from campaign_dsl.compile.sql.values import closed
from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering


def list_test(low: Lowering, node: ir.ListTest, close: bool) -> exp.Expr:
    """Whether a list has any, all or none of some values."""
    element = node.value.type.element
    assert element is not None
    if all(item.type.kind is element.kind or element.is_number for item in node.items):
        items = [constant(item, low.shared.dialect) for item in node.items]
        test = low.shared.dialect.list_has(node.op == "all", low.value(node.value), items)
    else:  # days among instants, or instants among days
        groups = [(item,) for item in node.items] if node.op == "all" else [node.items]
        test = exp.and_(*(_some_one_of(low, node.value, group, element) for group in groups), copy=False)
    return closed(b.negated(test) if node.op == "none" else test, close, node.value)


def _some_one_of(low: Lowering, items: ir.Value, chosen: tuple[ir.Constant, ...], element: Type) -> exp.Expr:
    inner = low.within_element()
    test = one_of(inner, ir.Element(element), chosen)
    return exp.GT(this=_counted(low, items, test, inner), expression=b.number(0))


def is_empty(low: Lowering, node: ir.IsEmpty, close: bool) -> exp.Expr:
    length = low.shared.dialect.list_length(low.value(node.value), node.value.type)
    kind: type[exp.Binary] = exp.GT if node.negated else exp.EQ
    return closed(kind(this=length, expression=b.number(0)), close, node.value)


def quantified(low: Lowering, node: ir.Quantified, close: bool) -> exp.Expr:
    """`all` says that no element fails."""
    inner = low.within_element()
    test = inner.fails(node.where) if node.op == "all" else inner.holds(node.where)
    length = _counted(low, node.items, test, inner)
    kind: type[exp.Binary] = exp.GT if node.op == "any" else exp.EQ
    return closed(kind(this=length, expression=b.number(0)), close, node.items)


def count(low: Lowering, node: ir.ListCount) -> exp.Expr:
    """How many elements of a list match."""
    if node.where is None:
        return low.shared.dialect.list_length(low.value(node.items), node.items.type)
    inner = low.within_element()
    return _counted(low, node.items, inner.holds(node.where), inner)


def _counted(low: Lowering, items: ir.Value, test: exp.Expr, inner: Lowering) -> exp.Expr:
    return low.shared.dialect.list_count(low.value(items), items.type, inner.elements[-1], test)
