"""Conditions of outcomes, and which messages a customer would be sent."""

from __future__ import annotations

from itertools import groupby

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.language.ir import campaign as ir

SEGMENT, ARM, LANGUAGE = "_segment", "_arm", "_language"
"""Columns with the groups a customer falls into."""


def condition(tail: ir.Tail, lowering: Lowering) -> exp.Expr:
    """Whether the condition of an outcome holds."""
    when = tail.condition
    assert when is not None
    if when.segment is not None:
        return exp.EQ(this=b.column(SEGMENT, lowering.alias), expression=exp.Literal.string(when.segment))
    if when.arm is not None:
        return exp.EQ(this=b.column(ARM, lowering.alias), expression=exp.Literal.string(when.arm))
    assert when.predicate is not None
    with lowering.shared.clause(tail.span):
        return lowering.holds(when.predicate)


def told(campaign: ir.Campaign, message: str, lowering: Lowering) -> exp.Expr | None:
    """Whether a message would be sent to a customer; None when it always is."""
    ways: list[exp.Expr] = []
    for choice, group in groupby(campaign.outcomes, key=lambda each: each.tail.choice):
        lines = list(group)
        for place, each in enumerate(lines):
            if not isinstance(each, ir.Send) or each.message != message:
                continue
            tests = [] if choice is None else [_fails(line.tail, lowering) for line in lines[:place]]
            if each.tail.condition is not None:
                tests.append(condition(each.tail, lowering))
            if not tests:
                return None
            ways.append(exp.and_(*tests, copy=False))
    return exp.or_(*ways, copy=False) if ways else exp.false()


def _fails(tail: ir.Tail, lowering: Lowering) -> exp.Expr:
    """That the condition of an earlier line does not hold. Never NULL."""
    if tail.condition is None:
        return exp.false()
    if tail.condition.predicate is None:
        return b.negated(condition(tail, lowering))
    with lowering.shared.clause(tail.span):
        return lowering.fails(tail.condition.predicate)
