"""The typed campaign: every name found, every type known, free of syntax and of SQL.

Predicates are two-valued. An atomic test on a missing value is false, and `Negate` is the complement of what is inside;
whoever executes these nodes has to keep to that, whatever its own missing values do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from campaign_dsl.language.catalog.types import Type

# ----------------------------------------------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class Attribute:
    """A customer attribute."""

    name: str
    column: str
    type: Type


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the event whose filter this stands in."""

    name: str
    column: str
    type: Type


@dataclass(frozen=True, slots=True)
class Age:
    """Whole years since the birth date, on the customer's calendar day."""

    birth_date: Attribute
    type: Type


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. Text, integers, exact decimals, booleans, calendar days and instants in UTC."""

    value: str | int | Decimal | bool | date | datetime
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op``: ``+``, ``-`` or ``*``. Overflow makes the value missing."""

    op: str
    left: Value
    right: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Rolling:
    """The half-open interval ``(T - seconds, T]``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Today and the ``days - 1`` whole days before it, where the customer is."""

    days: int


@dataclass(frozen=True, slots=True)
class Bounded:
    """Since and until are inclusive, after and before exclusive; a day or an instant. Never after T."""

    since: date | datetime | None = None
    after: date | datetime | None = None
    until: date | datetime | None = None
    before: date | datetime | None = None


Window = Rolling | CalendarDays | Bounded


@dataclass(frozen=True, slots=True)
class EventSource:
    """Where the events of one kind are. Columns as in the catalog."""

    name: str
    table: str
    kind_column: str | None
    kind_value: str | None
    id_column: str
    customer_column: str
    occurred_column: str
    received_column: str | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``function`` over the events that match, each event id once: count, sum, average, smallest or largest."""

    function: str
    event: EventSource
    property: Property | None
    where: Predicate | None
    window: Window
    type: Type


Value = Attribute | Property | Age | Constant | Arithmetic | Aggregate

# ------------------------------------------------------------------------------------------------------- predicates


@dataclass(frozen=True, slots=True)
class Always:
    """Everyone."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    items: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    item: Predicate


@dataclass(frozen=True, slots=True)
class Compare:
    """``op``: one of ``operators.COMPARISONS``."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Between:
    """``low <= value <= high``, or outside of it; false when any of the three is missing."""

    value: Value
    low: Value
    high: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class InList:
    """The value is one of, or none of, the constants; false when it is missing."""

    value: Value
    items: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsKnown:
    value: Value


@dataclass(frozen=True, slots=True)
class TextTest:
    """``op``: one of ``operators.TEXT_TESTS``; false when either side is missing."""

    op: str
    value: Value
    text: Value
    ignoring_case: bool


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A boolean value is true; false when it is missing."""

    value: Value


@dataclass(frozen=True, slots=True)
class InAudience:
    """Membership of a named audience; ``predicate`` is what that name stands for."""

    name: str
    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Did:
    """The number of matching events, each id once, is between ``at_least`` and ``at_most`` (None: no ceiling)."""

    event: EventSource
    where: Predicate | None
    window: Window
    at_least: int
    at_most: int | None


Predicate = (
    Always | AnyOf | AllOf | Negate | Compare | Between | InList | IsKnown | TextTest | IsTrue | InAudience | Did
)
