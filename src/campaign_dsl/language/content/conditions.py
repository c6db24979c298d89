"""Types of conditions: what is compared and asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.content import limits
from campaign_dsl.language.content.narrowing import known_when_false, known_when_true, path_of
from campaign_dsl.language.content.typed import Scope, Typed
from campaign_dsl.language.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    from jinja2 import nodes

    from campaign_dsl.language.content.expressions import Typer

TESTS = ("known", "missing")
_TEST_HINTS = {
    "defined": "known",
    "undefined": "missing",
    "none": "missing",
    "null": "missing",
    "empty": "missing",
    "blank": "missing",
}
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}


def condition(typer: Typer, node: nodes.Node, scope: Scope) -> bool:
    """Checks a condition; False after having reported what is wrong with it."""
    from jinja2 import nodes

    match node:
        case nodes.And():
            left = condition(typer, node.left, scope)
            return condition(typer, node.right, scope.knowing(known_when_true(node.left))) and left
        case nodes.Or():
            left = condition(typer, node.left, scope)
            return condition(typer, node.right, scope.knowing(known_when_false(node.left))) and left
        case nodes.Not():
            return condition(typer, node.node, scope)
        case nodes.Compare():
            return _compared(typer, node, scope)
        case nodes.Test():
            return _tested(typer, node, scope)
    found = typer.value(node, scope).type
    if found is None:
        return False
    if found.is_number:
        shown = path_of(node) or "..."
        typer.wrong(
            "CNT007",
            "a number is not a condition",
            node,
            help=f"write `{shown} > 0`, or `{shown} is known`",
        )
        return False
    return True


def _tested(typer: Typer, node: nodes.Test, scope: Scope) -> bool:
    subject = typer.value(node.node, scope)
    if node.name not in TESTS or node.args or node.kwargs:
        meant = _TEST_HINTS.get(node.name)
        help = f"write `is {meant}`" if meant else "content asks `is known` and `is missing`, and compares with `==`"
        typer.wrong_at_name("CNT004", f"unknown test `{node.name}`", node, help=help)
        return False
    return subject.type is not None


def _compared(typer: Typer, node: nodes.Compare, scope: Scope) -> bool:
    from jinja2 import nodes

    if len(node.ops) > 1:
        typer.wrong("CNT002", "one comparison at a time", node, help="write `a < b and b < c`")
        return False
    (operand,) = node.ops
    left = typer.value(node.expr, scope)
    if operand.op in ("in", "notin") and isinstance(operand.expr, nodes.List | nodes.Tuple):
        items = operand.expr.items
        if len(items) > limits.MAX_ITEMS or not all(isinstance(item, nodes.Const) for item in items):
            typer.wrong(
                "CNT003",
                f"a list behind `in` holds up to {limits.MAX_ITEMS} fixed values",
                operand.expr,
                help="compare with a list that the catalog has",
            )
            return False
        found = [_fits(typer, "eq", node.expr, left, item, typer.value(item, scope)) for item in items]
        return all(found)
    right = typer.value(operand.expr, scope)
    return _fits(typer, operand.op, node.expr, left, operand.expr, right)


def _fits(typer: Typer, op: str, left_node: nodes.Node, left: Typed, right_node: nodes.Node, right: Typed) -> bool:
    if left.type is None or right.type is None:
        return False
    sign = _SIGNS[op]
    if op in ("in", "notin"):
        if right.type.kind is Kind.LIST and right.type.element is not None:
            inside = Typed(right.type.element)
            return _fits(typer, "eq", left_node, left, right_node, inside)
        if {left.type.kind, right.type.kind} <= {Kind.TEXT, Kind.ENUM}:
            return True
        typer.wrong(
            "CNT006",
            f"`{sign}` finds nothing in a value of type {right.type}",
            right_node,
            help="it takes a list, or a text in a text",
        )
        return False
    kinds = (left.type.kind, right.type.kind)
    if left.type.is_number and right.type.is_number:
        return True
    if kinds == (Kind.DATE, Kind.DATE) or kinds == (Kind.TIMESTAMP, Kind.TIMESTAMP):
        return True
    if kinds in ((Kind.DATE, Kind.TEXT), (Kind.TEXT, Kind.DATE)):
        return _day(typer, left_node, left, right_node, right)
    if op in ("eq", "ne"):
        if kinds == (Kind.BOOLEAN, Kind.BOOLEAN):
            return True
        if set(kinds) <= {Kind.TEXT, Kind.ENUM}:
            return _word(typer, left, right_node, right) and _word(typer, right, left_node, left)
    elif kinds[0] in (Kind.TEXT, Kind.ENUM):
        typer.wrong("CNT006", f"words have no `{sign}` in content", left_node, help='write `in ["gold", "platinum"]`')
        return False
    typer.wrong(
        "CNT006",
        f"`{sign}` cannot compare a value of type {left.type} with one of type {right.type}",
        right_node,
        help="text stands in double quotes, numbers without",
    )
    return False


def _word(typer: Typer, enum: Typed, node: nodes.Node, word: Typed) -> bool:
    """Whether a fixed word is one that the enum has."""
    assert enum.type is not None
    if enum.type.kind is not Kind.ENUM or word.constant is None or word.constant in enum.type.values:
        return True
    help = did_you_mean(str(word.constant), enum.type.values, "its values")
    typer.wrong(
        "CNT006",
        f"`{word.constant}` is none of the values this can have",
        node,
        help=help or "values are " + ", ".join(f"`{word}`" for word in enum.type.values),
    )
    return False


def _day(typer: Typer, left_node: nodes.Node, left: Typed, right_node: nodes.Node, right: Typed) -> bool:
    node, text = (left_node, left.constant) if left.constant is not None else (right_node, right.constant)
    try:
        date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        typer.wrong("CNT006", "a day is compared with a day", node, help='write it as in `"2026-11-27"`')
        return False
    return True
