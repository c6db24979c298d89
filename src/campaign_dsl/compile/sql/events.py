"""Rows that belong to customers: which of them count, and who has how many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.membership import CUSTOMER_ID, member
from campaign_dsl.compile.sql.narrowing import Chain, few
from campaign_dsl.compile.sql.shared import EVENT, Shared
from campaign_dsl.compile.sql.windows import window
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering


def rows(inner: Lowering, where: ir.Predicate | None, within: ir.Window | None, *columns: exp.Expr) -> exp.Select:
    """The matching rows of what ``inner`` is about, with all that it needs to be joined."""
    source = inner.source
    assert source is not None
    tests = readable(inner.shared, source, EVENT)
    if source.occurred_column is not None:
        tests += window(inner, within, c.occurred(inner.shared, source, EVENT))
    if where is not None:
        tests.append(inner.holds(where))
    query = inner.joined(exp.select(*columns).from_(b.table(source.table, EVENT), copy=False))
    return query.where(*b.every(tests), copy=False)


def readable(shared: Shared, source: ir.EventSource, alias: str) -> list[exp.Expr]:
    """What makes a row count: it is of this kind, has an owner and an id, and had happened and arrived by T."""
    tests: list[exp.Expr] = []
    if source.kind_column is not None:
        kind = exp.Literal.string(source.kind_value or "")
        tests.append(exp.EQ(this=c.kind(shared, source, alias), expression=kind))
    needed = (source.customer_column, source.id_column)
    tests += [b.known(b.column(name, alias)) for name in needed if name is not None]
    if source.occurred_column is not None:
        tests.append(exp.LTE(this=c.occurred(shared, source, alias), expression=b.parameter("as_of")))
    if source.received_column is not None:
        received = c.received(shared, source, alias)
        arrived = exp.LTE(this=received, expression=b.parameter("as_of"))
        tests.append(exp.or_(b.missing(received.copy()), arrived, copy=False))
    return tests


def said(source: ir.EventSource) -> str:
    """What the comment of a CTE says about the rows it reads."""
    return f"{source.name} events, each id once" if source.id_column is not None else f"rows of {source.name}"


def customer_of(shared: Shared, source: ir.EventSource) -> exp.Expr:
    return b.named(c.owner(shared, source, EVENT), CUSTOMER_ID)


def how_many(shared: Shared, source: ir.EventSource) -> exp.Expr:
    if source.id_column is None:
        return exp.Count(this=exp.Star())
    return exp.Count(this=exp.Distinct(expressions=[c.identity(shared, source, EVENT)]))


def did(low: Lowering, node: ir.Did) -> exp.Expr:
    """Whether a customer has so many matching rows."""
    if node.at_least == 0:
        if node.at_most is None:
            return exp.true()
        return b.negated(did(low, ir.Did(node.event, node.where, node.window, node.at_most + 1, None)))
    if node.at_most is not None and node.at_most < node.at_least:
        return exp.false()
    return member(low, did_relation(low, node))


def did_relation(low: Lowering, node: ir.Did) -> str:
    """The name of the CTE with those who did; each once where something is joined with it."""
    many = _once(node) and not low.joins_members
    among = few(low.among, node.window)
    comment = said(node.event) if not _once(node) else f"{node.event.name} events"
    return low.shared.cte((node, many, among), naming.did(node), comment, lambda: _did_query(low, node, many, among))


def _once(node: ir.Did) -> bool:
    return node.at_least == 1 and node.at_most is None


def only(low: Lowering, among: Chain, query: exp.Select, source: ir.EventSource) -> exp.Select:
    """``query``, narrowed to the rows of customers for whom other conditions hold."""
    if not among:
        return query
    *earlier, last = among
    few_of_them = did_relation(replace(low, among=tuple(earlier), inside=False), last)
    listed = exp.select(b.quoted(CUSTOMER_ID)).from_(b.table(few_of_them), copy=False)
    owner = c.owner(low.shared, source, EVENT)
    return query.where(exp.In(this=owner, query=exp.Subquery(this=listed)), copy=False)


def _did_query(low: Lowering, node: ir.Did, many: bool, among: Chain) -> exp.Query:
    query = rows(low.about(node.event), node.where, node.window, customer_of(low.shared, node.event))
    query = only(low, among, query, node.event)
    if _once(node):
        return query if many else query.distinct(copy=False)
    count = how_many(low.shared, node.event)
    query = query.group_by(c.owner(low.shared, node.event, EVENT), copy=False)
    if node.at_most == node.at_least:
        return query.having(exp.EQ(this=count, expression=b.number(node.at_least)), copy=False)
    having: exp.Expr = exp.GTE(this=count, expression=b.number(node.at_least))
    if node.at_most is not None:
        most = exp.LTE(this=count.copy(), expression=b.number(node.at_most))
        having = exp.and_(having, most, copy=False)
    return query.having(having, copy=False)
