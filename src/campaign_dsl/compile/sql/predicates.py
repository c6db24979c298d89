"""Typed predicates and values to sqlglot nodes, two-valued whatever the engine does with NULL.

A condition in a WHERE or a WHEN may come out as NULL: that means no, as it does for the author. Below a NOT it would
stay NULL instead of becoming yes, so there every test is closed, `COALESCE(test, FALSE)`, unless it cannot be NULL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import MIRRORED

CUSTOMER = "customer"
EVENT = "e"
ZONE, TODAY, TODAY_KEY = "_zone", "_today", "_today_key"
"""Columns of our own beside the customer's attributes, whose names never begin with an underscore."""
MAX_YEARS = 1000
"""Ages up to this many years are compared as dates."""
_COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


@dataclass
class Shared:
    """What one query computes once: event conditions by what they mean, each a CTE with a telling name."""

    dialect: Dialect
    key: str
    leap_day: str
    ctes: dict[ir.Did | ir.Aggregate, tuple[str, exp.Query]] = field(default_factory=dict)

    def name_for(self, node: ir.Did | ir.Aggregate, prefix: str, make: Callable[[], exp.Query]) -> str:
        if node not in self.ctes:
            taken = sum(1 for name, _ in self.ctes.values() if name.rpartition("_")[0] == prefix)
            self.ctes[node] = (f"{prefix}_{taken + 1}", make())
        return self.ctes[node][0]


@dataclass
class Lowering:
    """Lowers predicates for one SELECT over the customer relation ``alias``; collects the joins it needs."""

    shared: Shared
    alias: str = CUSTOMER
    inside_event: bool = False
    joins: dict[str, exp.Expr] = field(default_factory=dict)

    # ---- predicates

    def holds(self, node: ir.Predicate) -> exp.Expr:
        """A condition that is true exactly when ``node`` holds; otherwise false, or NULL."""
        return self.predicate(node, closed=False)

    def fails(self, node: ir.Predicate) -> exp.Expr:
        """The complement of `holds`. Never NULL."""
        return b.negated(self.predicate(node, closed=True))

    def predicate(self, node: ir.Predicate, closed: bool) -> exp.Expr:
        """A boolean expression; never NULL when ``closed``."""
        match node:
            case ir.Always():
                return exp.true()
            case ir.AnyOf(items):
                return exp.or_(*(self.predicate(item, closed) for item in items), copy=False)
            case ir.AllOf(items):
                return exp.and_(*(self.predicate(item, closed) for item in items), copy=False)
            case ir.Negate(item):
                return self.fails(item)
            case ir.IsKnown(value):
                return b.known(self.value(value))
            case ir.IsTrue(value):
                return _closed(self.value(value), closed, value)
            case ir.InAudience(name, inner):
                return b.comment(exp.paren(self.predicate(inner, closed), copy=False), f"audience {name}")
            case ir.Compare(op, left, right):
                return self.compare(op, left, right, closed)
            case ir.Between():
                return self.between(node, closed)
            case ir.InList(value, items, negated):
                return _closed(self.in_list(value, items, negated), closed, value)
            case ir.TextTest():
                return _closed(self.text_test(node), closed, node.value, node.text)
            case ir.Did():
                return self.did(node)

    def compare(self, op: str, left: ir.Value, right: ir.Value, closed: bool) -> exp.Expr:
        if isinstance(left, ir.Constant) and not isinstance(right, ir.Constant):
            op, left, right = MIRRORED[op], right, left
        if left.type.kind is Kind.ENUM and op not in ("=", "!="):
            return self.compare_words(op, left, right, closed)
        test: exp.Expr | None = None
        if isinstance(left, ir.Age) and isinstance(right, ir.Constant) and isinstance(right.value, int):
            test = self.compare_age(op, left, right.value)
        if test is None:
            mine, theirs = self.same_day(left, right)
            test = _COMPARE[op](this=mine, expression=theirs)
        return _closed(test, closed, left, right)

    def same_day(self, left: ir.Value, right: ir.Value) -> tuple[exp.Expr, exp.Expr]:
        """Both sides; an instant beside a calendar day becomes the local calendar day."""
        mine, theirs = self.value(left), self.value(right)
        if left.type.kind is Kind.TIMESTAMP and right.type.kind is Kind.DATE:
            mine = self.local_day(mine)
        if left.type.kind is Kind.DATE and right.type.kind is Kind.TIMESTAMP:
            theirs = self.local_day(theirs)
        return mine, theirs

    def local_day(self, moment: exp.Expr) -> exp.Expr:
        """The calendar day of an instant where the customer is."""
        if self.inside_event:
            self.joins[CUSTOMER] = exp.true()
        if not isinstance(moment, exp.Cast):  # a column may be an instant without a zone; that means UTC
            moment = exp.cast(moment, exp.DType.TIMESTAMPTZ)
        return self.shared.dialect.local_day(moment, self.own(ZONE))

    def own(self, name: str) -> exp.Column:
        """One of our own columns of the customer."""
        return b.column(name, CUSTOMER if self.inside_event else self.alias)

    def compare_age(self, op: str, age: ir.Age, count: int) -> exp.Expr | None:
        """An age against a number of years, as a comparison of dates; None when that cannot be said so."""
        if op in (">", "<="):
            op, count = {">": ">=", "<=": "<"}[op], count + 1
        if op not in (">=", "<") or abs(count) > MAX_YEARS:
            return None
        birth, today = b.column(age.birth_date.name, self.alias), self.own(TODAY)
        # In common years engines put 28 February in the place of the 29th. So those born on that day turn a year older
        # on the 28th when years are added to their birth date, and on 1 March when years are taken from today.
        if self.shared.leap_day == "feb_28":
            birth = exp.Add(this=birth, expression=b.years(count))  # type: ignore[assignment]
        else:
            today = exp.Sub(this=today, expression=b.years(count))  # type: ignore[assignment]
        return exp.LTE(this=birth, expression=today) if op == ">=" else exp.GT(this=birth, expression=today)

    def compare_words(self, op: str, left: ir.Value, right: ir.Value, closed: bool) -> exp.Expr:
        """Ordered words compare by their place; against a constant that is a list of words."""
        if isinstance(right, ir.Constant) and not isinstance(left, ir.Constant):
            words = left.type.values
            place = words.index(str(right.value))
            kept = {"<": words[:place], "<=": words[: place + 1], ">": words[place + 1 :], ">=": words[place:]}[op]
            return _closed(b.in_words(self.value(left), kept), closed, left) if kept else exp.false()
        test = _COMPARE[op](this=self.place(left), expression=self.place(right))
        return _surely(test) if closed else test

    def place(self, value: ir.Value) -> exp.Expr:
        return _place(self.value(value), value.type.values)

    def between(self, node: ir.Between, closed: bool) -> exp.Expr:
        value, low, high = node.value, node.low, node.high
        ordered = value.type.kind is Kind.ENUM
        if ordered and isinstance(low, ir.Constant) and isinstance(high, ir.Constant):
            words = value.type.values
            first_place, last_place = words.index(str(low.value)), words.index(str(high.value))
            kept = [word for place, word in enumerate(words) if (first_place <= place <= last_place) != node.negated]
            return _closed(b.in_words(self.value(value), kept), closed, value) if kept else exp.false()
        first, second = (self.same_day(value, side) for side in (low, high))
        if ordered:
            first, second = ((self.place(value), self.place(side)) for side in (low, high))
        if first[0] == second[0]:
            test: exp.Expr = exp.Between(this=first[0], low=first[1], high=second[1])
        else:
            test = exp.and_(
                exp.GTE(this=first[0], expression=first[1]), exp.LTE(this=second[0], expression=second[1]), copy=False
            )
        if node.negated:
            # With one end missing, a value beyond the other would be outside.
            known = [b.known(side) for side in (first[1], second[1])] if ordered else []
            known = known or [b.known(self.value(side)) for side in (low, high) if side.type.nullable]
            test = exp.and_(*known, b.negated(test), copy=False)
        return _surely(test) if closed and ordered else _closed(test, closed, value, low, high)

    def in_list(self, value: ir.Value, items: tuple[ir.Constant, ...], negated: bool) -> exp.Expr:
        days = (Kind.DATE, Kind.TIMESTAMP)
        groups: list[exp.Expr] = []
        for other in (False, True):  # days among instants, or instants among days, compare by local day
            chosen = [item for item in items if (item.type.kind is not value.type.kind) is other]
            if value.type.kind not in days:
                chosen = [] if other else list(items)
            if not chosen:
                continue
            mine = self.value(value)
            theirs = [self.value(item) for item in chosen]
            if other and value.type.kind is Kind.TIMESTAMP:
                mine = self.local_day(mine)
            if other and value.type.kind is Kind.DATE:
                theirs = [self.local_day(item) for item in theirs]
            groups.append(exp.In(this=mine, expressions=theirs))
        test = exp.or_(*groups, copy=False)
        return b.negated(test) if negated else test

    def text_test(self, node: ir.TextTest) -> exp.Expr:
        value, text = self.value(node.value), self.value(node.text)
        if node.ignoring_case:
            value, text = exp.Lower(this=value), exp.Lower(this=text)
        if node.op == "does not contain":
            return b.negated(self.shared.dialect.text_test("contains", value, text))
        return self.shared.dialect.text_test(node.op, value, text)

    # ---- values

    def value(self, node: ir.Value) -> exp.Expr:
        match node:
            case ir.Attribute(name):
                return b.column(name, self.alias)
            case ir.Property(_, column):
                return b.column(column, EVENT)
            case ir.Constant():
                return constant(node)
            case ir.Age(birth_date):
                birth = b.column(birth_date.name, self.alias)
                key = b.plus(b.times(b.part("YEAR", birth), 10_000), b.month_day(birth))
                passed = exp.Sub(this=self.own(TODAY_KEY), expression=exp.paren(key, copy=False))
                return self.shared.dialect.floor_divide(exp.paren(passed, copy=False), 10_000)
            case ir.Arithmetic():
                return self.shared.dialect.missing_on_error(self.arithmetic(node))
            case ir.Aggregate():
                return self.aggregate(node)

    def arithmetic(self, node: ir.Value) -> exp.Expr:
        """A calculation that may overflow. Integers are calculated in 64 bits, however few a column has."""
        if not isinstance(node, ir.Arithmetic):
            value = self.value(node)
            narrow = node.type.kind is Kind.INTEGER and not isinstance(node, ir.Age | ir.Constant)
            return b.whole(value) if narrow else value
        kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[node.op]
        return kind(this=b.paren(self.arithmetic(node.left)), expression=b.paren(self.arithmetic(node.right)))

    # ---- events

    def did(self, node: ir.Did) -> exp.Expr:
        if node.at_least == 0:
            assert node.at_most is not None
            return b.negated(self.did(ir.Did(node.event, node.where, node.window, node.at_most + 1, None)))
        name = self.shared.name_for(node, f"did_{node.event.name}", lambda: self.did_query(node))
        member = exp.select(b.quoted("customer_id")).from_(b.quoted(name), copy=False)
        return exp.In(this=b.column(self.shared.key, self.alias), query=exp.Subquery(this=member))

    def did_query(self, node: ir.Did) -> exp.Query:
        owner = b.column(node.event.customer_column, EVENT)
        query = self.events(node.event, node.where, node.window, b.named(owner, "customer_id"))
        if node.at_least == 1 and node.at_most is None:
            return query.distinct(copy=False)
        count = self.count(node.event)
        query = query.group_by(owner.copy(), copy=False)
        if node.at_most == node.at_least:
            return query.having(exp.EQ(this=count, expression=exp.Literal.number(node.at_least)), copy=False)
        having: exp.Expr = exp.GTE(this=count, expression=exp.Literal.number(node.at_least))
        if node.at_most is not None:
            most = exp.LTE(this=count.copy(), expression=exp.Literal.number(node.at_most))
            having = exp.and_(having, most, copy=False)
        return query.having(having, copy=False)

    def count(self, event: ir.EventSource) -> exp.Expr:
        return exp.Count(this=exp.Distinct(expressions=[b.column(event.id_column, EVENT)]))

    def aggregate(self, node: ir.Aggregate) -> exp.Expr:
        name = self.shared.name_for(node, f"{node.function}_of_{node.event.name}", lambda: self.aggregate_query(node))
        self.joins[name] = exp.EQ(this=b.column("customer_id", name), expression=b.column(self.shared.key, self.alias))
        value = b.column("value", name)
        return exp.func("COALESCE", value, exp.Literal.number(0)) if node.function == "count" else value

    def aggregate_query(self, node: ir.Aggregate) -> exp.Query:
        owner, identity = b.column(node.event.customer_column, EVENT), b.column(node.event.id_column, EVENT)
        customer = b.named(owner, "customer_id")
        if node.function == "count":
            counted = b.named(self.count(node.event), "value")
            return self.events(node.event, node.where, node.window, customer, counted).group_by(
                owner.copy(), copy=False
            )
        assert isinstance(node.value, ir.Property)
        value: exp.Expr = b.column(node.value.column, EVENT)
        ordered = node.value.type.kind is Kind.ENUM
        if ordered:
            value = _place(value, node.value.type.values)
        # A duplicate arrives with the same id: take each id once before adding up.
        once = self.events(
            node.event, node.where, node.window, customer, b.named(exp.Min(this=value), "value")
        ).group_by(owner.copy(), identity, copy=False)
        of = b.column("value", "once")
        kinds: dict[str, Callable[[], exp.Expr]] = {
            "sum": lambda: exp.Sum(this=of),
            "average": lambda: self.shared.dialect.rounded(exp.Avg(this=of)),
            "smallest": lambda: exp.Min(this=of),
            "largest": lambda: exp.Max(this=of),
        }
        total = kinds[node.function]()
        if ordered:
            total = exp.Case(this=total)
            for place, word in enumerate(node.value.type.values):
                total = total.when(exp.Literal.number(place), exp.Literal.string(word), copy=False)
        return (
            exp.select(b.column("customer_id", "once"), b.named(total, "value"))
            .from_(exp.Subquery(this=once, alias=exp.TableAlias(this=b.quoted("once"))), copy=False)
            .group_by(b.column("customer_id", "once"), copy=False)
        )

    def events(
        self, source: ir.EventSource, where: ir.Predicate | None, window: ir.Window, *columns: exp.Expr
    ) -> exp.Select:
        """The matching events up to T, in the window, that have arrived by T. Without an id or an owner it is none."""
        inner = Lowering(self.shared, EVENT, inside_event=True)
        occurred = b.column(source.occurred_column, EVENT)
        tests: list[exp.Expr] = []
        if source.kind_column is not None:
            kind = exp.Literal.string(source.kind_value or "")
            tests.append(exp.EQ(this=b.column(source.kind_column, EVENT), expression=kind))
        tests += [b.known(b.column(name, EVENT)) for name in (source.customer_column, source.id_column)]
        tests.append(exp.LTE(this=occurred, expression=b.parameter("as_of")))
        if source.received_column is not None:
            received = b.column(source.received_column, EVENT)
            arrived = exp.LTE(this=received, expression=b.parameter("as_of"))
            tests.append(exp.or_(b.missing(received.copy()), arrived, copy=False))
        tests.extend(inner.window(window, occurred))
        if where is not None:
            tests.append(inner.holds(where))
        query = exp.select(*columns).from_(b.table(source.table, EVENT), copy=False)
        if inner.joins:
            same = exp.EQ(this=b.column(self.shared.key, CUSTOMER), expression=b.column(source.customer_column, EVENT))
            query = query.join(b.table(CUSTOMER), on=same, copy=False)
        return query.where(*b.every(tests), copy=False)

    def window(self, window: ir.Window, occurred: exp.Expr) -> list[exp.Expr]:
        match window:
            case ir.Rolling(seconds):
                return [exp.GT(this=occurred.copy(), expression=b.parameter(f"as_of_minus_{seconds}"))]
            case ir.Calendar(count, "day", 0):
                mine = self.local_day(occurred.copy())
                first = exp.Sub(this=self.own(TODAY), expression=exp.Literal.number(count - 1))
                return [exp.GTE(this=mine, expression=first if count > 1 else self.own(TODAY))]
            case ir.Bounded(since, after, until, before):
                bounds: tuple[tuple[type[exp.Binary], ir.Moment | None], ...] = (
                    (exp.GTE, since),
                    (exp.GT, after),
                    (exp.LTE, until),
                    (exp.LT, before),
                )
                tests: list[exp.Expr] = []
                for test, bound in bounds:
                    if bound is not None:
                        day = bound.type.kind is Kind.DATE
                        mine = self.local_day(occurred.copy()) if day else occurred.copy()
                        tests.append(test(this=mine, expression=self.value(bound)))
                return tests
        raise AssertionError(window)


def _closed(test: exp.Expr, closed: bool, *operands: ir.Value) -> exp.Expr:
    """``test``; false instead of NULL when it is to be closed and an operand can be missing."""
    return _surely(test) if closed and any(side.type.nullable for side in operands) else test


def _surely(test: exp.Expr) -> exp.Expr:
    return exp.func("COALESCE", test, exp.false())


def _place(value: exp.Expr, words: tuple[str, ...]) -> exp.Expr:
    """Where a word stands in its enum, from 0; NULL when it is none of them."""
    case = exp.Case(this=value)
    for index, word in enumerate(words):
        case = case.when(exp.Literal.string(word), exp.Literal.number(index), copy=False)
    return case


def constant(node: ir.Constant) -> exp.Expr:
    """A typed literal. Numbers come from number objects only, never from text."""
    match node.value:
        case bool():
            return exp.true() if node.value else exp.false()
        case int() | Decimal():
            number = exp.Literal.number(format(abs(node.value), "f" if isinstance(node.value, Decimal) else "d"))
            return exp.Neg(this=number) if node.value < 0 else number
        case datetime():
            return b.instant(node.value)
        case date():
            return b.day(node.value)
        case str():
            return exp.Literal.string(node.value)
