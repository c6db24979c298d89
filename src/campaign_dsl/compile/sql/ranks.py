"""Where a customer stands among all who can be read and whose value is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.membership import CUSTOMER_ID, of_customer
from campaign_dsl.compile.sql.shared import CUSTOMER, readable
from campaign_dsl.compile.sql.values import surely
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering


def rank(low: Lowering, node: ir.Rank, close: bool) -> exp.Expr:
    """Whether a customer is among the first of all by a value."""
    meaning = (ir.Rank, node.of, node.largest)
    said, make = "the place among all", lambda: _places(low, node.of, node.largest, False)
    name = low.shared.cte(meaning, naming.ranked(node), said, make)
    low.joins.setdefault(name, of_customer(low, name))
    place, total = b.column("place", name), b.column("total", name)
    if node.count is not None:
        test: exp.Expr = exp.LTE(this=place, expression=b.number(node.count))
    else:
        assert node.percent is not None
        # Among the first ceil(n * p / 100), said in whole numbers.
        share, whole = node.percent.as_integer_ratio()
        before = b.times(exp.paren(exp.Sub(this=place, expression=b.number(1)), copy=False), 100 * whole)
        test = exp.LT(this=before, expression=exp.Mul(this=total, expression=b.number(share)))
    return surely(test) if close else test


def quintile(low: Lowering, node: ir.Quintile) -> exp.Expr:
    """The ties go the other way than in `rank`, so that the fifth quintile is the top 20 %."""
    meaning = (ir.Quintile, node.of)
    said, make = "the place among all", lambda: _places(low, node.of, False, True)
    name = low.shared.cte(meaning, naming.quintile(node), said, make)
    low.joins.setdefault(name, of_customer(low, name))
    before = exp.paren(exp.Sub(this=b.column("place", name), expression=b.number(1)), copy=False)
    fifth = exp.IntDiv(this=b.times(before, 5), expression=b.column("total", name))
    return b.whole(b.plus(fifth, b.number(1)))


def _places(low: Lowering, of: ir.Value, descending: bool, ids_descending: bool) -> exp.Query:
    shared, inner = low.shared, low.about(None)
    value = inner.value(of)
    if of.type.kind is Kind.ENUM:
        value = b.place(value, of.type.values)
    columns = [b.named(b.column(shared.key, CUSTOMER), CUSTOMER_ID), b.named(value, "value")]
    valued = inner.joined(exp.select(*columns).from_(b.table(CUSTOMER), copy=False))
    valued = valued.where(*readable(shared.key), copy=False)
    source = exp.Subquery(this=valued, alias=exp.TableAlias(this=b.quoted("v")))
    ranked = shared.dialect.in_order(b.column("value", "v"), of.type)
    key = shared.dialect.in_order(b.column(CUSTOMER_ID, "v"), shared.key_type)
    order = [b.ordered(ranked, descending), b.ordered(key, ids_descending)]
    place = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=order))
    total = exp.Window(this=exp.Count(this=exp.Star()))
    return (
        exp.select(b.column(CUSTOMER_ID, "v"), b.named(place, "place"), b.named(total, "total"))
        .from_(source, copy=False)
        .where(b.known(b.column("value", "v")), copy=False)
    )
