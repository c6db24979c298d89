"""Values that outcomes work out: amounts of points, new values of attributes, properties of events."""

from __future__ import annotations

from decimal import Decimal

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.ir.nodes import Constant, Predicate, Property, Value
from campaign_dsl.language.ir.walk import walk
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior.scope import Scope
from campaign_dsl.language.semantics.expressions import Names, kinds
from campaign_dsl.language.semantics.expressions.names import EVENT
from campaign_dsl.language.syntax import tree as t

MAX_POINTS = 1_000_000_000


def amount(node: t.Expression, names: Names, scope: Scope, problems: Problems) -> Value | None:
    """How many points: a number, or a formula that gives a whole one."""
    found = expressions.value(node, names, problems)
    if found is None:
        return None
    if isinstance(found, Constant) and isinstance(found.value, int) and found.type.kind is Kind.INTEGER:
        if not 0 < found.value <= MAX_POINTS:
            problems.add("OUT002", f"an award is 1 to {MAX_POINTS:_} points", node.span, help="write how many points")
            return None
        return found
    if found.type.kind is Kind.DECIMAL:
        half = isinstance(found, Constant) and isinstance(found.value, Decimal)
        problems.add(
            "OUT008",
            "points are whole numbers, and this need not be one",
            node.span,
            why="nobody but you can say what becomes of half a point",
            help="write a whole number" if half else "say how to round it: add `round half up to 0` behind it",
        )
        return None
    if found.type.kind is not Kind.INTEGER:
        problems.add(
            "TYP003",
            f"points are a number, this is {kinds.a(found.type)}",
            node.span,
            help="write a number, or a formula like `event.amount * 2 round half up to 0`",
        )
        return None
    return found if check_event(found, node.span, scope, problems) else None


def value_for(
    node: t.Expression, wanted: Type, what: str, names: Names, scope: Scope, problems: Problems
) -> Value | None:
    """A value that fits into something of type ``wanted``.

    Args:
        what: "`tier`".
    """
    found = expressions.value(node, names, problems, wanted)
    if found is None:
        return None
    if not _fits(found.type, wanted):
        problems.add(
            "OUT009",
            f"{what} is {kinds.a(wanted)}, and this is {kinds.a(found.type)}",
            node.span,
            help=_write(wanted, found.type),
        )
        return None
    return found if check_event(found, node.span, scope, problems) else None


def _fits(found: Type, wanted: Type) -> bool:
    if wanted.kind is Kind.DECIMAL:
        return found.is_number
    if wanted.kind is Kind.ENUM:
        return found.kind is Kind.ENUM and set(found.values) <= set(wanted.values)
    if wanted.kind is Kind.TEXT:
        return found.kind in (Kind.TEXT, Kind.ENUM)
    return found.kind is wanted.kind


def _write(wanted: Type, found: Type) -> str:
    if wanted.kind is Kind.INTEGER and found.kind is Kind.DECIMAL:
        return "say how to round it: add `round half up to 0` behind it"
    return kinds.how_to_write(wanted)


def check_event(found: Value | Predicate | None, span: Span, scope: Scope, problems: Problems) -> bool:
    """Whether everything said about the triggering event is there, whatever made the campaign happen."""
    for each in walk(found) if found is not None else ():
        if isinstance(each, Property) and each.alias == EVENT and scope.find(EVENT, each.name) is None:
            problems.add(
                "OUT010",
                f"`event.{each.name}` is not always there",
                span,
                why=scope.why_not(EVENT, each.name),
                help="use what every trigger has, or put the other triggers into a campaign of their own",
            )
            return False
    return True
