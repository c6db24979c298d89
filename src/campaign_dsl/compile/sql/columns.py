"""Columns of tables that say whose a row is, which it is, and when it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.language.catalog.types import TEXT, TIMESTAMP, Type
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.shared import Shared


def stored(shared: Shared, name: str, alias: str, type_: Type | None) -> exp.Expr:
    """A column of a table, of a type of the catalog; None: one that is compared with its like only."""
    return shared.dialect.stored(b.column(name, alias), type_)


def owner(shared: Shared, source: ir.EventSource, alias: str) -> exp.Expr:
    """The key of the customer."""
    return stored(shared, source.customer_column, alias, shared.key_type)


def identity(shared: Shared, source: ir.EventSource, alias: str) -> exp.Expr:
    """What rows with the same content of the same event have in common."""
    assert source.id_column is not None
    return stored(shared, source.id_column, alias, None)


def kind(shared: Shared, source: ir.EventSource, alias: str) -> exp.Expr:
    """Which event it is, in a table of several."""
    assert source.kind_column is not None
    return stored(shared, source.kind_column, alias, TEXT.maybe())


def occurred(shared: Shared, source: ir.EventSource, alias: str) -> exp.Expr:
    """When it happened."""
    assert source.occurred_column is not None
    return stored(shared, source.occurred_column, alias, TIMESTAMP.maybe())


def received(shared: Shared, source: ir.EventSource, alias: str) -> exp.Expr:
    """When it arrived."""
    assert source.received_column is not None
    return stored(shared, source.received_column, alias, TIMESTAMP.maybe())
