"""The functions that SQL for SQLite uses beside SQLite's own: exact numbers, calendars and zones, patterns, hashes."""

from __future__ import annotations

import math
import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import md5
from typing import Any

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.run.engines import sqlite_values as v
from campaign_dsl.run.engines.sqlite_readings import readings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIDE = Context(prec=400)
_QUOTIENT_DIGITS = 12
_MOST_DIVIDED = 10**13
Number = str | int | None


def registered(connection: sqlite3.Connection, unreadable: Callable[[str, str], None]) -> None:
    """Gives a connection the functions.

    Args:
        unreadable: is told which function could not read a value, and what it expected; the query then fails.
    """
    for name, count, made in _FUNCTIONS:
        connection.create_function(name, count, made, deterministic=True)
    readings(connection, unreadable)
    known = {name for (name,) in connection.execute("SELECT name FROM pragma_function_list")}
    for name, count, made in _MATHEMATICS:  # SQLite may be built without
        if name.lower() not in known:
            connection.create_function(name, count, _of_known(made), deterministic=True)
    pairs: list[dict[Any, Any]] = []

    class MapOf(_MapOf):
        known = pairs

    connection.create_aggregate("EXACT_TOTAL", 1, _Total)  # type: ignore[arg-type]
    connection.create_aggregate("MAP_OF", 2, MapOf)  # type: ignore[arg-type]
    connection.create_function("FROM_MAP", 2, lambda number, key: None if number is None else pairs[number].get(key))


# --------------------------------------------------------------------------------------------------------- numbers


def _integer_or_null(value: Number | float) -> int | None:
    """Of a sum that left 64 bits SQLite made a binary float."""
    if value is None or type(value) is int:
        return value
    if type(value) is str:
        number = v.decoded(value)
        return int(number) if v.LEAST <= number <= v.MOST else None
    return None


def _exactly(op: Callable[[Context, Decimal, Decimal], Decimal]) -> Callable[..., str | None]:
    """From left to right; each result must have at most 38 digits."""

    @lru_cache(10_000)
    def calculated(first: Number, *others: Number) -> str | None:
        made: Number = first
        for each in others:
            if made is None or each is None:
                return None
            made = v.encoded(op(_WIDE, v.decoded(made), v.decoded(each)))
        return made  # type: ignore[return-value]

    return calculated


def _absolute(value: Number) -> Number:
    if value is None or type(value) is int:
        return None if value is None or value == v.LEAST else abs(value)
    return v.encoded(v.decoded(value).copy_abs())


@lru_cache(10_000)
def _quotient(left: Number, right: Number, digits: int) -> str | None:
    if left is None or right is None:
        return None
    sides = [Fraction(_rounded_to(Fraction(v.decoded(side)), "half up", _QUOTIENT_DIGITS)) for side in (left, right)]
    if sides[1] == 0 or any(abs(side) >= _MOST_DIVIDED for side in sides):
        return None
    return v.encoded(_rounded_to(sides[0] / sides[1], "half up", digits))


def _mean(total: Number, count: int | None, digits: int) -> str | None:
    if total is None or not count:
        return None
    return v.encoded(_rounded_to(Fraction(v.decoded(total)) / count, "half up", digits))


@lru_cache(10_000)
def _rounded(value: Number, mode: str, digits: int) -> Number:
    if value is None:
        return None
    number = _rounded_to(Fraction(v.decoded(value)), mode, digits)
    if digits:
        return v.encoded(number)
    return int(number) if v.LEAST <= number <= v.MOST else None


def _rounded_to(exact: Fraction, mode: str, digits: int) -> Decimal:
    scaled = abs(exact) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    half = 2 * rest - scaled.denominator
    away = {
        "half up": half >= 0,
        "half even": half > 0 or (half == 0 and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    whole += away
    return Decimal(-whole if exact < 0 else whole).scaleb(-digits, _WIDE)


class _Total:
    """The exact sum of integers or of decimals: of 38 digits, though what it passes on the way may have more."""

    def __init__(self) -> None:
        self._whole: int | None = None
        self._sum: Decimal | None = None

    def step(self, value: Number) -> None:
        if type(value) is int:
            self._whole = value if self._whole is None else self._whole + value
        elif value is not None:
            self._sum = _WIDE.add(self._sum or Decimal(0), v.decoded(value))

    def finalize(self) -> str | None:
        if self._whole is None and self._sum is None:
            return None
        return v.encoded(_WIDE.add(Decimal(self._whole or 0), self._sum or Decimal(0)))


class _MapOf:
    """Values by their keys, kept here; the query has the number of the map. A text would be read at each look."""

    known: list[dict[Any, Any]]

    def __init__(self) -> None:
        self._pairs: dict[Any, Any] = {}

    def step(self, key: Any, value: Any) -> None:
        self._pairs[key] = value

    def finalize(self) -> int:
        self.known.append(self._pairs)
        return len(self.known) - 1


# ------------------------------------------------------------------------------------------------ days and instants


def _there(moment: int, where: str) -> datetime | None:
    try:
        return (_EPOCH + timedelta(microseconds=moment)).astimezone(zone(where))
    except OverflowError:
        return None


def _local_day(moment: int | None, where: str | None) -> str | None:
    found = None if moment is None or where is None else _there(moment, where)
    return None if found is None else found.date().isoformat()


def _local_time(moment: int | None, where: str | None) -> str | None:
    found = None if moment is None or where is None else _there(moment, where)
    return None if found is None else found.time().isoformat()


@lru_cache(100_000)
def _shift_day(day: str | None, count: int, unit: str) -> str | None:
    """A day moved by months or years; the last day of a month that is too short."""
    if day is None:
        return None
    there = date.fromisoformat(day)
    months = there.year * 12 + there.month - 1 + count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(there.day, monthrange(year, month)[1])).isoformat()


def _years_later(day: str | None, count: int) -> str | None:
    """The same for comparing: what lies outside of the calendar is before, or behind, every day."""
    return None if day is None else _shift_day(day, count, "year") or ("~" if count > 0 else "")


def _within_years(moment: int | None) -> int | None:
    return moment if moment is not None and v.FIRST <= moment <= v.LAST else None


# ----------------------------------------------------------------------------------------------------------- texts


def _simple_lower(value: str | None) -> str | None:
    """Each character for itself: no rules about its neighbours, none that makes two of one."""
    if value is None or value.isascii():
        return value and value.lower()
    return "".join("i" if char == "İ" else char.lower() for char in value)


_DOTLESS = {ord("İ"): 0xE000, ord("ı"): 0xE001}
"""To `re` alone these two are forms of an `i`; in the simple case folding of Unicode they have no other case."""
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


@lru_cache(1_000)
def _pattern(pattern: str, ignoring_case: int) -> re.Pattern[str]:
    """For `re`, where `$` would also stand before a last line break. Patterns that take long were refused before."""
    made = "".join(r"\Z" if piece == "$" else piece for piece in _PIECE.findall(pattern))
    if ignoring_case:
        return re.compile(made.translate(_DOTLESS), re.DOTALL | re.IGNORECASE)
    return re.compile(made, re.DOTALL)


def _matches(value: str | None, pattern: str, ignoring_case: int) -> int | None:
    if value is None:
        return None
    asked = value.translate(_DOTLESS) if ignoring_case else value
    return int(_pattern(pattern, ignoring_case).search(asked) is not None)


def _hash_bucket(value: str | None) -> int | None:
    return None if value is None else int(md5(value.encode(), usedforsecurity=False).hexdigest()[:7], 16)


def _of_known(made: Callable[..., float]) -> Callable[..., float | None]:
    return lambda *values: None if None in values else made(*values)


_MATHEMATICS: tuple[tuple[str, int, Callable[..., float]], ...] = (
    ("SIN", 1, math.sin),
    ("COS", 1, math.cos),
    ("ASIN", 1, math.asin),
    ("SQRT", 1, math.sqrt),
    ("RADIANS", 1, math.radians),
    ("POWER", 2, math.pow),
)
_FUNCTIONS: tuple[tuple[str, int, Callable[..., Any]], ...] = (
    ("INTEGER_OR_NULL", 1, _integer_or_null),
    ("AS_DECIMAL", 1, v.as_decimal),
    ("DECIMAL_SUM", -1, _exactly(Context.add)),
    ("DECIMAL_DIFFERENCE", -1, _exactly(Context.subtract)),
    ("DECIMAL_PRODUCT", -1, _exactly(Context.multiply)),
    ("ABSOLUTE", 1, _absolute),
    ("QUOTIENT", 3, _quotient),
    ("MEAN", 3, _mean),
    ("ROUNDED", 3, _rounded),
    ("LOCAL_DAY", 2, _local_day),
    ("LOCAL_TIME", 2, _local_time),
    ("SHIFT_DAY", 3, _shift_day),
    ("YEARS_LATER", 2, _years_later),
    ("WITHIN_YEARS", 1, _within_years),
    ("SIMPLE_LOWER", 1, _simple_lower),
    ("MATCHES", 3, _matches),
    ("HASH_BUCKET", 1, _hash_bucket),
    ("JSON_FROM", 2, v.json_from),
)
