"""The one query of a campaign: it finds, counts and classifies customers. Plan, run, preview and explain all read it.

Its shape, top to bottom: zones with the calendar day it is there; customers; what events say (computed once);
the audience; what has happened, one or more relations for each trigger; who is due; in which segment, arm and language;
what stops them and what they get; and one row each beside the totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.assembly import assembled, union
from campaign_dsl.compile.sql.conditions import ARM, LANGUAGE, SEGMENT
from campaign_dsl.compile.sql.customers import OWN, columns_of, customers, select_with_joins
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.due import AUDIENCE, DAY, DUE, TIME, due, matched
from campaign_dsl.compile.sql.effects import computed, context, steps
from campaign_dsl.compile.sql.groups import groups
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.shared import CUSTOMER, ZONE, Shared, readable
from campaign_dsl.compile.sql.stages import address, holdout_salt, lost, suppression_query
from campaign_dsl.compile.sql.triggers.scene import AT, KEY, Scene, Speaking, expressions, scene, spoken
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import attributes_in

__all__ = ["audience_query", "campaign_query", "holdout_salt", "suppression_query"]

CLASSIFIED, ELIGIBILITY, TOTALS = "classified", "eligibility", "totals"
COLUMNS = (
    *("customer_id", "occurrence", "occurrence_day", "occurrence_time", "occurred_at", "zone"),
    *("segment", "arm", "language", "lost", "steps", "address", "context", "computed"),
)
"""Columns of each candidate, beside the totals ``customers``, ``readable`` and ``audience``."""


MEMBERS = "campaign_audience_members"
"""A relation that is handed to the engine when the audience is known already: one column, `customer_id`."""

PART = "campaign_audience_part_"
"""Likewise those of its members for whom an exclusion or a segment holds; the name ends in a number."""


def campaign_query(
    campaign: ir.Campaign,
    catalog: Catalog,
    dialect: Dialect,
    *,
    members_given: bool = False,
    found: Mapping[nodes.Predicate, str] = MappingProxyType({}),
) -> exp.Select:
    """The query. What depends on the day are parameters that `binding` fills.

    Args:
        members_given: the audience is not asked for, but read from the relation `MEMBERS`.
        found: likewise relations of the audience's members for whom an exclusion or a segment holds.
    """
    key = catalog.customers.key
    shared = Shared.of(catalog, dialect, campaign.leap_day)
    shared.found = found
    this = scene(shared, catalog, campaign)
    later = {each.name: each for each in _read_later(campaign)}
    looked_at = {each.name: each for each in matched(campaign)}
    used = later | looked_at | {each.name: each for each in _read_early(campaign, members_given)}
    kept = [key, *(name for name in columns_of(later.values()) if name != key)]
    wanted = list(dict.fromkeys((*kept, *columns_of(looked_at.values()))))

    columns: list[exp.Expr] = [b.column(name, CUSTOMER) for name in (*wanted, *OWN)]
    with shared.clause(campaign.audience_span):
        audience = _given(shared, columns) if members_given else _audience(shared, campaign.audience, columns)
    happened = due(this, kept)
    grouped = bool(campaign.segments or campaign.arms or campaign.languages)
    classified = [(CLASSIFIED, _classified(this, kept), "the groups they fall into")] if grouped else []
    eligibility = _eligibility(this, CLASSIFIED if grouped else DUE)
    return assembled(
        _final(dialect),
        [
            (
                CUSTOMER,
                customers(shared, catalog, campaign.zone, used),
                "customers, each with the zone she lives in",
            ),
            *shared.named(),
            (AUDIENCE, audience, b.at(campaign.audience_span)),
            *happened.bodies,
            *classified,
            (ELIGIBILITY, eligibility, "the first stage that stops them, and what they get"),
            (TOTALS, _totals(key), "how many there are, can be judged, and match"),
        ],
        shared,
        happened.recursive,
    )


def audience_query(
    predicate: nodes.Predicate, zone: ir.ZoneRule, leap_day: str, catalog: Catalog, dialect: Dialect
) -> exp.Select:
    """The keys of the customers for whom ``predicate`` holds, in order."""
    key_name = catalog.customers.key
    shared = Shared.of(catalog, dialect, leap_day)
    used = {each.name: each for each in attributes_in(predicate)}
    key = b.column(key_name, CUSTOMER)
    order = shared.dialect.in_order(key.copy(), shared.key_type)
    query = _audience(shared, predicate, [b.named(key, "customer_id")]).order_by(order, copy=False)
    return assembled(query, [(CUSTOMER, customers(shared, catalog, zone, used), None), *shared.named()], shared)


def _read_early(campaign: ir.Campaign, members_given: bool) -> Iterator[nodes.Attribute]:
    """Customer attributes that the audience, unless it is known, and the conditions on events look at."""
    if not members_given:
        yield from attributes_in(campaign.audience)
    for trigger in campaign.triggers:
        for predicate in _conditions(trigger):
            yield from attributes_in(predicate)


def _conditions(trigger: ir.Trigger | ir.Times | ir.Group) -> Iterator[nodes.Predicate]:
    match trigger:
        case ir.On(where=where) | ir.EveryNth(where=where) | ir.Times(where=where):
            if where is not None:
                yield where
        case ir.Goal(whole):
            yield from _conditions(whole)
        case ir.Group(parts=parts):
            for part in parts:
                yield from _conditions(part)
        case ir.SequenceOf(step_list):
            yield from (step.where for step in step_list if step.where is not None)
        case ir.Crossing(predicate=predicate):
            yield predicate


def _read_later(campaign: ir.Campaign) -> Iterator[nodes.Attribute]:
    """Customer attributes that are read once it is known who is due."""
    for exclusion in campaign.excludes:
        yield from attributes_in(exclusion.predicate)
    for segment in campaign.segments:
        if segment.predicate is not None:
            yield from attributes_in(segment.predicate)
    for each in expressions(campaign):
        yield from attributes_in(each)
    for message in campaign.messages:
        yield from (each for each in (message.consent, message.address) if each is not None)
        if message.subscription is not None:
            yield from attributes_in(message.subscription)
    if campaign.language is not None:
        yield campaign.language
    yield from campaign.context


def _audience(shared: Shared, predicate: nodes.Predicate, columns: list[exp.Expr]) -> exp.Select:
    lowering = Lowering(shared)
    test = lowering.holds(predicate)
    return select_with_joins(lowering, columns, CUSTOMER).where(*readable(shared.key), *b.every([test]), copy=False)


def _given(shared: Shared, columns: list[exp.Expr]) -> exp.Select:
    """The audience, whose members are known."""
    listed = exp.select(b.column("customer_id", "m")).from_(b.table(MEMBERS, "m"), copy=False)
    member = exp.In(this=b.column(shared.key, CUSTOMER), query=exp.Subquery(this=listed))
    query = exp.select(*columns).from_(b.table(CUSTOMER), copy=False)
    return query.where(*readable(shared.key), member, copy=False)


def _classified(this: Scene, kept: list[str]) -> exp.Select:
    lowering = Lowering(this.shared, DUE)
    found = groups(this.campaign, lowering)
    own = [KEY, DAY, TIME, AT, *(spoken(each) for each in this.context)]
    columns = [b.column(name, DUE) for name in (*kept, *OWN, *own)]
    return select_with_joins(lowering, [*columns, *found], DUE)


def _eligibility(this: Scene, source: str) -> exp.Select:
    """One row for each who is due and each occasion."""
    campaign, key = this.campaign, this.shared.key
    lowering = Speaking(this.shared, source)
    nothing = b.text(exp.null())
    columns: list[exp.Expr] = [
        b.named(b.text(b.column(key, source)), "customer_id"),
        b.named(b.column(KEY, source), "occurrence"),
        b.named(b.column(DAY, source), "occurrence_day"),
        b.named(b.column(TIME, source), "occurrence_time"),
        b.named(b.column(AT, source), "occurred_at"),
        b.named(b.column(ZONE, source), "zone"),
        b.named(b.column(SEGMENT, source) if campaign.segments else nothing.copy(), "segment"),
        b.named(b.column(ARM, source) if campaign.arms else nothing.copy(), "arm"),
        b.named(b.column(LANGUAGE, source) if campaign.languages else nothing.copy(), "language"),
        b.named(lost(campaign, lowering), "lost"),
        b.comment(b.named(steps(campaign, lowering), "steps"), _legend(campaign)),
        b.named(address(campaign, source), "address"),
        b.named(context(this, lowering), "context"),
        b.named(computed(campaign, lowering), "computed"),
    ]
    return select_with_joins(lowering, columns, source)


def _legend(campaign: ir.Campaign) -> str:
    """What the bits of `steps` are."""
    return "; ".join(f"{1 << number}: {b.at(each.tail.span)}" for number, each in enumerate(campaign.outcomes))


def _totals(key: str) -> exp.Select:
    judged = exp.Case().when(exp.and_(*readable(key), copy=False), b.number(1), copy=False)
    matching = exp.select(exp.Count(this=exp.Star())).from_(b.table(AUDIENCE), copy=False)
    return exp.select(
        b.named(exp.Count(this=exp.Star()), "customers"),
        b.named(exp.Count(this=judged), "readable"),
        b.named(exp.Subquery(this=matching), "audience"),
    ).from_(b.table(CUSTOMER), copy=False)


def _final(dialect: Dialect) -> exp.Select:
    """The totals on every row; at least one row, with NULLs where nobody is due."""
    totals = [b.column(name, TOTALS) for name in ("customers", "readable", "audience")]
    beside = exp.select(*totals, *(b.column(name, ELIGIBILITY) for name in COLUMNS)).from_(b.table(TOTALS), copy=False)
    if not dialect.gathers_outer_joins:
        return beside.join(b.table(ELIGIBILITY), on=exp.true(), join_type="left", copy=False)
    alone = exp.select(*(each.copy() for each in totals), *(b.named(exp.null(), name) for name in COLUMNS))
    return union([beside.join(b.table(ELIGIBILITY), join_type="cross", copy=False), alone.from_(b.table(TOTALS))])
