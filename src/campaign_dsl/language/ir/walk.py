"""Walking over typed expressions, and over the parts of a campaign that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from campaign_dsl.language.ir import nodes

_HERE = __name__.rpartition(".")[0]


def walk(node: Any) -> Iterator[Any]:
    """``node`` and every node below it."""
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, tuple):
            stack.extend(reversed(here))
        elif (names := _parts(here.__class__)) is not None:
            yield here
            stack.extend(getattr(here, name) for name in reversed(names))


def attributes_in(node: nodes.Predicate | nodes.Value) -> Iterator[nodes.Attribute]:
    """The customer attributes a predicate reads."""
    return (here for here in walk(node) if isinstance(here, nodes.Attribute))


@dataclass(frozen=True, slots=True)
class Size:
    """How many nodes there are, and how many of them lie inside each other at most."""

    nodes: int
    depth: int


def measure(node: nodes.Predicate) -> Size:
    """The size of a predicate with every named audience written out, as often as it is named.

    Named audiences that name each other can double at each step, so they are measured once each and never written out.
    """
    known: dict[int, Size] = {}
    waiting = [node]
    while waiting:
        missing = _measure(waiting[-1], known)
        if missing:
            waiting.extend(missing)
        else:
            waiting.pop()
    return known[id(node)]


def _measure(node: nodes.Predicate, known: dict[int, Size]) -> list[nodes.Predicate]:
    """Notes the size of ``node``, or gives the named audiences whose sizes have to be known first."""
    missing: list[nodes.Predicate] = []
    count = deepest = 0
    stack: list[tuple[Any, int]] = [(node, 1)]
    while stack:
        here, depth = stack.pop()
        if isinstance(here, tuple):
            stack.extend((item, depth) for item in here if not isinstance(item, nodes.Constant))
        elif isinstance(here, nodes.InAudience):
            inner = known.get(id(here.predicate))
            if inner is None:
                missing.append(here.predicate)
            else:
                count += 1 + inner.nodes
                deepest = max(deepest, depth + inner.depth)
        elif (names := _parts(here.__class__)) is not None:
            count += 1
            deepest = max(deepest, depth)
            stack.extend((getattr(here, name), depth + 1) for name in names)
    if not missing:
        known[id(node)] = Size(count, deepest)
    return missing


@cache
def _parts(kind: Any) -> tuple[str, ...] | None:
    """The names of a node's fields; None when it is no node. Long lists of plain texts are not gone through."""
    if not is_dataclass(kind) or not kind.__module__.startswith(_HERE):
        return None
    return tuple(each.name for each in fields(kind) if each.type != "tuple[str, ...]")
