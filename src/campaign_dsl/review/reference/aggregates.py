"""One value out of many rows, and where that value stands among those of all customers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference import numbers
from campaign_dsl.review.reference.events import Happening, matching, smallest
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.world import readable


def aggregate(node: ir.Aggregate, scope: Scope) -> Any:
    """The aggregate; rows in which the value is missing take no part in it."""
    found = matching(node.event, node.where, node.window, scope)
    if node.function == "count":
        return len(found)
    if node.function == "recency":
        last = max((each.latest for each in found if each.latest is not None), default=None)
        return None if last is None else (scope.as_of - last) // timedelta(days=1)
    assert node.value is not None
    if node.function in ("first", "last"):
        return _at_the_end(found, node, scope)
    ordered = node.value.type.kind is Kind.ENUM
    values = [least for each in found if (least := _least(each, node.value, scope, ordered)) is not None]
    if node.function == "distinct":
        return sum(value not in values[:number] for number, value in enumerate(values))
    if not values:
        return None
    match node.function:
        case "sum":
            return numbers.total(values, node.type.kind)
        case "average":
            return numbers.average(values)
        case "smallest":
            best = min(values)
        case "largest":
            best = max(values)
        case "most frequent":
            counted = Counter(values)
            best = min(counted, key=lambda value: (-counted[value], value))
        case _:
            raise AssertionError(node.function)
    return node.value.type.values[best] if ordered else best


def _least(each: Happening, value: ir.Value, scope: Scope, ordered: bool) -> Any:
    """The smallest value that versions of one event have; of a word its place in its enum."""
    found = [scope.inside(version).value(value) for version in each.versions]
    if ordered:
        found = [place(word, value) for word in found]
    return smallest(found)


def _at_the_end(found: list[Happening], node: ir.Aggregate, scope: Scope) -> Any:
    """The first or last value that is known; of versions of one event the smallest (instant, value) counts."""
    assert node.value is not None
    assert node.event.occurred_column is not None
    ordered = node.value.type.kind is Kind.ENUM
    ends = []
    for each in found:
        known: dict[datetime, list[Any]] = {}
        for version in each.versions:
            value = scope.inside(version).value(node.value)
            rank = place(value, node.value) if ordered else value
            if rank is not None:
                known.setdefault(version[node.event.occurred_column], []).append(rank)
        if known:
            ends.append((min(known), each.id, smallest(known[min(known)])))
    if not ends:
        return None
    # Ids differ, so the values are never compared here.
    best = (min if node.function == "first" else max)(ends)[2]
    return node.value.type.values[best] if ordered else best


def place(word: Any, value: ir.Value) -> int | None:
    """Where a word stands in its enum, from 0; None when it is none of its words."""
    return value.type.values.index(word) if word in value.type.values else None


# ------------------------------------------------------------------------------------------------ among all customers


def is_ranked(node: ir.Rank, scope: Scope) -> bool:
    """Whether the customer is among the first."""
    order = _standing(node.of, scope, node.largest)
    if node.count is not None:
        most = node.count
    else:
        assert node.percent is not None
        most = ceil(len(order) * Fraction(node.percent) / 100)
    return scope.key in order[:most]


def quintile(node: ir.Quintile, scope: Scope) -> int | None:
    """1 to 5, where 5 holds the largest."""
    order = _standing(node.of, scope, largest=True)
    if scope.key not in order:
        return None
    ascending = len(order) - 1 - order.index(scope.key)
    return ascending * 5 // len(order) + 1


def _standing(of: ir.Value, scope: Scope, largest: bool) -> list[Any]:
    """The keys of those for whom ``of`` is known, in order; those with the same value by key, the smaller first."""
    memory, question = scope.world.memory, ("standing", of, scope.clock, largest)
    if question not in memory:
        known = []
        for customer in readable(scope.world, scope.clock):
            other = scope.of(customer)
            value = other.value(of)
            if of.type.kind is Kind.ENUM:
                value = place(value, of)
            if value is not None:
                known.append((other.key, value))
        known.sort(key=lambda pair: pair[0])
        known.sort(key=lambda pair: pair[1], reverse=largest)  # a stable sort, also in reverse
        memory[question] = [key for key, _ in known]
    found: list[Any] = memory[question]
    return found
