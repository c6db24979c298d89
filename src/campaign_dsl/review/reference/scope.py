"""Where an expression stands: the customer, and the row, the named rows and the list elements around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.moments import local
from campaign_dsl.review.reference.world import Clock, Row, World


@dataclass(frozen=True)
class Scope(ABC):
    """One customer at T.

    Attributes:
        row: the event whose filter we are in.
        named: rows that have a name: steps of a sequence, `event` and `goal` of the occurrence.
        elements: of the lists we are in, the innermost first.
    """

    world: World
    clock: Clock
    customer: Row
    row: Row | None = None
    named: Mapping[str, Row] = field(default_factory=dict)
    elements: tuple[Any, ...] = ()

    @abstractmethod
    def holds(self, node: ir.Predicate) -> bool:
        """Whether ``node`` is true here."""

    @abstractmethod
    def value(self, node: ir.Value) -> Any:
        """What ``node`` is here; None when it is missing."""

    @property
    def key(self) -> Any:
        return self.customer[self.world.key]

    @property
    def as_of(self) -> datetime:
        return self.clock.as_of

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.clock.zone_name(self.customer))

    @property
    def today(self) -> date:
        """The calendar day at T where the customer is."""
        day = self.local_day(self.as_of)
        assert day is not None, "T lies at the end of time"
        return day

    def local_day(self, moment: datetime) -> date | None:
        found = local(moment, self.zone)
        return None if found is None else found.date()

    def inside(self, row: Row) -> Self:
        """In the filter of a row."""
        return replace(self, row=row)

    def naming(self, **rows: Row) -> Self:
        """With rows that have a name."""
        return replace(self, named={**self.named, **rows})

    def element(self, item: Any) -> Self:
        """At an element of a list."""
        return replace(self, elements=(item, *self.elements))

    def of(self, customer: Row) -> Self:
        """The same question about another customer."""
        return replace(self, customer=customer, row=None, named={}, elements=())
