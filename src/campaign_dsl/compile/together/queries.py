"""The queries that atoms are found with. Every condition in them comes from the one lowering."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql.assembly import assembled
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.customers import customers, select_with_joins
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.events import rows
from campaign_dsl.compile.sql.predicates import CUSTOMER, EVENT, Lowering, Shared
from campaign_dsl.compile.sql.shared import ZONE
from campaign_dsl.compile.together.atoms import Atom, Clock
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import attributes_in

CUSTOMER_ID, READABLE, OCCURRED, ID, FLAG, VALUE = "customer_id", "readable", "occurred_at", "id", "flag_", "value_"
"""Columns of the answers; those of flags and values end in their numbers."""
REPEATED = "campaign_repeated_ids"
"""A relation that is handed to the engine: one column `id`."""
_NO_CLOCK = Clock(ir.ZoneRule(None, "UTC"), "feb_28")
"""For atoms that depend on no clock: with it everybody can be judged."""


def counted(table: str) -> exp.Select:
    """How many rows a table has."""
    return exp.select(b.named(exp.Count(this=exp.Star()), "rows")).from_(b.table(table, "t"), copy=False)


def members(atom: Atom, catalog: Catalog, dialect: Dialect) -> exp.Select:
    """The keys of the customers for whom an atom holds."""
    clock = atom.clock or _NO_CLOCK
    return audience_query(atom.predicate, clock.zone, clock.leap_day, catalog, dialect)


def flags(atoms: Sequence[Atom], clock: Clock, catalog: Catalog, dialect: Dialect) -> exp.Select:
    """Every row of customers that has a key, in one scan: whether it can be judged by ``clock``, and each atom."""
    key = catalog.customers.key
    shared = Shared.of(catalog, dialect, clock.leap_day)
    lowering = Lowering(shared)
    tests = [b.named(lowering.holds(atom.predicate), f"{FLAG}{number}") for number, atom in enumerate(atoms)]
    own = b.column(key, CUSTOMER)
    columns = [b.named(own, CUSTOMER_ID), b.named(b.known(b.column(ZONE, CUSTOMER)), READABLE), *tests]
    query = select_with_joins(lowering, columns, CUSTOMER).where(b.known(own.copy()), copy=False)
    used = {each.name: each for atom in atoms for each in attributes_in(atom.predicate)}
    return assembled(query, [(CUSTOMER, customers(shared, catalog, clock.zone, used), None), *shared.named()], shared)


def events(
    source: nodes.EventSource,
    widest: nodes.Window | None,
    filters: Sequence[nodes.Predicate],
    values: Sequence[nodes.Property],
    catalog: Catalog,
    dialect: Dialect,
    *,
    with_id: bool = False,
    repeated: bool = False,
) -> exp.Select:
    """The rows of ``source`` that count, each with what filters say of it and with values.

    Args:
        widest: the window that holds all that is asked for.
        repeated: only rows whose id is in the relation `REPEATED`.
    """
    shared = Shared.of(catalog, dialect, "feb_28")
    inner = Lowering(shared, EVENT, source)
    columns = [b.named(c.owner(shared, source, EVENT), CUSTOMER_ID)]
    if source.occurred_column is not None:
        columns.append(b.named(c.occurred(shared, source, EVENT), OCCURRED))
    if with_id:
        columns.append(b.named(c.identity(shared, source, EVENT), ID))
    columns += [b.named(inner.holds(each), f"{FLAG}{number}") for number, each in enumerate(filters)]
    columns += [b.named(inner.value(each), f"{VALUE}{number}") for number, each in enumerate(values)]
    query = rows(inner, None, widest, *columns)
    if repeated:
        listed = exp.select(b.column(ID, "r")).from_(b.table(REPEATED, "r"), copy=False)
        identity = c.identity(shared, source, EVENT)
        query = query.where(exp.In(this=identity, query=exp.Subquery(this=listed)), copy=False)
    return assembled(query, shared.named(), shared)
