"""Typed predicates and values to sqlglot nodes, two-valued whatever the engine does with NULL.

A condition in a WHERE or a WHEN may come out as NULL: that means no, as it does for the author. Below a NOT it would
stay NULL instead of becoming yes, so there every test is closed, `COALESCE(test, FALSE)`, unless it cannot be NULL.

`Lowering` knows which rows it is about and what has to be joined to them; how each kind of node is said is in the files
beside this one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from campaign_dsl.compile.sql import (
    aggregates,
    anniversaries,
    columns,
    comparisons,
    events,
    lists,
    membership,
    moments,
    narrowing,
    numbers,
    places,
    ranks,
    sequences,
    side_by_side,
    values,
)
from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.constants import constant
from campaign_dsl.compile.sql.shared import CUSTOMER, EVENT, LONGITUDE, TODAY, TODAY_KEY, ZONE, ZONES, Join, Shared
from campaign_dsl.language.ir import nodes as ir

__all__ = ["CUSTOMER", "EVENT", "TODAY", "TODAY_KEY", "ZONE", "ZONES", "Join", "Lowering", "Shared", "constant"]


@dataclass
class Lowering:
    """Lowers predicates and values for one SELECT; collects the joins it needs.

    Attributes:
        alias: the relation whose rows are asked about.
        source: what those rows are; None for customers.
        relations: for each alias of a property, the relation of the FROM whose columns its properties are.
        elements: names of the elements of the lists we are inside of, the innermost last.
        among: only what is said of customers for whom all of these hold matters; none: of everybody.
        readings: which counts and sums are read together with others.
        inside: whether what is made stands inside of an expression where no query may stand.
        outer: in a subquery, the lowering of the query around it, which has the customer and the ``relations``.
        joins: what the FROM has to be joined with, by what it means.
    """

    shared: Shared
    alias: str = CUSTOMER
    source: ir.EventSource | None = None
    relations: Mapping[str, str] = field(default_factory=dict)
    elements: tuple[str, ...] = ()
    among: narrowing.Chain = ()
    readings: side_by_side.Readings = field(default_factory=dict)
    inside: bool = False
    outer: Lowering | None = None
    joins: dict[Hashable, Join] = field(default_factory=dict)

    # ---- what is asked of it

    def holds(self, node: ir.Predicate) -> exp.Expr:
        """A condition that is true exactly when ``node`` holds; otherwise false, or NULL."""
        return self.predicate(node, closed=False)

    def fails(self, node: ir.Predicate) -> exp.Expr:
        """The complement of `holds`. Never NULL."""
        return b.negated(self.predicate(node, closed=True))

    def joined(self, query: exp.Select) -> exp.Select:
        """``query``, whose FROM has the rows asked about, with all that has to be joined."""
        for join in self.joins.values():
            query = query.join(join.table, on=join.on, join_type="left" if join.left else "", copy=False)
        return query

    def events(
        self, source: ir.EventSource, where: ir.Predicate | None, window: ir.Window | None, *columns: exp.Expr
    ) -> exp.Select:
        """The matching rows, under the alias `EVENT`."""
        return events.rows(self.about(source), where, window, *columns)

    # ---- nodes

    def predicate(self, node: ir.Predicate, closed: bool) -> exp.Expr:
        """A boolean expression; never NULL when ``closed``."""
        match node:
            case ir.Always():
                return exp.true()
            case ir.AnyOf(items):
                return exp.or_(*(self.predicate(item, closed) for item in items), copy=False)
            case ir.AllOf(items):
                return exp.and_(*self._all_of(items, closed), copy=False)
            case ir.Negate(item):
                return self.fails(item)
            case ir.InAudience(name, inner, span):
                with self.shared.clause(span):
                    test = exp.paren(self.predicate(inner, closed), copy=False)
                return b.comment(test, b.said_at(f"audience {name}", span))
            case ir.IsKnown(value):
                return values.known(self, value)
            case ir.IsTrue(value):
                return values.closed(self.value(value), closed, value)
            case ir.Compare():
                return comparisons.compare(self, node, closed)
            case ir.Between():
                return comparisons.between(self, node, closed)
            case ir.InList():
                return comparisons.in_list(self, node, closed)
            case ir.TextTest():
                return comparisons.text_test(self, node, closed)
            case ir.Matches():
                return comparisons.matches(self, node, closed)
            case ir.ListTest():
                return lists.list_test(self, node, closed)
            case ir.IsEmpty():
                return lists.is_empty(self, node, closed)
            case ir.Quantified():
                return lists.quantified(self, node, closed)
            case ir.InStaticList():
                return membership.in_static_list(self, node)
            case ir.Sample():
                return membership.sample(self, node)
            case ir.Rank():
                return ranks.rank(self, node, closed)
            case ir.AnniversaryIn():
                return anniversaries.anniversary_in(self, node, closed)
            case ir.Within():
                return places.within(self, node, closed)
            case ir.Did():
                reading = self.readings.get(side_by_side.counted(node)) if self.readings else None
                return events.did(self, node) if reading is None else side_by_side.did(self, reading, node, closed)
            case ir.FirstDid():
                return sequences.first_did(self, node)
            case ir.Resumed():
                return sequences.resumed(self, node)
            case ir.Sequence():
                return sequences.sequence(self, node)

    def value(self, node: ir.Value) -> exp.Expr:
        """An expression that is NULL exactly when the value is missing."""
        match node:
            case ir.Attribute(name):
                return b.column(name, self.home())
            case ir.Property(_, column):
                return columns.stored(self.shared, column, self.relation(node), node.type)
            case ir.Lookup():
                return values.lookup(self, node)
            case ir.Field():
                return self.shared.dialect.record_field(self.value(node.record), node.name, node.type)
            case ir.Element(_, depth):
                return exp.Column(this=exp.to_identifier(self.elements[-1 - depth]))
            case ir.Constant():
                return constant(node, self.shared.dialect)
            case ir.Age():
                return values.age(self, node)
            case ir.Now() | ir.Today() | ir.Ago() | ir.CalendarAgo():
                return moments.moment(self, node)
            case ir.Shift() | ir.ShiftDay() | ir.Elapsed():
                return moments.moved(self, node)
            case ir.TimeOfDay() | ir.DayOfWeek():
                return moments.clock(self, node)
            case ir.Arithmetic() | ir.Round() | ir.Function():
                return numbers.calculated(self, node)
            case ir.ListCount():
                return lists.count(self, node)
            case ir.Aggregate():
                reading = self.readings.get(node) if self.readings else None
                return (
                    aggregates.aggregate(self, node) if reading is None else side_by_side.aggregate(self, reading, node)
                )
            case ir.Quintile():
                return ranks.quintile(self, node)
            case ir.Choice():
                return values.choice(self, node)

    def _all_of(self, items: Sequence[ir.Predicate], closed: bool) -> Iterator[exp.Expr]:
        among, shared = narrowing.chain(self, items), self.readings
        if among:
            shared, among = side_by_side.readings(items, among)
        for item in items:
            narrowed = narrowing.before(among or self.among, item)
            yield replace(self, among=narrowed, readings=shared).predicate(item, closed)

    # ---- where things are

    @property
    def joins_members(self) -> bool:
        """Whether a customer is joined with those of a query; else she is looked up with `IN`."""
        return self.inside or self.shared.dialect.joins_members

    def home(self) -> str:
        """The relation with the customer's attributes; joined when the rows are not customers."""
        if self.outer is not None:
            return self.outer.home()
        if self.source is None:
            return self.alias
        if CUSTOMER not in self.joins:
            same = exp.EQ(this=b.column(self.shared.key, CUSTOMER), expression=self.owner())
            self.joins[CUSTOMER] = Join(b.table(CUSTOMER), same, left=False)
        return CUSTOMER

    def own(self, name: str) -> exp.Column:
        """One of our own columns of the customer."""
        return b.column(name, self.home())

    def longitude(self, node: ir.Attribute | ir.Property) -> exp.Expr:
        """The second column of a place on the map."""
        if isinstance(node, ir.Attribute):
            return self.own(LONGITUDE + node.name)
        assert node.longitude is not None
        return columns.stored(self.shared, node.longitude, self.relation(node), node.type)

    def owner(self) -> exp.Expr:
        """The customer's key."""
        if self.source is None:
            return b.column(self.shared.key, self.alias)
        return columns.owner(self.shared, self.source, self.alias)

    def relation(self, node: ir.Property) -> str:
        """The relation with the columns of an event."""
        return self.alias if node.alias is None else self.relations[node.alias]

    def about(self, source: ir.EventSource | None, alias: str = EVENT) -> Lowering:
        """For what is asked of rows of ``source``, in a query of its own; None: of customers."""
        return Lowering(self.shared, CUSTOMER if source is None else alias, source)

    def within_element(self) -> Lowering:
        """For what is asked of each element of a list; `elements` then ends with the element's name."""
        level = len(self.elements) + 1
        return replace(self, elements=(*self.elements, "it" if level == 1 else f"it_{level}"), inside=True)

    def within_value(self) -> Lowering:
        """For conditions that a value depends on."""
        return replace(self, inside=True)
