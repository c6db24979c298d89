"""The world after an evaluation: what was given is there, so that the next one sees it.

Each effect becomes what a system of record would hold from its instant on; what is told to wait is there later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.evaluate import Result
from campaign_dsl.review.reference.messages import Message, user_offer_id
from campaign_dsl.review.reference.outcomes import Effect
from campaign_dsl.review.reference.world import Decided, Row, World, id_of


@dataclass(frozen=True)
class Pending:
    """Something that is there from an instant on: an outcome's effect, a message that leaves, or a decision.

    Attributes:
        campaign: its present name.
    """

    at: datetime
    campaign: str
    what: tuple[ir.Outcome, Effect] | Message | Decided


def after(world: World, result: Result, campaigns: Sequence[ir.Campaign], as_of: datetime) -> World:
    """The world with what an evaluation at ``as_of`` decided. What it gave is pending: `at` puts it into the tables."""
    by_name = {each.name: each for each in campaigns}
    members, spent = dict(world.members_before), {name: dict(units) for name, units in world.spent.items()}
    decided, pending = list(world.decided), list(world.pending)
    for each in result.campaigns:
        outcomes = by_name[each.campaign].outcomes
        members |= each.members
        decided += each.decided
        pending += [Pending(as_of, each.campaign, one) for one in each.decided]
        pending += [Pending(one.at, each.campaign, (outcomes[one.number], one)) for one in each.effects]
        leaving = (one for one in each.messages if one.delivery.dropped is None)
        pending += [Pending(one.delivery.at, each.campaign, one) for one in leaving]
        for name in {one.campaign for one in each.decided}:
            used = spent.setdefault(name, {})
            for unit, amount in each.spent.items():
                used[unit] = used.get(unit, 0) + amount
    return replace(
        world, members_before=members, decided=tuple(decided), spent=spent, pending=tuple(pending), memory={}
    )


def at(world: World, catalog: Catalog, as_of: datetime) -> World:
    """The world at an instant: with everything in its tables that is there by then."""
    books = _Books(world, catalog)
    due = sorted((each for each in world.pending if each.at <= as_of), key=lambda each: each.at)
    for each in due:
        books.write(each)
    later = tuple(each for each in world.pending if each.at > as_of)
    return replace(world, customers=books.customers, rows=books.rows, pending=later, memory={})


@dataclass
class _Books:
    """Copies of the tables, to be written in."""

    world: World
    catalog: Catalog
    customers: list[dict[str, Any]] = field(init=False)
    rows: dict[str, list[Row]] = field(init=False)

    def __post_init__(self) -> None:
        self.customers = [dict(each) for each in self.world.customers]
        self.rows = {name: list(rows) for name, rows in self.world.rows.items()}

    def write(self, each: Pending) -> None:
        """Put it into the tables."""
        match each.what:
            case Decided():
                self._decision(each.what, each)
            case Message():
                self._message(each.what, each)
            case (outcome, effect):
                self._effect(outcome, effect)

    def _effect(self, outcome: ir.Outcome, effect: Effect) -> None:
        match outcome:
            case ir.Award(_, account):
                self._points(account, effect)
            case ir.Issue(offer):
                self._offer(offer, effect)
            case ir.TagFor(tag):
                self._tag(tag, effect)
            case ir.Untag(tag):
                facet = self.catalog.profile.tags
                if facet is not None:
                    self._drop(facet.table, {facet.customer: self._key(effect), facet.tag: tag})
            case ir.SetAttribute(attribute):
                for customer in self.customers:
                    if customer.get(self.world.key) == self._key(effect):
                        customer[attribute.name] = effect.value
            case ir.Subscribe(conversation, subscribed):
                self._subscription(conversation, subscribed, effect)
            case ir.RecordEvent(event):
                self._event(event, effect)

    def _decision(self, decided: Decided, each: Pending) -> None:
        facet = self.catalog.profile.decisions
        if facet is not None:
            key = f"{decided.campaign}/{decided.customer}/{decided.occurrence}"
            row = {facet.id: key, facet.customer: self._found(decided.customer)}
            self._add(facet.table, {**row, facet.occurred_at: each.at, facet.campaign: each.campaign})

    def _message(self, sent: Message, each: Pending) -> None:
        facet = self.catalog.profile.messages
        if facet is not None:
            row = {facet.id: "/".join(sent.effect.key), facet.customer: self._key(sent.effect)}
            row |= {facet.occurred_at: each.at, facet.action: "sent", facet.message: sent.name}
            self._add(facet.table, {**row, facet.campaign: each.campaign, facet.channel: sent.channel})

    # ---- facets

    def _points(self, account: str, effect: Effect) -> None:
        facet = self.catalog.profile.points
        if facet is not None:
            mine = {facet.customer: self._key(effect), facet.account: account}
            balance = sum(row.get(facet.balance) or 0 for row in self._drop(facet.table, mine))
            self._add(facet.table, {**mine, facet.balance: balance + (effect.amount or 0)})

    def _offer(self, offer: str, effect: Effect) -> None:
        facet = self.catalog.profile.wallet
        if facet is not None:
            row = {facet.customer: self._key(effect), facet.offer: offer, facet.state: "issued"}
            if facet.id is not None:
                row[facet.id] = user_offer_id(effect)
            self._add(facet.table, {**row, facet.issued_at: effect.at, facet.expires_at: effect.expires_at})

    def _tag(self, tag: str, effect: Effect) -> None:
        """Setting a tag again keeps the later end."""
        facet = self.catalog.profile.tags
        if facet is not None:
            mine = {facet.customer: self._key(effect), facet.tag: tag}
            ends = [row.get(facet.expires_at) for row in self._drop(facet.table, mine)] + [effect.expires_at]
            last = None if None in ends else max(end for end in ends if end is not None)
            self._add(facet.table, {**mine, facet.expires_at: last})

    def _subscription(self, conversation: str, subscribed: bool, effect: Effect) -> None:
        facet, changes = self.catalog.profile.subscriptions, self.catalog.profile.subscription_changes
        if facet is not None:
            mine = {facet.customer: self._key(effect), facet.conversation: conversation}
            self._drop(facet.table, mine)
            self._add(facet.table, {**mine, facet.subscribed: subscribed, facet.changed_at: effect.at})
        if changes is not None:
            row = {changes.id: "/".join(effect.key), changes.customer: self._key(effect)}
            row |= {changes.occurred_at: effect.at, changes.conversation: conversation}
            self._add(changes.table, {**row, changes.subscribed: subscribed})

    def _event(self, event: str, effect: Effect) -> None:
        known = self.catalog.events[event]
        row = {known.id: "/".join(effect.key), known.customer: self._key(effect), known.occurred_at: effect.at}
        if known.kind is not None:
            row[known.kind.column] = known.kind.equals
        if known.received_at is not None:
            row[known.received_at] = effect.at
        for name, value in effect.properties.items():
            row[known.properties[name].column or name] = value
        self._add(known.table, row)

    # ---- rows

    def _key(self, effect: Effect) -> Any:
        return self._found(effect.customer)

    def _found(self, customer: str) -> Any:
        """The customer's key, as tables have it."""
        return next(each[self.world.key] for each in self.world.customers if id_of(each, self.world) == customer)

    def _add(self, table: str, row: Mapping[str, Any]) -> None:
        self.rows.setdefault(table, []).append(row)

    def _drop(self, table: str, mine: Mapping[str, Any]) -> list[Row]:
        """Take out the rows that have these values."""
        gone: list[Row] = []
        kept: list[Row] = []
        for row in self.rows.get(table, []):
            (gone if all(row.get(name) == value for name, value in mine.items()) else kept).append(row)
        self.rows[table] = kept
        return gone
