"""A world out of tables as they are: customers by the names of their attributes, everything else by its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.review.reference.world import Row, World


def world_of(catalog: Catalog, tables: Mapping[str, Sequence[Row]]) -> World:
    """The world in ``tables``, by the names that the catalog calls them by."""
    customers = [customer_of(catalog, row) for row in tables.get(catalog.customers.table, ())]
    rows = {name: tuple(found) for name, found in tables.items() if name != catalog.customers.table}
    return World(catalog.customers.key, tuple(customers), rows)


def customer_of(catalog: Catalog, row: Row) -> dict[str, Any]:
    """The attributes of one customer. What is not in the row is missing.

    When a value last changed is `<attribute>.changed_at`.
    """
    found: dict[str, Any] = {}
    for name, attribute in catalog.customers.attributes.items():
        if attribute.type is Kind.GEO:
            place = (row.get(attribute.latitude or ""), row.get(attribute.longitude or ""))
            found[name] = None if None in place else place
        else:
            found[name] = row.get(attribute.column_of(name))
        if attribute.changed_at is not None:
            found[f"{name}.changed_at"] = row.get(attribute.changed_at)
    return found
