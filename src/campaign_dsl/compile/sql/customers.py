"""The customers a query looks at: their attributes, their zones, and the calendar day it is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql.anniversaries import day_number
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.shared import LONGITUDE, TODAY, TODAY_KEY, ZONE, ZONES, Shared
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

OWN = (ZONE, TODAY, TODAY_KEY)
"""Columns of our own beside the customer's attributes."""


def zones(shared: Shared, today: bool, key: bool) -> exp.Select:
    """Every zone, with its calendar day at T if that is read, and with a ``key`` of the day for counting ages."""
    known = shared.dialect.zones()
    if today or key:
        moment = shared.dialect.local_day(b.parameter("as_of"), exp.column("name", quoted=True))
        known = known.select(b.named(moment, TODAY), copy=False)
    if not key:
        return known
    day = b.column(TODAY, "d")
    number = b.plus(b.times(b.part("YEAR", day), 10_000), day_number(shared.dialect, shared.leap_day, day))
    return exp.select(b.column("name", "d"), day.copy(), b.named(number, TODAY_KEY)).from_(
        exp.Subquery(this=known, alias=exp.TableAlias(this=b.quoted("d"))), copy=False
    )


def customers(shared: Shared, catalog: Catalog, zone: ir.ZoneRule, used: Mapping[str, nodes.Attribute]) -> exp.Select:
    """All customers, with the attributes in ``used``; `_zone` is missing where it is none of the tz database."""
    entry = catalog.customers
    key = entry.attributes[entry.key]
    columns = [b.named(c.stored(shared, key.column or entry.key, "c", key.value_type), entry.key)]
    others = [used[name] for name in sorted(used) if name != entry.key]
    columns += [b.named(c.stored(shared, each.column, "c", each.type), each.name) for each in others]
    places = [(each, each.longitude) for each in others]
    columns += [
        b.named(c.stored(shared, east, "c", each.type), LONGITUDE + each.name)
        for each, east in places
        if east is not None
    ]
    columns += [b.named(b.column("name", ZONES), ZONE), b.column(TODAY, ZONES), b.column(TODAY_KEY, ZONES)]
    theirs: exp.Expr = exp.Literal.string(zone.default)
    if zone.attribute is not None:
        theirs = exp.func("COALESCE", c.stored(shared, zone.attribute.column, "c", zone.attribute.type), theirs)
    same = exp.EQ(this=b.column("name", ZONES), expression=theirs)
    return (
        exp.select(*columns)
        .from_(b.table(entry.table, "c"), copy=False)
        .join(b.table(ZONES), on=same, join_type="left", copy=False)
    )


def select_with_joins(lowering: Lowering, columns: list[exp.Expr], source: str) -> exp.Select:
    """``columns`` of ``source``, beside what the lowering has to join."""
    return lowering.joined(exp.select(*columns).from_(b.table(source), copy=False))


def columns_of(attributes: Iterable[nodes.Attribute]) -> list[str]:
    """The columns of `customer` that hold these attributes: of a place on the map there are two."""
    names = {each.name: each.longitude for each in attributes}
    return [*sorted(names), *(LONGITUDE + name for name in sorted(names) if names[name] is not None)]
