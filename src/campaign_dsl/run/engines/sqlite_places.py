"""Where a value is that could not be read: found when a query has failed, so that queries need not keep count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.sqlite_writer import Written, call, text


def places(connection: sqlite3.Connection, query: str, function: str) -> Iterator[str]:
    """Columns that the query reads by a function and that hold what it cannot read, each with the number of a row."""
    parsed = sqlglot.parse_one(query, dialect=Written)
    asked = {
        (each.expressions[0].name, *(more.name for more in each.expressions[1:]))
        for each in parsed.find_all(exp.Anonymous)
        if each.name == function and isinstance(each.expressions[0], exp.Column)
    }
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")]
    for table in tables:
        here = {found[0] for found in _first(connection, exp.select("*").from_(_table(table))).description}
        for column, *more in sorted(asked):
            if column not in here:
                continue
            readable = call(f"CAN_BE_{function}", b.column(column, "t"), *(text(each) for each in more))
            found = exp.select(b.column("rowid", "t")).from_(_table(table)).where(exp.Not(this=readable))
            try:
                row = _first(connection, found).fetchone()
            except sqlite3.OperationalError:  # a view, or a table WITHOUT ROWID
                row = _first(connection, found.select(exp.null(), append=False)).fetchone()
            if row is not None:
                yield f"`{table}.{column}`" + ("" if row[0] is None else f" (row {row[0]})")


def _table(name: str) -> exp.Table:
    return exp.Table(this=b.quoted(name), alias=exp.TableAlias(this=b.quoted("t")))


def _first(connection: sqlite3.Connection, query: exp.Select) -> sqlite3.Cursor:
    return connection.execute(query.limit(1).sql(dialect=Written, identify=True))
