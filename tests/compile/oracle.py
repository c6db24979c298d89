"""What typed predicates mean, in plain Python over lists of rows. It shares nothing with the generation of SQL.

A value is None when it is missing. A test on a missing value is false; `not` is the complement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from zoneinfo import ZoneInfo

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import known_zone, zone
from campaign_dsl.language.ir import nodes as ir

Row = Mapping[str, Any]
COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
MOST, LEAST = 2**63 - 1, -(2**63)


@dataclass(frozen=True)
class World:
    """The data, and the instant at which it is looked at.

    Attributes:
        customers: rows by attribute name.
        events: rows by column name, for each table.
        zone_attribute, default_zone: whose clock local days mean.
    """

    customers: Sequence[Row]
    events: Mapping[str, Sequence[Row]]
    key: str
    as_of: datetime
    zone_attribute: str | None
    default_zone: str
    leap_day: str
    _owned: dict[str, dict[Any, list[Row]]] = field(default_factory=dict, repr=False, compare=False)

    def owned(self, source: ir.EventSource, owner: Any) -> list[Row]:
        """The rows of a table that belong to a customer."""
        if source.table not in self._owned:
            groups: dict[Any, list[Row]] = {}
            for row in self.events[source.table]:
                groups.setdefault(row[source.customer_column], []).append(row)
            self._owned[source.table] = groups
        return self._owned[source.table].get(owner, [])

    def readable(self) -> Iterator[Row]:
        return (each for each in self.customers if each[self.key] is not None and known_zone(self.zone_name(each)))

    def matching(self, predicate: ir.Predicate) -> list[Any]:
        """The keys of those for whom the predicate holds, in order."""
        return sorted(each[self.key] for each in self.readable() if Judge(self, each).holds(predicate))

    def zone_name(self, customer: Row) -> str:
        own = customer[self.zone_attribute] if self.zone_attribute else None
        return self.default_zone if own is None else own


@dataclass(frozen=True)
class Judge:
    """One customer, and the event in question when inside a filter."""

    world: World
    customer: Row
    event: Row | None = None

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.world.zone_name(self.customer))

    def today(self) -> date:
        return self.local_day(self.world.as_of)

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    # ---- predicates

    def holds(self, node: ir.Predicate) -> bool:
        match node:
            case ir.Always():
                return True
            case ir.AnyOf(items):
                return any(self.holds(item) for item in items)
            case ir.AllOf(items):
                return all(self.holds(item) for item in items)
            case ir.Negate(item):
                return not self.holds(item)
            case ir.InAudience(_, inner):
                return self.holds(inner)
            case ir.IsKnown(value):
                return self.value(value) is not None
            case ir.IsTrue(value):
                return self.value(value) is True
            case ir.Compare(op, left, right):
                return self.compare(op, left, right)
            case ir.Between(value, low, high, negated):
                if negated:
                    known = all(self.ranked(side) is not None for side in (value, low, high))
                    return known and not (self.compare("<=", low, value) and self.compare("<=", value, high))
                return self.compare("<=", low, value) and self.compare("<=", value, high)
            case ir.InList(value, items, negated):
                if self.value(value) is None:
                    return False
                return negated != any(self.compare("=", value, item) for item in items)
            case ir.TextTest():
                return self.text_test(node)
            case ir.Did(event, where, window, at_least, at_most):
                count = len(self.events(event, where, window))
                return at_least <= count and (at_most is None or count <= at_most)
        raise AssertionError(node)

    def compare(self, op: str, left: ir.Value, right: ir.Value) -> bool:
        words = left.type.kind is Kind.ENUM and op not in ("=", "!=")
        mine, theirs = (self.ranked(left), self.ranked(right)) if words else (self.value(left), self.value(right))
        if mine is None or theirs is None:
            return False
        if isinstance(mine, datetime) and not isinstance(theirs, datetime):
            mine = self.local_day(mine)
        if isinstance(theirs, datetime) and not isinstance(mine, datetime):
            theirs = self.local_day(theirs)
        return bool(COMPARE[op](mine, theirs))

    def ranked(self, node: ir.Value) -> Any:
        """The value, or of a word its place in its enum."""
        value = self.value(node)
        return rank(value, node.type) if node.type.kind is Kind.ENUM else value

    def text_test(self, node: ir.TextTest) -> bool:
        value, text = self.value(node.value), self.value(node.text)
        if value is None or text is None:
            return False
        if node.ignoring_case:
            value, text = lower(value), lower(text)
        match node.op:
            case "contains":
                return text in value
            case "does not contain":
                return text not in value
            case "starts with":
                return bool(value.startswith(text))
        assert node.op == "ends with"
        return bool(value.endswith(text))

    # ---- values

    def value(self, node: ir.Value) -> Any:
        match node:
            case ir.Attribute(name):
                return self.customer[name]
            case ir.Property(_, column):
                assert self.event is not None
                return self.event[column]
            case ir.Constant(value):
                return value
            case ir.Age(birth_date):
                born = self.customer[birth_date.name]
                return None if born is None else self.age(born)
            case ir.Arithmetic(op, left, right, type_):
                mine, theirs = self.value(left), self.value(right)
                if mine is None or theirs is None:
                    return None
                made = {"+": mine + theirs, "-": mine - theirs, "*": mine * theirs}[op]
                return None if type_.kind is Kind.INTEGER and not LEAST <= made <= MOST else made
            case ir.Aggregate():
                return self.aggregate(node)
        raise AssertionError(node)

    def age(self, born: date) -> int:
        today = self.today()
        month, day = born.month, born.day
        if (month, day) == (2, 29) and not is_leap(today.year):
            month, day = (2, 28) if self.world.leap_day == "feb_28" else (3, 1)
        return today.year - born.year - ((today.month, today.day) < (month, day))

    def aggregate(self, node: ir.Aggregate) -> Any:
        found = self.events(node.event, node.where, node.window)
        if node.function == "count":
            return len(found)
        assert node.value is not None
        ordered = node.value.type.kind is Kind.ENUM
        once = []
        for versions in found.values():
            values = [Judge(self.world, self.customer, each).ranked(node.value) for each in versions]
            known = [each for each in values if each is not None]
            if known:
                once.append(min(known))
        if not once:
            return None
        match node.function:
            case "sum":
                return sum(once)
            case "average":
                exact = Decimal(sum(once)) / len(once)
                return exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)
            case "smallest":
                best = min(once)
            case _:
                best = max(once)
        return node.value.type.values[best] if ordered else best

    def events(
        self, source: ir.EventSource, where: ir.Predicate | None, window: ir.Window | None
    ) -> dict[Any, list[Row]]:
        """The matching events, all versions of each under its id."""
        found: dict[Any, list[Row]] = {}
        for row in self.world.owned(source, self.customer[self.world.key]):
            assert source.id_column is not None
            assert source.occurred_column is not None
            if row[source.id_column] is None:
                continue
            if source.kind_column is not None and row[source.kind_column] != source.kind_value:
                continue
            arrived = row[source.received_column] if source.received_column is not None else None
            if arrived is not None and arrived > self.world.as_of:
                continue
            if not self.within(window, row[source.occurred_column]):
                continue
            if where is None or Judge(self.world, self.customer, row).holds(where):
                found.setdefault(row[source.id_column], []).append(row)
        return found

    def within(self, window: ir.Window | None, moment: datetime | None) -> bool:
        now = self.world.as_of
        if moment is None or moment > now:
            return False
        match window:
            case ir.Rolling(seconds):
                return moment > now - timedelta(seconds=seconds)
            case ir.Calendar(count, "day", 0):
                return self.local_day(moment) >= self.today() - timedelta(days=count - 1)
            case ir.Bounded(since, after, until, before):
                return (
                    (since is None or self.against(moment, since) >= 0)
                    and (after is None or self.against(moment, after) > 0)
                    and (until is None or self.against(moment, until) <= 0)
                    and (before is None or self.against(moment, before) < 0)
                )
        raise AssertionError(window)

    def against(self, moment: datetime, bound: ir.Moment) -> int:
        """Below 0, 0 or above it, as the moment lies before, at or after the bound."""
        edge = self.value(bound)
        mine: Any = moment if isinstance(edge, datetime) else self.local_day(moment)
        return int(mine > edge) - int(mine < edge)


def rank(value: Any, type_: Type) -> int | None:
    return type_.values.index(value) if value in type_.values else None


def lower(text: str) -> str:
    """Each character for itself: no rules about its neighbours, none that makes two of one."""
    return "".join("i" if char == "İ" else char.lower() for char in text)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
