"""Of several conditions that must all hold, those that look back less say whose rows the others need to read.

`did purchase in last 30 days and sum of purchase.amount in last 365 days >= 400` adds up the year only of those who
bought this month: for everybody else it does not matter what the sum is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

_FACTOR = 2
"""A window has to be so many times as long, or looking at who is among the few costs more than it spares."""
Chain = tuple[ir.Did, ...]
"""Conditions that must all hold, by how far they look back; each is asked only of those who meet the ones before it."""


def chain(low: Lowering, items: Sequence[ir.Predicate]) -> Chain:
    """The conditions among ``items`` to which the others can be narrowed."""
    if low.source is not None or low.inside or low.among or len(items) < 2:
        return ()
    found = [each for each in items if isinstance(each, ir.Did) and each.at_least >= 1 and each.at_most is None]
    return tuple(sorted((each for each in found if isinstance(each.window, ir.Rolling)), key=seconds))


def before(among: Chain, item: ir.Predicate) -> Chain:
    """What ``item`` is narrowed to when the whole is narrowed to ``among``."""
    return among[: among.index(item)] if isinstance(item, ir.Did) and item in among else among


def few(among: Chain, window: ir.Window | None) -> Chain:
    """``among``; nothing when the rows of a window are not so many more that it pays to leave some out."""
    if not among or (isinstance(window, ir.Rolling) and window.seconds < _FACTOR * seconds(among[0])):
        return ()
    return among


def seconds(node: ir.Did | ir.Aggregate) -> int:
    """How far a condition or a value with a rolling window looks back."""
    assert isinstance(node.window, ir.Rolling)
    return node.window.seconds
