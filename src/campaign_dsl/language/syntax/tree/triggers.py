"""What makes a campaign happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax.tree.base import Constant, Duration, Name, Text, located
from campaign_dsl.language.syntax.tree.expressions import Expression, Quantity, Step


@dataclass(frozen=True, slots=True)
class OnAnniversary:
    """``days_before`` is negative for days after."""

    attribute: Name
    shift: Duration | None
    before: bool
    at: Text
    span: Span = located()


@dataclass(frozen=True, slots=True)
class OnHoliday:
    """`on holiday mothers_day in US, 3 days before, at 09:00`."""

    name: Name
    country: Name | None
    shift: Duration | None
    before: bool
    at: Text
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every monday at 10:00`, `on second sunday of may at 09:00`.

    Attributes:
        every, unit: every so many days, weeks, months or years.
        weekdays: on which days of the week; the five working days for `weekday`.
        position: first, second, third, fourth or last of ``weekdays`` in the month; or `last` without weekdays.
        day: on which day of the month.
        month: in which month, by name.
        first: from which day it counts.
    """

    every: int
    unit: str
    weekdays: tuple[str, ...]
    position: str | None
    day: int | None
    month: str | None
    first: date | None
    at: Text
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Once:
    """`once at 2026-11-27 09:00`."""

    moment: Constant
    span: Span = located()


@dataclass(frozen=True, slots=True)
class EventCondition:
    """`purchase where amount >= 100 at least 3 times within 14 days`: an event, as a trigger or as part of a goal."""

    event: Name
    geofence: Name | None
    where: Expression | None
    quantity: Quantity | None
    within: Duration | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class EveryNth:
    """`every 5th purchase where amount > 0`."""

    n: int
    event: Name
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class OnCode:
    """`on code SUMMER26`, or any code of a pool."""

    code: Name
    pool: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class OnSubscription:
    """`on subscribe to newsletter`, `on unsubscribe from newsletter`."""

    conversation: Name
    subscribed: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class OnCrossing:
    """`on entering audience lapsed`, `on leaving geofence boston_stores`. ``what``: audience or geofence."""

    what: str
    name: Name
    entering: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Group:
    """`all of within 30 days { ... }`, `any of { ... }`."""

    all: bool
    within: Duration | None
    parts: tuple[EventCondition | Group, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class SequenceBlock:
    """`sequence within 7 days { ... }`."""

    within: Duration | None
    steps: tuple[Step, ...]
    span: Span = located()


Trigger = (
    OnAnniversary | OnHoliday | Schedule | Once | EventCondition | EveryNth | OnCode | OnSubscription | OnCrossing
    | Group | SequenceBlock
)  # fmt: skip
