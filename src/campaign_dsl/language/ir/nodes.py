"""The typed campaign: every name found, every type known, free of syntax and of SQL.

Predicates are two-valued. An atomic test on a missing value is false, and `Negate` is the complement of what is inside;
whoever executes these nodes has to keep to that, whatever its own missing values do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from campaign_dsl.language.catalog.types import Type

# ----------------------------------------------------------------------------------------------------- places of rows


@dataclass(frozen=True, slots=True)
class EventSource:
    """Rows that belong to a customer: an event, a related table, or a facet of the profile. Columns as in the catalog.

    Attributes:
        occurred_column: when it happened; None for rows without a time, which are as they are at T.
        id_column: rows with one id count once; None when every row counts.
    """

    name: str
    table: str
    kind_column: str | None
    kind_value: str | None
    id_column: str | None
    customer_column: str
    occurred_column: str | None
    received_column: str | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table of things that rows point to, one row for each key."""

    name: str
    table: str
    key_column: str


# ----------------------------------------------------------------------------------------------------------- values


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


# ---------------------------------------------------------------------------------------------------------- windows

Moment = Constant | Now | Today | Ago | CalendarAgo
"""An instant, or a calendar day where the customer is."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """The half-open interval ``(T - seconds, T]``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole calendar units where the customer is: ``count`` of them, the last one ``back`` units before the current.

    ``Calendar(90, "day", 0)`` is today and the 89 days before it; ``Calendar(1, "month", 1)`` is last month.
    Weeks begin on Monday. Nothing after T is in it.
    """

    count: int
    unit: str
    back: int = 0


@dataclass(frozen=True, slots=True)
class Bounded:
    """Since and until are inclusive, after and before exclusive. Never after T."""

    since: Moment | None = None
    after: Moment | None = None
    until: Moment | None = None
    before: Moment | None = None


Window = Rolling | Calendar | Bounded

# ------------------------------------------------------------------------------------------------- values over rows


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
class Matches:
    """The text has a part that ``pattern`` describes, or has none; false when the text is missing.

    ``pattern`` is written in what all engines share: ``semantics.regexes`` has rewritten it. `.` is any character, a
    line break too; `^` and `$` are the ends of the whole text.
    """

    value: Value
    pattern: str
    ignoring_case: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class ListTest:
    """A list has any, all or none of the constants (``op``: `any`, `all`, `none`); false when the list is missing."""

    op: str
    value: Value
    items: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """A list has no element, or has some; false when the list is missing."""

    value: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """``op`` (`any`, `all`, `none`) of the elements of a list satisfy ``where``; false when the list is missing."""

    op: str
    items: Value
    where: Predicate


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
class InStaticList:
    """The customer's key is one of ``keys``, which were read from the file of the list ``name``."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A random share: ``int(md5(salt + ":" + key)[:7], 16) < percent / 100 * 2**28``."""

    percent: Decimal
    salt: str


@dataclass(frozen=True, slots=True)
class Rank:
    """Among the first by ``of``, of all customers for whom it is known; ties by customer id, the smaller first.

    Attributes:
        percent: the first ``ceil(n * percent / 100)``; or None.
        count: the first ``count``; or None.
        largest: whether the largest come first.
    """

    of: Value
    percent: Decimal | None
    count: int | None
    largest: bool


@dataclass(frozen=True, slots=True)
class AnniversaryIn:
    """The anniversary of a day lies ``first`` to ``last`` days after today (negative: before), both included."""

    day: Value
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Circle:
    """Degrees north, degrees east, and whole metres."""

    latitude: Decimal
    longitude: Decimal
    radius_m: int


@dataclass(frozen=True, slots=True)
class Within:
    """A place lies in one of the circles, as the great circle distance, rounded to whole metres, says.

    The distance is the haversine on a sphere with a radius of 6,371,008.8 m. A place whose latitude is not in -90..90
    or whose longitude is not in -180..180 lies in none.

    ``name`` is the geofence, or None when the author gave one circle.
    """

    place: Value
    circles: tuple[Circle, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class Did:
    """The number of matching rows, each id once, is between ``at_least`` and ``at_most`` (None: no ceiling)."""

    event: EventSource
    where: Predicate | None
    window: Window | None
    at_least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class FirstDid:
    """The first matching event of all lies in the window."""

    event: EventSource
    where: Predicate | None
    window: Window


@dataclass(frozen=True, slots=True)
class Resumed:
    """A matching event in the window follows its predecessor, wherever that lies, after ``gap_seconds`` or more.

    Each id counts once, at its earliest instant.
    """

    event: EventSource
    where: Predicate | None
    window: Window
    gap_seconds: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence. The step before it is the last one that is not ``absent``.

    Attributes:
        alias: name under which later steps see its properties.
        absent: no such event may happen, for ``seconds``, which must have passed.
        seconds: how long after the step before it may happen, inclusive; None: any time. Always given when ``absent``.
    """

    event: EventSource
    where: Predicate | None
    alias: str | None
    absent: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Sequence:
    """The first step happened in the window, and each other one strictly after the one before it, in its time.

    Rows count as they are; but a row with the id of an earlier step of the same event is no other event.
    """

    steps: tuple[Step, ...]
    window: Window


Predicate = (
    Always | AnyOf | AllOf | Negate | Compare | Between | InList | IsKnown | TextTest | Matches | ListTest | IsEmpty
    | Quantified | IsTrue | InAudience | InStaticList | Sample | Rank | AnniversaryIn | Within | Did | FirstDid
    | Resumed | Sequence
)  # fmt: skip
