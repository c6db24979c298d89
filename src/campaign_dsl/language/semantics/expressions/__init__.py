"""Finds the names in expressions and checks their types. Collects every problem; never raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import (
    calculations,
    events,
    facets,
    geo,
    kinds,
    lists,
    moments,
    ranks,
    sequences,
    tests,
)
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.constants import constant, instant
from campaign_dsl.language.semantics.expressions.geo import geofence
from campaign_dsl.language.semantics.expressions.names import (
    Names,
    Rows,
    Trigger,
    attribute,
    event_named,
    event_rows,
    event_source,
)
from campaign_dsl.language.semantics.expressions.paths import path
from campaign_dsl.language.syntax import tree as t

__all__ = [
    "Names",
    "Rows",
    "Trigger",
    "attribute",
    "event_named",
    "event_rows",
    "event_source",
    "geofence",
    "instant",
    "predicate",
    "steps",
    "value",
]


def predicate(node: t.Expression, names: Names, problems: Problems) -> ir.Predicate | None:
    """The typed predicate, or None after having reported what is wrong."""
    return _Expressions(names, problems).predicate(node)


def value(node: t.Expression, names: Names, problems: Problems, expected: Type | None = None) -> ir.Value | None:
    """The typed value, or None after having reported what is wrong.

    Args:
        expected: the type of what it is to be put into: bare words may be words of its enum.
    """
    return _Expressions(names, problems).value(node, expected)


def steps(nodes: tuple[t.Step, ...], names: Names, problems: Problems) -> list[tuple[ir.Step, Rows]] | None:
    """The typed steps of a sequence and the rows of each, or None after having reported what is wrong."""
    return sequences.steps(nodes, _Expressions(names, problems))


_TESTS: dict[type, Callable[[Any, Checker], ir.Predicate | None]] = {
    t.Compare: tests.compare,
    t.Between: tests.between,
    t.InList: tests.in_list,
    t.Known: tests.known,
    t.TextTest: lists.contains,
    t.Matches: tests.matches,
    t.ListTest: lists.list_test,
    t.Empty: lists.empty,
    t.Quantified: lists.quantified,
    t.Did: events.did,
    t.Exists: events.exists,
    t.FirstDid: events.first_did,
    t.StoppedDoing: events.stopped_doing,
    t.ResumedDoing: events.resumed_doing,
    t.DoingRegularly: events.doing_regularly,
    t.DidSequence: sequences.did_sequence,
    t.Rank: ranks.rank,
    t.InStaticList: ranks.in_static_list,
    t.Sample: ranks.sample,
    t.AnniversaryTest: ranks.anniversary,
    t.Unchanged: ranks.unchanged,
    t.Near: geo.near,
    t.InGeofence: geo.in_geofence,
    t.HasTags: facets.has_tags,
    t.HasOffer: facets.has_offer,
    t.OfferHappened: facets.offer_happened,
    t.Subscribed: facets.subscribed,
    t.MessageHappened: facets.message_happened,
    t.ReceivedCampaign: facets.received_campaign,
}
_VALUES: dict[type, Callable[[Any, Checker], ir.Value | None]] = {
    t.Arithmetic: calculations.arithmetic,
    t.Rounded: calculations.rounded,
    t.Call: calculations.call,
    t.Aggregate: events.aggregate,
    t.NumberOf: lists.number_of,
    t.Quintile: ranks.quintile,
    t.PointsIn: facets.points_in,
    t.LocalTime: moments.local_time,
    t.Now: moments.moment,
    t.Today: moments.moment,
    t.Ago: moments.moment,
    t.Length: calculations.length,
}


class _Expressions(Checker):
    """Which check is for which node."""

    def predicate(self, node: t.Expression) -> ir.Predicate | None:
        match node:
            case t.AnyOf(items) | t.AllOf(items):
                parts = [self.predicate(item) for item in items]
                kept = tuple(part for part in parts if part is not None)
                if len(kept) < len(parts):
                    return None
                return ir.AnyOf(kept) if isinstance(node, t.AnyOf) else ir.AllOf(kept)
            case t.Not(item):
                inner = self.predicate(item)
                return None if inner is None else ir.Negate(inner)
            case t.Everyone():
                return ir.Always()
            case t.InAudience(name):
                if not self.about_customer(node.span, "`in audience`"):
                    return None
                found = self.names.audience(name, self.problems)
                return None if found is None else ir.InAudience(name.text, found, self.names.defined(name.text))
        check = _TESTS.get(type(node))
        return self._condition(node) if check is None else check(node, self)

    def _condition(self, node: t.Expression) -> ir.Predicate | None:
        """A value that is a condition."""
        typed = self.value(node)
        if typed is None:
            return None
        if typed.type.kind is not Kind.BOOLEAN:
            self.problems.add(
                "TYP002",
                f"a condition is expected here, this is {kinds.a(typed.type)}",
                node.span,
                help="compare it with something, as in `age >= 18`, or ask `is known`",
            )
            return None
        if isinstance(typed, ir.Constant):
            return ir.Always() if typed.value else ir.Negate(ir.Always())
        return ir.IsTrue(typed)

    def value(self, node: t.Expression, expected: Type | None = None) -> ir.Value | None:
        match node:
            case t.Constant():
                return constant(node, self, expected)
            case t.Path():
                return path(node, self, expected)
        check = _VALUES.get(type(node))
        if check is not None:
            return check(node, self)
        self.problems.add(
            "TYP002",
            "a value is expected here, this is a condition",
            node.span,
            help="conditions join with `and`, `or`, `not`",
        )
        return None
