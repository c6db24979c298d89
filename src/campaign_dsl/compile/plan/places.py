"""How the plan says where something stands, and what a constant is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir.nodes import Constant, Value
from campaign_dsl.outcomes.base import Scalar


def where_of(span: Span) -> str:
    return f"{span.source.path}:{span.line}"


def constant(value: Value) -> Scalar:
    """The value of a constant as JSON has it; None when ``value`` has to be computed for each customer."""
    return plain(value.value) if isinstance(value, Constant) else None


def plain(value: object) -> Scalar:
    """A value as JSON has it. JSON readers would make binary floats of exact decimals, so those travel as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    raise TypeError(f"{value!r} has no place in a plan")
