"""What happened first, again, and one after the other."""

from __future__ import annotations

from collections.abc import Sequence as Ordered
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.events import customer_of, readable, rows, said
from campaign_dsl.compile.sql.membership import CUSTOMER_ID, member
from campaign_dsl.compile.sql.shared import EVENT
from campaign_dsl.compile.sql.windows import no_earlier, window
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

ONCE, OCCURRED = "once", "occurred_at"


def first_did(low: Lowering, node: ir.FirstDid) -> exp.Expr:
    name = low.shared.cte(node, naming.first(node), said(node.event), lambda: _first_query(low, node))
    return member(low, name)


def _first_query(low: Lowering, node: ir.FirstDid) -> exp.Query:
    occurred = b.named(exp.Min(this=c.occurred(low.shared, node.event, EVENT)), OCCURRED)
    first = rows(low.about(node.event), node.where, None, customer_of(low.shared, node.event), occurred)
    first = first.group_by(c.owner(low.shared, node.event, EVENT), copy=False)
    return _in_window(low, first, node.window)


def resumed(low: Lowering, node: ir.Resumed) -> exp.Expr:
    name = low.shared.cte(node, naming.resumed(node), said(node.event), lambda: _resumed_query(low, node))
    return member(low, name)


def _resumed_query(low: Lowering, node: ir.Resumed) -> exp.Query:
    """Each event beside the one before it. Among events of one instant the order does not matter: no gap is 0."""
    source, shared = node.event, low.shared
    owner, occurred = c.owner(shared, source, EVENT), c.occurred(shared, source, EVENT)
    least = b.named(exp.Min(this=occurred.copy()), OCCURRED)
    once = rows(low.about(source), node.where, None, customer_of(shared, source), least)
    if source.id_column is not None:
        once = once.group_by(owner, c.identity(shared, source, EVENT), copy=False)
    else:
        once = once.group_by(owner, occurred, copy=False)
    at = b.column(OCCURRED, "dated")
    before = exp.Window(
        this=exp.Lag(this=at.copy()),
        partition_by=[b.column(CUSTOMER_ID, "dated")],
        order=exp.Order(expressions=[b.ordered(at.copy())]),
    )
    beside = exp.select(b.column(CUSTOMER_ID, "dated"), at, b.named(before, "before")).from_(
        exp.Subquery(this=once, alias=exp.TableAlias(this=b.quoted("dated"))), copy=False
    )
    gap = exp.Add(this=b.column("before", ONCE), expression=b.seconds(node.gap_seconds))
    query = _in_window(low, beside, node.window, exp.GTE(this=b.column(OCCURRED, ONCE), expression=gap))
    return query.distinct(copy=False)


def _in_window(low: Lowering, once: exp.Select, within: ir.Window, *more: exp.Expr) -> exp.Select:
    """The customers of a query with their ids and instants, where the instant lies in the window."""
    found = low.about(ir.EventSource(ONCE, ONCE, None, None, None, CUSTOMER_ID, OCCURRED, None), ONCE)
    tests = [*more, *window(found, within, b.column(OCCURRED, ONCE))]
    source = exp.Subquery(this=once, alias=exp.TableAlias(this=b.quoted(ONCE)))
    query = found.joined(exp.select(b.column(CUSTOMER_ID, ONCE)).from_(source, copy=False))
    return query.where(*tests, copy=False) if tests else query


# --------------------------------------------------------------------------------------------------------- sequences


@dataclass
class Chain:
    """The rows of a sequence: a FROM with one relation for each step that is an event.

    Attributes:
        names: the relations, in the order of the steps; None for steps that are absent.
        tests: what the WHERE has to say.
        lowering: of the first step; it has the joins of all.
    """

    names: list[str | None]
    tests: list[exp.Expr]
    lowering: Lowering
    steps: Ordered[ir.Step]
    _joins: list[tuple[exp.Table, exp.Expr]] = field(default_factory=list)

    def select(self, *columns: exp.Expr) -> exp.Select:
        """The query. Ask for it when everything that the lowering is asked for has been."""
        first = self.names[0]
        assert first is not None
        query = exp.select(*columns).from_(b.table(self.steps[0].event.table, first), copy=False)
        for table, on in self._joins:
            query = query.join(table, on=on, copy=False)
        return self.lowering.joined(query).where(*b.every(self.tests), copy=False)


def chain(low: Lowering, steps: Ordered[ir.Step]) -> Chain:
    """The steps one after the other. A window is for the caller to add, on the first of them."""
    relations: dict[str, str] = {}
    first = low.about(steps[0].event, low.shared.numbered("step"))
    first.relations = relations
    found = Chain([], [], first, steps)
    previous = steps[0]
    for step in steps:
        if found.names and step.absent:
            found.names.append(None)
            found.tests.append(_absent(found, step, previous))
            continue
        name = first.alias if not found.names else low.shared.numbered("step")
        here = first
        if found.names:
            here = low.about(step.event, name)
            here.relations, here.joins, here.outer = relations, first.joins, first
            between = _after(found, step, name, previous)
            found._joins.append((b.table(step.event.table, name), exp.and_(*between, copy=False)))
        found.tests += readable(low.shared, step.event, name)
        if step.where is not None:
            found.tests.append(here.holds(step.where))
        found.names.append(name)
        if step.alias is not None:
            relations[step.alias] = name
        previous = step
    return found


def _last(found: Chain) -> str:
    return [name for name in found.names if name is not None][-1]


def _after(found: Chain, step: ir.Step, name: str, previous: ir.Step) -> list[exp.Expr]:
    """Of the same customer, strictly after the step before it, in its time, and another event than those before."""
    last = _last(found)
    shared = found.lowering.shared
    at, before = c.occurred(shared, step.event, name), c.occurred(shared, previous.event, last)
    owner = c.owner(shared, previous.event, last)
    tests: list[exp.Expr] = [exp.EQ(this=c.owner(shared, step.event, name), expression=owner)]
    tests.append(exp.GT(this=at, expression=before))
    if step.seconds is not None:
        until = exp.Add(this=before.copy(), expression=b.seconds(step.seconds))
        tests.append(exp.LTE(this=at.copy(), expression=until))
    if step.event.id_column is not None:
        for other, relation in zip(found.steps, found.names, strict=False):
            if relation is not None and other.event == step.event:
                mine, theirs = (c.identity(shared, step.event, each) for each in (name, relation))
                tests.append(exp.NEQ(this=mine, expression=theirs))
    return tests


def _absent(found: Chain, step: ir.Step, previous: ir.Step) -> exp.Expr:
    """The time has passed, and nothing of the kind happened in it."""
    assert step.seconds is not None
    low = found.lowering
    name = low.shared.numbered("step")
    here = low.about(step.event, name)
    here.relations, here.outer = low.relations, low
    tests = [*_after(found, step, name, previous), *readable(low.shared, step.event, name)]
    if step.where is not None:
        tests.append(here.holds(step.where))
    query = here.joined(exp.select(b.number(1)).from_(b.table(step.event.table, name), copy=False))
    happened = exp.Exists(this=query.where(*b.every(tests), copy=False))
    passed = exp.LTE(this=c.occurred(low.shared, previous.event, _last(found)), expression=b.ago(step.seconds))
    return exp.and_(passed, exp.Not(this=happened), copy=False)


def sequence(low: Lowering, node: ir.Sequence) -> exp.Expr:
    prefix = f"sequence_{naming.sequence(node)}"
    name = low.shared.cte(node, prefix, "one after the other", lambda: _sequence_query(low, node))
    return member(low, name)


def _sequence_query(low: Lowering, node: ir.Sequence) -> exp.Query:
    found = chain(low, node.steps)
    first, name = node.steps[0].event, found.names[0]
    assert name is not None
    found.tests += window(found.lowering, node.window, c.occurred(low.shared, first, name))
    for step, relation in zip(node.steps[1:], found.names[1:], strict=True):
        if relation is not None:
            found.tests += no_earlier(found.lowering, node.window, c.occurred(low.shared, step.event, relation))
    owner = b.named(c.owner(low.shared, first, name), CUSTOMER_ID)
    return found.select(owner).distinct(copy=False)
