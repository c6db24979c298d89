"""Anniversaries, as months and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.shared import TODAY, ZONE, ZONES, Join
from campaign_dsl.compile.sql.values import closed, known
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

_CIRCLE = 1_300
"""More than any `month * 100 + day`."""
YEAR = 366
"""Days in a row among which every anniversary falls, even one of 29 February."""


def anniversary_in(low: Lowering, node: ir.AnniversaryIn, close: bool) -> exp.Expr:
    """Within less than a year: after the last day that is too early, up to the last day, maybe past New Year's Eve."""
    if node.last - node.first + 1 >= YEAR:
        return known(low, node.day)
    meaning = (ir.AnniversaryIn, node.first, node.last)
    said = f"anniversaries {node.first} to {node.last} days from today"
    name = low.shared.cte(meaning, naming.anniversary(node), said, lambda: _days(low, node))
    low.joins.setdefault(name, Join(b.table(name), exp.EQ(this=b.column("zone", name), expression=low.own(ZONE))))
    after = b.column("after", name)
    last = _steps(after.copy(), b.column("until", name))
    test = exp.LTE(this=_steps(after, b.month_day(low.value(node.day))), expression=last)
    return closed(test, close, node.day)


def _steps(after: exp.Expr, day: exp.Expr) -> exp.Expr:
    """How far ``day`` lies behind the day after ``after``, around the year: 0 for that day itself.

    On a circle with a place for each number that a month and a day can make, so New Year's Eve is no case of its own.
    """
    behind = exp.Sub(this=day, expression=after)
    return exp.Mod(this=exp.paren(b.plus(behind, b.number(_CIRCLE - 1)), copy=False), expression=b.number(_CIRCLE))


def _days(low: Lowering, node: ir.AnniversaryIn) -> exp.Query:
    """For each zone the month and day of the last day before those asked for, and of the last of them."""
    shared, today = low.shared, b.column(TODAY, ZONES)
    bounds = [("after", node.first - 1), ("until", node.last)]
    days = [b.named(shared.dialect.shift_day(today.copy(), count, "day"), name) for name, count in bounds]
    inner = exp.select(b.named(b.column("name", ZONES), "zone"), *days).from_(b.table(ZONES), copy=False)
    dialect, policy = shared.dialect, shared.leap_day
    columns = [b.named(day_number(dialect, policy, b.column(name, "d")), name) for name, _ in bounds]
    source = exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted("d")))
    return exp.select(b.column("zone", "d"), *columns).from_(source, copy=False)


def day_number(dialect: Dialect, leap_day: str, day: exp.Expr) -> exp.Expr:
    """`month * 100 + day`, for finding out which anniversaries have passed.

    Where 29 February is celebrated on the 28th in common years, the last day of February counts as the 29th.
    """
    number = b.month_day(day)
    if leap_day != "feb_28":
        return number
    tomorrow = dialect.shift_day(day.copy(), 1, "day")
    last = exp.EQ(this=b.month_day(tomorrow), expression=b.number(301))
    return exp.Case().when(last, b.number(229), copy=False).else_(number, copy=False)
