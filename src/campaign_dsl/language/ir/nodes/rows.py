"""Where rows are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventSource:
    """Rows that belong to a customer: an event, a related table, or a facet of the profile. Columns as in the catalog.

    Attributes:
        occurred_column: when it happened; None for rows without a time, which are as they are at T.
        id_column: rows with one id count once; None when every row counts.
    """

    name: str
    table: str
    kind_column: str | None
    kind_value: str | None
    id_column: str | None
    customer_column: str
    occurred_column: str | None
    received_column: str | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table of things that rows point to, one row for each key."""

    name: str
    table: str
    key_column: str
