"""What the checks let through never fails on its types in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import DIALECTS, audience_query
from campaign_dsl.language.catalog.model import Attribute
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.semantics.expressions import attribute, predicate
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written
from sensible_trees import conditions
from wide_catalog import CATALOG, NAMES

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ZONE = ZoneRule(attribute(CATALOG, "zone"), "America/New_York")
COLUMNS = {
    Kind.TEXT: "VARCHAR",
    Kind.ENUM: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL(18, 2)",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
}


def column(type_: Type) -> str:
    if type_.element is not None:
        return f"{column(type_.element)}[]"
    if type_.fields:
        return "STRUCT(" + ", ".join(f'"{name}" {column(of)}' for name, of in type_.fields) + ")"
    return COLUMNS[type_.kind]


def attributes(entries: dict[str, Attribute]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, entry in entries.items():
        if entry.type is Kind.GEO:
            found |= {str(entry.latitude): "DECIMAL(9, 6)", str(entry.longitude): "DECIMAL(9, 6)"}
        else:
            found[entry.column_of(name)] = column(entry.value_type)
        if entry.changed_at is not None:
            found[entry.changed_at] = "TIMESTAMPTZ"
    return found


def keys(entry: Any) -> dict[str, str]:
    """The columns that a source of rows names itself."""
    found = {getattr(entry, key, None): "VARCHAR" for key in ("id", "customer")}
    found |= {getattr(entry, key, None): "TIMESTAMPTZ" for key in ("occurred_at", "received_at")}
    found[getattr(getattr(entry, "kind", None), "column", None)] = "VARCHAR"
    return {name: type_ for name, type_ in found.items() if name is not None}


def tables() -> dict[str, dict[str, str]]:
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


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, columns in tables().items():
            body = ", ".join(f'"{each}" {type_}' for each, type_ in columns.items())
            connection.execute(f"CREATE TABLE {name} ({body})")
        yield connection


@settings(suppress_health_check=list(HealthCheck))
@given(node=conditions())
def test_what_is_let_through_runs(engine: duckdb.DuckDBPyConnection, node: t.Expression) -> None:
    problems = Problems()
    found = predicate(node, NAMES, problems)
    assert found is not None, (written(node), problems.sorted())
    query = bind(audience_query(found, ZONE, "feb_28", CATALOG, DIALECTS["duckdb"]), NOW, [])
    assert engine.execute(query.sql("duckdb")).fetchall() == [], written(node)
