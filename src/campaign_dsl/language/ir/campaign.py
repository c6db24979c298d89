"""The typed campaign as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaign_dsl.language.catalog.model import Channel, Offer, ProviderSettings, Variant
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir.nodes import Attribute, Predicate


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """Whose clock local times mean: an attribute with a default, or one zone for everybody (``attribute`` None)."""

    attribute: Attribute | None
    default: str


@dataclass(frozen=True, slots=True)
class NamedAudience:
    """An audience that others can name."""

    name: str
    predicate: Predicate
    span: Span


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


@dataclass(frozen=True, slots=True)
class SuppressionList:
    name: str
    table: str
    address_column: str
    where: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Anniversary:
    """Every year on a date; ``days_before`` is negative for days after."""

    attribute: Attribute
    days_before: int
    at: str


@dataclass(frozen=True, slots=True)
class Limit:
    count: int
    every: int
    unit: str


@dataclass(frozen=True, slots=True)
class Budget:
    unit: str
    amount: int
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """When an outcome applies: in these segments, or where a predicate holds."""

    says: str
    segment: str | None
    predicate: Predicate | None


@dataclass(frozen=True, slots=True)
class Award:
    amount: int
    account: str
    account_title: str
    source: str
    expires_after_seconds: int | None
    alias: str | None
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Issue:
    offer: str
    terms: Offer
    expires_after_seconds: int | None
    alias: str | None
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class TagFor:
    tag: str
    ttl_seconds: int
    alias: str | None
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Send:
    message: str
    condition: Condition | None
    span: Span


Outcome = Award | Issue | TagFor | Send


@dataclass(frozen=True, slots=True)
class MessageProperty:
    """``source`` None for a constant; ``fallback`` is the constant, or what stands in for a missing value."""

    name: str
    source: str | None
    fallback: str | int | Decimal | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Message:
    name: str
    provider: str
    provider_settings: ProviderSettings
    variant_name: str
    variant: Variant
    channel: Channel
    address: Attribute | None
    consent: Attribute | None
    settings: tuple[tuple[str, str], ...]
    setting_spans: tuple[Span, ...]
    properties: tuple[MessageProperty, ...]
    quiet: tuple[str, str] | None
    expires_after_seconds: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that has passed the checks."""

    name: str
    formerly: tuple[str, ...]
    title: str
    kind: str
    owner: str | None
    priority: int
    runs_from: date | None
    runs_until: date | None
    zone: ZoneRule
    leap_day: str
    catch_up_days: int
    audience: Predicate
    audience_span: Span
    excludes: tuple[Exclusion, ...]
    suppression: tuple[SuppressionList, ...]
    segments: tuple[Segment, ...]
    holdout_percent: Decimal | None
    behavior: Anniversary
    behavior_span: Span
    limits: tuple[Limit, ...]
    budgets: tuple[Budget, ...]
    outcomes: tuple[Outcome, ...]
    messages: tuple[Message, ...]
    context: tuple[Attribute, ...]
    span: Span
