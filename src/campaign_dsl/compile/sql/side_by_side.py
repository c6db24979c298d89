"""Of several conditions that must all hold, those about the same rows in different windows read the rows once.

`did purchase at least 3 times in last 180 days and sum of purchase.amount in last 365 days >= 400`, said of those who
bought this month, asks of each id of the year whether it lies in the half year, too. That is one reading instead of
two, and pays where something else says already whose rows matter: without, every id of everybody would be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns as c
from campaign_dsl.compile.sql import naming, narrowing
from campaign_dsl.compile.sql.aggregates import ONCE, of_each, sum_of
from campaign_dsl.compile.sql.events import customer_of, only, rows, said
from campaign_dsl.compile.sql.membership import of_customer
from campaign_dsl.compile.sql.shared import EVENT
from campaign_dsl.compile.sql.windows import window
from campaign_dsl.language.catalog.types import INTEGER
from campaign_dsl.language.ir import nodes as ir

if TYPE_CHECKING:
    from campaign_dsl.compile.sql.predicates import Lowering

_LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts and sums over the matching rows of one source, each over the last so many seconds.

    Attributes:
        questions: at least two; each has a column of the CTE.
        among: whose rows are read.
    """

    questions: tuple[ir.Aggregate, ...]
    among: narrowing.Chain

    def column(self, question: ir.Aggregate) -> str:
        names = [naming.aggregate(each) for each in self.questions]
        place = self.questions.index(question)
        return naming.shortened(names[place]) + (f"_{place}" if names.count(names[place]) > 1 else "")

    @property
    def seconds(self) -> int:
        """The widest of the windows: of which rows are read."""
        return max(narrowing.seconds(each) for each in self.questions)


Readings = Mapping[ir.Aggregate, Reading]


def counted(node: ir.Did) -> ir.Aggregate:
    """The number of rows that a condition is about."""
    return ir.Aggregate("count", node.event, None, node.where, node.window, INTEGER)


def readings(items: Sequence[ir.Predicate], among: narrowing.Chain) -> tuple[Readings, narrowing.Chain]:
    """Which questions of conditions that must all hold share a reading, and what still narrows the others."""
    by_rows: dict[tuple[ir.EventSource, ir.Predicate | None], dict[ir.Aggregate, None]] = {}
    for item in items:
        for question in _questions(item):
            by_rows.setdefault((question.event, question.where), {})[question] = None
    several = [tuple(each) for each in by_rows.values() if len(each) > 1]
    left = tuple(each for each in among if not any(counted(each) in questions for questions in several))
    found: dict[ir.Aggregate, Reading] = {}
    for questions in several:
        reading = Reading(questions, left)
        if narrowing.few(left, ir.Rolling(reading.seconds)):
            found |= dict.fromkeys(questions, reading)
    return found, tuple(each for each in among if counted(each) not in found)


def did(low: Lowering, reading: Reading, node: ir.Did, closed: bool) -> exp.Expr:
    """Whether the customer has so many matching rows; never NULL when ``closed``."""
    count = answer(low, reading, counted(node))
    if closed or node.at_least == 0:
        count = exp.func("COALESCE", count, b.number(0))
    tests: list[exp.Expr] = [exp.GTE(this=count, expression=b.number(node.at_least))]
    if node.at_most is not None:
        tests.append(exp.LTE(this=count.copy(), expression=b.number(node.at_most)))
    return exp.and_(*tests, copy=False)


def aggregate(low: Lowering, reading: Reading, node: ir.Aggregate) -> exp.Expr:
    """NULL when the value is missing; a count never is."""
    value = answer(low, reading, node)
    return exp.func("COALESCE", value, b.number(0)) if node.function == "count" else value


def answer(low: Lowering, reading: Reading, question: ir.Aggregate) -> exp.Expr:
    """The count or the sum of the customer; NULL where she has no such rows."""
    first = reading.questions[0]
    name = low.shared.cte(reading, naming.side_by_side(first), said(first.event), lambda: _query(low, reading))
    low.joins.setdefault(name, of_customer(low, name))
    return b.column(reading.column(question), name)


def _questions(item: ir.Predicate) -> list[ir.Aggregate]:
    match item:
        case ir.Did(at_least=least, at_most=None) if least > 1:
            asked: list[ir.Value] = [counted(item)]
        case ir.Compare(_, left, right):
            asked = [left, right]
        case ir.Between(value, low, high):
            asked = [value, low, high]
        case _:
            return []
    return [each for each in asked if isinstance(each, ir.Aggregate) and _can(each)]


def _can(node: ir.Aggregate) -> bool:
    rolling = isinstance(node.window, ir.Rolling)
    return rolling and node.function in ("count", "sum") and node.event.id_column is not None


def _query(low: Lowering, reading: Reading) -> exp.Query:
    """First each id once, with the latest instant it has: it lies in a window when that one does."""
    shared, first = low.shared, reading.questions[0]
    source, inner = first.event, low.about(first.event)
    occurred = c.occurred(shared, source, EVENT)
    columns: list[exp.Expr] = [customer_of(shared, source), b.named(exp.Max(this=occurred), _LATEST)]
    totals: list[exp.Expr] = []
    for question in reading.questions:
        name, narrower = reading.column(question), narrowing.seconds(question) < reading.seconds
        if question.value is None:
            total = _count(low, question) if narrower else exp.Count(this=exp.Star())
        else:
            value = inner.value(question.value)
            if narrower:
                value = exp.Case().when(_inside(inner, question, occurred), value, copy=False)
            columns.append(b.named(shared.dialect.smallest(value, question.value.type), name))
            total = sum_of(shared.dialect, b.column(name, ONCE), question.type)
        totals.append(b.named(total, name))
    once = only(low, reading.among, rows(inner, first.where, ir.Rolling(reading.seconds), *columns), source)
    once = once.group_by(c.owner(shared, source, EVENT), c.identity(shared, source, EVENT), copy=False)
    return of_each(once, *totals)


def _count(low: Lowering, question: ir.Aggregate) -> exp.Expr:
    inside = _inside(low, question, b.column(_LATEST, ONCE))
    return exp.Count(this=exp.Case().when(inside, b.number(1), copy=False))


def _inside(low: Lowering, question: ir.Aggregate, occurred: exp.Expr) -> exp.Expr:
    (test,) = window(low, question.window, occurred)
    return test
