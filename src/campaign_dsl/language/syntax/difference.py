"""Where two syntax trees that should be equal part."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from campaign_dsl.language.diagnostics.model import Span


def first_difference(one: Any, other: Any) -> tuple[Span, Span]:
    """The places of the smallest two nodes that differ, in the order of the tree. ``one`` and ``other`` do differ."""
    for mine, its in _pairs(one, other):
        if mine != its and hasattr(mine, "span") and type(mine) is type(its):
            return first_difference(mine, its)
    return one.span, other.span


def _pairs(one: Any, other: Any) -> list[tuple[Any, Any]]:
    if not is_dataclass(one) or type(one) is not type(other):
        return []
    found: list[tuple[Any, Any]] = []
    for each in fields(one):
        if not each.compare:
            continue
        mine, its = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, tuple) and isinstance(its, tuple):
            found.extend(zip(mine, its, strict=False))
        else:
            found.append((mine, its))
    return found
