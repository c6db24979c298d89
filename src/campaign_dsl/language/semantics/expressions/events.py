"""Predicates about what a customer did, and values out of many rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from campaign_dsl.language.catalog.types import INTEGER, TIMESTAMP, Kind, Type
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import AGGREGATES
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import kinds, moments
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.names import Rows, event_named, event_rows, relation_rows
from campaign_dsl.language.semantics.expressions.windows import window
from campaign_dsl.language.syntax import tree as t

MAX_BUCKETS = 60
"""Of `doing ... in each of last N`: each is a count of its own."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Rows that match."""

    rows: Rows
    where: ir.Predicate | None
    window: ir.Window | None

    @property
    def source(self) -> ir.EventSource:
        return self.rows.source

    @property
    def spanned(self) -> ir.Window:
        assert self.window is not None
        return self.window

    def did(self, window: ir.Window | None, at_least: int = 1, at_most: int | None = None) -> ir.Did:
        return ir.Did(self.source, self.where, window, at_least, at_most)


def matching(rows: Rows | None, where: t.Expression | None, when: t.Window | None, at: Checker) -> Matching | None:
    """The rows of a filter and a window, after having reported everything that is wrong with either."""
    typed = window(when, at) if when is not None else None
    if rows is None:
        return None
    found, sound = at.filter(where, at.names.inside(rows))
    return Matching(rows, found, typed) if sound and (when is None or typed is not None) else None


def events(
    event: t.Name, where: t.Expression | None, when: t.Window | None, what: str, node: t.Expression, at: Checker
) -> Matching | None:
    """The events of a filter and a window; None where the customer cannot be asked."""
    if not at.about_customer(node.span, what):
        return None
    return matching(event_named(event, at.names.catalog, at.problems), where, when, at)


def did(node: t.Did, at: Checker) -> ir.Predicate | None:
    """`did purchase`, `did not purchase`."""
    found = events(node.event, node.where, node.window, "`did`", node, at)
    if found is None:
        return None
    if node.negated:
        return found.did(found.window, 0, 0)
    bounds = how_often(node.quantity, at)
    return None if bounds is None else found.did(found.window, *bounds)


def how_often(quantity: t.Quantity | None, at: Checker) -> tuple[int, int | None] | None:
    """Least and most of what is counted; None after having reported that every number would do."""
    if quantity is None:
        return 1, None
    count = quantity.count
    if quantity.kind == "at least" and count == 0:
        at.problems.add("TYP006", "`at least 0 times` always holds", quantity.span, help="write `at least 1 time`")
        return None
    bounds: dict[str, tuple[int, int | None]] = {
        "at least": (count, None),
        "at most": (0, count),
        "exactly": (count, count),
    }
    return bounds[quantity.kind]


def exists(node: t.Exists, at: Checker) -> ir.Predicate | None:
    """`exists orders where status = open`."""
    if not at.about_customer(node.span, "`exists`"):
        return None
    found = matching(_related(node.name, at), node.where, None, at)
    return None if found is None else found.did(None)


def _related(name: t.Name, at: Checker) -> Rows | None:
    """The rows of a related table; reports it when there is none."""
    catalog = at.names.catalog
    found = relation_rows(name.text, catalog)
    if found is not None:
        return found
    attribute = catalog.customers.attributes.get(name.text)
    why = None
    help = did_you_mean(name.text, catalog.relations, "related tables") or "add it to `relations` in catalog.yaml"
    if name.text in catalog.events:
        why, help = "events have a time, rows of related tables do not", f"write `did {name.text} ... ever`"
    elif attribute is not None and attribute.type is Kind.LIST:
        help = f"write `any of {name.text} where ...`, or `{name.text} is not empty`"
    at.problems.add("NAM018", f"there is no related table `{name.text}`", name.span, why=why, help=help)
    return None


# ----------------------------------------------------------------------------------------------------------- aggregates


def aggregate(node: t.Aggregate, at: Checker) -> ir.Value | None:
    """`count of purchase ...`, `sum of orders.total`."""
    if not at.about_customer(node.span, f"`{node.function} of`"):
        return None
    rows = _rows(node, at)
    found = matching(rows, node.where, node.window, at)
    if node.property is None:
        if found is None:
            return None
        given = AGGREGATES[node.function].gives or INTEGER
        if node.function == "recency":
            return ir.Aggregate("recency", found.source, None, found.where, ir.Bounded(), given.maybe())
        return ir.Aggregate(node.function, found.source, None, found.where, found.window, given)
    if rows is None:
        return None
    value = at.within(at.names.inside(rows)).value(node.property)
    if value is None or not _taken(node, node.property, value, at) or found is None:
        return None
    type_ = AGGREGATES[node.function].gives or _of(node.function, value.type)
    return ir.Aggregate(node.function, found.source, value, found.where, found.window, type_)


def _of(function: str, type_: Type) -> Type:
    """What comes out of values of a type: missing where there is none."""
    kind = Kind.DECIMAL if function == "average" else type_.kind
    return Type(kind, True, type_.values, type_.ordered)


def _rows(node: t.Aggregate, at: Checker) -> Rows | None:
    """The event, or the related table, that values are taken from; reports where a window is missing or too much."""
    catalog, name = at.names.catalog, node.event
    needs_time = node.function in ("first", "last", "recency")
    event, related = event_rows(name.text, catalog), relation_rows(name.text, catalog)
    if related is not None and event is None:
        if node.window is not None or needs_time:
            at.problems.add(
                "TYP012",
                f"rows of `{name.text}` have no time",
                node.window.span if node.window is not None else name.span,
                why="a related table is as it is now; nothing says when its rows came to be",
                help="leave the window out" if not needs_time else "use `smallest of` or `largest of`",
            )
            return None
        return related
    if event is not None and related is not None and node.window is None and not needs_time:
        return related
    if event is not None and node.window is None and node.function != "recency":
        at.problems.add(
            "TYP012",
            f"`{node.function} of {name.text}` does not say in which time",
            node.span,
            why="events have a time, and sooner or later everybody has many of them",
            help="add `in last 365 days`, or `ever`",
        )
        return None
    if event is None and node.window is None and node.function != "recency":
        known = [*catalog.events, *catalog.relations]
        at.problems.add(
            "NAM003",
            f"there is no event or related table `{name.text}`",
            name.span,
            help=did_you_mean(name.text, known, "known ones") or "declare it in catalog.yaml",
        )
        return None
    return event if event is not None else event_named(name, catalog, at.problems)


def _taken(node: t.Aggregate, path: t.Path, value: ir.Value, at: Checker) -> bool:
    """Whether the function takes the value; reports it when it does not."""
    operator, type_ = AGGREGATES[node.function], value.type
    says = f"`{node.function} of`"
    if type_.kind not in operator.takes and node.function in ("sum", "average"):
        at.problems.add(
            "TYP003",
            f"{says} needs a number, `{path.text}` is {kinds.a(type_)}",
            path.span,
            help="use `count of` to count events",
        )
        return False
    if type_.kind in kinds.WHOLE:
        at.problems.add(
            "TYP003",
            f"{says} does not go with {kinds.a(type_)}",
            path.span,
            help="name a single value in it, or use `count of` with a `where`",
        )
        return False
    if operator.ordered and not kinds.has_order(type_):
        at.problems.add(
            "TYP003",
            f"{says} needs values with an order, `{path.text}` is {kinds.a(type_)}",
            path.span,
            help="use `count of` with a `where`" + kinds.in_order(type_),
        )
        return False
    return True


# ----------------------------------------------------------------------------------------------------- over longer time


def first_did(node: t.FirstDid, at: Checker) -> ir.Predicate | None:
    """`first did purchase in last 30 days`."""
    found = events(node.event, node.where, node.window, "`first did`", node, at)
    return None if found is None else ir.FirstDid(found.source, found.where, found.spanned)


def stopped_doing(node: t.StoppedDoing, at: Checker) -> ir.Predicate | None:
    """Before the window, and not in it. As nothing after T exists, any other event lies before the window."""
    found = events(node.event, node.where, node.window, "`stopped doing`", node, at)
    if found is None:
        return None
    here = found.spanned
    reaches_now = not (isinstance(here, ir.Calendar) and here.back) and not (
        isinstance(here, ir.Bounded) and (here.until or here.before or not (here.since or here.after))
    )
    if not reaches_now:
        at.problems.add(
            "TYP006",
            "this window does not go from some moment until now",
            node.window.span,
            why="who stopped has done it before the window, and not since",
            help="write a window like `in last 90 days` or `since 2026-01-01`",
        )
        return None
    return ir.AllOf((found.did(ir.Bounded()), found.did(here, 0, 0)))


def resumed_doing(node: t.ResumedDoing, at: Checker) -> ir.Predicate | None:
    """`resumed doing purchase in last 30 days after 180 days`."""
    found = events(node.event, node.where, node.window, "`resumed doing`", node, at)
    gap = exact_seconds(node.gap, at.problems)
    if found is None or gap is None:
        return None
    return ir.Resumed(found.source, found.where, found.spanned, gap)


def doing_regularly(node: t.DoingRegularly, at: Checker) -> ir.Predicate | None:
    """At least once in each of the last so many units."""
    found = events(node.event, node.where, None, "`doing`", node, at)
    bucket = _bucket(node, at)
    if found is None or bucket is None:
        return None
    return ir.AllOf(tuple(found.did(bucket(index)) for index in range(node.count)))


def _bucket(node: t.DoingRegularly, at: Checker) -> Callable[[int], ir.Window] | None:
    """Gives the window of each unit, counted back from now."""
    one = t.Length(1, node.unit, node.calendar, span=node.span)
    if not node.calendar and node.unit in ("month", "year"):
        many = moments.written(t.Length(node.count, node.unit, span=node.span), calendar=True)
        at.problems.add(
            "TYP007",
            f"a {node.unit} has no exact length",
            node.span,
            why="months and years differ in length, so two readers would count differently",
            help=f"write `in each of last {many}`",
        )
        return None
    seconds = None if node.calendar else moments.exact(one, at)
    if not (moments.calendar(one, at) if node.calendar else seconds is not None):
        return None
    if node.count == 0:
        at.problems.add(
            "TYP006",
            "this looks at none of them, so it always holds",
            node.span,
            help=f"write `in each of last 6 {node.unit}s`",
        )
        return None
    if node.count > MAX_BUCKETS:
        at.problems.add(
            "TYP011",
            f"at most {MAX_BUCKETS} {node.unit}s can be looked at one by one",
            node.span,
            why="each of them is a count of its own",
            help="count in a longer unit, or in fewer of them",
        )
        return None
    if seconds is None:
        return lambda index: ir.Calendar(1, node.unit, index)
    return lambda index: _rolled(index, seconds)


def _rolled(index: int, seconds: int) -> ir.Window:
    if index == 0:
        return ir.Rolling(seconds)
    start, end = (ir.Ago(seconds * times, TIMESTAMP) for times in (index + 1, index))
    return ir.Bounded(after=start, until=end)
