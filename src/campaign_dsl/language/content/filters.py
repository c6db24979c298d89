"""What can be done to a value before it is said: one table for the type checker, for rendering and for the reference.

A filter of a missing value is missing, except `default`: `customer.birth_date | date("%d %B") | default("soon")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from typing import Any
from urllib.parse import quote

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.catalog.zones import known_zone, zone
from campaign_dsl.language.content import locales
from campaign_dsl.language.content.locales import Locale
from campaign_dsl.language.diagnostics.suggest import did_you_mean

WIDE = Context(prec=600)
"""Wide enough for every calculation that the limits allow: nothing is ever rounded by it."""
ROUNDINGS = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and in which language it is said.

    Attributes:
        zone: the customer's.
    """

    locale: Locale
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a filter: a constant that is written in the template.

    Attributes:
        check: says what is wrong with a value, and what to write; None when nothing is.
    """

    name: str
    kind: Kind
    required: bool
    check: Callable[[Any], tuple[str, str] | None] = lambda value: None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        takes: kinds of values it can be put behind.
        gives: kind of what it makes; None: what a list holds, or what it was put behind.
        may_lack: whether there can be nothing although the value is known.
        example: how it is written.
    """

    takes: tuple[Kind, ...]
    gives: Kind | None
    apply: Callable[..., Any]
    example: str
    arguments: tuple[Argument, ...] = ()
    may_lack: bool = False

    @property
    def required(self) -> int:
        return sum(each.required for each in self.arguments)


# ---------------------------------------------------------------------------------------------------------- values

PRINTABLE = (Kind.TEXT, Kind.ENUM, Kind.INTEGER, Kind.DECIMAL, Kind.DATE)
"""Kinds that can be said as they are."""


def text_of(value: Any) -> str:
    """A value of a printable kind as text; numbers exactly, days as 2026-11-27.

    Raises:
        TypeError: it is of another kind.
    """
    match value:
        case str():
            return value
        case bool():
            raise TypeError("true or false cannot be said")
        case int():
            return str(value)
        case Decimal():
            return locales.written_number(value, None, _PLAIN)
        case datetime():
            raise TypeError("an instant needs a format")
        case date():
            return value.isoformat()
    raise TypeError(f"a value of type {type(value).__name__} cannot be said")


_PLAIN = Locale((), (), ".", "", least=10_000)


def is_known(value: Any) -> bool:
    """Whether there is something to say: blank text and empty lists are as good as missing."""
    if isinstance(value, str):
        return bool(value.strip())
    return bool(value) if isinstance(value, (list, tuple)) else value is not None


def _truncate(value: Any, setting: Setting, length: int) -> str:
    text = text_of(value)
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    if not text[length - 1].isspace() and " " in kept.strip():
        kept = kept.rpartition(" ")[0]
    return kept.rstrip() + "…"


def _title(value: Any, setting: Setting) -> str:
    return re.sub(r"(^|[\s(\[{\-])(\w)", lambda found: found[1] + found[2].upper(), text_of(value).lower())


def _date(value: date, setting: Setting, pattern: str) -> str:
    return locales.written_date(_local(value, setting.zone), pattern, setting.locale)


def _datetime(value: datetime, setting: Setting, pattern: str, named: str | None = None) -> str:
    return locales.written_date(_local(value, named or setting.zone), pattern, setting.locale)


def _local(value: date, name: str) -> date:
    """An instant on the clock of a zone; a day as it is. At the ends of the calendar the clock is that of UTC."""
    if not isinstance(value, datetime):
        return value
    try:
        return value.astimezone(zone(name))
    except OverflowError:
        return value.astimezone(UTC)


def _round(value: int | Decimal, setting: Setting, digits: int = 0, mode: str = "half up") -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUNDINGS[mode], context=WIDE)


def _number(value: int | Decimal, setting: Setting, digits: int | None = None) -> str:
    exact = value if digits is None else _round(value, setting, digits)
    return locales.written_number(exact, digits, setting.locale)


def _money(value: int | Decimal, setting: Setting, currency: str) -> str:
    exact = _round(value, setting, locales.CURRENCIES[currency][1])
    return locales.written_money(exact, currency, setting.locale)


def _join(value: Sequence[Any], setting: Setting, between: str = ", ") -> str:
    return between.join(text_of(each) for each in value if each is not None)


def _first(value: Sequence[Any], setting: Setting) -> Any:
    return value[0] if value else None


def _last(value: Sequence[Any], setting: Setting) -> Any:
    return value[-1] if value else None


def _length(value: Any, setting: Setting) -> int:
    return len(value) if isinstance(value, (list, tuple)) else len(text_of(value))


# ------------------------------------------------------------------------------------------------ what arguments are


def _between(low: int, high: int) -> Callable[[Any], tuple[str, str] | None]:
    def check(value: Any) -> tuple[str, str] | None:
        return None if low <= value <= high else (f"`{value}` is out of range", f"write {low} to {high:,}")

    return check


def _pattern(known: Mapping[str, str]) -> Callable[[Any], tuple[str, str] | None]:
    def check(value: Any) -> tuple[str, str] | None:
        if len(value) > 100:
            return "this format is too long", "at most 100 characters"
        unknown = locales.unknown_fields(value, known)
        if unknown:
            fields = ", ".join(f"`{name}` ({example})" for name, example in known.items() if name != "%%")
            return f"`{unknown[0]}` is not a field of this format", f"fields are {fields}"
        return None

    return check


def _currency(value: Any) -> tuple[str, str] | None:
    if value in locales.CURRENCIES:
        return None
    help = did_you_mean(value, locales.CURRENCIES, "currencies") or "write a code such as `USD` or `EUR`"
    return f"unknown currency `{value}`", help


def _zone(value: Any) -> tuple[str, str] | None:
    return None if known_zone(value) else (f"unknown zone `{value}`", "write a name such as `America/New_York`")


def _mode(value: Any) -> tuple[str, str] | None:
    if value in ROUNDINGS:
        return None
    return f"`{value}` is not a way to round", "write `half up`, `half even`, `up` or `down`"


def _separator(value: Any) -> tuple[str, str] | None:
    return None if len(value) <= 20 else ("this separator is too long", "at most 20 characters")


_TEXTS = (Kind.TEXT, Kind.ENUM)
_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
_ANY = tuple(Kind)

FILTERS: Mapping[str, Filter] = {
    # `default` is typed by the checker, because its argument can be another value.
    "default": Filter(
        _ANY, None, lambda value, setting, other: value if is_known(value) else other, 'default("friend")'
    ),
    "upper": Filter(_TEXTS, Kind.TEXT, lambda value, setting: text_of(value).upper(), "upper"),
    "lower": Filter(_TEXTS, Kind.TEXT, lambda value, setting: text_of(value).lower(), "lower"),
    "title": Filter(_TEXTS, Kind.TEXT, _title, "title"),
    "capitalize": Filter(_TEXTS, Kind.TEXT, lambda value, setting: text_of(value).capitalize(), "capitalize"),
    "trim": Filter(_TEXTS, Kind.TEXT, lambda value, setting: text_of(value).strip(), "trim"),
    "truncate": Filter(
        _TEXTS, Kind.TEXT, _truncate, "truncate(40)", (Argument("length", Kind.INTEGER, True, _between(1, 10_000)),)
    ),
    "urlencode": Filter(
        PRINTABLE, Kind.TEXT, lambda value, setting: quote(text_of(value), safe="", errors="replace"), "urlencode"
    ),
    "date": Filter(
        (Kind.DATE, Kind.TIMESTAMP),
        Kind.TEXT,
        _date,
        'date("%d %B %Y")',
        (Argument("format", Kind.TEXT, True, _pattern(locales.DAY_FIELDS)),),
    ),
    "datetime": Filter(
        (Kind.TIMESTAMP,),
        Kind.TEXT,
        _datetime,
        'datetime("%d %B %Y, %H:%M")',
        (
            Argument("format", Kind.TEXT, True, _pattern(locales.TIME_FIELDS)),
            Argument("zone", Kind.TEXT, False, _zone),
        ),
    ),
    "number": Filter(
        _NUMBERS, Kind.TEXT, _number, "number(2)", (Argument("digits", Kind.INTEGER, False, _between(0, 12)),)
    ),
    "money": Filter(_NUMBERS, Kind.TEXT, _money, 'money("USD")', (Argument("currency", Kind.TEXT, True, _currency),)),
    "round": Filter(
        _NUMBERS,
        Kind.DECIMAL,
        _round,
        "round(2)",
        (Argument("digits", Kind.INTEGER, False, _between(0, 12)), Argument("mode", Kind.TEXT, False, _mode)),
    ),
    "join": Filter(
        (Kind.LIST,), Kind.TEXT, _join, 'join(", ")', (Argument("separator", Kind.TEXT, False, _separator),)
    ),
    "first": Filter((Kind.LIST,), None, _first, "first", may_lack=True),
    "last": Filter((Kind.LIST,), None, _last, "last", may_lack=True),
    "limit": Filter(
        (Kind.LIST,),
        Kind.LIST,
        lambda value, setting, count: value[:count],
        "limit(3)",
        (Argument("count", Kind.INTEGER, True, _between(1, 1_000)),),
    ),
    "length": Filter((Kind.LIST, *_TEXTS), Kind.INTEGER, _length, "length"),
}
"""Every filter. Reading order is that of the reference page."""

UNUSED = {
    "safe": "values are escaped in HTML; markup belongs into the template, not into data",
    "escape": "values are escaped in HTML already",
    "e": "values are escaped in HTML already",
    "forceescape": "values are escaped in HTML already",
    "d": "write `default(...)`",
    "count": "write `length`",
    "format": 'write `number(2)`, `money("USD")` or `date("%d %B %Y")`',
    "strftime": 'write `date("%d %B %Y")`',
    "int": "numbers are numbers already; write `round`",
    "float": "numbers are numbers already; write `round(2)`",
    "string": "leave it out",
    "map": "write a `for`",
    "select": "write `{% for x in list if ... %}`",
    "selectattr": "write `{% for x in list if ... %}`",
    "reject": "write `{% for x in list if not ... %}`",
    "attr": "write `customer.first_name`",
    "slice": "write `limit(3)`",
    "capfirst": "write `capitalize`",
    "upcase": "write `upper`",
    "downcase": "write `lower`",
    "truncatewords": "write `truncate(40)`",
    "currency": 'write `money("USD")`',
    "url_encode": "write `urlencode`",
}
"""Filters of Jinja and of other products: what to do instead."""
