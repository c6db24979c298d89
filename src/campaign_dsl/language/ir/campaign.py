"""The typed campaign as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from campaign_dsl.language.catalog.model import Channel, Offer, ProviderSettings, Variant
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir.nodes import Attribute, EventSource, Predicate, Property, Step, Value


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """Whose clock local times mean: an attribute with a default, or one zone for everybody (``attribute`` None)."""

    attribute: Attribute | None
    default: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """``says`` is how the author put it."""

    says: str
    predicate: Predicate
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """``predicate`` None for `otherwise`."""

    name: str
    predicate: Predicate | None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """``span`` is where the campaign names it, or the message whose conversation does."""

    name: str
    table: str
    address_column: str
    where: tuple[str, str] | None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of an A/B test: ``percent`` of the customers, drawn by ``variant/<first name of the campaign>``."""

    name: str
    percent: Decimal
    span: Span | None = field(default=None, compare=False)


# --------------------------------------------------------------------------------------------------------- behavior


@dataclass(frozen=True, slots=True)
class Anniversary:
    """Every year on a date; ``days_before`` is negative for days after. Key: the year that is celebrated."""

    attribute: Attribute
    days_before: int
    at: str
    span: Span


@dataclass(frozen=True, slots=True)
class Holiday:
    """A movable feast. Key: ``<name>/<year>``.

    Attributes:
        days: for each country (or None for everybody) the days it falls on, ascending, as far as the plan looks ahead.
        country: the customer's country, when there is more than one; customers without one are not due.
    """

    name: str
    title: str
    days: tuple[tuple[str | None, tuple[date, ...]], ...]
    country: Attribute | None
    days_before: int
    at: str
    span: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """Ticks of the calendar, at local times. Key: the local tick, ``2026-11-27T09:00``.

    Attributes:
        rule: an RRULE of RFC 5545 without COUNT, UNTIL or times; None for a single tick.
        first: the day the rule counts from; of a single tick, its day.
        says: how the author put it.
    """

    rule: str | None
    first: date
    at: str
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class On:
    """Each matching event. Key: ``<event>/<event id>``.

    ``event`` also stands for promo codes, subscriptions and geofences, which the catalog maps to events.
    """

    event: EventSource
    where: Predicate | None
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class EveryNth:
    """Each ``n``-th matching event of a customer. Key: ``<event>#/<ordinal of the event>``.

    Attributes:
        each_step: every matching event is an occurrence; `goal.step` counts 1 to n, `goal.completed` is true at n.
    """

    n: int
    event: EventSource
    where: Predicate | None
    each_step: bool
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Times:
    """``at_least`` matching events, all after the previous completion and within ``seconds`` (None: any time)."""

    event: EventSource
    where: Predicate | None
    at_least: int
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """``all`` or any of the parts, all of it within ``seconds`` (None: any time)."""

    all: bool
    parts: tuple[Times | Group, ...]
    seconds: int | None


def counted(whole: Times | Group) -> Iterator[Times]:
    """The counted parts of a goal."""
    if isinstance(whole, Times):
        yield whole
    else:
        for part in whole.parts:
            yield from counted(part)


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of one or more counted parts. Key: ``goal/<ordinal of the completion>``.

    For every matching event ``j`` in the order (instant, event name, id), a part starts at the latest event from which
    on it is complete at ``j``: `Times` at the ``at_least``-th most recent match up to and including ``j``, an `all`
    group at the earliest of its parts' starts, an `any` group at the latest. A start is void unless its instant lies in
    ``(instant of j - seconds, instant of j]``. Completions are then taken greedily: each is the first ``j`` whose start
    lies after the previous completion. Events before the campaign's first day do not count.
    """

    whole: Times | Group
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class SequenceOf:
    """Steps in order, all within ``seconds`` of the first. Key: ``sequence/<id of the last step that is an event>``.

    It happens at that last event, or when the time of an absence that ends it has passed. Of several chains that end in
    one event the one whose earlier steps are latest (the last of them first) gives the context.
    """

    steps: tuple[Step, ...]
    seconds: int | None
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Crossing:
    """Entering (or leaving) an audience between two evaluations. Key: ``entering/<audience>/<T in UTC>``.

    Attributes:
        entering: False for leaving.
    """

    audience: str
    predicate: Predicate
    entering: bool
    span: Span


Trigger = Anniversary | Holiday | Schedule | On | EveryNth | Goal | SequenceOf | Crossing


@dataclass(frozen=True, slots=True)
class Limit:
    count: int
    every: int
    unit: str


@dataclass(frozen=True, slots=True)
class Budget:
    """``unit``: points, offers, codes or messages."""

    unit: str
    amount: int
    approved_by: str | None


# --------------------------------------------------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True)
class Condition:
    """When an outcome applies: in this segment, in this arm of the test, or where a predicate holds."""

    says: str
    segment: str | None
    predicate: Predicate | None
    arm: str | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """What every outcome may have.

    Attributes:
        alias: keeps two outcomes of one kind apart.
        choice: outcomes with one number are lines of one `first of`: of these the first whose condition holds is given.
        delay_seconds: how long after the occurrence it happens.
    """

    span: Span
    condition: Condition | None = None
    alias: str | None = None
    choice: int | None = None
    delay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """Points. A negative or missing amount gives nothing; more than ``at_most`` gives that."""

    amount: Value
    account: str
    account_title: str
    source: str
    at_most: int | None
    expires_after_seconds: int | None
    tail: Tail


@dataclass(frozen=True, slots=True)
class Issue:
    offer: str
    terms: Offer
    expires_after_seconds: int | None
    tail: Tail


@dataclass(frozen=True, slots=True)
class IssueCode:
    """A promo code: one of a pool of single-use codes, each claimed once; or the one code everybody gets."""

    pool: str
    single_use: bool
    expires_after_seconds: int | None
    tail: Tail


@dataclass(frozen=True, slots=True)
class IssueReward:
    """A reward of the reward store, without its price."""

    reward: str
    title: str
    expires_after_seconds: int | None
    tail: Tail


@dataclass(frozen=True, slots=True)
class TagFor:
    """``ttl_seconds`` None: for good."""

    tag: str
    ttl_seconds: int | None
    tail: Tail


@dataclass(frozen=True, slots=True)
class Untag:
    tag: str
    tail: Tail


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """A new value of a customer attribute, a tier included."""

    attribute: Attribute
    value: Value
    tail: Tail


@dataclass(frozen=True, slots=True)
class Subscribe:
    """In or out of a conversation."""

    conversation: str
    subscribed: bool
    tail: Tail


@dataclass(frozen=True, slots=True)
class RecordEvent:
    event: str
    properties: tuple[tuple[str, Value], ...]
    tail: Tail


@dataclass(frozen=True, slots=True)
class Send:
    message: str
    tail: Tail


Outcome = Award | Issue | IssueCode | IssueReward | TagFor | Untag | SetAttribute | Subscribe | RecordEvent | Send

# --------------------------------------------------------------------------------------------------------- messages


@dataclass(frozen=True, slots=True)
class MessageProperty:
    """``source`` None for a constant; ``fallback`` is the constant, or what stands in for a missing value."""

    name: str
    source: str | None
    fallback: str | int | Decimal | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a content.

    Attributes:
        template: Jinja2 text; of MJML the HTML it was made into.
        html: whether values are escaped for HTML.
        path: the file it came from.
    """

    name: str
    template: str
    html: bool
    path: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says in a segment, a language, an arm; None: in all of them.

    Attributes:
        provider_template: id of content that the provider holds, instead of ``parts``.
    """

    segment: str | None
    language: str | None
    arm: str | None
    parts: tuple[Part, ...]
    provider_template: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Conversation:
    """The customer space a message belongs to: who it is from, and what a customer subscribes to."""

    name: str
    title: str
    channel: str
    sender: str | None
    reply_to: str | None
    dkim_domain: str | None
    dkim_selector: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        type: email, sms, push, inbox, feed, in_app or external.
        display: graphic or video, for in_app.
        purpose: marketing, or transactional, which needs no consent.
        visible_seconds: how long an activity feed message is there.
        seeds: addresses that get a copy, marked and outside of results.
        variant, variant_name: None where the provider needs none.
        suppression: lists applied to it, the conversation's included.
    """

    name: str
    type: str
    display: str | None
    purpose: str
    provider: str | None
    provider_settings: ProviderSettings | None
    variant_name: str | None
    variant: Variant | None
    channel_name: str
    channel: Channel
    conversation: Conversation | None
    address: Attribute | None
    consent: Attribute | None
    subscription: Predicate | None
    settings: tuple[tuple[str, str], ...]
    setting_spans: tuple[Span, ...]
    properties: tuple[MessageProperty, ...]
    contents: tuple[Content, ...]
    quiet: tuple[str, str] | None
    expires_after_seconds: int | None
    visible_seconds: int | None
    seeds: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that has passed the checks.

    Attributes:
        languages: the first is the fall-back; empty when messages have one language.
        language: attribute with the customer's language.
        data: the campaign's own keys and values, for content.
        context: customer attributes frozen with each decision, because messages and outcomes use them.
        event_context: properties of the triggering event that are frozen likewise.
        workspace_holdout: the share that no campaign of the workspace gives anything.
    """

    name: str
    formerly: tuple[str, ...]
    title: str
    kind: str
    owner: str | None
    priority: int
    runs_from: date | None
    runs_until: date | None
    review: date | None
    zone: ZoneRule
    leap_day: str
    catch_up_days: int
    audience: Predicate
    audience_span: Span
    excludes: tuple[Exclusion, ...]
    suppression: tuple[SuppressionList, ...]
    segments: tuple[Segment, ...]
    arms: tuple[Arm, ...]
    languages: tuple[str, ...]
    language: Attribute | None
    holdout_percent: Decimal | None
    triggers: tuple[Trigger, ...]
    limits: tuple[Limit, ...]
    budgets: tuple[Budget, ...]
    outcomes: tuple[Outcome, ...]
    messages: tuple[Message, ...]
    data: tuple[tuple[str, str], ...]
    context: tuple[Attribute, ...]
    event_context: tuple[Property, ...]
    span: Span
    workspace_holdout: Decimal | None = None
    holdout_span: Span | None = None

    @property
    def first_name(self) -> str:
        """The name it began with: what it gave and who it drew stay the same when it is renamed."""
        return self.formerly[0] if self.formerly else self.name


WORKSPACE_HOLDOUT = "holdout/*"
"""Salt of the workspace's holdout; no campaign is called `*`."""
