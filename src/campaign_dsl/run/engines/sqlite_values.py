"""What SQLite's values stand for: what a column holds is made what the catalog promises, or the query stops.

A decimal is a text that sorts, byte by byte, as the numbers do, and has one spelling for each number: `o` for 0; `p`,
three digits for where the point stands, and the digits for a positive number; `n`, the same with every digit taken from
9, and `~` for a negative one. So `=`, `<`, MIN, GROUP BY and ORDER BY are SQLite's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

DIGITS = 38
"""Of a decimal, before and after the point together."""
MOST, LEAST = 2**63 - 1, -(2**63)
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The first and the last microsecond of the years 1 to 9999."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WIDE = Context(prec=400)
_MIDDLE = 500
"""Where the point stands is counted from here, so that it is never below 0."""
_NINES = str.maketrans("0123456789", "9876543210")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_FLOAT_DIGITS = 15
"""SQLite promises so many digits of a text that a column made a binary float; one with more was computed, or cut."""

Reading = Callable[[Any], Any]


class Unreadable(Exception):
    """A value is not what the catalog promises. Its text says which form was expected, and not the value."""


# -------------------------------------------------------------------------------------------------------- decimals


def encoded(number: Decimal) -> str | None:
    """A decimal as the text that stands for it; None when it takes more than 38 digits."""
    sign, digits, exponent = number.normalize(_WIDE).as_tuple()
    if not number:
        return "o"
    assert isinstance(exponent, int)
    if (len(digits) + exponent if exponent >= 0 else max(len(digits), -exponent)) > DIGITS:
        return None
    written = "".join(map(str, digits))
    place = len(digits) + exponent
    if sign:
        return f"n{999 - (_MIDDLE + place):03d}{written.translate(_NINES)}~"
    return f"p{_MIDDLE + place:03d}{written}"


@lru_cache(100_000)
def decoded(value: str | int) -> Decimal:
    """The number that a text stands for; an integer is one itself."""
    if isinstance(value, int):
        return Decimal(value)
    if value == "o":
        return Decimal(0)
    negative = value[0] == "n"
    place = (999 - int(value[1:4]) if negative else int(value[1:4])) - _MIDDLE
    digits = value[4:-1].translate(_NINES) if negative else value[4:]
    number = Decimal(int(digits)).scaleb(place - len(digits), _WIDE)
    return number.copy_negate() if negative else number


def decimal_of(value: Any) -> str | None:
    """Of an integer, of a text with a decimal, or of a binary float of few digits."""
    match value:
        case None:
            return None
        case str() if _DECIMAL.fullmatch(value):
            number = Decimal(value)
        case bool():
            raise Unreadable("a decimal")
        case int():
            number = Decimal(value)
        case float():
            number = Decimal(repr(value))
            if not number.is_finite() or len(number.normalize(_WIDE).as_tuple().digits) > _FLOAT_DIGITS:
                raise Unreadable("a decimal; as REAL one of at most 15 digits, others as TEXT")
        case Decimal():
            number = value
        case _:
            raise Unreadable("a decimal such as 12.50")
    found = encoded(number)
    if found is None:
        raise Unreadable("a decimal of at most 38 digits")
    return found


def as_decimal(value: str | int | None) -> str | None:
    """Of an integer the decimal; what stands for one is left as it is."""
    return encoded(Decimal(value)) if isinstance(value, int) else value


# ------------------------------------------------------------------------------------------------- what columns hold


def integer_of(value: Any) -> int | None:
    """Of an integer; a text or a binary float is none, even if it looks like one."""
    if value is None or type(value) is int:
        if value is not None and not LEAST <= value <= MOST:
            raise Unreadable("an INTEGER of 64 bits")
        return value
    raise Unreadable("an INTEGER")


def boolean_of(value: Any) -> int | None:
    """Of 0 and 1, which SQLite's words TRUE and FALSE are."""
    if value is None or value in (0, 1):
        return None if value is None else int(value)
    raise Unreadable("a truth: INTEGER 0 or 1")


def date_of(value: Any) -> str | None:
    """Of a text with a day of the calendar; SQLite's own functions take 31 February for 3 March."""
    if value is None:
        return None
    if type(value) is str and _DAY.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            pass
        else:
            return value
    raise Unreadable("a day that exists, as TEXT such as 2026-06-15")


def instant_of(value: Any) -> int | None:
    """A text as in ISO 8601; without a zone it means UTC."""
    if value is None:
        return None
    if type(value) is str and _INSTANT.fullmatch(value):
        try:
            there = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            zone = there.utcoffset() or timedelta()
            found = (there.replace(tzinfo=UTC) - _EPOCH - zone) // _MICROSECOND
            if FIRST <= found <= LAST:
                return found
    raise Unreadable("an instant, as TEXT such as 2026-06-15 12:00:00.000001+02:00 or 2026-06-15T10:00:00Z")


def degrees_of(value: Any) -> float | None:
    """A number of degrees: a distance on the map is computed in binary floats."""
    if value is None or type(value) in (int, float):
        return None if value is None else float(value)
    if type(value) is str and _DECIMAL.fullmatch(value):
        return float(value)
    raise Unreadable("a number of degrees")


def text_of(value: Any) -> str | None:
    """Of a text in JSON, or an integer, whose digits count."""
    if value is None or type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise Unreadable("a text")


_OF: dict[str, Reading] = {
    "text": text_of,
    "integer": integer_of,
    "decimal": decimal_of,
    "boolean": boolean_of,
    "date": date_of,
    "timestamp": instant_of,
}


def json_as(value: Any, shape: str) -> str | None:
    """The JSON text of a list or a record, each value in it as a column would have it."""
    if value is None:
        return None
    if type(value) is not str:
        raise Unreadable("a list or a record, as JSON in TEXT")
    try:
        found = json.loads(value, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("a list or a record, as JSON in TEXT") from None
    made = _shaped(shape)(found)
    return None if made is None else json.dumps(made, ensure_ascii=False)


def json_from(value: Any, shape: str) -> str | None:
    """A decimal, a list or a record as JSON for everybody: decimals as numbers, instants as in RFC 3339."""
    if value is None:
        return None
    kind = json.loads(shape)
    return _written(json.loads(value) if isinstance(kind, (list, dict)) else value, kind)


def _no_number(_: str) -> None:
    raise ValueError


@lru_cache(1_000)
def _shaped(shape: str) -> Reading:
    return _reading(json.loads(shape))


def _reading(shape: Any) -> Reading:
    match shape:
        case [element]:
            each = _reading(element)

            def items(value: Any) -> Any:
                if value is not None and not isinstance(value, list):
                    raise Unreadable("a list, as a JSON array in TEXT")
                return None if value is None else [each(item) for item in value]

            return items
        case dict():
            fields = {name: _reading(field) for name, field in shape.items()}

            def record(value: Any) -> Any:
                if value is not None and not isinstance(value, dict):
                    raise Unreadable("a record, as a JSON object in TEXT")
                return None if value is None else {name: of(value.get(name)) for name, of in fields.items()}

            return record
    return _OF[shape]


def _written(value: Any, shape: Any) -> str:
    if value is None:
        return "null"
    match shape:
        case [element]:
            return "[" + ",".join(_written(item, element) for item in value) + "]"
        case dict():
            pairs = (f"{json.dumps(name)}:{_written(value.get(name), field)}" for name, field in shape.items())
            return "{" + ",".join(pairs) + "}"
        case "decimal":
            return format(decoded(value), "f")
        case "boolean":
            return "true" if value else "false"
        case "timestamp":
            there = _EPOCH + timedelta(microseconds=value)
            return json.dumps(there.isoformat().replace("+00:00", "Z"))
    return json.dumps(value, ensure_ascii=False)
