"""What differs from engine to engine: one small class each, beside this file."""

from __future__ import annotations

from typing import ClassVar, Protocol

import sqlglot
from sqlglot import exp


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

    def text_test(self, op: str, value: exp.Expr, text: exp.Expr) -> exp.Expr:
        """``op``: contains, starts with or ends with. No character is a wildcard."""
        ...

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        """Integer division that rounds down."""
        ...

    def rounded(self, average: exp.Expr) -> exp.Expr:
        """An average as an exact decimal, rounded to six digits after the point."""
        ...

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        """``value``, or NULL when computing it overflows."""
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
