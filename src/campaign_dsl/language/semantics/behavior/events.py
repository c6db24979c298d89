"""Triggers that are events: what customers do, codes they enter, conversations they join, places they come to."""

from __future__ import annotations

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import INTEGER, Kind, Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior import saying
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.lookups import active, entry_of
from campaign_dsl.language.syntax import tree as t

MAX_TIMES = 1_000
MAX_NTH = 10_000


def happening(node: t.EventCondition, names: Names, problems: Problems) -> ir.On | ir.Goal | None:
    """`on purchase where amount >= 100`, or a goal when it is counted."""
    times = counted(node, names, problems)
    if times is None:
        return None
    says = saying.trigger(node)
    if times.at_least == 1 and times.seconds is None:
        return ir.On(times.event, times.where, says, node.span)
    return ir.Goal(times, says, node.span)


def counted(node: t.EventCondition, names: Names, problems: Problems) -> ir.Times | None:
    """`purchase where sku = "muffin" at least 3 times within 14 days`."""
    before = len(problems)
    source = expressions.event_source(node.event, names.catalog, problems)
    where = _where(node, names, problems) if source is not None else None
    at_least = _at_least(node, problems)
    seconds = exact_seconds(node.within, problems) if node.within is not None else None
    if node.within is not None and at_least == 1:
        problems.add(
            "BEH012",
            "one event alone is always within any time",
            node.within.span,
            help="say how many, as in `at least 3 times within 14 days`, or leave the time out",
        )
    if source is None or len(problems) > before:
        return None
    return ir.Times(source, where, at_least, seconds)


def _at_least(node: t.EventCondition, problems: Problems) -> int:
    quantity = node.quantity
    if quantity is None:
        return 1
    if quantity.kind != "at least":
        problems.add(
            "BEH012",
            f"`{quantity.kind} {quantity.count} times` is never reached at an event",
            quantity.span,
            why="a trigger happens when enough has happened; that something did not happen holds from the start",
            help=f"write `at least {max(quantity.count, 1)} times`, or ask in the audience",
        )
        return 1
    if not 1 <= quantity.count <= MAX_TIMES:
        problems.add(
            "BEH012",
            f"an event is counted at least 1 and at most {MAX_TIMES:_} times",
            quantity.span,
            help="write `at least 3 times`",
        )
        return 1
    return quantity.count


def _where(node: t.EventCondition, names: Names, problems: Problems) -> nodes.Predicate | None:
    """What is asked of the event: its place first, then what the author says."""
    asked: list[nodes.Predicate] = []
    if node.geofence is not None:
        asked += _at_geofence(node.event, node.geofence, names.catalog, problems)
    if node.where is not None:
        said = expressions.predicate(node.where, names.inside(node.event.text), problems)
        asked += [] if said is None else [said]
    return nodes.AllOf(tuple(asked)) if len(asked) > 1 else asked[0] if asked else None


def _at_geofence(
    event: t.Name, name: t.Name, catalog: model.Catalog, problems: Problems
) -> tuple[nodes.Predicate, ...]:
    """That an event happened in a geofence, as exactly as the catalog asks."""
    circles = expressions.geofence(name, catalog, problems)
    entry = catalog.events[event.text]
    if entry.place is None:
        problems.add(
            "BEH013",
            f"`{event.text}` does not say where it happened",
            event.span,
            help=f"set `events: {event.text}: place:` in catalog.yaml to a property of type `geo`",
        )
        return ()
    if circles is None:
        return ()
    place = _property(entry, entry.place)
    asked: tuple[nodes.Predicate, ...] = (nodes.Within(place, circles, name.text),)
    if entry.accuracy is not None and entry.accuracy.at_most_m is not None:
        most = nodes.Constant(entry.accuracy.at_most_m, INTEGER)
        asked += (nodes.Compare("<=", _property(entry, entry.accuracy.property), most),)
    return asked


def _property(event: model.Event, name: str) -> nodes.Property:
    entry = event.properties[name]
    return nodes.Property(name, entry.column_of(name), entry.value_type, None, entry.longitude)


def every_nth(node: t.EveryNth, each_step: bool, names: Names, problems: Problems) -> ir.EveryNth | None:
    """`every 5th purchase where amount > 0`."""
    before = len(problems)
    if not 2 <= node.n <= MAX_NTH:
        problems.add(
            "BEH014",
            f"every {node.n}{'st' if node.n == 1 else 'th'} is not an nth",
            node.span,
            help=f"write `on {node.event.text}`" if node.n < 2 else f"write at most `every {MAX_NTH}th`",
        )
    source = expressions.event_source(node.event, names.catalog, problems)
    where = None
    if source is not None and node.where is not None:
        where = expressions.predicate(node.where, names.inside(node.event.text), problems)
    if source is None or len(problems) > before:
        return None
    return ir.EveryNth(node.n, source, where, each_step, saying.trigger(node), node.span)


# ------------------------------------------------------------------------------- what the catalog maps to events


def code(node: t.OnCode, catalog: model.Catalog, problems: Problems) -> ir.On | None:
    """`on code SUMMER26`, `on code from summer_pool`."""
    known: model.CodePool | model.PromoCode | None
    if node.pool:
        known = entry_of(node.code, catalog.code_pools, "NAM031", "pool of codes", problems)
    else:
        known = entry_of(node.code, catalog.promo_codes, "NAM031", "promo code", problems)
    source = _facet("code_entries", "which codes customers have entered", node.span, catalog, problems)
    if known is None or source is None:
        return None
    if not active(node.code, known.active, "pool of codes" if node.pool else "promo code", problems):
        return None
    is_it = _equals(catalog, "code_entries", "pool" if node.pool else "code", node.code.text)
    return ir.On(source, is_it, saying.trigger(node), node.span)


def subscription(node: t.OnSubscription, catalog: model.Catalog, problems: Problems) -> ir.On | None:
    """`on subscribe to newsletter`."""
    known = entry_of(node.conversation, catalog.conversations, "NAM021", "conversation", problems)
    what = "when customers subscribed and unsubscribed"
    source = _facet("subscription_changes", what, node.span, catalog, problems)
    if known is None or source is None:
        return None
    where = nodes.AllOf(
        (
            _equals(catalog, "subscription_changes", "conversation", node.conversation.text),
            _equals(catalog, "subscription_changes", "subscribed", node.subscribed),
        )
    )
    return ir.On(source, where, saying.trigger(node), node.span)


def crossing(node: t.OnCrossing, names: Names, problems: Problems) -> ir.Crossing | ir.On | None:
    """`on entering audience lapsed`, `on leaving geofence boston_stores`."""
    if node.what == "audience":
        predicate = names.audience(node.name, problems)
        return None if predicate is None else ir.Crossing(node.name.text, predicate, node.entering, node.span)
    catalog = names.catalog
    known = expressions.geofence(node.name, catalog, problems)
    events = catalog.geofence_events
    if events is None:
        problems.add(
            "BEH013",
            "the catalog does not say which event tells of crossing a geofence",
            node.span,
            help="set `geofence_events:` in catalog.yaml",
        )
    if known is None or events is None:
        return None
    source = expressions.event_source(t.Name(events.event, span=node.span), catalog, problems)
    if source is None:
        return None
    entry = catalog.events[events.event]
    word = events.entering if node.entering else events.leaving
    asked = tuple(
        nodes.Compare("=", property := _property(entry, name), nodes.Constant(text, property.type))
        for name, text in ((events.geofence, node.name.text), (events.direction, word))
    )
    return ir.On(source, nodes.AllOf(asked), saying.trigger(node), node.span)


def _facet(name: str, what: str, span: Span, catalog: model.Catalog, problems: Problems) -> nodes.EventSource | None:
    facet = catalog.profile.facets.get(name)
    if not isinstance(facet, model.FacetEvents):
        problems.add(
            "NAM017",
            f"the catalog does not say {what}",
            span,
            help=f"add `{name}: {{table: ...}}` to `profile` in catalog.yaml",
        )
        return None
    return nodes.EventSource(
        name, facet.table, None, None, facet.id, facet.customer, facet.occurred_at, facet.received_at
    )


def _equals(catalog: model.Catalog, facet: str, key: str, value: str | bool) -> nodes.Compare:
    column, type_ = catalog.profile.facets[facet].typed(key)
    constant = nodes.Constant(value, Type(Kind.BOOLEAN if isinstance(value, bool) else Kind.TEXT))
    return nodes.Compare("=", nodes.Property(key, column, type_), constant)
