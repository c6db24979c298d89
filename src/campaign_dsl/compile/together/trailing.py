"""Events counted or added up in windows that end at T: what one walk from the newest to the oldest event can tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.predicates import CUSTOMER, EVENT, Lowering, Shared
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes


@dataclass(frozen=True, slots=True)
class Start:
    """Where a window begins: ``seconds`` before T, or at an instant; both None: there is no beginning.

    Attributes:
        inclusive: whether the beginning itself belongs to it.
    """

    seconds: int | None = None
    moment: datetime | None = None
    inclusive: bool = False

    def at(self, as_of: datetime) -> datetime | None:
        """The instant, once T is known."""
        return self.moment if self.seconds is None else as_of - timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Trailing:
    """So many events, or so large a sum, in a window that ends at T.

    Attributes:
        op, bound: how the number, or the sum of ``value`` when that is given, compares; `>=` for numbers.
    """

    source: nodes.EventSource
    where: nodes.Predicate | None
    start: Start
    value: nodes.Property | None
    op: str
    bound: int | Decimal

    @property
    def counts_each_id(self) -> bool:
        """Whether it matters that rows with one id count once: two rows with one id are still one who did."""
        return self.source.id_column is not None and (self.value is not None or self.bound != 1)


def trailing(node: nodes.Predicate) -> Trailing | None:
    """What a condition asks of a walk; None when a walk cannot tell. ``node`` is in canonical form."""
    match node:
        case nodes.Did(event, where, window, at_least, None):
            start = start_of(event, window)
            return None if start is None else Trailing(event, where, start, None, ">=", at_least)
        case nodes.Compare(
            op,
            nodes.Aggregate("sum", event, nodes.Property(alias=None) as value, where, window),
            nodes.Constant(int() | Decimal() as bound),
        ) if value.type.kind in (Kind.INTEGER, Kind.DECIMAL):
            start = start_of(event, window)
            return None if start is None else Trailing(event, where, start, value, op, bound)
    return None


def start_of(event: nodes.EventSource, window: nodes.Window | None) -> Start | None:
    """Where a window that ends at T begins; None when it does not end there, or not at one instant for everybody."""
    match window:
        case None:
            return Start()
        case nodes.Rolling(seconds):
            return Start(seconds=seconds)
        case nodes.Bounded(since, after, None, None) if since is None or after is None:
            if since is None and after is None:
                return Start()
            match after if since is None else since:
                case nodes.Ago(seconds):
                    return Start(seconds=seconds, inclusive=since is not None)
                case nodes.Constant(datetime() as moment):
                    return Start(moment=moment, inclusive=since is not None)
    return None


def told_by_row(where: nodes.Predicate | None, source: nodes.EventSource, key: str, dialect: Dialect) -> bool:
    """Whether the row of an event, with what it points to, is all that a filter looks at."""
    if where is None:
        return True
    lowering = Lowering(Shared(dialect, key, "feb_28"), EVENT, source)
    lowering.holds(where)
    return CUSTOMER not in lowering.joins


def threshold(op: str, bound: int | Decimal, scale: int) -> tuple[str, int] | None:
    """The comparison of a whole number of ``10 ** -scale`` that says ``sum op bound``; None when none can hold.

    A bound between two such numbers can be reached by no sum: `=` then never holds, and `!=` always does, which is
    said as `>=` the smallest number of 64 bits.
    """
    exact = Fraction(bound) * 10**scale
    low, high = math.floor(exact), math.ceil(exact)
    match op:
        case ">=":
            return ">=", high
        case ">":
            return ">=", low + 1
        case "<=":
            return "<=", low
        case "<":
            return "<=", high - 1
        case "=":
            return ("=", low) if low == high else None
    return ("!=", low) if low == high else (">=", -(2**63))
