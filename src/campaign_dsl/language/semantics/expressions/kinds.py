"""How types are called, which ones go together, and how values of them are written."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from campaign_dsl.language.catalog.types import WEEKDAYS, Kind, Type
from campaign_dsl.language.diagnostics.model import Label, Span
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import Operator
from campaign_dsl.language.semantics.expressions.checker import Checker

WHOLE = frozenset({Kind.LIST, Kind.RECORD, Kind.GEO})
"""Kinds that are never compared as a whole."""
_PLURAL = {
    frozenset({Kind.INTEGER, Kind.DECIMAL}): "numbers",
    frozenset({Kind.TEXT}): "text",
    frozenset({Kind.DATE}): "a calendar day",
    frozenset({Kind.TIMESTAMP}): "an instant",
}


def a(type_: Type) -> str:
    """The type with its article."""
    word = "day of the week" if type_.values == WEEKDAYS else str(type_)
    return word if type_.kind is Kind.TEXT else ("an " if word[0] in "aeiou" else "a ") + word


def has_order(type_: Type) -> bool:
    """Whether one value can lie below another."""
    return type_.kind not in WHOLE | {Kind.BOOLEAN} and (type_.kind is not Kind.ENUM or type_.ordered)


def comparable(left: Type, right: Type) -> bool:
    """Whether values of the two types can be equal."""
    days = (Kind.DATE, Kind.TIMESTAMP)
    if left.is_number and right.is_number:
        return True
    if left.kind in days and right.kind in days:
        return True
    if left.kind is Kind.ENUM and right.kind is Kind.ENUM:
        return left.values == right.values and left.ordered == right.ordered
    return left.kind is right.kind and left.kind not in WHOLE


def takes(kinds: Collection[Kind]) -> str:
    """What an operator that takes ``kinds`` needs."""
    return _PLURAL.get(frozenset(kinds)) or "one of " + ", ".join(kind.value for kind in Kind if kind in kinds)


def fits(operator: Operator, says: str, value: ir.Value, span: Span, at: Checker, help: str) -> bool:
    """Whether ``operator`` takes the value; reports it when it does not.

    Args:
        says: the operator as it stands in the message.
    """
    if operator.takes and value.type.kind not in operator.takes:
        at.problems.add("TYP003", f"{says} needs {takes(operator.takes)}, this is {a(value.type)}", span, help=help)
        return False
    return True


def same_type(
    left: ir.Value, right: ir.Value, left_span: Span, right_span: Span, at: Checker, left_is: str = "this is"
) -> bool:
    """Whether two values can be compared; reports it when they cannot, at the constant if one of them is one.

    Args:
        left_is: how the type of the left side is said of what stands there.
    """
    if comparable(left.type, right.type):
        return True
    swapped = isinstance(left, ir.Constant) and not isinstance(right, ir.Constant)
    wrong, other = (left, right) if swapped else (right, left)
    wrong_span, other_span = (left_span, right_span) if swapped else (right_span, left_span)
    whole = next((each for each in (wrong, other) if each.type.kind in WHOLE), None)
    if whole is not None:
        at.problems.add(
            "TYP009",
            f"{a(whole.type)} is not compared as a whole",
            wrong_span if whole is wrong else other_span,
            help=_part_of(whole),
            see_also=(Label(other_span if whole is wrong else wrong_span, "compared with this"),),
        )
        return False
    at.problems.add(
        "TYP001",
        f"{a(left.type)} cannot be compared with {a(right.type)}",
        wrong_span,
        help=how_to_write(other.type, wrong),
        label=f"this is {a(wrong.type)}",
        see_also=(Label(other_span, f"because {left_is if other is left else 'this is'} {a(other.type)}"),),
    )
    return False


def _part_of(value: ir.Value) -> str:
    """What can be asked of a value that is not compared as a whole."""
    match value.type.kind:
        case Kind.LIST:
            return "write `contains ...`, `is empty`, or `any of ... where ...`"
        case Kind.GEO:
            return "write `within 5 km of 42.3601, -71.0589`, or `inside geofence ...`"
    first = value.type.fields[0][0] if value.type.fields else "field"
    return f"compare one of its fields, as in `{getattr(value, 'name', 'record')}.{first}`"


def how_to_write(wanted: Type, found: ir.Value | None = None) -> str:
    """How a value of the type ``wanted`` is written; if possible the one that was ``found`` instead."""
    if found is not None and not isinstance(found, ir.Constant):
        return f"compare it with {a(wanted)}"
    text = str(found.value) if found is not None else ""
    if wanted.is_number and _NUMBER.fullmatch(text):
        return f"write `{text}`, without quotes"
    if wanted.kind is Kind.TEXT and found is not None and found.type.is_number:
        return f'write `"{text}"`, in double quotes'
    if wanted.kind is Kind.DURATION and found is not None and found.type.is_number:
        return f"say of what, as in `{text} days`"
    if wanted.kind in WHOLE:
        return f"compare it with {a(wanted)}"
    return _EXAMPLES.get(wanted.kind) or "the values are " + ", ".join(f"`{value}`" for value in wanted.values)


_EXAMPLES = {
    Kind.TEXT: 'text is written in double quotes, as in `"Boston"`',
    Kind.INTEGER: "numbers are written in digits and without quotes, as in `18`",
    Kind.DECIMAL: "numbers are written in digits and without quotes, as in `19.90`",
    Kind.BOOLEAN: "write `true` or `false`, or leave the comparison out",
    Kind.DATE: "days are written year-month-day and without quotes, as in `2026-01-31`",
    Kind.TIMESTAMP: "instants are written like `2026-11-27 09:00`, or like `90 days ago`",
    Kind.DURATION: "lengths of time are written like `30 days`",
    Kind.TIME: "times of day are written like `06:00`",
}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def in_order(type_: Type) -> str:
    """What to write instead of an order that values of the type do not have."""
    if type_.kind is not Kind.ENUM or type_.values == WEEKDAYS:
        return ""
    return "; or declare the enum as `ordered: true` in catalog.yaml"


def is_day(text: str) -> bool:
    """Whether a text is a day, written as days are."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
