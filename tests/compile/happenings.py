"""A world of events for triggers: its catalog, campaigns made of typed nodes, and what the engine says of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from warehouse import ask, dialect, left_out_if_lacking, load

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import campaign_query
from campaign_dsl.compile.sql.occurrences import occurrences
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Channel
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.source.files import SourceFile

CATALOG_TEXT = """\
customers:
  table: customers
  key: id
  time_zone: zone
  attributes:
    id:       {type: text, nullable: false}
    zone:     {type: text, column: time_zone}
    country:  {type: text}
    born:     {type: date}
    tier:     {type: text}
    language: {type: text}
    visits:   {type: integer}
    email:    {type: text}
    consent:  {type: boolean}
events:
  purchase:
    table: purchases
    id: purchase_id
    received_at: received_at
    properties:
      sku:    {type: text}
      amount: {type: decimal}
      points: {type: integer, column: "po ints"}
  add_to_cart:
    table: events
    kind: {column: kind, equals: cart}
    properties:
      sku:    {type: text}
  visit:
    table: events
    kind: {column: kind, equals: visit}
    properties:
      sku:    {type: text}
"""
CATALOG, _, _problems = load_catalog(SourceFile("catalog.yaml", CATALOG_TEXT))
assert CATALOG is not None, _problems

TEXT, INSTANT = pa.string(), pa.timestamp("us", tz="UTC")
TABLES: dict[str, dict[str, pa.DataType]] = {
    "customers": {
        "id": TEXT,
        "time_zone": TEXT,
        "country": TEXT,
        "born": pa.date32(),
        "tier": TEXT,
        "language": TEXT,
        "visits": pa.int32(),
        "email": TEXT,
        "consent": pa.bool_(),
    },
    "suppressions": {"address": TEXT, "kind": TEXT},
    "purchases": {
        "purchase_id": pa.int64(),
        "customer_id": TEXT,
        "occurred_at": INSTANT,
        "received_at": INSTANT,
        "sku": TEXT,
        "amount": pa.decimal128(12, 2),
        "po ints": pa.int32(),
    },
    "events": {
        "event_id": TEXT,
        "customer_id": TEXT,
        "kind": TEXT,
        "occurred_at": INSTANT,
        "sku": TEXT,
    },
}
SPAN = SourceFile("made.campaign", "made\n").span(0, 4)
TEXT_TYPE, NUMBER, MONEY = Type(Kind.TEXT, True), Type(Kind.INTEGER, True), Type(Kind.DECIMAL, True)
PURCHASE = nodes.EventSource(
    "purchase", "purchases", None, None, "purchase_id", "customer_id", "occurred_at", "received_at"
)
CART = nodes.EventSource("add_to_cart", "events", "kind", "cart", "event_id", "customer_id", "occurred_at", None)
VISIT = nodes.EventSource("visit", "events", "kind", "visit", "event_id", "customer_id", "occurred_at", None)
COUNTRY, BORN = nodes.Attribute("country", "country", TEXT_TYPE), nodes.Attribute("born", "born", Type(Kind.DATE, True))
ZONE = nodes.Attribute("zone", "time_zone", TEXT_TYPE)
SKU = nodes.Property("sku", "sku", TEXT_TYPE)
EMAIL, TIER = nodes.Attribute("email", "email", TEXT_TYPE), nodes.Attribute("tier", "tier", TEXT_TYPE)
CONSENT = nodes.Attribute("consent", "consent", Type(Kind.BOOLEAN, True))
LANGUAGE = nodes.Attribute("language", "language", TEXT_TYPE)

T = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sku(value: str, alias: str | None = None) -> nodes.Predicate:
    return nodes.Compare("=", replace(SKU, alias=alias), nodes.Constant(value, Type(Kind.TEXT)))


def same_sku(alias: str) -> nodes.Predicate:
    return nodes.Compare("=", SKU, replace(SKU, alias=alias))


def tag(name: str = "given", **tail: Any) -> ir.Outcome:
    return ir.TagFor(name, None, ir.Tail(SPAN, **tail))


def campaign(*triggers: ir.Trigger, **changes: Any) -> ir.Campaign:
    """A campaign for everyone that gives a tag."""
    made = ir.Campaign(
        name="made",
        formerly=(),
        title="Made",
        kind="promotion",
        owner=None,
        priority=0,
        runs_from=None,
        runs_until=None,
        review=None,
        zone=ir.ZoneRule(ZONE, "America/New_York"),
        leap_day="feb_28",
        catch_up_days=0,
        audience=nodes.Always(),
        audience_span=SPAN,
        excludes=(),
        suppression=(),
        segments=(),
        arms=(),
        languages=(),
        language=None,
        holdout_percent=None,
        triggers=triggers,
        limits=(),
        budgets=(),
        outcomes=(tag(),),
        messages=(),
        data=(),
        context=(),
        event_context=(),
        span=SPAN,
    )
    return replace(made, **changes)


def message(name: str = "note", **changes: Any) -> ir.Message:
    """A message by e-mail that needs no template."""
    made = ir.Message(
        name=name,
        type="email",
        display=None,
        purpose="marketing",
        provider=None,
        provider_settings=None,
        variant_name=None,
        variant=None,
        channel_name="email",
        channel=Channel(address="email", consent="consent"),
        conversation=None,
        address=EMAIL,
        consent=CONSENT,
        subscription=None,
        settings=(),
        setting_spans=(),
        properties=(),
        contents=(),
        quiet=None,
        expires_after_seconds=None,
        visible_seconds=None,
        seeds=(),
        span=SPAN,
    )
    return replace(made, **changes)


def purchase(customer: str, number: int, at: datetime, **more: Any) -> dict[str, Any]:
    row = {"purchase_id": number, "customer_id": customer, "occurred_at": at, "received_at": at}
    return {**row, "sku": None, "amount": Decimal("1.00"), "po ints": 1, **more}


def event(customer: str, kind: str, identity: str, at: datetime, product: str | None = None) -> dict[str, Any]:
    return {"event_id": identity, "customer_id": customer, "kind": kind, "occurred_at": at, "sku": product}


def person(identity: str, **more: Any) -> dict[str, Any]:
    row = {"id": identity, "time_zone": "America/New_York", "country": "US", "born": date(1990, 6, 15)}
    row |= {"tier": None, "language": None, "visits": None, "email": f"{identity}@x", "consent": True}
    return {**row, **more}


@dataclass
class Events:
    """Rows of the tables, by the names of their columns."""

    customers: Sequence[Mapping[str, Any]]
    purchases: Sequence[Mapping[str, Any]] = ()
    events: Sequence[Mapping[str, Any]] = ()
    suppressions: Sequence[Mapping[str, Any]] = ()
    members_before: Mapping[str, Collection[str]] = field(default_factory=dict)

    def ask(
        self,
        campaign: ir.Campaign,
        since: datetime | None = None,
        as_of: datetime = T,
        days: Iterable[date] | None = None,
    ) -> list[dict[str, Any]]:
        """The candidates of a campaign, in the order of customers and keys."""
        assert CATALOG is not None
        left_out_if_lacking(campaign)
        query = campaign_query(campaign, CATALOG, dialect())
        chosen = [as_of.date()] if days is None else list(days)
        falls = occurrences(campaign.triggers, chosen, campaign.leap_day)
        bound = bind(query, as_of, falls, since or datetime(1, 1, 1, tzinfo=UTC), self.members_before)
        load(TABLES, {table: getattr(self, table) for table in TABLES})
        found = [row for row in ask(render(bound, dialect().name)) if row["customer_id"] is not None]
        for row in found:
            row["context"], row["computed"] = json.loads(row["context"]), json.loads(row["computed"])
        return sorted(found, key=lambda row: (row["customer_id"], row["occurrence"]))

    def keys(self, campaign: ir.Campaign, since: datetime | None = None, **more: Any) -> list[tuple[str, str]]:
        """Who is due, and the keys of the occasions."""
        return [(row["customer_id"], row["occurrence"]) for row in self.ask(campaign, since, **more)]
