"""Values of a customer, of a row, of a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.ir.nodes.rows import Dimension, EventSource

if TYPE_CHECKING:
    from campaign_dsl.language.ir.nodes.predicates import Predicate
    from campaign_dsl.language.ir.nodes.windows import Window


@dataclass(frozen=True, slots=True)
class Attribute:
    """A customer attribute.

    Attributes:
        column: where it is; for a place on the map the column of the latitude.
        longitude: the other column of a place on the map.
    """

    name: str
    column: str
    type: Type
    longitude: str | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the event whose filter this stands in, or of another one that has been given a name.

    Attributes:
        alias: the step of a sequence it belongs to, or `event` for the event that triggered the campaign; `goal` for
            the figures `step`, `target` and `completed` of the goal whose step it is.
    """

    name: str
    column: str
    type: Type
    alias: str | None = None
    longitude: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """`store.city`: a column of the row of ``dimension`` whose key is ``key``; missing when there is none.

    Of several rows with one key the smallest value counts, as of several deliveries of an event.
    """

    key: Value
    dimension: Dimension
    name: str
    column: str
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record."""

    record: Value
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Element:
    """The element of the list whose `where` this stands in; ``depth`` counts the lists in between, from 0."""

    type: Type
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Age:
    """Whole years since the birth date, on the customer's calendar day."""

    birth_date: Attribute
    type: Type


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. Text, integers, exact decimals, booleans, days, instants in UTC, times of day, exact durations."""

    value: str | int | Decimal | bool | date | datetime | time | timedelta
    type: Type


@dataclass(frozen=True, slots=True)
class Now:
    """The instant T."""

    type: Type


@dataclass(frozen=True, slots=True)
class Today:
    """The calendar day at T where the customer is."""

    type: Type


@dataclass(frozen=True, slots=True)
class Ago:
    """The instant ``seconds`` before T; after it when negative."""

    seconds: int
    type: Type


@dataclass(frozen=True, slots=True)
class CalendarAgo:
    """The day ``count`` calendar ``unit``s (day, week, month, year) before today; after it when negative.

    A month without that day gives its last day.
    """

    count: int
    unit: str
    type: Type


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Numbers: ``op`` is one of ``operators.ARITHMETIC``. What overflows is missing, and so is what is divided by zero.

    Integers have 64 bits. Sums, differences and products of decimals are exact, with 38 digits in all. For a quotient,
    always a decimal, both sides are first rounded to 12 digits after the point; then it is the exact quotient, rounded
    to 12 digits after the point. Halves are rounded away from zero. A side of 10**13 or more makes it missing.
    """

    op: str
    left: Value
    right: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Shift:
    """An instant moved by an exact duration: ``op`` is ``+`` or ``-``. Outside of the years 1 to 9999 it is missing."""

    op: str
    moment: Value
    duration: Value
    type: Type


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """A calendar day moved by calendar units, back when ``count`` is negative; a short month gives its last day.

    Outside of the years 1 to 9999 it is missing.
    """

    day: Value
    count: int
    unit: str
    type: Type


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The exact duration from ``start`` to ``end``, both instants."""

    end: Value
    start: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Round:
    """``mode``: one of ``operators.ROUNDINGS``; ``digits`` after the point. To 0 digits gives an integer of 64 bits.

    It is exact: a value that has no more digits stays what it is.
    """

    value: Value
    mode: str
    digits: int
    type: Type


@dataclass(frozen=True, slots=True)
class Function:
    """``name``: one of ``operators.FUNCTIONS``.

    Lower case is the simple mapping of Unicode: each character for itself, into one character.
    """

    name: str
    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The local time of ``moment``, in ``zone`` (text; None: the zone rule of the campaign).

    A zone that the tz database does not know makes it missing.
    """

    moment: Value
    zone: Value | None
    type: Type


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """The local weekday of ``moment``, in ``zone`` (text; None: the zone rule of the campaign).

    A zone that the tz database does not know makes it missing.
    """

    moment: Value
    zone: Value | None
    type: Type


@dataclass(frozen=True, slots=True)
class ListCount:
    """How many elements of a list satisfy ``where`` (None: all of them); missing when the list is.

    An element may be missing; it counts like any other.
    """

    items: Value
    where: Predicate | None
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``function`` (``operators.AGGREGATES``) over the rows that match, each event id once.

    Rows without the value take no part; without any the aggregate is missing, but for `count` and `distinct`: 0.
    Of several rows with one id the smallest value counts; for `first` and `last` the earliest row, and of several the
    smallest value. A word is taken by its place in its enum; words without a place take no part. `recency` goes by the
    latest of all rows. An average is the exact one, rounded to 6 digits after the point, halves away from zero; of
    decimals it is missing when their sum is 10**13 or more. A sum of integers has 64 bits.

    Attributes:
        value: what is aggregated, a value inside the row; None for `count` and `recency`.
        window: None for rows without a time.
    """

    function: str
    event: EventSource
    value: Value | None
    where: Predicate | None
    window: Window | None
    type: Type


@dataclass(frozen=True, slots=True)
class Quintile:
    """1 to 5, where a customer stands among all by ``of``; 5 holds the largest. Missing when ``of`` is.

    With ``n`` customers and the place ``r`` from 0, ascending, ties by customer id descending: ``r * 5 // n + 1``.
    """

    of: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of the first case whose condition holds; ``otherwise`` when none does, which is missing when None."""

    cases: tuple[tuple[Predicate, Value], ...]
    otherwise: Value | None
    type: Type


Value = (
    Attribute | Property | Lookup | Field | Element | Age | Constant | Now | Today | Ago | CalendarAgo | Arithmetic
    | Shift | ShiftDay | Elapsed | Round | Function | TimeOfDay | DayOfWeek | ListCount | Aggregate | Quintile | Choice
)  # fmt: skip
