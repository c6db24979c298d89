"""The facets of a customer's profile: tables of which the language knows what their rows mean.

Each facet names a table and its columns; the columns have names that fit when a table follows them.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from campaign_dsl.language.catalog.entry import Column, Entry, Table
from campaign_dsl.language.catalog.types import BOOLEAN, INTEGER, TEXT, TIMESTAMP, Type


class Facet(Entry):
    """A table with rows of a customer.

    Attributes:
        TYPES: of the columns that conditions read, by the name of the key.
    """

    TYPES: ClassVar[dict[str, Type]] = {}

    table: Table
    customer: Column = Field("customer_id", description="column that points to the customer's key")

    def typed(self, key: str) -> tuple[str, Type]:
        """The column that ``key`` names, and the type of what is in it."""
        return getattr(self, key), self.TYPES[key]


class FacetEvents(Facet):
    """A table with things that happened to a customer."""

    id: Column = Field("event_id", description="column of the row's id; duplicates count once")
    occurred_at: Column = Field("occurred_at", description="column of the instant it happened")
    received_at: Column | None = Field(None, description="column of the instant it arrived")


class TagRows(Facet):
    """Tags on profiles: one row for each."""

    TYPES: ClassVar[dict[str, Type]] = {"tag": TEXT.maybe(), "expires_at": TIMESTAMP.maybe()}

    tag: Column = Field("tag", description="column of the tag's name")
    expires_at: Column = Field("expires_at", description="column of the instant from which it is gone; empty: never")


class PointRows(Facet):
    """Balances: one row for each customer and account."""

    TYPES: ClassVar[dict[str, Type]] = {"account": TEXT.maybe(), "balance": INTEGER.maybe()}

    account: Column = Field("account", description="column of the account's name")
    balance: Column = Field("balance", description="column of the points in it")


class WalletRows(Facet):
    """Offers in wallets: one row for each that was given. States are issued, redeemed, expired and revoked."""

    TYPES: ClassVar[dict[str, Type]] = {
        "offer": TEXT.maybe(),
        "state": TEXT.maybe(),
        "issued_at": TIMESTAMP.maybe(),
        "redeemed_at": TIMESTAMP.maybe(),
        "expires_at": TIMESTAMP.maybe(),
    }

    id: Column | None = Field(None, description="column of the row's id; duplicates count once")
    offer: Column = Field("offer", description="column of the offer's name")
    state: Column = Field("state", description="column of the state: issued, redeemed, expired or revoked")
    issued_at: Column = Field("issued_at", description="column of the instant it was given")
    redeemed_at: Column = Field("redeemed_at", description="column of the instant it was used")
    expires_at: Column = Field("expires_at", description="column of the instant from which it is gone; empty: never")


class SubscriptionRows(Facet):
    """Who is in which conversation: one row for each customer and conversation that was ever decided."""

    TYPES: ClassVar[dict[str, Type]] = {
        "conversation": TEXT.maybe(),
        "subscribed": BOOLEAN.maybe(),
        "changed_at": TIMESTAMP.maybe(),
    }

    conversation: Column = Field("conversation", description="column of the conversation's name")
    subscribed: Column = Field("subscribed", description="boolean column: in or out")
    changed_at: Column = Field("changed_at", description="column of the instant she decided so")


class SubscriptionChanges(FacetEvents):
    """Decisions to be in a conversation or out of it, as they happened."""

    TYPES: ClassVar[dict[str, Type]] = {"conversation": TEXT.maybe(), "subscribed": BOOLEAN.maybe()}

    conversation: Column = Field("conversation", description="column of the conversation's name")
    subscribed: Column = Field("subscribed", description="boolean column: in or out")


class MessageRows(FacetEvents):
    """What became of messages: a row for each that was sent, opened, clicked, or complained about."""

    TYPES: ClassVar[dict[str, Type]] = {
        "action": TEXT.maybe(),
        "message": TEXT.maybe(),
        "campaign": TEXT.maybe(),
        "channel": TEXT.maybe(),
    }

    action: Column = Field("action", description="column of what happened: sent, opened or clicked; others are ignored")
    message: Column = Field("message", description="column of the message's name")
    campaign: Column = Field("campaign", description="column of the campaign's name")
    channel: Column = Field("channel", description="column of the channel's name")


class DecisionRows(FacetEvents):
    """Campaigns that were decided for customers."""

    TYPES: ClassVar[dict[str, Type]] = {"campaign": TEXT.maybe()}

    campaign: Column = Field("campaign", description="column of the campaign's name")


class CodeEntries(FacetEvents):
    """Promo codes that customers entered."""

    TYPES: ClassVar[dict[str, Type]] = {"code": TEXT.maybe(), "pool": TEXT.maybe()}

    code: Column = Field("code", description="column of the code")
    pool: Column = Field("pool", description="column of the pool a single-use code is from; empty: everybody's code")


class Profile(Entry):
    """Which facets of a profile there are."""

    tags: TagRows | None = None
    points: PointRows | None = None
    wallet: WalletRows | None = None
    subscriptions: SubscriptionRows | None = None
    subscription_changes: SubscriptionChanges | None = None
    messages: MessageRows | None = None
    decisions: DecisionRows | None = None
    code_entries: CodeEntries | None = None

    @property
    def facets(self) -> dict[str, Facet]:
        """The facets that are there, by name."""
        found = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: facet for name, facet in found.items() if facet is not None}
