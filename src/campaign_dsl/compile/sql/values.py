"""Values that are looked up: of the customer, of the row, of what the row points to. And which can be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.numbers import as_kind
from campaign_dsl.compile.sql.shared import DIMENSION_KEY, TODAY_KEY, Join
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.walk import walk

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering


def can_be_missing(node: ir.Value) -> bool:
    """Whether the expression of a value can be NULL. Of what is computed or looked up we do not ask further."""
    match node:
        case ir.Constant() | ir.Now() | ir.Today() | ir.Ago() | ir.CalendarAgo():
            return False
        case ir.Attribute() | ir.Property(alias=None):
            return node.type.nullable
        case ir.Age(birth_date):
            return birth_date.type.nullable
        case ir.Aggregate(function):
            return function not in ("count", "distinct")
    return True


def closed(test: exp.Expr, close: bool, *operands: ir.Value) -> exp.Expr:
    """``test``; false instead of NULL when it is to be closed and an operand can be missing."""
    return surely(test) if close and any(can_be_missing(side) for side in operands) else test


def surely(test: exp.Expr) -> exp.Expr:
    """``test``, or false where it is NULL."""
    return exp.func("COALESCE", test, exp.false())


def known(low: Lowering, node: ir.Value) -> exp.Expr:
    """Whether there is a value. Never NULL."""
    test = b.known(low.value(node))
    if node.type.kind is Kind.GEO and isinstance(node, ir.Attribute | ir.Property):
        test = exp.and_(test, b.known(low.longitude(node)), copy=False)
    return test


def age(low: Lowering, node: ir.Age) -> exp.Expr:
    """Whole years since the birth date."""
    birth = low.value(node.birth_date)
    key = b.plus(b.times(b.part("YEAR", birth), 10_000), b.month_day(birth))
    passed = exp.Sub(this=low.own(TODAY_KEY), expression=exp.paren(key, copy=False))
    return low.shared.dialect.floor_divide(exp.paren(passed, copy=False), 10_000)


def choice(low: Lowering, node: ir.Choice) -> exp.Expr:
    """The value of the first case that holds. A test that is NULL is one that does not."""
    found, asked = exp.Case(), low.within_value()
    for test, value in node.cases:
        found = found.when(asked.holds(test), _chosen(low, value, node), copy=False)
    return found if node.otherwise is None else found.else_(_chosen(low, node.otherwise, node), copy=False)


def _chosen(low: Lowering, value: ir.Value, node: ir.Choice) -> exp.Expr:
    return as_kind(low, low.value(value), value.type.kind, node.type.kind)


def lookup(low: Lowering, node: ir.Lookup) -> exp.Expr:
    """A column of the dimension's row. Each key by which we look into a dimension joins it once."""
    inside = list(walk(node.key))
    if low.outer is not None and any(isinstance(each, ir.Property) and each.alias for each in inside):
        return low.outer.value(node)
    table = low.shared.dimension(node)
    if any(isinstance(each, ir.Element) for each in inside):
        return _of_element(low, node, table)
    meaning = (node.dimension, node.key, low.alias)
    if meaning not in low.joins:
        key = low.value(node.key)  # may need other joins, which then stand before this one
        alias = low.shared.fresh(f"lookup_{node.dimension.name}")
        same = exp.EQ(this=b.column(DIMENSION_KEY, alias), expression=key)
        low.joins[meaning] = Join(b.cte(table, alias), same)
    return b.column(node.name, low.joins[meaning].table.alias)


def _of_element(low: Lowering, node: ir.Lookup, table: str) -> exp.Expr:
    """Nothing can be joined to the elements of a list: there a column is a map from keys to values."""

    def make() -> exp.Query:
        pairs = low.shared.dialect.map_of(b.column(DIMENSION_KEY, table), b.column(node.name, table))
        return exp.select(b.named(pairs, "value")).from_(b.table(table), copy=False)

    meaning = (node.dimension, node.name)
    name = low.shared.cte(meaning, f"map_of_{node.dimension.name}_{node.name}", f"{node.name} for each key", make)
    low.joins.setdefault(name, Join(b.table(name), exp.true()))
    return low.shared.dialect.from_map(b.column("value", name), low.value(node.key), node.type)
