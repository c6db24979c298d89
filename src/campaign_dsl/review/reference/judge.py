"""One customer at T, who can be asked anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference import predicates, values
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.world import Clock, Row, World, readable


@dataclass(frozen=True)
class Judge(Scope):
    """Asks `predicates` and `values`, which ask it about what is inside."""

    def holds(self, node: ir.Predicate) -> bool:
        return predicates.holds(node, self)

    def value(self, node: ir.Value) -> Any:
        return values.value(node, self)


def holds(predicate: ir.Predicate, customer: Row, world: World, clock: Clock) -> bool:
    """Whether ``predicate`` holds for the customer at T."""
    return Judge(world, clock, customer).holds(predicate)


def members(predicate: ir.Predicate, world: World, clock: Clock) -> list[Any]:
    """The keys of the readable customers for whom ``predicate`` holds, in order."""
    return sorted(each[world.key] for each in readable(world, clock) if holds(predicate, each, world, clock))
