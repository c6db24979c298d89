"""Puts a query together from named parts: zones first, then what each stage reads, and nothing that nobody reads."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.customers import OWN, zones
from campaign_dsl.compile.sql.shared import CUSTOMER, TODAY, TODAY_KEY, ZONES, Named, Shared


def assembled(query: exp.Select, bodies: list[Named], shared: Shared, recursive: bool = False) -> exp.Select:
    """``query`` over CTEs, under names that no table of the catalog has, and without columns that nobody reads."""
    read = {column.name for column in query.find_all(exp.Column)}
    for _, body, _ in reversed(bodies):
        for select in _selects(body):
            kept = [each for each in select.expressions if each.alias_or_name not in OWN or each.alias_or_name in read]
            select.set("expressions", kept)
        read |= {column.name for column in body.find_all(exp.Column)}
    about = "zones of the tz database" + (", and the day it is there" if read & {TODAY, TODAY_KEY} else "")
    ctes = []
    parts = bodies
    if any(_reads_zones(each) for each in (query, *(body for _, body, _ in bodies))):
        parts = [(ZONES, zones(shared, TODAY in read, TODAY_KEY in read), about), *bodies]
    for name, body, comment in parts:
        cte = exp.CTE(this=body, alias=exp.TableAlias(this=b.quoted(name)))
        if name == CUSTOMER:
            cte.set("materialized", False)  # reading the columns twice is cheaper than keeping all of them
        ctes.append(b.comment(cte, comment) if comment else cte)
    if ctes:
        query.set("with_", exp.With(expressions=ctes, recursive=recursive))
        _rename(query)
    return query


def _reads_zones(query: exp.Expr) -> bool:
    return any(each.name == ZONES and each.meta.get(b.CTE) for each in query.find_all(exp.Table))


def union(queries: Iterable[exp.Select]) -> exp.Select:
    """The rows of all of them. The union stands inside a query: below WITH RECURSIVE some engines take every CTE that
    is one for recursive, and give its columns the types of the first branch."""
    first, *others = queries
    if not others:
        return first
    whole: exp.Query = first
    for each in others:
        whole = exp.Union(this=whole, expression=each, distinct=False)
    source = exp.Subquery(this=whole, alias=exp.TableAlias(this=b.quoted("u")))
    return exp.select(*(b.column(each.alias_or_name, "u") for each in first.expressions)).from_(source, copy=False)


def _selects(query: exp.Expr) -> list[exp.Select]:
    """The query and the branches of the union inside it."""
    if isinstance(query, exp.SetOperation):
        return [*_selects(query.this), *_selects(query.expression)]
    if not isinstance(query, exp.Select):
        return []
    source = query.args["from_"].this if query.args.get("from_") else None
    inner = source.this if isinstance(source, exp.Subquery) else None
    return [query, *(_selects(inner) if isinstance(inner, exp.Query) else [])]


def _rename(query: exp.Select) -> None:
    """Give CTEs that would hide a table of the database another name."""
    # As an engine that does not tell upper from lower case sees them.
    taken = {table.name.casefold() for table in query.find_all(exp.Table) if not table.meta.get(b.CTE)}
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
