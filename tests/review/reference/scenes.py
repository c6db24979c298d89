"""Small worlds for the interpreter, and short ways to write typed nodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog, Channel
from campaign_dsl.language.catalog.types import WEEKDAY, Kind, Type
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.review.reference.judge import Judge, members
from campaign_dsl.review.reference.world import Clock, Row, World

TEXT, INTEGER, DECIMAL = Type(Kind.TEXT), Type(Kind.INTEGER), Type(Kind.DECIMAL)
BOOLEAN, DATE, TIMESTAMP = Type(Kind.BOOLEAN), Type(Kind.DATE), Type(Kind.TIMESTAMP)
DURATION, TIME, GEO = Type(Kind.DURATION), Type(Kind.TIME), Type(Kind.GEO)
TIER = Type(Kind.ENUM, True, ("member", "silver", "gold"), ordered=True)
TEXTS = Type(Kind.LIST, True, element=TEXT)
ADDRESS = Type(Kind.RECORD, fields=(("city", TEXT), ("zip", TEXT)))
ADDRESSES = Type(Kind.LIST, True, element=ADDRESS)

T = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAYS, HOURS = 86_400, 3_600


def at(text: str) -> datetime:
    """An instant: `2026-06-15 12:00` in UTC, or with an offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


# ------------------------------------------------------------------------------------------------------------- nodes

ZONE = ir.Attribute("zone", "zone", Type(Kind.TEXT, True))


def own(name: str, kind: Type = INTEGER) -> ir.Attribute:
    return ir.Attribute(name, name, kind)


def of(name: str, kind: Type = INTEGER, alias: str | None = None) -> ir.Property:
    return ir.Property(name, name, kind, alias)


def con(value: Any, kind: Type | None = None) -> ir.Constant:
    kinds = {bool: BOOLEAN, int: INTEGER, Decimal: DECIMAL, str: TEXT, date: DATE, datetime: TIMESTAMP}
    return ir.Constant(
        value, kind or kinds.get(type(value)) or {"time": TIME, "timedelta": DURATION}[type(value).__name__]
    )


def compare(left: ir.Value, op: str, right: Any) -> ir.Compare:
    kind = left.type if left.type.kind is Kind.ENUM else None
    return ir.Compare(op, left, right if hasattr(right, "type") else con(right, kind))


def calc(left: ir.Value, op: str, right: Any, kind: Type = INTEGER) -> ir.Arithmetic:
    return ir.Arithmetic(op, left, right if hasattr(right, "type") else con(right), kind)


def source(name: str = "purchase", received: bool = False) -> ir.EventSource:
    return ir.EventSource(
        name, "events", "kind", name, "event_id", "customer_id", "occurred_at", "received_at" if received else None
    )


PURCHASE = source()
VISIT = source("visit")
EVER = ir.Bounded()
FACET = ir.EventSource("tags", "tags", None, None, None, "customer_id", None, None)


def aggregate(
    function: str, value: ir.Value | None = None, where: ir.Predicate | None = None, window: ir.Window | None = EVER
) -> ir.Aggregate:
    kind = value.type if value is not None else INTEGER
    if function == "average":
        kind = DECIMAL
    return ir.Aggregate(function, PURCHASE, value, where, window, INTEGER if function == "distinct" else kind)


def weekday() -> Type:
    return WEEKDAY


# ------------------------------------------------------------------------------------------------------------- worlds


def event(identity: Any, moment: str | datetime | None, kind: str = "purchase", owner: str = "a", **more: Any) -> Row:
    when = at(moment) if isinstance(moment, str) else moment
    return {"event_id": identity, "customer_id": owner, "kind": kind, "occurred_at": when, **more}


def clock(
    as_of: datetime = T, leap_day: str = "feb_28", default: str = "UTC", attribute: ir.Attribute | None = ZONE
) -> Clock:
    return Clock(as_of, ic.ZoneRule(attribute, default), leap_day)


def judge(
    customer: Row | None = None, *events: Row, now: Clock | None = None, others: tuple[Row, ...] = (), **tables: Any
) -> Judge:
    """Customer `a`, with events."""
    mine = {"id": "a", **(customer or {})}
    return Judge(World("id", (mine, *others), {"events": events, **tables}), now or clock(), mine)


def ids(predicate: ir.Predicate, *customers: Row, now: Clock | None = None, **tables: Any) -> list[Any]:
    """Who is in."""
    return members(predicate, World("id", customers, tables), now or clock())


# --------------------------------------------------------------------------------------------------------- campaigns

SPAN = Span(SourceFile("gift.campaign", "campaign gift {\n}\n"), 0, 8)


def campaign(*triggers: ic.Trigger, **changes: Any) -> ic.Campaign:
    """A campaign for everyone, with nothing in it but what is given."""
    plain = ic.Campaign(
        name="gift",
        formerly=(),
        title="Gift",
        kind="promotion",
        owner=None,
        priority=50,
        runs_from=None,
        runs_until=None,
        review=None,
        zone=ic.ZoneRule(ZONE, "UTC"),
        leap_day="feb_28",
        catch_up_days=0,
        audience=ir.Always(),
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
        outcomes=(),
        messages=(),
        data=(),
        context=(),
        event_context=(),
        span=SPAN,
    )
    return replace(plain, **changes)


def birthday(days_before: int = 0, attribute: str = "born") -> ic.Anniversary:
    return ic.Anniversary(own(attribute, DATE), days_before, "09:00", SPAN)


def on(where: ir.Predicate | None = None, event: ir.EventSource = PURCHASE) -> ic.On:
    return ic.On(event, where, f"on {event.name}", SPAN)


CATALOG_TEXT = """\
customers:
  table: customers
  key: id
  attributes:
    id: {type: text, nullable: false}
    tier: {type: enum, values: [member, silver, gold], ordered: true}
point_accounts: {rewards: {title: Reward points, sources: [gift]}}
offers: {half: {title: Half price, form: percentage_off_check, percent: 50, description: Fifty percent off}}
tags: {vip: {title: VIP}, got: {title: Got it}}
channels: {mail: {}}
conversations: {news: {title: News, channel: mail}}
code_pools: {summer: {title: Summer, prefix: SUN, length: 12}}
events:
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    properties: {n: {type: integer, column: count}}
profile:
  tags: {table: tags}
  points: {table: balances}
  wallet: {table: wallet, id: offer_id}
  subscriptions: {table: subscriptions}
  subscription_changes: {table: subscription_changes}
  messages: {table: sent}
  decisions: {table: decided}
"""


def catalog() -> Catalog:
    made, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG_TEXT))
    assert made is not None, problems
    return made


def tail(**changes: Any) -> ic.Tail:
    return ic.Tail(SPAN, **changes)


def award(
    amount: int | ir.Value = 500, at_most: int | None = None, expires: int | None = None, **more: Any
) -> ic.Award:
    value = con(amount) if isinstance(amount, int) else amount
    return ic.Award(value, "rewards", "Reward points", "gift", at_most, expires, tail(**more))


def issue(expires: int | None = None, **more: Any) -> ic.Issue:
    return ic.Issue("half", CATALOG.offers["half"], expires, tail(**more))


def tag(name: str = "got", ttl: int | None = 30 * DAYS, **more: Any) -> ic.TagFor:
    return ic.TagFor(name, ttl, tail(**more))


def send(message: str = "note", **more: Any) -> ic.Send:
    return ic.Send(message, tail(**more))


def letter(name: str = "note", **changes: Any) -> ic.Message:
    """A message without anything that could stop it."""
    plain = ic.Message(
        name=name,
        type="push",
        display=None,
        purpose="marketing",
        provider=None,
        provider_settings=None,
        variant_name=None,
        variant=None,
        channel_name="mail",
        channel=Channel(),
        conversation=None,
        address=None,
        consent=None,
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
    return replace(plain, **changes)


CATALOG = catalog()
