"""The functions that read columns: each value of every row goes through them, so what is usual is looked up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from campaign_dsl.run.engines import sqlite_values as v

_REMEMBERED = 100_000
"""So many different values of a function are kept for the time of a query."""
_MARGIN = 3 * 86_400_000_000


def readings(connection: sqlite3.Connection, unreadable: Callable[[str, str], None]) -> None:
    """Gives a connection these functions, and `CAN_BE_...` for each of them, which never fails.

    Args:
        unreadable: is told which function could not read a value, and what it expected; the query then fails.
    """
    for name, made in READINGS.items():
        count = 2 if name == "JSON_AS" else 1
        read = _guarded(name, made, unreadable)
        connection.create_function(name, count, _QUICK.get(name, _as_it_is)(read), deterministic=True)
        connection.create_function(f"CAN_BE_{name}", count, _can(made), deterministic=True)
    connection.create_function("CAN_BE_TEXT", 1, lambda value: not isinstance(value, bytes), deterministic=True)


def _guarded(name: str, made: Callable[..., Any], unreadable: Callable[[str, str], None]) -> Callable[..., Any]:
    def read(*values: Any) -> Any:
        try:
            return made(*values)
        except v.Unreadable as problem:
            unreadable(name, str(problem))
            raise

    return read


def _can(made: Callable[..., Any]) -> Callable[..., bool]:
    def can(*values: Any) -> bool:
        try:
            made(*values)
        except (v.Unreadable, ValueError, TypeError):
            return False
        return True

    return can


def _as_it_is(read: Callable[..., Any]) -> Callable[..., Any]:
    return read


def _integers(read: Callable[..., Any]) -> Callable[..., Any]:
    def integer_of(value: Any) -> Any:
        return value if type(value) is int or value is None else read(value)

    return integer_of


def _remembered(read: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {None: None}

    def value_of(value: Any) -> Any:
        try:
            return known[value]
        except KeyError:
            found = read(value)
            if len(known) < _REMEMBERED:
                known[value] = found
            return found

    return value_of


def _instants(read: Callable[..., Any]) -> Callable[..., Any]:
    """A day and a time of day are remembered for themselves: together there are too many."""
    days: dict[str, int] = {}
    times: dict[str, int] = {}

    def instant_of(value: Any) -> Any:
        if value is None:
            return None
        try:
            return days[value[:10]] + times[value[10:]]
        except (KeyError, TypeError):
            found: int = read(value)
            day: int = v.instant_of(f"{value[:10]}T00:00")  # type: ignore[assignment]
            # A day at an end of the calendar is not: what a zone makes of its hours may lie outside.
            if len(days) < _REMEMBERED and v.FIRST + _MARGIN < day < v.LAST - _MARGIN:
                days[value[:10]] = day
            if len(times) < _REMEMBERED:
                times[value[10:]] = found - day
            return found

    return instant_of


_QUICK: Mapping[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "INTEGER_OF": _integers,
    "BOOLEAN_OF": _remembered,
    "DATE_OF": _remembered,
    "DECIMAL_OF": _remembered,
    "INSTANT_OF": _instants,
}

READINGS: Mapping[str, Callable[..., Any]] = {
    "INTEGER_OF": v.integer_of,
    "DECIMAL_OF": v.decimal_of,
    "BOOLEAN_OF": v.boolean_of,
    "DATE_OF": v.date_of,
    "INSTANT_OF": v.instant_of,
    "DEGREES_OF": v.degrees_of,
    "JSON_AS": v.json_as,
}
"""They stop the query where a value is not what the catalog promises."""
