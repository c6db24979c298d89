"""Conditions and bits: for an engine in which a condition is no value, and a value no condition."""

from __future__ import annotations

from sqlglot import exp

_CONDITIONS = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between, exp.Exists, exp.And, exp.Or,
    exp.Not,
)  # fmt: skip


def as_conditions_and_bits(query: exp.Expr) -> exp.Expr:
    """``query``, with `= 1` behind each value that is asked, and a CASE around each condition that is a value."""
    whole = query.copy()
    for node in _inside_out(whole):
        if isinstance(node, exp.Coalesce) and node.expressions == [exp.false()] and isinstance(node.this, _CONDITIONS):
            node.replace(_bit(exp.Case().when(node.this, exp.Literal.number(1), copy=False), exp.Literal.number(0)))
    for node in _inside_out(whole):
        if node.parent is not None:
            _mend(node)
    return whole


def _inside_out(query: exp.Expr) -> list[exp.Expr]:
    return list(reversed(list(query.walk(bfs=False))))


def _bit(case: exp.Case, otherwise: exp.Expr | None = None) -> exp.Expr:
    whole = case if otherwise is None else case.else_(otherwise, copy=False)
    return exp.Cast(this=whole, to=exp.DataType.build("BOOLEAN"))


def _mend(node: exp.Expr) -> None:
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(node, exp.Paren) and isinstance(node.parent, exp.Paren):
        return  # the outermost is looked at
    condition = isinstance(inner, _CONDITIONS)
    wanted = _asks(node)
    if wanted is None or wanted is condition:
        return
    if wanted:
        place = node.copy()
        node.replace(exp.EQ(this=place, expression=exp.Literal.number(1)))
        return
    yes, no = inner.copy(), exp.Not(this=exp.Paren(this=inner.copy()))
    case = exp.Case().when(yes, exp.Literal.number(1), copy=False).when(no, exp.Literal.number(0), copy=False)
    node.replace(_bit(case))


def _asks(node: exp.Expr) -> bool | None:
    """Whether a condition has to stand here, or a value; None where it is neither."""
    parent, key = node.parent, node.arg_key
    while isinstance(parent, exp.Paren):
        node, key = parent, parent.arg_key
        parent = parent.parent
    if isinstance(parent, (exp.And, exp.Or, exp.Not, exp.Where, exp.Having)):
        return True
    if isinstance(parent, exp.Join):
        return True if key == "on" else None
    if isinstance(parent, exp.If):
        searched = isinstance(parent.parent, exp.Case) and parent.parent.this is None
        return searched if key == "this" else False
    if isinstance(parent, (exp.Select, exp.Alias, exp.Case, exp.Func, *_CONDITIONS)) and isinstance(
        node, (*_CONDITIONS, exp.Paren)
    ):
        return False
    return None
