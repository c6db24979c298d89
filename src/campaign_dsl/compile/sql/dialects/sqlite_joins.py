"""Tables that are joined are read beforehand: SQLite finds rows by plain columns only.

What a column holds is read by an expression, and for a join on expressions SQLite has nothing but a loop in a loop. So
a table that stands beside others, or in a query that looks at the row around it, becomes a query of its own: with the
columns as they are read, and with the conditions that ask about this table alone. `LIMIT -1` keeps SQLite from putting
the two together again; then it builds an index of what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from campaign_dsl.compile.sql import build as b

READ = "read"
"""Mark of expressions that read a column."""


def read(expression: exp.Expr) -> exp.Expr:
    """``expression``, marked: it reads a column."""
    expression.meta[READ] = True
    return expression


def apart(query: exp.Select) -> None:
    """Puts the tables of a query into queries of their own where that is needed. The query is changed."""
    where = query.args.get("where")
    tables = list(_tables(query))
    names = {relation.alias_or_name for relation, _ in _relations(query)}
    if where is None or (len(names) == 1 and not _looks_outside(query, names)):
        return
    for table, left in tables:
        _put_apart(query, table, [] if left else _conditions(where, table.alias))


def _relations(query: exp.Select) -> Iterator[tuple[exp.Expr, bool]]:
    """What a query reads, and whether it may be missing beside the others."""
    source = query.args.get("from_")
    if source is not None:
        yield source.this, False
    for join in query.args.get("joins") or ():
        yield join.this, join.side == "LEFT"


def _tables(query: exp.Select) -> Iterator[tuple[exp.Table, bool]]:
    for relation, left in _relations(query):
        if (
            isinstance(relation, exp.Table)
            and isinstance(relation.this, exp.Identifier)
            and not relation.meta.get(b.CTE)
        ):
            yield relation, left


def _looks_outside(query: exp.Select, names: set[str]) -> bool:
    inside = {each.alias_or_name for select in query.find_all(exp.Select) for each, _ in _relations(select)}
    return any(column.table and column.table not in inside | names for column in query.find_all(exp.Column))


def _conditions(where: exp.Where, alias: str) -> list[exp.Expr]:
    """Those of a WHERE that ask about one table alone; they are taken out of it."""
    parts = list(where.this.flatten(unnest=False)) if isinstance(where.this, exp.And) else [where.this]
    mine = [
        each
        for each in parts
        if each.find(exp.Select) is None and {column.table for column in each.find_all(exp.Column)} == {alias}
    ]
    others = [each for each in parts if not any(each is one for one in mine)]
    where.set("this", exp.and_(*others, copy=False) if others else exp.true())
    return mine


def _put_apart(query: exp.Select, table: exp.Table, conditions: list[exp.Expr]) -> None:
    alias = table.alias
    columns: dict[str, exp.Expr] = {}
    for place in list(_uses(query, alias, query)):
        name = _name(place, columns)
        columns.setdefault(name, place.copy())
        place.replace(b.column(name, alias))
    inner = exp.select(*(b.named(each, name) for name, each in columns.items()) if columns else (b.number(1),))
    inner = inner.from_(table.copy(), copy=False).limit(exp.Literal.number(-1), copy=False)
    if conditions:
        inner = inner.where(*conditions, copy=False)
    table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted(alias))))


def _name(place: exp.Expr, columns: dict[str, exp.Expr]) -> str:
    """The column's own name, with a number when it is read in another way, too."""
    column = place if isinstance(place, exp.Column) else next(place.find_all(exp.Column))
    name, number = column.name, 1
    while name in columns and columns[name] != place:
        number += 1
        name = f"{column.name}_{number}"
    return name


def _uses(node: exp.Expr, alias: str, query: exp.Select) -> Iterator[exp.Expr]:
    """Where a query reads columns of a table: the expressions that read them, or the columns."""
    if isinstance(node, exp.Select) and node is not query and alias in {each.alias for each, _ in _relations(node)}:
        return  # inside of it the name means another one
    if node.meta.get(READ) and any(column.table == alias for column in node.find_all(exp.Column)):
        yield node
    elif isinstance(node, exp.Column):
        if node.table == alias:
            yield node
    else:
        for each in node.iter_expressions():
            yield from _uses(each, alias, query)
