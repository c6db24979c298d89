"""From values as JSON has them to values as templates say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from campaign_dsl.language.catalog.types import Kind, Type

MAX_DIGITS = 60
"""Before the point and behind it: more than a catalog's decimals have."""


class BindingError(Exception):
    """A value is not what its type says; the message names it, without saying it."""


def bound(types: Mapping[str, Type], flat: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a context as mappings inside mappings, ready to render.

    Args:
        types: names that a template uses, and their types: see `Checked.uses`.
        flat: values by dotted name, as JSON has them; what is not there is missing.

    Raises:
        BindingError: a value is missing that cannot be, or is not of its type.
    """
    found: dict[str, Any] = {}
    for name, of in types.items():
        *groups, last = name.split(".")
        here = found
        for group in groups:
            here = here.setdefault(group, {})
        here[last] = value_of(of, flat.get(name), name)
    return found


def value_of(of: Type, value: Any, name: str) -> Any:
    """A value of a type, from what JSON has for it.

    Raises:
        BindingError: it is of another.
    """
    if value is None:
        if of.nullable:
            return None
        raise BindingError(f"`{name}` is missing")
    made = _READERS.get(of.kind, _nothing)(of, value, name)
    if made is None:
        raise BindingError(f"`{name}` is not a value of type {of.kind.value}")
    return made


def _nothing(of: Type, value: Any, name: str) -> Any:
    return None


def _text(of: Type, value: Any, name: str) -> str | None:
    return value if isinstance(value, str) else None


def _integer(of: Type, value: Any, name: str) -> int | None:
    exact = _decimal(of, value, name)
    return int(exact) if exact is not None and exact == exact.to_integral_value() and exact.adjusted() < 19 else None


def _decimal(of: Type, value: Any, name: str) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        # `repr` of a float is its shortest form, so 0.1 of JSON is 0.1.
        exact = Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, ValueError):
        return None
    if not exact.is_finite() or exact.adjusted() > MAX_DIGITS or int(exact.as_tuple().exponent) < -MAX_DIGITS:
        return None
    return exact


def _boolean(of: Type, value: Any, name: str) -> bool | None:
    return value if isinstance(value, bool) else None


def _date(of: Type, value: Any, name: str) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-27") else None
    except ValueError:
        return None


def _timestamp(of: Type, value: Any, name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return None  # an instant without an offset could be any of 26 hours
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _list(of: Type, value: Any, name: str) -> list[Any] | None:
    if not isinstance(value, list | tuple) or of.element is None:
        return None
    return [value_of(of.element, each, f"{name}[]") for each in value]


def _record(of: Type, value: Any, name: str) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        return None
    return {field: value_of(inner, value.get(field), f"{name}.{field}") for field, inner in of.fields}


_READERS: Mapping[Kind, Callable[[Type, Any, str], Any]] = {
    Kind.TEXT: _text,
    Kind.ENUM: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.TIMESTAMP: _timestamp,
    Kind.LIST: _list,
    Kind.RECORD: _record,
}
