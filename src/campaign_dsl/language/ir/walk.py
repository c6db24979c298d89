"""Walking over typed expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from campaign_dsl.language.ir import nodes


def walk(node: Any) -> Iterator[Any]:
    """``node`` and every node below it."""
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, tuple):
            stack.extend(reversed(here))
        elif is_dataclass(here) and not isinstance(here, type) and type(here).__module__ == nodes.__name__:
            yield here
            stack.extend(getattr(here, field.name) for field in reversed(fields(here)))


def attributes_in(node: nodes.Predicate | nodes.Value) -> Iterator[nodes.Attribute]:
    """The customer attributes a predicate reads."""
    return (here for here in walk(node) if isinstance(here, nodes.Attribute))
