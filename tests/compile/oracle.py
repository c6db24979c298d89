"""What typed predicates mean for rows of customers and events: the interpreter is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.review.reference import world as reference
from campaign_dsl.review.reference.judge import members

Row = Mapping[str, Any]


@dataclass
class World:
    """The data, and the instant at which it is looked at.

    Attributes:
        customers: rows by attribute name.
        events: rows by column name, for each table.
        zone_attribute, default_zone: whose clock local days mean.
    """

    customers: Sequence[Row]
    events: Mapping[str, Sequence[Row]]
    key: str
    as_of: datetime
    zone_attribute: str | None
    default_zone: str
    leap_day: str

    @cached_property
    def _world(self) -> reference.World:
        return reference.World(self.key, self.customers, self.events)

    @property
    def _clock(self) -> reference.Clock:
        own = ir.Attribute(self.zone_attribute, "", Type(Kind.TEXT, True)) if self.zone_attribute else None
        return reference.Clock(self.as_of, ZoneRule(own, self.default_zone), self.leap_day)

    def readable(self) -> list[Row]:
        return list(reference.readable(self._world, self._clock))

    def matching(self, predicate: ir.Predicate) -> list[Any]:
        """The keys of those for whom the predicate holds, in order."""
        return members(predicate, self._world, self._clock)
