"""Instants, calendar days, lengths of time, times of day and days of the week."""

from __future__ import annotations

from campaign_dsl.language.catalog.types import DATE, TIMESTAMP, WEEKDAY, Kind, Type
from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.durations import SECONDS, exact_seconds
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.constants import constant
from campaign_dsl.language.semantics.expressions.names import OCCURRED_AT
from campaign_dsl.language.syntax import tree as t

CALENDAR_UNITS = {"day": 36_600, "week": 5_300, "month": 1_200, "year": 100}
"""Units of the calendar, and how many of them are a hundred years or so."""


def moment(node: t.Moment, at: Checker) -> ir.Moment | None:
    """An instant or a calendar day."""
    match node:
        case t.Constant():
            return constant(node, at, None)
        case t.Now():
            return ir.Now(TIMESTAMP)
        case t.Today():
            return ir.Today(DATE)
    sign = -1 if node.ahead else 1
    if node.length.calendar:
        return ir.CalendarAgo(sign * node.length.count, node.length.unit, DATE) if calendar(node.length, at) else None
    seconds = exact(node.length, at)
    return None if seconds is None else ir.Ago(sign * seconds, TIMESTAMP)


def exact(node: t.Length, at: Checker) -> int | None:
    """The seconds of an exact length, or None after having reported that it is none."""
    if node.unit in SECONDS or node.unit not in CALENDAR_UNITS:
        return exact_seconds(t.Duration(node.count, node.unit, span=node.span), at.problems)
    at.problems.add(
        "TYP007",
        f"a {node.unit} has no exact length",
        node.span,
        why="months and years differ in length, so two readers would count differently",
        help=f"write days, as in `{node.count * (30 if node.unit == 'month' else 365)} days`; "
        f"or `{written(node, calendar=True)}`",
    )
    return None


def calendar(node: t.Length, at: Checker) -> bool:
    """Whether a calendar length is one that can be counted; reports it when it is not."""
    most = CALENDAR_UNITS.get(node.unit)
    if most is None:
        at.problems.add(
            "TYP008",
            f"there are no calendar {node.unit}s",
            node.span,
            why="the calendar has days, weeks, months and years",
            help=f"write `{written(node, calendar=False)}`",
        )
        return False
    if not 1 <= node.count <= most:
        at.problems.add(
            "TYP006",
            "this length of time is zero" if node.count == 0 else "this length of time is over a hundred years",
            node.span,
            help="write at least `1 calendar day`, or `today`" if node.count == 0 else "write a shorter one",
        )
        return False
    return True


def written(node: t.Length, calendar: bool) -> str:
    """The same number of units, of the calendar or exact."""
    return f"{node.count} {'calendar ' if calendar else ''}{node.unit}{'' if node.count == 1 else 's'}"


def local_time(node: t.LocalTime, at: Checker) -> ir.Value | None:
    """`time of day` and `day of week`: of the event whose filter this stands in, else of T."""
    zone: ir.Value | None = None
    if node.zone is not None:
        zone = at.value(node.zone)
        if zone is None:
            return None
        if zone.type.kind is not Kind.TEXT:
            at.problems.add(
                "TYP003",
                f"a zone is text, this is {kinds.a(zone.type)}",
                node.zone.span,
                help='name a zone, as in `in zone "America/New_York"`',
            )
            return None
        if isinstance(zone, ir.Constant) and not known_zone(str(zone.value)):
            at.problems.add(
                "CMP009",
                f"`{zone.value}` is not a zone of the tz database",
                node.zone.span,
                help=did_you_mean(str(zone.value), zone_names()) or "zones look like `America/New_York`",
            )
            return None
    rows = at.names.rows
    when: ir.Value = ir.Now(TIMESTAMP)
    if rows is not None and rows.source.occurred_column is not None:
        when = ir.Property(OCCURRED_AT, rows.source.occurred_column, TIMESTAMP)
    missing = zone is not None and not isinstance(zone, ir.Constant)
    if node.what == "time of day":
        return ir.TimeOfDay(when, zone, Type(Kind.TIME, missing))
    return ir.DayOfWeek(when, zone, WEEKDAY.maybe(missing))
