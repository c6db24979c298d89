"""Comparisons: of numbers and texts, of days with instants, of words by their place, of ages as dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.moments import local_day
from campaign_dsl.compile.sql.numbers import as_kind
from campaign_dsl.compile.sql.shared import TODAY
from campaign_dsl.compile.sql.values import can_be_missing, closed, surely
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import MIRRORED

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

MAX_YEARS = 1000
"""Ages up to this many years are compared as dates."""
COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def compare(low: Lowering, node: ir.Compare, close: bool) -> exp.Expr:
    """Two values side by side; never NULL when it is to be closed."""
    op, left, right = node.op, node.left, node.right
    if isinstance(left, ir.Constant) and not isinstance(right, ir.Constant):
        op, left, right = MIRRORED[op], right, left
    if left.type.kind is Kind.ENUM and op not in ("=", "!="):
        return _compare_words(low, op, left, right, close)
    test: exp.Expr | None = None
    if isinstance(left, ir.Age) and isinstance(right, ir.Constant) and isinstance(right.value, int):
        test = _compare_age(low, op, left, right.value)
    if test is None:
        mine, theirs = _alike(low, left, right)
        if op not in ("=", "!="):
            mine = low.shared.dialect.in_order(mine, left.type)
        test = COMPARE[op](this=mine, expression=theirs)
    return closed(test, close, left, right)


def _alike(low: Lowering, left: ir.Value, right: ir.Value) -> tuple[exp.Expr, exp.Expr]:
    """Both sides; an instant beside a calendar day becomes the local calendar day, an integer beside a decimal one."""
    mine = as_kind(low, low.value(left), left.type.kind, right.type.kind)
    theirs = as_kind(low, low.value(right), right.type.kind, left.type.kind)
    if left.type.kind is Kind.TIMESTAMP and right.type.kind is Kind.DATE:
        mine = local_day(low, mine)
    if left.type.kind is Kind.DATE and right.type.kind is Kind.TIMESTAMP:
        theirs = local_day(low, theirs)
    return mine, theirs


def _compare_age(low: Lowering, op: str, age: ir.Age, count: int) -> exp.Expr | None:
    """An age against a number of years, as a comparison of dates; None when that cannot be said so."""
    if op in (">", "<="):
        op, count = {">": ">=", "<=": "<"}[op], count + 1
    if op not in (">=", "<") or abs(count) > MAX_YEARS:
        return None
    birth, today = low.value(age.birth_date), low.own(TODAY)
    # In common years engines put 28 February in the place of the 29th. So those born on that day turn a year older
    # on the 28th when years are added to their birth date, and on 1 March when years are taken from today.
    if low.shared.leap_day == "feb_28":
        birth = exp.Add(this=birth, expression=b.years(count))
    else:
        today = exp.Sub(this=today, expression=b.years(count))  # type: ignore[assignment]
    return exp.LTE(this=birth, expression=today) if op == ">=" else exp.GT(this=birth, expression=today)


def _compare_words(low: Lowering, op: str, left: ir.Value, right: ir.Value, close: bool) -> exp.Expr:
    """Ordered words compare by their place; against a constant that is a list of words."""
    if isinstance(right, ir.Constant) and not isinstance(left, ir.Constant):
        words = left.type.values
        place = words.index(str(right.value))
        kept = {"<": words[:place], "<=": words[: place + 1], ">": words[place + 1 :], ">=": words[place:]}[op]
        return closed(b.in_words(low.value(left), kept), close, left) if kept else exp.false()
    test = COMPARE[op](this=_place(low, left), expression=_place(low, right))
    return surely(test) if close else test


def _place(low: Lowering, value: ir.Value) -> exp.Expr:
    return b.place(low.value(value), value.type.values)


def between(low: Lowering, node: ir.Between, close: bool) -> exp.Expr:
    """A value inside a range, or known and outside of it."""
    value, low_end, high_end = node.value, node.low, node.high
    ordered = value.type.kind is Kind.ENUM
    if ordered and isinstance(low_end, ir.Constant) and isinstance(high_end, ir.Constant):
        words = value.type.values
        first_place, last_place = words.index(str(low_end.value)), words.index(str(high_end.value))
        kept = [word for place, word in enumerate(words) if (first_place <= place <= last_place) != node.negated]
        return closed(b.in_words(low.value(value), kept), close, value) if kept else exp.false()
    first, second = (_alike(low, value, side) for side in (low_end, high_end))
    if ordered:
        first, second = ((_place(low, value), _place(low, side)) for side in (low_end, high_end))
    else:
        in_order = low.shared.dialect.in_order
        first, second = ((in_order(mine, value.type), theirs) for mine, theirs in (first, second))
    if first[0] == second[0]:
        test: exp.Expr = exp.Between(this=first[0], low=first[1], high=second[1])
    else:
        test = exp.and_(
            exp.GTE(this=first[0], expression=first[1]), exp.LTE(this=second[0], expression=second[1]), copy=False
        )
    if node.negated:
        # With one end missing, a value beyond the other would be outside.
        known = [b.known(side) for side in (first[1], second[1])] if ordered else []
        known = known or [b.known(low.value(side)) for side in (low_end, high_end) if can_be_missing(side)]
        test = exp.and_(*known, b.negated(test), copy=False)
    return surely(test) if close and ordered else closed(test, close, value, low_end, high_end)


def in_list(low: Lowering, node: ir.InList, close: bool) -> exp.Expr:
    test = one_of(low, node.value, node.items)
    return closed(b.negated(test) if node.negated else test, close, node.value)


def one_of(low: Lowering, value: ir.Value, items: tuple[ir.Constant, ...]) -> exp.Expr:
    """Whether the value is one of the constants; NULL when it is missing."""
    days = (Kind.DATE, Kind.TIMESTAMP)
    groups: list[exp.Expr] = []
    for other in (False, True):  # days among instants, or instants among days, compare by local day
        chosen = [item for item in items if (item.type.kind is not value.type.kind) is other]
        if value.type.kind not in days:
            chosen = [] if other else list(items)
        if not chosen:
            continue
        decimal = value.type.is_number and any(item.type.kind is Kind.DECIMAL for item in chosen)
        wanted = Kind.DECIMAL if decimal else value.type.kind
        mine = as_kind(low, low.value(value), value.type.kind, wanted)
        theirs = [as_kind(low, low.value(item), item.type.kind, wanted) for item in chosen]
        if other and value.type.kind is Kind.TIMESTAMP:
            mine = local_day(low, mine)
        if other and value.type.kind is Kind.DATE:
            theirs = [local_day(low, item) for item in theirs]
        groups.append(exp.In(this=mine, expressions=theirs))
    return exp.or_(*groups, copy=False)


def text_test(low: Lowering, node: ir.TextTest, close: bool) -> exp.Expr:
    """What a text contains, begins or ends with; no character is a wildcard."""
    value, text = low.value(node.value), low.value(node.text)
    if node.ignoring_case:
        value, text = exp.Lower(this=value), exp.Lower(this=text)
    if node.op == "does not contain":
        test = b.negated(low.shared.dialect.text_test("contains", value, text))
    else:
        test = low.shared.dialect.text_test(node.op, value, text)
    return closed(test, close, node.value, node.text)


def matches(low: Lowering, node: ir.Matches, close: bool) -> exp.Expr:
    test = low.shared.dialect.matches(low.value(node.value), node.pattern, node.ignoring_case)
    return closed(b.negated(test) if node.negated else test, close, node.value)
