"""What every value is for one customer at T. None: it is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from campaign_dsl.language.catalog.types import WEEKDAYS, Kind
from campaign_dsl.language.catalog.zones import known_zone, zone
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference import numbers
from campaign_dsl.review.reference.aggregates import aggregate, place, quintile
from campaign_dsl.review.reference.moments import add_units, local, moved, years_since
from campaign_dsl.review.reference.scope import Scope


def value(node: ir.Value, scope: Scope) -> Any:
    """What ``node`` is for the customer of ``scope``, in the row and the lists it stands in."""
    match node:
        case ir.Constant(constant):
            return constant
        case ir.Attribute(name):
            return scope.customer.get(name)
        case ir.Property():
            return _property(node, scope)
        case ir.Lookup():
            return _looked_up(node, scope)
        case ir.Field(record, name):
            whole = scope.value(record)
            return None if whole is None else whole.get(name)
        case ir.Element(_, depth):
            return scope.elements[depth]
        case ir.Age(birth_date):
            born = scope.value(birth_date)
            return None if born is None else years_since(born, scope.today, scope.clock.leap_day)
        case ir.Now():
            return scope.as_of.astimezone(UTC)
        case ir.Today():
            return scope.today
        case ir.Ago(seconds):
            return moved(scope.as_of.astimezone(UTC), -timedelta(seconds=seconds))
        case ir.CalendarAgo(count, unit):
            return add_units(scope.today, -count, unit)
        case ir.Arithmetic() | ir.Round() | ir.Function():
            return _calculated(node, scope)
        case ir.Shift() | ir.ShiftDay() | ir.Elapsed():
            return _moved(node, scope)
        case ir.TimeOfDay(moment, where):
            clock = _wall_clock(moment, where, scope)
            return None if clock is None else clock.time()
        case ir.DayOfWeek(moment, where):
            clock = _wall_clock(moment, where, scope)
            return None if clock is None else WEEKDAYS[clock.weekday()]
        case ir.ListCount(items, where):
            found = scope.value(items)
            if found is None:
                return None
            return sum(1 for item in found if where is None or scope.element(item).holds(where))
        case ir.Aggregate():
            return aggregate(node, scope)
        case ir.Quintile():
            return quintile(node, scope)
        case ir.Choice(cases, otherwise):
            chosen = next((each for test, each in cases if scope.holds(test)), otherwise)
            return None if chosen is None else scope.value(chosen)
    raise AssertionError(node)


def _property(node: ir.Property, scope: Scope) -> Any:
    row = scope.row if node.alias is None else scope.named.get(node.alias)
    if row is None:
        assert node.alias is not None, "a property outside of a row"
        return None
    mine = row.get(node.column)
    if node.longitude is None:
        return mine
    east = row.get(node.longitude)
    return None if mine is None or east is None else (mine, east)


def _looked_up(node: ir.Lookup, scope: Scope) -> Any:
    key = scope.value(node.key)
    if key is None:
        return None
    rows = scope.world.table(node.dimension.table)
    found = [row.get(node.column) for row in rows if row.get(node.dimension.key_column) == key]
    return min((one for one in found if one is not None), default=None)


def _calculated(node: ir.Arithmetic | ir.Round | ir.Function, scope: Scope) -> Any:
    match node:
        case ir.Arithmetic(op, left, right):
            mine, theirs = scope.value(left), scope.value(right)
            return None if mine is None or theirs is None else numbers.calculated(op, mine, theirs, node.type.kind)
        case ir.Round(inner, mode, digits):
            number = scope.value(inner)
            if number is None:
                return None
            return numbers.fitted(numbers.rounded(Fraction(number), mode, digits), node.type.kind)
    known = scope.value(node.value)
    return None if known is None else _function(node, known, scope)


def _function(node: ir.Function, known: Any, scope: Scope) -> Any:
    if isinstance(known, datetime):
        known = scope.local_day(known)
        if known is None:
            return None
    match node.name:
        case "length of":
            return len(known)
        case "lower of":
            return lower(known)
        case "absolute of":
            return numbers.fitted(abs(known), node.type.kind)
        case "year of":
            return known.year
        case "month of":
            return known.month
        case "day of":
            return known.day
        case "weekday of":
            return WEEKDAYS[known.weekday()]
    raise AssertionError(node.name)


def _moved(node: ir.Shift | ir.ShiftDay | ir.Elapsed, scope: Scope) -> Any:
    match node:
        case ir.Shift(op, moment, duration):
            start, by = scope.value(moment), scope.value(duration)
            if start is None or by is None:
                return None
            return moved(start, by if op == "+" else -by)
        case ir.ShiftDay(day, count, unit):
            start = scope.value(day)
            return None if start is None else add_units(start, count, unit)
        case ir.Elapsed(end, begin):
            last, first = scope.value(end), scope.value(begin)
            return None if last is None or first is None else last - first


def _wall_clock(moment: ir.Value, where: ir.Value | None, scope: Scope) -> datetime | None:
    """What the clocks show at an instant, in a zone: None for a zone that the tz database does not know."""
    instant = scope.value(moment)
    rules: ZoneInfo | None = scope.zone
    if where is not None:
        name = scope.value(where)
        rules = zone(name) if name is not None and known_zone(name) else None
    return None if instant is None or rules is None else local(instant, rules)


def lower(text: str) -> str:
    """Each character for itself: no rules about its neighbours, none that makes two of one."""
    return "".join("i" if char == "İ" else char.lower() for char in text)


def ordinal(node: ir.Value, scope: Scope) -> Any:
    """The value, or of a word its place in its enum: what the order of values goes by."""
    found = scope.value(node)
    return place(found, node) if node.type.kind is Kind.ENUM else found
