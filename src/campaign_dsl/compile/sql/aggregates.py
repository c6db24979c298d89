"""Values over the rows of a customer.

Of several rows with one id the smallest value counts: each id is taken once before anything is added up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.events import customer_of, how_many, only, rows, said
from campaign_dsl.compile.sql.membership import CUSTOMER_ID, of_customer
from campaign_dsl.compile.sql.narrowing import few
from campaign_dsl.compile.sql.numbers import AVERAGE_DIGITS
from campaign_dsl.compile.sql.shared import EVENT
from campaign_dsl.language.catalog.types import INTEGER, Kind, Type
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.dialects.protocol import Dialect
    from campaign_dsl.compile.sql.predicates import Lowering

ONCE, VALUE = "once", "value"


def aggregate(low: Lowering, node: ir.Aggregate) -> exp.Expr:
    """What the rows of a customer add up to, from a query of its own."""
    narrowed = replace(low, among=few(low.among, node.window))
    meaning = (node, narrowed.among)
    name = low.shared.cte(meaning, naming.aggregate(node), said(node.event), lambda: _query(narrowed, node))
    low.joins.setdefault(name, of_customer(low, name))
    value = b.column(VALUE, name)
    return exp.func("COALESCE", value, b.number(0)) if node.function in ("count", "distinct") else value


def _query(low: Lowering, node: ir.Aggregate) -> exp.Query:
    match node.function:
        case "count":
            return _grouped(low, node, how_many(low.shared, node.event))
        case "recency":
            last = exp.Max(this=c.occurred(low.shared, node.event, EVENT))
            return _grouped(low, node, low.shared.dialect.whole_days(last, b.parameter("as_of")))
        case "first" | "last":
            return _at_the_end(low, node)
        case "most frequent":
            return _commonest(low, node)
        case "average":
            return _average(low, node)
    of = b.column(VALUE, ONCE)
    kinds: dict[str, Callable[[], exp.Expr]] = {
        "sum": lambda: sum_of(low.shared.dialect, of, node.type),
        "smallest": lambda: low.shared.dialect.smallest(of, _type(node)),
        "largest": lambda: exp.Max(this=_in_order(low, of, node)),
        "distinct": lambda: exp.Count(this=exp.Distinct(expressions=[of])),
    }
    return of_each(_once(low, node), b.named(_word(kinds[node.function](), node), VALUE))


def of_each(once: exp.Select, *totals: exp.Expr) -> exp.Select:
    """One row for each customer."""
    owner = b.column(CUSTOMER_ID, ONCE)
    query = exp.select(owner, *totals).from_(_subquery(once, ONCE), copy=False)
    return query.group_by(owner.copy(), copy=False)


def _average(low: Lowering, node: ir.Aggregate) -> exp.Query:
    of, dialect = b.column(VALUE, ONCE), low.shared.dialect
    parts = (b.named(dialect.total(of), "total"), b.named(exp.Count(this=of.copy()), "known"))
    summed = of_each(_once(low, node), *parts)
    total, known = b.column("total", "summed"), b.column("known", "summed")
    assert node.value is not None
    average = dialect.mean(total, known, AVERAGE_DIGITS, node.value.type.kind is Kind.INTEGER)
    return exp.select(b.column(CUSTOMER_ID, "summed"), b.named(average, VALUE)).from_(
        _subquery(summed, "summed"), copy=False
    )


def sum_of(dialect: Dialect, of: exp.Expr, type_: Type) -> exp.Expr:
    """An aggregate; a sum of integers has 64 bits."""
    total = dialect.total(of)
    return exp.TryCast(this=total, to=exp.DataType.build("BIGINT")) if type_.kind is Kind.INTEGER else total


def _value(low: Lowering, node: ir.Aggregate) -> exp.Expr:
    """What is aggregated, in the row; a word by its place in its enum."""
    assert node.value is not None
    value = low.value(node.value)
    return b.place(value, node.value.type.values) if node.value.type.kind is Kind.ENUM else value


def _type(node: ir.Aggregate) -> Type:
    """The type of what `_value` gives."""
    assert node.value is not None
    return INTEGER if node.value.type.kind is Kind.ENUM else node.value.type


def _in_order(low: Lowering, value: exp.Expr, node: ir.Aggregate) -> exp.Expr:
    return low.shared.dialect.in_order(value, _type(node))


def _word(value: exp.Expr, node: ir.Aggregate) -> exp.Expr:
    """From the place back to the word."""
    if node.function == "distinct" or node.value is None or node.value.type.kind is not Kind.ENUM:
        return value
    case = exp.Case(this=value)
    for place, word in enumerate(node.value.type.values):
        case = case.when(b.number(place), exp.Literal.string(word), copy=False)
    return case


def _grouped(low: Lowering, node: ir.Aggregate, total: exp.Expr) -> exp.Select:
    query = rows(
        low.about(node.event), node.where, node.window, customer_of(low.shared, node.event), b.named(total, VALUE)
    )
    query = only(low, low.among, query, node.event)
    return query.group_by(c.owner(low.shared, node.event, EVENT), copy=False)


def _once(low: Lowering, node: ir.Aggregate) -> exp.Select:
    """One row for each id, or each row when there are none."""
    source, inner = node.event, low.about(node.event)
    value = _value(inner, node)
    if source.id_column is None:
        all_of_them = rows(inner, node.where, node.window, customer_of(low.shared, source), b.named(value, VALUE))
        return only(low, low.among, all_of_them, source)
    least = b.named(low.shared.dialect.smallest(value, _type(node)), VALUE)
    each = only(low, low.among, rows(inner, node.where, node.window, customer_of(low.shared, source), least), source)
    return each.group_by(c.owner(low.shared, source, EVENT), c.identity(low.shared, source, EVENT), copy=False)


def _at_the_end(low: Lowering, node: ir.Aggregate) -> exp.Query:
    """By instant and then by id: first of each id its earliest row, then of those the first or the last."""
    source, inner = node.event, low.about(node.event)
    value = _value(inner, node)
    occurred = c.occurred(low.shared, source, EVENT)
    last = node.function == "last"
    columns = [customer_of(low.shared, source), b.named(value, VALUE), b.named(occurred, "occurred_at")]
    versions = [b.ordered(occurred.copy()), b.ordered(_in_order(low, value.copy(), node))]
    order = [b.ordered(b.column("occurred_at", ONCE), last)]
    if source.id_column is not None:
        identity = c.identity(low.shared, source, EVENT)
        owner = c.owner(low.shared, source, EVENT)
        version = b.row_number([owner, identity], versions)
        columns += [b.named(identity.copy(), "id"), b.named(version, "version")]
        order.append(b.ordered(low.shared.dialect.in_order(b.column("id", ONCE), None), last))
    once = rows(inner, node.where, node.window, *columns).where(b.known(value.copy()), copy=False)
    once = only(low, low.among, once, source)
    return _first(low, once, order, node)


def _first(low: Lowering, once: exp.Select, order: list[exp.Expr], node: ir.Aggregate) -> exp.Query:
    """The first row of each customer."""
    order = [*order, b.ordered(_in_order(low, b.column(VALUE, ONCE), node))]
    place = b.row_number([b.column(CUSTOMER_ID, ONCE)], order)
    columns = [b.column(CUSTOMER_ID, ONCE), b.column(VALUE, ONCE), b.named(place, "place")]
    placed = exp.select(*columns).from_(_subquery(once, ONCE), copy=False)
    if node.event.id_column is not None:
        placed = placed.where(exp.EQ(this=b.column("version", ONCE), expression=b.number(1)), copy=False)
    return (
        exp.select(b.column(CUSTOMER_ID, "placed"), b.named(_word(b.column(VALUE, "placed"), node), VALUE))
        .from_(_subquery(placed, "placed"), copy=False)
        .where(exp.EQ(this=b.column("place", "placed"), expression=b.number(1)), copy=False)
    )


def _commonest(low: Lowering, node: ir.Aggregate) -> exp.Query:
    """Of several the smallest."""
    of, owner = b.column(VALUE, ONCE), b.column(CUSTOMER_ID, ONCE)
    order = [b.ordered(exp.Count(this=exp.Star()), True), b.ordered(_in_order(low, of, node))]
    place = b.row_number([owner], order)
    placed = (
        exp.select(owner.copy(), of.copy(), b.named(place, "place"))
        .from_(_subquery(_once(low, node), ONCE), copy=False)
        .where(b.known(of.copy()), copy=False)
        .group_by(owner.copy(), of.copy(), copy=False)
    )
    value = _word(b.column(VALUE, "placed"), node)
    return (
        exp.select(b.column(CUSTOMER_ID, "placed"), b.named(value, VALUE))
        .from_(_subquery(placed, "placed"), copy=False)
        .where(exp.EQ(this=b.column("place", "placed"), expression=b.number(1)), copy=False)
    )


def _subquery(query: exp.Query, alias: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=b.quoted(alias)))
