"""Rows of the wide catalog: few, but each of them a case; in DuckDB and as the interpreter has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
from warehouse import lists_can_be_missing

from campaign_dsl.language.catalog.model import Attribute
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.review.reference.world import World
from wide_catalog import CATALOG

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
_INSTANT = pa.timestamp("us", tz="UTC")
COLUMNS = {
    Kind.TEXT: pa.string(),
    Kind.ENUM: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: pa.decimal128(18, 2),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: _INSTANT,
}
_DEGREES = pa.decimal128(9, 6)
TEXTS = ["", "a", "Boston", "UTC", "Asia/Tokyo", "b c", "A"]
KEYS = ["s1", "s2", "s3"]


def column(type_: Type) -> pa.DataType:
    if type_.element is not None:
        return pa.list_(column(type_.element))
    if type_.fields:
        return pa.struct([(name, column(of)) for name, of in type_.fields])
    return COLUMNS[type_.kind]


def attributes(entries: Mapping[str, Attribute]) -> dict[str, pa.DataType]:
    found: dict[str, pa.DataType] = {}
    for name, entry in entries.items():
        if entry.type is Kind.GEO:
            found |= {str(entry.latitude): _DEGREES, str(entry.longitude): _DEGREES}
        else:
            found[entry.column_of(name)] = column(entry.value_type)
        if entry.changed_at is not None:
            found[entry.changed_at] = _INSTANT
    return found


def keys(entry: Any) -> dict[str, pa.DataType]:
    """The columns that a source of rows names itself."""
    found = {getattr(entry, key, None): pa.string() for key in ("id", "customer")}
    found |= {getattr(entry, key, None): _INSTANT for key in ("occurred_at", "received_at")}
    found[getattr(getattr(entry, "kind", None), "column", None)] = pa.string()
    return {name: type_ for name, type_ in found.items() if name is not None}


def tables() -> dict[str, dict[str, pa.DataType]]:
    """Every table of the catalog, with its columns."""
    found = {CATALOG.customers.table: attributes(CATALOG.customers.attributes)}
    for event in CATALOG.events.values():
        found.setdefault(event.table, {}).update(keys(event) | attributes(event.properties))
    for relation in CATALOG.relations.values():
        found.setdefault(relation.table, {}).update(keys(relation) | attributes(relation.attributes))
    for dimension in CATALOG.dimensions.values():
        found.setdefault(dimension.table, {}).update(attributes(dimension.attributes))
    for facet in CATALOG.profile.facets.values():
        typed = (facet.typed(key) for key in facet.TYPES)
        found.setdefault(facet.table, {}).update(keys(facet) | {name: column(type_) for name, type_ in typed})
    return found


class Maker:
    """Random rows."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.number = 0

    def moment(self) -> datetime:
        ago = self.random.choice([0, 1, 60, 3_600, 86_400, 3 * 86_400, 7 * 86_400, 40 * 86_400, 400 * 86_400])
        return NOW - timedelta(seconds=ago + self.random.choice([0, 0, 1, 7_200]))

    def value(self, type_: Type, missing: float = 0.25) -> Any:
        if type_.nullable and self.random.random() < missing:
            return None if type_.element is None or lists_can_be_missing() else []
        if type_.element is not None:
            return [self.value(type_.element) for _ in range(self.random.choice([0, 1, 2, 3]))]
        if type_.fields:
            return {name: self.value(of) for name, of in type_.fields}
        match type_.kind:
            case Kind.TEXT:
                return self.random.choice(TEXTS)
            case Kind.ENUM:
                return self.random.choice(type_.values)
            case Kind.INTEGER:
                return self.random.choice([-7, 0, 1, 3, 5, 12, 100])
            case Kind.DECIMAL:
                return Decimal(self.random.choice(["-0.50", "0.00", "2.50", "12.34", "100.00"]))
            case Kind.BOOLEAN:
                return self.random.random() < 0.5
            case Kind.DATE:
                return self.random.choice([date(1990, 6, 15), date(2000, 2, 29), date(2026, 6, 14), date(2026, 6, 20)])
            case Kind.TIMESTAMP:
                return self.moment()
        raise AssertionError(type_)

    def row(self, entries: Mapping[str, Attribute]) -> dict[str, Any]:
        """A row by columns."""
        found: dict[str, Any] = {}
        for name, entry in entries.items():
            if entry.type is Kind.GEO:
                near = self.random.choice(
                    [("42.360000", "-71.050000"), ("40.700000", "-74.000000"), ("0.500000", "42.360000")]
                )
                north, east = (Decimal(each) for each in near)
                found |= {str(entry.latitude): north, str(entry.longitude): east}
            elif entry.dimension is not None:
                found[entry.column_of(name)] = self.random.choice([*KEYS, "gone", None])
            else:
                found[entry.column_of(name)] = self.value(entry.value_type)
            if entry.changed_at is not None:
                found.setdefault(entry.changed_at, self.moment())
        return found

    def owned(self, entry: Any, owners: list[str], row: dict[str, Any]) -> dict[str, Any]:
        """What a source of rows names itself, beside what a row says."""
        self.number += 1
        found = dict(row)
        if getattr(entry, "id", None):
            found[entry.id] = f"e{self.number:03}"
        found[entry.customer] = self.random.choice(owners)
        for key in ("occurred_at", "received_at"):
            if getattr(entry, key, None):
                found[getattr(entry, key)] = self.moment()
        if getattr(entry, "kind", None):
            found[entry.kind.column] = entry.kind.equals
        return found


FACETS = {
    "tags": {"tag": ["vip", "gone"]},
    "points": {"account": ["rewards", "other"]},
    "wallet": {"offer": ["half"], "state": ["issued", "redeemed"]},
    "subscriptions": {"conversation": ["news"]},
    "messages": {
        "action": ["sent", "opened", "clicked"],
        "message": ["note"],
        "campaign": ["gift"],
        "channel": ["mail"],
    },
    "decisions": {"campaign": ["gift"]},
}


def rows(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, by column."""
    maker = Maker(seed)
    owners = [str(number) for number in range(1, 9)]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in tables()}
    for owner in owners:
        row = maker.row(CATALOG.customers.attributes) | {"id": owner}
        row["zone"] = maker.random.choice(["America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", None])
        found["customers"].append(row)
    for event in CATALOG.events.values():
        found[event.table] += [maker.owned(event, owners, maker.row(event.properties)) for _ in range(25)]
    for relation in CATALOG.relations.values():
        found[relation.table] += [maker.owned(relation, owners, maker.row(relation.attributes)) for _ in range(10)]
    for name, dimension in CATALOG.dimensions.items():
        for key in KEYS[:2] if name == "regions" else KEYS:
            found[dimension.table].append(maker.row(dimension.attributes) | {dimension.key_column: key})
    for name, facet in CATALOG.profile.facets.items():
        for _ in range(10):
            typed = (facet.typed(key) for key in facet.TYPES)
            row = {each: maker.value(type_) for each, type_ in typed}
            row |= {facet.typed(key)[0]: maker.random.choice(values) for key, values in FACETS[name].items()}
            found[facet.table].append(maker.owned(facet, owners, row))
    return found


def world(data: Mapping[str, list[dict[str, Any]]]) -> World:
    """The same for the interpreter, which knows customers by their attributes."""
    customers = []
    for row in data["customers"]:
        customer: dict[str, Any] = {}
        for name, entry in CATALOG.customers.attributes.items():
            if entry.type is Kind.GEO:
                place = row[str(entry.latitude)], row[str(entry.longitude)]
                customer[name] = None if None in place else place
            else:
                customer[name] = row[entry.column_of(name)]
            if entry.changed_at is not None:
                customer[f"{name}.changed_at"] = row[entry.changed_at]
        customers.append(customer)
    return World("id", customers, data)
