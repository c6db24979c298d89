"""Puts a query together from named parts: zones first, then what each stage reads, and nothing that nobody reads."""

from __future__ import annotations

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.customers import OWN, zones
from campaign_dsl.compile.sql.shared import CUSTOMER, TODAY, TODAY_KEY, ZONES, Named, Shared
from campaign_dsl.language.catalog.model import Catalog


def facts(shared: Shared) -> list[Named]:
    """What events, dimensions and ranks say, computed once for all predicates that ask it."""
    return shared.named()


def assembled(
    query: exp.Select, bodies: list[Named], shared: Shared, catalog: Catalog, recursive: bool = False
) -> exp.Select:
    """``query`` over CTEs, under names that no table of the catalog has, and without columns that nobody reads."""
    read = {column.name for column in query.find_all(exp.Column)}
    for _, body, _ in reversed(bodies):
        for select in _selects(body):
            kept = [each for each in select.expressions if each.alias_or_name not in OWN or each.alias_or_name in read]
            select.set("expressions", kept)
        read |= {column.name for column in body.find_all(exp.Column)}
    about = "zones of the tz database" + (", and the day it is there" if read & {TODAY, TODAY_KEY} else "")
    ctes = []
    known = zones(shared.dialect, shared.leap_day, TODAY in read, TODAY_KEY in read)
    for name, body, comment in [(ZONES, known, about), *bodies]:
        cte = exp.CTE(this=body, alias=exp.TableAlias(this=b.quoted(name)))
        if name == CUSTOMER:
            cte.set("materialized", False)  # reading the columns twice is cheaper than keeping all of them
        ctes.append(b.comment(cte, comment) if comment else cte)
    query.set("with_", exp.With(expressions=ctes, recursive=recursive))
    _rename(query, _tables(catalog) | _read(query))
    return query


def _selects(query: exp.Expr) -> list[exp.Select]:
    """The branches of a union; the query itself when it is none."""
    if isinstance(query, exp.SetOperation):
        return [*_selects(query.this), *_selects(query.expression)]
    return [query] if isinstance(query, exp.Select) else []


def _tables(catalog: Catalog) -> set[str]:
    """Names of tables in the database, as an engine that does not tell upper from lower case sees them."""
    tables = {catalog.customers.table, *(each.table for each in catalog.events.values())}
    tables |= {each.table for each in catalog.suppression_lists.values()}
    return {table.rpartition(".")[2].casefold() for table in tables}


def _read(query: exp.Select) -> set[str]:
    """Tables the query reads that are none of its CTEs."""
    return {table.name.casefold() for table in query.find_all(exp.Table) if not table.meta.get(b.CTE)}


def _rename(query: exp.Select, taken: set[str]) -> None:
    """Give CTEs that would hide a table of the database another name."""
    names = {cte.alias for cte in query.args["with_"].expressions}
    others = {name: f"{name}_" for name in names if name in taken}
    while clash := {old: f"{new}_" for old, new in others.items() if new in taken | names}:
        others |= clash
    if not others:
        return
    for node in query.walk():
        if isinstance(node, exp.Table) and node.meta.get(b.CTE) and node.name in others:
            node.set("this", b.quoted(others[node.name]))
        elif isinstance(node, exp.Column) and node.table in others:
            node.set("table", b.quoted(others[node.table]))
        elif isinstance(node, exp.CTE) and node.alias in others:
            node.args["alias"].set("this", b.quoted(others[node.alias]))
