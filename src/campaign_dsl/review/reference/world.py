"""The data, and the instant at which it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from campaign_dsl.language.catalog.zones import known_zone
from campaign_dsl.language.ir.campaign import ZoneRule

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Decided:
    """A decision of an earlier run.

    Attributes:
        occurrence: its key.
        day: the local calendar day of its occurrence, which limits and caps look at.
        messages: the channel of each message it sent.
    """

    campaign: str
    customer: str
    occurrence: str
    day: date
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """Customers, rows, and what earlier runs left behind.

    Values are plain: str, int, Decimal, bool, date, aware datetime, list, dict, a (latitude, longitude) pair; None when
    missing, and None as well where a table holds what its type cannot be.

    Attributes:
        key: the attribute that identifies a customer.
        customers: by attribute name.
        rows: of every other table (events, relations, facets of the profile, dimensions, suppression lists), under the
            name of the table, by the name of the column.
        members_before: of each audience the ids of its members when it was looked at last; an audience without an entry
            was never looked at.
        decided: what earlier runs decided.
        spent: of each campaign what earlier runs took from its budgets, by unit.
        pending: what earlier runs gave, and is not there yet (`aftermath`).
    """

    key: str
    customers: Sequence[Row]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    members_before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decided: Sequence[Decided] = ()
    spent: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    pending: Sequence[Any] = ()
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was found out once; only for speed."""

    def table(self, name: str) -> Sequence[Row]:
        return self.rows.get(name, ())

    def owned(self, table: str, column: str, owner: Any) -> Sequence[Row]:
        """The rows of a table that belong to a customer."""
        question = ("owned", table, column)
        if question not in self.memory:
            groups: dict[Any, list[Row]] = {}
            for row in self.table(table):
                groups.setdefault(row.get(column), []).append(row)
            self.memory[question] = groups
        found: dict[Any, list[Row]] = self.memory[question]
        return found.get(owner, ())


@dataclass(frozen=True)
class Clock:
    """The instant T, and what the campaign says about calendars.

    Attributes:
        leap_day: `feb_28` or `mar_1`, where an anniversary of 29 February falls in common years.
    """

    as_of: datetime
    zone: ZoneRule
    leap_day: str

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("T needs a zone")

    def zone_name(self, customer: Row) -> str:
        """Whose clock local times mean for her. It need not be a zone."""
        own = customer.get(self.zone.attribute.name) if self.zone.attribute else None
        return self.zone.default if own is None else str(own)


def id_of(customer: Row, world: World) -> str:
    """The customer's id as text, as hashes, lists and the ledger have it."""
    return str(customer[world.key])


def readable(world: World, clock: Clock) -> Iterator[Row]:
    """Customers who can be judged: they have a key, and a zone that the tz database knows."""
    for customer in world.customers:
        if customer.get(world.key) is not None and known_zone(clock.zone_name(customer)):
            yield customer
