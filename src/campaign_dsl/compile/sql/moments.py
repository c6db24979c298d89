"""Instants and days: relative to T, moved, and as a clock on a wall shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.constants import constant
from campaign_dsl.compile.sql.shared import TODAY, ZONE
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.walk import walk

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering


def moment(low: Lowering, node: ir.Now | ir.Today | ir.Ago | ir.CalendarAgo) -> exp.Expr:
    """An instant or a day that is told from T."""
    match node:
        case ir.Now():
            return b.parameter("as_of")
        case ir.Ago(seconds):
            return b.ago(seconds)
        case ir.Today():
            return low.own(TODAY)
        case ir.CalendarAgo(count, unit):
            return low.shared.dialect.shift_day(low.own(TODAY), -count, unit)


def moved(low: Lowering, node: ir.Shift | ir.ShiftDay | ir.Elapsed) -> exp.Expr:
    """A moment moved by a length, or the length between two."""
    dialect = low.shared.dialect
    match node:
        case ir.Elapsed(end, start):
            return dialect.elapsed(instant(low, end), instant(low, start))
        case ir.Shift(op, from_, duration):
            begin, length = instant(low, from_), low.value(duration)
            if isinstance(from_, ir.Now | ir.Ago) and isinstance(duration, ir.Constant):
                kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub}[op]
                return kind(this=b.paren(begin), expression=b.paren(length))
            return dialect.moved(op, begin, length)
        case ir.ShiftDay(day, count, unit):
            that_day = dialect.shift_day(low.value(day), count, unit)
            if isinstance(day, ir.Today | ir.CalendarAgo):
                return that_day
            return dialect.within_years(dialect.missing_on_error(that_day), Kind.DATE)


def instant(low: Lowering, node: ir.Value) -> exp.Expr:
    """An instant as such: a column may be one without a zone; that means UTC."""
    value = low.value(node)
    return value if isinstance(node, ir.Constant | ir.Now | ir.Ago | ir.Shift) else with_zone(value)


def with_zone(moment: exp.Expr) -> exp.Expr:
    return moment if isinstance(moment, exp.Cast | exp.Placeholder) else exp.cast(moment, exp.DType.TIMESTAMPTZ)


def local_day(low: Lowering, moment: exp.Expr) -> exp.Expr:
    """The calendar day of an instant where the customer is."""
    return low.shared.dialect.local_day(b.paren(with_zone(moment)), low.own(ZONE))


def clock(low: Lowering, node: ir.TimeOfDay | ir.DayOfWeek) -> exp.Expr:
    """The local time, or the local weekday."""
    dialect = low.shared.dialect
    zone = _zone(low, node.zone)
    if zone is None:
        return exp.cast(exp.null(), exp.DType.TIME if isinstance(node, ir.TimeOfDay) else exp.DType.TEXT)
    there = b.paren(instant(low, node.moment))
    if isinstance(node, ir.TimeOfDay):
        return dialect.missing_on_error(dialect.local_time(there, zone))
    return dialect.weekday(dialect.local_day(there, zone))


def _zone(low: Lowering, zone: ir.Value | None) -> exp.Expr | None:
    """A zone that the tz database has; NULL, or None, when there is no such zone: engines refuse to compute with it."""
    if zone is None:
        return low.own(ZONE)
    if isinstance(zone, ir.Constant):
        return constant(zone, low.shared.dialect) if known_zone(str(zone.value)) else None
    inside = list(walk(zone))
    if low.outer is not None and any(isinstance(each, ir.Property) and each.alias for each in inside):
        return _zone(low.outer, zone)
    # Not by a join with the zones: DuckDB filters before it joins, and would compute with what is no zone.
    value = low.value(zone)
    return exp.Case().when(b.in_words(value, sorted(zone_names())), value.copy(), copy=False)
