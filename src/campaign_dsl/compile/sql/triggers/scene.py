"""What every trigger needs to become a relation: one row for each customer and occurrence, with what its event says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import columns
from campaign_dsl.compile.sql.assembly import union
from campaign_dsl.compile.sql.binding import AS_OF, SINCE
from campaign_dsl.compile.sql.constants import constant
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.shared import EVENT, Named, Shared
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import DECIMAL, TIMESTAMP, Type
from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import walk
from campaign_dsl.language.semantics.behavior.scope import rows_of
from campaign_dsl.language.semantics.expressions import names
from campaign_dsl.language.semantics.expressions.names import OCCURRED_AT

CUSTOMER_ID, KEY, AT, SEEN = "customer_id", "_occurrence", "_occurred_at", "_seen_at"
"""Columns of such a relation; ``_seen_at``: from when on it could be known, because it had happened and had arrived."""
OF_EVENT, OF_GOAL, GOAL_VALUES = names.EVENT, names.GOAL, names.GOAL_VALUES
"""Aliases of the triggering event, and of what a goal has come to."""
LONGITUDE = ".longitude"
"""Ending of the name of the other half of a place on the map: ``event.place.longitude``."""


@dataclass(frozen=True)
class Relation:
    """A trigger that happens at instants.

    Attributes:
        bodies: the last of them has `customer_id`, `_occurrence`, `_occurred_at` and the columns ``says``.
        says: what is known of an occurrence, as in ``event.amount``.
        recursive: whether one of the bodies reads itself.
    """

    bodies: Sequence[Named]
    says: tuple[str, ...]
    recursive: bool = False

    @property
    def name(self) -> str:
        return self.bodies[-1][0]


@dataclass
class Scene:
    """One campaign on its way to a query.

    Attributes:
        context: what outcomes and messages say about the event of an occurrence.
        kept: the names of what is frozen with a decision: what messages say, and how far a goal has come.
    """

    shared: Shared
    catalog: Catalog
    campaign: ir.Campaign
    context: tuple[nodes.Property, ...]
    kept: frozenset[str]
    _taken: set[str] = field(default_factory=set)

    def once(self, name: str, column: exp.Expr) -> exp.Expr:
        """What is said about an event that may have been delivered more than once, under the name it is said by."""
        return self.shared.dialect.smallest(column, self._types[name])

    def nothing(self, name: str) -> exp.Expr:
        """A value that the event has not."""
        return self.shared.dialect.nothing(self._types[name])

    @cached_property
    def _types(self) -> Mapping[str, Type]:
        return {spoken(each): each.type for each in self.context}

    def name(self, wanted: str) -> str:
        """``wanted``, or with a number when another trigger is called so."""
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}_{number}"
        self._taken.add(found)
        return found

    def matching(self, event: nodes.EventSource, where: nodes.Predicate | None, *columns: exp.Expr) -> exp.Select:
        """The rows of the matching events, of the days the campaign runs, that have happened and arrived by T."""
        return Lowering(self.shared).events(event, where, self.days(), *columns)

    def narrowed(
        self, event: nodes.EventSource, where: nodes.Predicate | None, test: exp.Expr, *columns: exp.Expr
    ) -> exp.Select:
        """The matching rows for which ``test`` holds too."""
        query = self.matching(event, where, *columns)
        tests = [*b.every([query.args["where"].this]), test]
        query.set("where", exp.Where(this=exp.and_(*tests, copy=False)))
        return query

    def days(self) -> nodes.Bounded:
        """The campaign's first and last day are meant where its zone falls back to."""
        return nodes.Bounded(since=self._begin(), before=self._end())

    def _begin(self) -> nodes.Constant | None:
        first = self.campaign.runs_from
        return None if first is None else self._midnight(first)

    def _end(self) -> nodes.Constant | None:
        last = self.campaign.runs_until
        return None if last is None or last == date.max else self._midnight(last + timedelta(days=1))

    def before_the_end(self, moment: exp.Expr) -> list[exp.Expr]:
        """What a WHERE has to say so that nothing happens after the campaign's last day."""
        end = self._end()
        return [] if end is None else [exp.LT(this=moment, expression=constant(end, self.shared.dialect))]

    def while_it_runs(self) -> list[exp.Expr]:
        """What a WHERE has to say so that nothing happens at a T outside of the campaign's days."""
        first = self._begin()
        begun = (
            [] if first is None else [exp.GTE(this=b.parameter(AS_OF), expression=constant(first, self.shared.dialect))]
        )
        return [*begun, *self.before_the_end(b.parameter(AS_OF))]

    def _midnight(self, day: date) -> nodes.Constant:
        there = datetime.combine(day, time.min, tzinfo=zone(self.campaign.zone.default))
        return nodes.Constant(there.astimezone(UTC), TIMESTAMP)

    def said(
        self, event: nodes.EventSource, alias: str = OF_EVENT, relation: str = EVENT
    ) -> list[tuple[str, exp.Expr]]:
        """What outcomes and messages say about an event, by name.

        Args:
            alias: under which they say it.
            relation: where its columns are.
        """
        found: list[tuple[str, exp.Expr]] = []
        for each in self.context:
            if each.alias == alias and (column := self._column(each, event)) is not None:
                found.append((spoken(each), columns.stored(self.shared, column[0], relation, column[1])))
        return found

    def _column(self, each: nodes.Property, event: nodes.EventSource) -> tuple[str, Type] | None:
        """Where a property is in the rows of ``event``, and its type; None when that event has no such property."""
        name, _, east = each.name.partition(LONGITUDE)
        known = rows_of(event, self.catalog).attributes.get(name)
        if known is not None:
            return (known.longitude or "" if east else known.column_of(name)), known.value_type
        if name == OCCURRED_AT and event.occurred_column is not None:
            return event.occurred_column, TIMESTAMP
        return None


def spoken(each: nodes.Property) -> str:
    """The name of a value in the context, and of the column that holds it: ``event.amount``, ``goal.step``."""
    return f"{each.alias or OF_EVENT}.{each.name}"


def scene(shared: Shared, catalog: Catalog, campaign: ir.Campaign) -> Scene:
    """A campaign before any of its triggers has a name, with all that is said about its events."""
    own = {step.alias for each in campaign.triggers if isinstance(each, ir.SequenceOf) for step in each.steps}
    aliases = {OF_EVENT, OF_GOAL, *own}
    found = {spoken(each): _of_event(each) for each in campaign.event_context}
    if any(isinstance(each, ir.EveryNth) and each.each_step for each in campaign.triggers):
        goal = (nodes.Property(name, name, type_, OF_GOAL) for name, type_ in GOAL_VALUES.items())
        found |= {spoken(each): each for each in goal}
    kept = frozenset(found)
    found = {spoken(each): each for each in _in_outcomes(campaign) if each.alias in aliases} | found
    for each in [each for each in found.values() if each.longitude is not None]:
        east = nodes.Property(each.name + LONGITUDE, each.longitude or "", DECIMAL.maybe(), each.alias)
        found[spoken(east)] = east
    return Scene(shared, catalog, campaign, tuple(found[name] for name in sorted(found)), kept)


def _of_event(each: nodes.Property) -> nodes.Property:
    return each if each.alias else nodes.Property(each.name, each.column, each.type, OF_EVENT, each.longitude)


def _in_outcomes(campaign: ir.Campaign) -> Iterator[nodes.Property]:
    for each in expressions(campaign):
        yield from (node for node in walk(each) if isinstance(node, nodes.Property) and node.alias)


def expressions(campaign: ir.Campaign) -> Iterator[Any]:
    """The conditions and formulas of the outcomes."""
    for each in campaign.outcomes:
        if each.tail.condition is not None and each.tail.condition.predicate is not None:
            yield each.tail.condition.predicate
        match each:
            case ir.Award():
                yield each.amount
            case ir.SetAttribute():
                yield each.value
            case ir.RecordEvent():
                yield from (value for _, value in each.properties)


def active(scene: Scene, events: Iterable[nodes.EventSource], waiting: int = 0) -> exp.Select:
    """Customers for whom something is new: few, so that the events of all others are skipped.

    Args:
        waiting: how many seconds after its last event something can become known.
    """
    return union(
        scene.narrowed(event, None, new(seen(scene, event), waiting), b.named(owner(scene, event), CUSTOMER_ID))
        for event in dict.fromkeys(events)
    )


def among(customer: exp.Expr, relation: str) -> exp.Expr:
    """Whether a customer is in a relation of customers."""
    chosen = exp.select(b.quoted(CUSTOMER_ID)).from_(b.table(relation), copy=False)
    return exp.In(this=customer, query=exp.Subquery(this=chosen))


def once(column: exp.Expr) -> exp.Expr:
    """The earliest instant of an event that may have been delivered more than once."""
    return exp.Min(this=column)


def occurred(scene: Scene, event: nodes.EventSource, relation: str = EVENT) -> exp.Expr:
    """When it happened. A column without a zone means UTC."""
    return exp.cast(columns.occurred(scene.shared, event, relation), exp.DType.TIMESTAMPTZ)


def seen(scene: Scene, event: nodes.EventSource, relation: str = EVENT) -> exp.Expr:
    """From when on a row could be known: it had happened, and had arrived."""
    if event.received_column is None:
        return occurred(scene, event, relation)
    received = exp.cast(columns.received(scene.shared, event, relation), exp.DType.TIMESTAMPTZ)
    either = exp.func("COALESCE", received, occurred(scene, event, relation))
    return exp.func("GREATEST", occurred(scene, event, relation), either)


def new(moment: exp.Expr, waiting: int = 0) -> exp.Expr:
    """Whether what could be known ``waiting`` seconds after ``moment`` is news in this run.

    Nothing in a query is later than T.
    """
    since: exp.Expr = b.parameter(SINCE)
    return exp.GT(this=moment, expression=exp.Sub(this=since, expression=b.seconds(waiting)) if waiting else since)


def over(value: exp.Expr, partition: list[exp.Expr], order: list[exp.Expr]) -> exp.Window:
    """``value`` over the rows of a partition; with an order, over those up to this one."""
    window = exp.Window(this=value, partition_by=partition)
    if order:
        window.set("order", exp.Order(expressions=order))
    return window


def identity(scene: Scene, event: nodes.EventSource, relation: str = EVENT) -> exp.Expr:
    """What tells one event from another."""
    named = columns.occurred if event.id_column is None else columns.identity
    return named(scene.shared, event, relation)


def no_identity(scene: Scene, event: nodes.EventSource) -> exp.Expr:
    """Missing, where what tells others from one another is of the type that `identity` of ``event`` has."""
    query = exp.select(identity(scene, event)).from_(b.table(event.table, EVENT), copy=False)
    return scene.shared.dialect.nothing_like(query)


def owner(scene: Scene, event: nodes.EventSource) -> exp.Expr:
    return columns.owner(scene.shared, event, EVENT)


def key(prefix: str, value: exp.Expr) -> exp.Expr:
    """An occurrence key: ``purchase/4711``."""
    return exp.DPipe(this=exp.Literal.string(prefix), expression=b.text(value))


def within(later: exp.Expr, earlier: exp.Expr, seconds: int, strictly: bool) -> exp.Expr:
    """Whether ``earlier`` is less (or at most) so many seconds before ``later``."""
    first = exp.Sub(this=later, expression=b.seconds(seconds))
    return (exp.GT if strictly else exp.GTE)(this=earlier, expression=first)


@dataclass
class Speaking(Lowering):
    """Lowers what outcomes say: there `event.amount` and `goal.step` are columns of the relation that is asked."""

    def value(self, node: nodes.Value) -> exp.Expr:
        if isinstance(node, nodes.Property) and node.alias is not None and self.source is None:
            return b.column(spoken(node), self.alias)
        return Lowering.value(self, node)

    def longitude(self, node: nodes.Attribute | nodes.Property) -> exp.Expr:
        """The second column of a place on the map."""
        if isinstance(node, nodes.Property) and node.alias is not None and self.source is None:
            return b.column(spoken(node) + LONGITUDE, self.alias)
        return Lowering.longitude(self, node)
