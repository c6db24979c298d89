"""Typed predicates and values to sqlglot nodes, two-valued whatever the engine does with NULL."""

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

CUSTOMER = "customer"
EVENT = "e"
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

    def predicate(self, node: ir.Predicate) -> exp.Expr:
        """A boolean expression that is never NULL."""
        match node:
            case ir.Always():
                return exp.true()
            case ir.AnyOf(items):
                return exp.or_(*(b.paren(self.predicate(item)) for item in items), copy=False)
            case ir.AllOf(items):
                return exp.and_(*(b.paren(self.predicate(item)) for item in items), copy=False)
            case ir.Negate(ir.IsKnown(value)):
                return exp.Is(this=self.value(value), expression=exp.null())
            case ir.Negate(item):
                return exp.Not(this=exp.paren(self.predicate(item), copy=False))
            case ir.IsKnown(value):
                return exp.Not(this=exp.Is(this=self.value(value), expression=exp.null()))
            case ir.IsTrue(value):
                return _closed(self.value(value), value)
            case ir.InAudience(_, inner):
                return exp.paren(self.predicate(inner), copy=False)
            case ir.Compare(op, left, right):
                return self.compare(op, left, right)
            case ir.Between(value, low, high, negated):
                first, second = self.compare(">=", value, low), self.compare("<=", value, high)
                inside = exp.and_(first, second, copy=False)
                if not negated:
                    return inside
                known = [self.predicate(ir.IsKnown(side)) for side in (value, low, high) if side.type.nullable]
                return exp.and_(*known, exp.Not(this=exp.paren(inside, copy=False)), copy=False)
            case ir.InList(value, items, negated):
                return self.in_list(value, items, negated)
            case ir.TextTest():
                return self.text_test(node)
            case ir.Did():
                return self.did(node)

    def compare(self, op: str, left: ir.Value, right: ir.Value) -> exp.Expr:
        if left.type.kind is Kind.ENUM and op not in ("=", "!="):
            return self.compare_words(op, left, right)
        mine, theirs = self.same_day(left, right)
        return _closed(_COMPARE[op](this=mine, expression=theirs), left, right)

    def same_day(self, left: ir.Value, right: ir.Value) -> tuple[exp.Expr, exp.Expr]:
        """Both sides; an instant beside a calendar day becomes the local calendar day."""
        mine, theirs = self.value(left), self.value(right)
        if left.type.kind is Kind.TIMESTAMP and right.type.kind is Kind.DATE:
            mine = self.local_day(mine)
        if left.type.kind is Kind.DATE and right.type.kind is Kind.TIMESTAMP:
            theirs = self.local_day(theirs)
        return mine, theirs

    def local_day(self, moment: exp.Expr) -> exp.Expr:
        zone = b.column("zone", CUSTOMER if self.inside_event else self.alias)
        if self.inside_event:
            self.joins[CUSTOMER] = exp.true()
        return self.shared.dialect.local_day(moment, zone)

    def compare_words(self, op: str, left: ir.Value, right: ir.Value) -> exp.Expr:
        """Ordered words compare by their place; against a constant that is a list of words."""
        words = left.type.values
        if isinstance(left, ir.Constant) and not isinstance(right, ir.Constant):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
            return self.compare_words(mirrored, right, left)
        if isinstance(right, ir.Constant) and not isinstance(left, ir.Constant):
            place = words.index(str(right.value))
            kept = {"<": words[:place], "<=": words[: place + 1], ">": words[place + 1 :], ">=": words[place:]}[op]
            if not kept:
                return exp.false()
            return _closed(b.in_words(self.value(left), kept), left)
        sides = (self.place(left), self.place(right))
        return exp.func("COALESCE", _COMPARE[op](this=sides[0], expression=sides[1]), exp.false())

    def place(self, value: ir.Value) -> exp.Expr:
        case = exp.Case(this=self.value(value))
        for index, word in enumerate(value.type.values):
            case = case.when(exp.Literal.string(word), exp.Literal.number(index), copy=False)
        return case

    def in_list(self, value: ir.Value, items: tuple[ir.Constant, ...], negated: bool) -> exp.Expr:
        mine = self.value(value)
        if any(item.type.kind is not value.type.kind for item in items) and value.type.kind is Kind.TIMESTAMP:
            mine = self.local_day(mine)
        test = exp.In(this=mine, expressions=[self.value(item) for item in items])
        return _closed(exp.Not(this=test) if negated else test, value)

    def text_test(self, node: ir.TextTest) -> exp.Expr:
        value, text = self.value(node.value), self.value(node.text)
        if node.ignoring_case:
            value, text = exp.Lower(this=value), exp.Lower(this=text)
        test = self.shared.dialect.text_test("contains" if node.op == "does not contain" else node.op, value, text)
        return _closed(exp.Not(this=test) if node.op == "does not contain" else test, node.value, node.text)

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
                passed = exp.Sub(this=b.column("today_key", self.alias), expression=exp.paren(key, copy=False))
                return self.shared.dialect.floor_divide(exp.paren(passed, copy=False), 10_000)
            case ir.Arithmetic(op, left, right):
                kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
                whole = kind(this=b.paren(self.value(left)), expression=b.paren(self.value(right)))
                return self.shared.dialect.missing_on_error(whole)
            case ir.Aggregate():
                return self.aggregate(node)

    # ---- events

    def did(self, node: ir.Did) -> exp.Expr:
        if node.at_least == 0:
            assert node.at_most is not None
            more = ir.Did(node.event, node.where, node.window, node.at_most + 1, None)
            return exp.Not(this=exp.paren(self.did(more), copy=False))
        name = self.shared.name_for(node, f"did_{node.event.name}", lambda: self.did_query(node))
        member = exp.select(b.quoted("customer_id")).from_(b.quoted(name), copy=False)
        return exp.In(this=b.column(self.shared.key, self.alias), query=exp.Subquery(this=member))

    def did_query(self, node: ir.Did) -> exp.Query:
        owner = b.column(node.event.customer_column, EVENT)
        query = self.events(node.event, node.where, node.window, exp.alias_(owner, "customer_id", quoted=True))
        if node.at_least == 1 and node.at_most is None:
            return query.distinct(copy=False)
        count = exp.Count(this=exp.Distinct(expressions=[b.column(node.event.id_column, EVENT)]))
        query = query.group_by(owner.copy(), copy=False)
        having: exp.Expr = exp.GTE(this=count, expression=exp.Literal.number(node.at_least))
        if node.at_most is not None:
            having = exp.and_(
                having, exp.LTE(this=count.copy(), expression=exp.Literal.number(node.at_most)), copy=False
            )
        return query.having(having, copy=False)

    def aggregate(self, node: ir.Aggregate) -> exp.Expr:
        name = self.shared.name_for(node, f"{node.function}_of_{node.event.name}", lambda: self.aggregate_query(node))
        self.joins[name] = exp.EQ(this=b.column("customer_id", name), expression=b.column(self.shared.key, self.alias))
        value = b.column("value", name)
        return exp.func("COALESCE", value, exp.Literal.number(0)) if node.function == "count" else value

    def aggregate_query(self, node: ir.Aggregate) -> exp.Query:
        owner = exp.alias_(b.column(node.event.customer_column, EVENT), "customer_id", quoted=True)
        if node.function == "count":
            count = exp.Count(this=exp.Distinct(expressions=[b.column(node.event.id_column, EVENT)]))
            query = self.events(node.event, node.where, node.window, owner, exp.alias_(count, "value", quoted=True))
            return query.group_by(b.column(node.event.customer_column, EVENT), copy=False)
        assert node.property is not None
        # A duplicate arrives with the same id: take each id once before adding up.
        once = exp.alias_(exp.Min(this=b.column(node.property.column, EVENT)), "value", quoted=True)
        inner = self.events(node.event, node.where, node.window, owner, once).group_by(
            b.column(node.event.customer_column, EVENT), b.column(node.event.id_column, EVENT), copy=False
        )
        kinds: dict[str, type[exp.AggFunc]] = {
            "sum": exp.Sum,
            "average": exp.Avg,
            "smallest": exp.Min,
            "largest": exp.Max,
        }
        total = exp.alias_(kinds[node.function](this=b.column("value", "once")), "value", quoted=True)
        return (
            exp.select(b.column("customer_id", "once"), total)
            .from_(exp.Subquery(this=inner, alias=exp.TableAlias(this=b.quoted("once"))), copy=False)
            .group_by(b.column("customer_id", "once"), copy=False)
        )

    def events(
        self, source: ir.EventSource, where: ir.Predicate | None, window: ir.Window, *columns: exp.Expr
    ) -> exp.Select:
        """The matching events up to T, in the window, that have arrived by T."""
        inner = Lowering(self.shared, EVENT, inside_event=True)
        occurred = b.column(source.occurred_column, EVENT)
        tests: list[exp.Expr] = []
        if source.kind_column is not None:
            kind = exp.Literal.string(source.kind_value or "")
            tests.append(exp.EQ(this=b.column(source.kind_column, EVENT), expression=kind))
        tests.append(exp.Not(this=exp.Is(this=b.column(source.customer_column, EVENT), expression=exp.null())))
        tests.append(exp.LTE(this=occurred, expression=b.parameter("as_of")))
        if source.received_column is not None:
            received = b.column(source.received_column, EVENT)
            arrived = exp.LTE(this=received, expression=b.parameter("as_of"))
            unknown = exp.Is(this=received.copy(), expression=exp.null())
            tests.append(exp.paren(exp.or_(unknown, arrived, copy=False), copy=False))
        tests.extend(inner.window(window, occurred))
        if where is not None:
            tests.append(b.paren(inner.predicate(where)))
        query = exp.select(*columns).from_(b.table(source.table, EVENT), copy=False)
        if inner.joins:
            same = exp.EQ(this=b.column(self.shared.key, CUSTOMER), expression=b.column(source.customer_column, EVENT))
            query = query.join(b.table(CUSTOMER), on=same, copy=False)
        return query.where(*tests, copy=False)

    def window(self, window: ir.Window, occurred: exp.Expr) -> list[exp.Expr]:
        match window:
            case ir.Rolling(seconds):
                return [exp.GT(this=occurred.copy(), expression=b.parameter(f"as_of_minus_{seconds}"))]
            case ir.CalendarDays(days):
                first = exp.Sub(this=b.column("today", CUSTOMER), expression=exp.Literal.number(days - 1))
                return [exp.GTE(this=self.local_day(occurred.copy()), expression=first)]
            case ir.Bounded(since, after, until, before):
                bounds: tuple[tuple[type[exp.Binary], date | datetime | None], ...] = (
                    (exp.GTE, since),
                    (exp.GT, after),
                    (exp.LTE, until),
                    (exp.LT, before),
                )
                tests: list[exp.Expr] = []
                for test, bound in bounds:
                    if isinstance(bound, datetime):
                        tests.append(test(this=occurred.copy(), expression=b.instant(bound)))
                    elif bound is not None:
                        tests.append(test(this=self.local_day(occurred.copy()), expression=b.day(bound)))
                return tests


def _closed(test: exp.Expr, *operands: ir.Value) -> exp.Expr:
    """``test``, false instead of NULL when an operand can be missing."""
    return exp.func("COALESCE", test, exp.false()) if any(side.type.nullable for side in operands) else test


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
