"""Being one of a number of customers: those of a query, of a list in a file, of a random sample."""

from __future__ import annotations

from decimal import ROUND_CEILING
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.shared import Join
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

CUSTOMER_ID = "customer_id"
BUCKETS = 1 << 28
"""Random shares are drawn from this many buckets: seven hex digits of an md5."""
SHORT = 100
"""Static lists up to this length stand where they are used."""


def member(low: Lowering, name: str) -> exp.Expr:
    """Whether the customer is in the CTE, which has each customer once and no NULL. Never NULL."""
    if low.joins_members:
        low.joins.setdefault(name, of_customer(low, name))
        return b.known(b.column(CUSTOMER_ID, name))
    listed = exp.select(b.quoted(CUSTOMER_ID)).from_(b.table(name), copy=False)
    return exp.In(this=low.owner(), query=exp.Subquery(this=listed))


def of_customer(low: Lowering, name: str) -> Join:
    """The row of a CTE that is about the customer."""
    return Join(b.table(name), exp.EQ(this=b.column(CUSTOMER_ID, name), expression=low.owner()))


def of_the_audience(low: Lowering, node: ir.Predicate) -> exp.Expr:
    """Whether ``node`` holds of somebody who is in the audience: from the relation of those, when there is one."""
    return member(low, low.shared.found[node]) if node in low.shared.found else low.holds(node)


def in_static_list(low: Lowering, node: ir.InStaticList) -> exp.Expr:
    """Whether the customer is one of the keys that a file lists."""
    key = b.text(low.owner())
    if not node.keys:
        return exp.false()
    if len(node.keys) <= SHORT:
        return b.comment(exp.paren(b.in_words(key, node.keys), copy=False), f"list {node.name}")

    def make() -> exp.Query:
        rows = [exp.Tuple(expressions=[exp.Literal.string(each)]) for each in dict.fromkeys(node.keys)]
        alias = exp.TableAlias(this=b.quoted("l"), columns=[b.quoted(CUSTOMER_ID)])
        return exp.select(b.column(CUSTOMER_ID, "l")).from_(exp.Values(expressions=rows, alias=alias), copy=False)

    name = low.shared.cte((node.name, node.keys), f"list_{node.name}", f"list {node.name}", make)
    if low.joins_members:
        low.joins.setdefault(name, Join(b.table(name), exp.EQ(this=b.column(CUSTOMER_ID, name), expression=key)))
        return b.known(b.column(CUSTOMER_ID, name))
    listed = exp.select(b.quoted(CUSTOMER_ID)).from_(b.table(name), copy=False)
    return exp.In(this=key, query=exp.Subquery(this=listed))


def sample(low: Lowering, node: ir.Sample) -> exp.Expr:
    salted = exp.DPipe(this=exp.Literal.string(f"{node.salt}:"), expression=b.text(low.owner()))
    ceiling = (node.percent * BUCKETS / 100).to_integral_value(ROUND_CEILING)
    return exp.LT(this=low.shared.dialect.hash_bucket(salted), expression=b.number(int(ceiling)))
