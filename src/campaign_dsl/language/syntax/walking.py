"""Walking over the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from campaign_dsl.language.syntax import tree as t


def walk(node: Any) -> Iterator[Any]:
    """``node`` and every node below it, in the order of the text."""
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, tuple):
            stack.extend(reversed(here))
        elif is_dataclass(here) and not isinstance(here, type) and type(here).__module__.startswith(t.__name__):
            yield here
            stack.extend(getattr(here, field.name) for field in reversed(fields(here)))


def audiences_named(node: Any) -> Iterator[t.Name]:
    """The names of audiences that ``node`` speaks of."""
    for here in walk(node):
        if isinstance(here, t.InAudience):
            yield here.name
        elif isinstance(here, t.Exclude) and here.audience is not None:
            yield here.audience
        elif isinstance(here, t.OnCrossing) and here.what == "audience":
            yield here.name


def lists_named(node: Any) -> Iterator[t.Name]:
    """The names of static lists that ``node`` speaks of."""
    return (here.name for here in walk(node) if isinstance(here, t.InStaticList))


def files_named(node: Any) -> Iterator[t.Text]:
    """The paths of files with content."""
    return (here.value for here in walk(node) if isinstance(here, t.Part) and here.kind != "text")
