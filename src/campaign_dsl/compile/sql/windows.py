"""When something happened: the windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.moments import local_day
from campaign_dsl.compile.sql.shared import TODAY
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}
"""Days of a calendar unit."""
_DAY = 86_400


def window(low: Lowering, node: ir.Window | None, occurred: exp.Expr) -> list[exp.Expr]:
    """The conditions on ``occurred``, which is known not to lie after T."""
    match node:
        case None:
            return []
        case ir.Rolling(seconds):
            return [exp.GT(this=occurred.copy(), expression=b.ago(seconds))]
        case ir.Calendar():
            return _calendar(low, node, occurred)
        case ir.Bounded(since, after, until, before):
            bounds: tuple[tuple[type[exp.Binary], ir.Moment | None], ...] = (
                (exp.GTE, since),
                (exp.GT, after),
                (exp.LTE, until),
                (exp.LT, before),
            )
            return [_against(low, test, occurred, bound) for test, bound in bounds if bound is not None]


def no_earlier(low: Lowering, node: ir.Window | None, occurred: exp.Expr) -> list[exp.Expr]:
    """Of what happens after something in a window: that it is not before the window, as far as an instant says so.

    It follows from the order, but engines do not see that, and would read all of the history.
    """
    match node:
        case ir.Rolling() | ir.Calendar():
            return window(low, node, occurred)[:1]
        case ir.Bounded(since, after):
            bounds = [each for each in (since, after) if each is not None and each.type.kind is Kind.TIMESTAMP]
            return [exp.GT(this=occurred.copy(), expression=low.value(each)) for each in bounds]
    return []


def _against(low: Lowering, test: type[exp.Binary], occurred: exp.Expr, bound: ir.Moment) -> exp.Expr:
    mine = local_day(low, occurred.copy()) if bound.type.kind is Kind.DATE else occurred.copy()
    return test(this=mine, expression=low.value(bound))


def _calendar(low: Lowering, node: ir.Calendar, occurred: exp.Expr) -> list[exp.Expr]:
    """By the local day; before that by an instant that lies earlier wherever one is, since engines skip rows by it."""
    dialect, unit, back = low.shared.dialect, node.unit, node.back
    days = (node.count + back) * _LONGEST[unit] + 2
    day = local_day(low, occurred.copy())
    current = low.own(TODAY) if unit == "day" else dialect.start_of(low.own(TODAY), unit)
    tests: list[exp.Expr] = [exp.GT(this=occurred.copy(), expression=b.ago(days * _DAY))]
    tests.append(exp.GTE(this=day, expression=dialect.shift_day(current, 1 - node.count - back, unit)))
    if back:
        tests.append(exp.LT(this=day.copy(), expression=dialect.shift_day(current.copy(), 1 - back, unit)))
    return tests
