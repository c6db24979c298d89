"""What differs from engine to engine: one small class each, beside this file."""

from __future__ import annotations

from typing import ClassVar, Protocol

import sqlglot
from sqlglot import exp

from campaign_dsl.language.catalog.types import Kind


class Dialect(Protocol):
    """How one engine says the few things that engines say differently."""

    name: ClassVar[str]
    writer: ClassVar[type[sqlglot.Dialect]]
    """Writes the text of a query."""

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

    def whole_days(self, start: exp.Expr, end: exp.Expr) -> exp.Expr:
        """How many times 24 hours lie between two instants."""
        ...

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        """``op``: contains, starts with or ends with. No character is a wildcard."""
        ...

    def matches(self, value: exp.Expr, pattern: str, ignoring_case: bool) -> exp.Expr:
        """Whether some part of the text fits the pattern. `.` is any character, `^` and `$` are the text's ends."""
        ...

    def record_field(self, record: exp.Expr, name: str) -> exp.Expr:
        """A field of a record; NULL when the record is."""
        ...

    def list_length(self, items: exp.Expr) -> exp.Expr:
        """How many elements a list has; NULL when there is no list."""
        ...

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        """Whether a list has all, or any, of some constants; NULL when there is no list."""
        ...

    def list_filter(self, items: exp.Expr, element: str, test: exp.Expr) -> exp.Expr:
        """The elements for which ``test`` is true, neither false nor NULL; in it one is called ``element``."""
        ...

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        """An aggregate: one value that finds a value by its key."""
        ...

    def from_map(self, pairs: exp.Expr, key: exp.Expr) -> exp.Expr:
        """The value of a key; NULL when there is none."""
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

    def json_object(self, pairs: list[tuple[str, exp.Expr]]) -> exp.Expr:
        """JSON text of an object that leaves out missing values."""
        ...

    def texts(self, array: exp.Expr) -> exp.Expr:
        """In a select list: a row for each text in a JSON array; none when that is NULL."""
        ...
