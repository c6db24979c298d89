"""What differs from engine to engine: one small class each, beside this file.

A dialect has two halves. Its methods make what engines say in different ways. Its ``writer`` puts a query into text; it
spells the nodes that all queries share, in the engine's own words and with the meaning they have here, and leaves none
of them to sqlglot's idea of how engines translate:

==============================================  ======================================================================
`CAST` to TEXT, BIGINT, DATE, TIME, DECIMAL     as the type says; literals of days and instants are casts of text
`CAST` to TIMESTAMPTZ                           an instant; of a column without a zone, in UTC
`TRY_CAST` to BIGINT, DECIMAL                   NULL when it does not fit; decimals are rounded, halves away from zero
`INTERVAL` of SECOND, MICROSECOND               exact, added to or taken from an instant
`INTERVAL` of YEAR                              added to or taken from a day; 29 February becomes the 28th
`EXTRACT` of YEAR, MONTH, DAY                   of a day, as an integer
`=`, `<`, `IN`, `BETWEEN`, ORDER BY             text by code point, when it is `in_order`; microseconds
`LOWER`                                         simple lower case of every character of Unicode
`LENGTH`, `TRIM`                                in characters; outer spaces only
`||`, `+`, `-`, `*`, `AND`, `OR`                NULL as in the standard; integers have 64 bits and never wrap
`//`, `%`                                       of integers, towards zero; the divisor is never 0
`LEAST`, `GREATEST`, `COALESCE`                 without what is NULL
`MIN`, `MAX`, `SUM`, `COUNT`                    without what is NULL; of no rows NULL, and 0 for COUNT
`ROW_NUMBER`, `LAG`, aggregates OVER            with an order: rows up to this one and its peers
`LEFT JOIN`                                     what is not there is NULL
`IN` (query), `EXISTS`, `WITH RECURSIVE`        as in the standard
==============================================  ======================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql.features import Feature, Gap
from campaign_dsl.language.catalog.types import Kind, Type


class Dialect(Protocol):
    """How one engine says the few things that engines say differently."""

    name: ClassVar[str]
    writer: ClassVar[type[sqlglot.Dialect]]
    """Writes the text of a query."""
    runs: ClassVar[bool]
    """Whether there is an engine here that runs it; of others the text is all there is, and it was never run."""
    lacks: ClassVar[Mapping[Feature, Gap]]
    """What it cannot do. Campaigns that ask for it are refused when they are checked."""
    joins_members: ClassVar[bool]
    """Whether it is quicker to join a customer with those found by a query than to look her up with `IN`."""
    gathers_outer_joins: ClassVar[bool]
    """Whether an outer join that compares nothing is done in one place, with all rows of one side in memory."""

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        """A column of a table as a value of its type in the catalog; what can be made of it is made of what is here.

        Args:
            type_: None of a column whose values are only compared with each other, such as the id of an event.
        """
        ...

    def readable(self, column: exp.Expr, type_: Type) -> exp.Expr | None:
        """Whether what stands in a column can be read as its type, missing values included. Never NULL.

        None, where the types of columns see to that.
        """
        ...

    def decimal(self, number: exp.Expr) -> exp.Expr:
        """An integer, or a literal with digits after the point, as an exact decimal."""
        ...

    def in_order(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        """``value`` as `<`, MAX and ORDER BY have to see it: text by code point, everything else as it is.

        Args:
            type_: None of a column such as the id of an event: an integer, or text.
        """
        ...

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        """An aggregate: of known values of a type the smallest. False is less than true; lists and records have some
        order of the engine."""
        ...

    def nothing(self, type_: Type) -> exp.Expr:
        """NULL of a type, where nothing beside it says of which."""
        ...

    def nothing_like(self, query: exp.Select) -> exp.Expr:
        """NULL of the type that the one column of ``query`` has."""
        ...

    def zones(self) -> exp.Select:
        """A query with one text column ``name``: the tz database zones the engine can compute with."""
        ...

    def local_day(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        """The calendar day of an instant in a zone; NULL when either is NULL."""
        ...

    def local_time(self, moment: exp.Expr, zone: exp.Expr) -> exp.Expr:
        """The time of day of an instant in a zone; NULL when either is NULL."""
        ...

    def weekday(self, day: exp.Expr) -> exp.Expr:
        """monday to sunday."""
        ...

    def start_of(self, day: exp.Expr, unit: str) -> exp.Expr:
        """The first day of the week (Monday), month or year."""
        ...

    def shift_day(self, day: exp.Expr, count: int, unit: str) -> exp.Expr:
        """A day moved by days, weeks, months or years; the last day of a month that is too short."""
        ...

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        """A day or an instant; NULL when it is not in the years 1 to 9999."""
        ...

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        """The exact length of time from one instant to another."""
        ...

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        """``op``: + or -, of an instant and an exact length of time; NULL when it is not in the years 1 to 9999."""
        ...

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        """How many times 24 hours lie between two instants."""
        ...

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        """``op``: contains, starts with or ends with. No character is a wildcard."""
        ...

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        """The text up to the first ``mark``; all of it when there is none."""
        ...

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        """Whether some part of the text fits the pattern. `.` is any character, `^` and `$` are the text's ends."""
        ...

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        """A field of a record, and the type it is of; NULL when the record is."""
        ...

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        """How many elements a list has, and the type it is of; NULL when there is no list."""
        ...

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        """Whether a list has all, or any, of some constants; NULL when there is no list."""
        ...

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        """For how many elements ``test`` is true, neither false nor NULL; in it one is called ``element``. NULL when
        there is no list."""
        ...

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        """An aggregate: one value that finds a value by its key."""
        ...

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        """The value of a key, and the type it is of; NULL when there is none."""
        ...

    def in_turn(self, source: exp.Table, owner: str, position: str, start: str, ordinal: str) -> exp.Select | None:
        """Completions of a goal, for an engine that is better not asked for them by a recursive query; None: it is.

        Of each owner the row with the smallest position whose start lies behind 0, after it the one with the smallest
        position whose start lies behind that position, and so on.

        Args:
            source: rows with the columns owner, position and start.

        Returns:
            rows with the columns owner, position and ordinal; the first of each owner has the ordinal 1.
        """
        ...

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        """``op``: +, - or * of two numbers, exact; NULL when it is beyond what integers or decimals hold."""
        ...

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        """The number without its sign; NULL when there is no such integer."""
        ...

    def total(self, number: exp.Expr) -> exp.Expr:
        """An aggregate: the exact sum, however large, of integers or of decimals. What it gives is handed to `mean`, or
        to TRY_CAST when it is to be an integer."""
        ...

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        """Integer division that rounds down."""
        ...

    def quotient(self, left: exp.Expr, right: exp.Expr, digits: int) -> exp.Expr:
        """The exact quotient, rounded to so many digits after the point, halves away from zero; NULL by zero.

        Both sides are rounded to 12 digits after the point before; NULL when one of them is 10**13 or more.
        """
        ...

    def mean(self, total: exp.Expr, count: exp.Expr, digits: int, whole: bool) -> exp.Expr:
        """The same of a sum, by how many were added up; ``whole``: they are integers, of any size."""
        ...

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        """An exact decimal, rounded to so many digits after the point; ``mode``: one of ``operators.ROUNDINGS``."""
        ...

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        """``value``, or NULL when computing it overflows. Nothing inside of ``value`` may overflow itself."""
        ...

    def hash_bucket(self, text: exp.Expr) -> exp.Expr:
        """The first seven hex digits of the md5 of ``text``, as an integer below 2**28."""
        ...

    def rfc3339(self, moment: exp.Expr) -> exp.Expr:
        """An instant as text, in UTC and to the second: `2026-11-21T14:00:00Z`."""
        ...

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        """JSON text of an object that leaves out missing values."""
        ...

    def texts(self, source: exp.Table, array: exp.Expr, name: str) -> exp.Select:
        """A query with a row for each text in a JSON array, a column of ``source``; none when that is NULL.

        Args:
            name: of the column with the texts.
        """
        ...
