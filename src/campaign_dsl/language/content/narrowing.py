"""What a condition says about missing values: inside `{% if customer.first_name %}` there is a first name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import nodes

Facts = frozenset[str]
"""Names that are known to have a value."""
NOTHING: Facts = frozenset()


def path_of(node: nodes.Node) -> str | None:
    """The dotted name that an expression is; None when it is something else."""
    from jinja2 import nodes

    parts: list[str] = []
    here: nodes.Node = node
    while True:
        match here:
            case nodes.Name():
                return ".".join([here.name, *reversed(parts)])
            case nodes.Getattr():
                parts.append(here.attr)
                here = here.node
            case nodes.Getitem(arg=nodes.Const(value=str() as key)) if key.isidentifier():
                parts.append(key)
                here = here.node
            case _:
                return None


def known_when_true(node: nodes.Node) -> Facts:
    """Names that have a value whenever the condition holds."""
    return _facts(node, True)


def known_when_false(node: nodes.Node) -> Facts:
    """Names that have a value whenever the condition does not hold."""
    return _facts(node, False)


def _facts(node: nodes.Node, holds: bool) -> Facts:
    from jinja2 import nodes

    match node:
        case nodes.And() | nodes.Or():
            sides = _facts(node.left, holds), _facts(node.right, holds)
            both = isinstance(node, nodes.And) == holds
            return sides[0] | sides[1] if both else sides[0] & sides[1]
        case nodes.Not():
            return _facts(node.node, not holds)
        case nodes.Test(name="known" | "missing"):
            return _carrier(node.node) if (node.name == "known") == holds else NOTHING
        case nodes.Compare():
            # A comparison with a missing value does not hold, whatever it asks.
            return _carrier(node.expr).union(*(_carrier(each.expr) for each in node.ops)) if holds else NOTHING
    return _carrier(node) if holds else NOTHING


def _carrier(node: nodes.Node) -> Facts:
    """The name without which the expression has no value: filters of a missing value are missing, but for `default`."""
    from jinja2 import nodes

    while isinstance(node, nodes.Filter) and node.name != "default" and node.node is not None:
        node = node.node
    path = path_of(node)
    return NOTHING if path is None else frozenset((path,))
