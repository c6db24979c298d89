"""The customer's profile: tags, points, offers, subscriptions, messages, campaigns.

All of it is said in the words of rows and their filters, so whoever executes the typed campaign needs nothing new.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.profile import WalletRows
from campaign_dsl.language.catalog.types import BOOLEAN, INTEGER, TEXT, TIMESTAMP
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.events import how_often
from campaign_dsl.language.semantics.expressions.windows import window
from campaign_dsl.language.syntax import tree as t

ISSUED = "issued"
ACTIONS = {"was sent": "sent", "opened": "opened", "clicked": "clicked"}
_Facet = TypeVar("_Facet", bound=model.Facet)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a facet, and the words to filter them by."""

    facet: model.Facet
    source: ir.EventSource

    def property(self, key: str) -> ir.Property:
        column, type_ = self.facet.typed(key)
        return ir.Property(key, column, type_)

    def equal(self, key: str, text: str) -> ir.Predicate:
        return ir.Compare("=", self.property(key), ir.Constant(text, TEXT))

    def current(self, key: str) -> ir.Predicate:
        """Not over yet: there is no end, or it lies ahead."""
        end = self.property(key)
        return ir.AnyOf((ir.Negate(ir.IsKnown(end)), ir.Compare(">", end, ir.Now(TIMESTAMP))))


def _facet(facet: _Facet | None, name: str, span: Span, at: Checker) -> _Facet | None:
    """The facet; reports it when the profile has none."""
    if facet is None:
        at.problems.add(
            "NAM017",
            f"the catalog does not say where {_HOLDS[name]} are",
            span,
            help=f"add `{name}: {{table: ...}}` to `profile` in catalog.yaml",
        )
    return facet


_HOLDS = {
    "tags": "the tags of customers",
    "points": "the points of customers",
    "wallet": "the offers of customers",
    "subscriptions": "the subscriptions of customers",
    "messages": "the messages to customers",
    "decisions": "the decisions for customers",
}


def _state(facet: model.Facet, name: str, id_column: str | None = None, since: str | None = None) -> _Rows:
    """Rows as they are at T; or, with the column of an instant, as something that happened then."""
    return _Rows(facet, ir.EventSource(name, facet.table, None, None, id_column, facet.customer, since, None))


def _events(facet: model.FacetEvents, name: str) -> _Rows:
    source = ir.EventSource(
        name, facet.table, None, None, facet.id, facet.customer, facet.occurred_at, facet.received_at
    )
    return _Rows(facet, source)


def _there(name: t.Name, known: Collection[str], code: str, what: str, at: Checker) -> bool:
    """Whether the catalog has an entry; reports it when it has none."""
    if name.text in known:
        return True
    help = did_you_mean(name.text, known, f"known {what}s") or "declare it in catalog.yaml"
    at.problems.add(code, f"unknown {what} `{name.text}`", name.span, help=help)
    return False


# ------------------------------------------------------------------------------------------------------ as it is now


def has_tags(node: t.HasTags, at: Checker) -> ir.Predicate | None:
    """Tags that are on the profile and not over yet."""
    catalog = at.names.catalog
    if not at.about_customer(node.span, "`has tag`"):
        return None
    there = [_there(tag, catalog.tags, "NAM008", "tag", at) for tag in node.tags]
    facet = _facet(catalog.profile.tags, "tags", node.span, at)
    if facet is None or not all(there):
        return None
    rows = _state(facet, "tags")
    words = tuple(dict.fromkeys(tag.text for tag in node.tags))

    def having(which: ir.Predicate, at_most: int | None = None) -> ir.Predicate:
        where = ir.AllOf((which, rows.current("expires_at")))
        return ir.Did(rows.source, where, None, 0 if at_most == 0 else 1, at_most)

    if node.op in ("one", "every"):
        each = tuple(having(rows.equal("tag", word)) for word in words)
        return each[0] if len(each) == 1 else ir.AllOf(each)
    constants = tuple(ir.Constant(word, TEXT) for word in words)
    which = ir.InList(rows.property("tag"), constants, False)
    return having(which, 0 if node.op == "no" else None)


def points_in(node: t.PointsIn, at: Checker) -> ir.Value | None:
    """The balance of an account; 0 where there is no row, so it is never missing."""
    catalog = at.names.catalog
    if not at.about_customer(node.span, "`points in`"):
        return None
    there = _there(node.account, catalog.point_accounts, "NAM005", "point account", at)
    facet = _facet(catalog.profile.points, "points", node.span, at)
    if facet is None or not there:
        return None
    rows = _state(facet, "points")
    where = rows.equal("account", node.account.text)
    type_ = INTEGER.maybe()
    balance = ir.Aggregate("sum", rows.source, rows.property("balance"), where, None, type_)
    return ir.Choice(((ir.IsKnown(balance), balance),), ir.Constant(0, INTEGER), INTEGER)


def has_offer(node: t.HasOffer, at: Checker) -> ir.Predicate | None:
    """An offer in the wallet, neither used nor over."""
    found = _wallet(node.offer, node.span, "`has offer`", at)
    if found is None:
        return None
    rows = _state(found, "wallet", found.id)
    tests = (rows.equal("offer", node.offer.text), rows.equal("state", ISSUED), rows.current("expires_at"))
    return ir.Did(rows.source, ir.AllOf(tests), None, 1, None)


def offer_happened(node: t.OfferHappened, at: Checker) -> ir.Predicate | None:
    """`redeemed offer half_price in last 30 days`."""
    when = window(node.window, at)
    found = _wallet(node.offer, node.span, f"`{node.verb} offer`", at)
    if found is None or when is None:
        return None
    column, _ = found.typed("redeemed_at" if node.verb == "redeemed" else "issued_at")
    rows = _state(found, "wallet", found.id, column)
    return ir.Did(rows.source, rows.equal("offer", node.offer.text), when, 1, None)


def _wallet(offer: t.Name, span: Span, what: str, at: Checker) -> WalletRows | None:
    catalog = at.names.catalog
    if not at.about_customer(span, what):
        return None
    there = _there(offer, catalog.offers, "NAM007", "offer", at)
    facet = _facet(catalog.profile.wallet, "wallet", span, at)
    return facet if there else None


def subscribed(node: t.Subscribed, at: Checker) -> ir.Predicate | None:
    """Who said that they want to be in a conversation, or that they do not."""
    catalog = at.names.catalog
    what = "`subscribed to`" if node.subscribed else "`unsubscribed from`"
    if not at.about_customer(node.span, what):
        return None
    there = _there(node.conversation, catalog.conversations, "NAM021", "conversation", at)
    facet = _facet(catalog.profile.subscriptions, "subscriptions", node.span, at)
    if facet is None or not there:
        return None
    rows = _state(facet, "subscriptions")
    said = ir.Compare("=", rows.property("subscribed"), ir.Constant(node.subscribed, BOOLEAN))
    where = ir.AllOf((rows.equal("conversation", node.conversation.text), said))
    return ir.Did(rows.source, where, None, 1, None)


# ------------------------------------------------------------------------------------------------------- what happened


def message_happened(node: t.MessageHappened, at: Checker) -> ir.Predicate | None:
    """`opened message birthday_note of campaign birthday_gift in last 7 days`."""
    catalog = at.names.catalog
    if not at.about_customer(node.span, f"`{node.verb} message`"):
        return None
    there = node.channel is None or _there(node.channel, catalog.channels, "NAM011", "channel", at)
    there = _campaign(node.campaign, at) and there
    when, often = window(node.window, at), how_often(node.quantity, at)
    facet = _facet(catalog.profile.messages, "messages", node.span, at)
    if facet is None or when is None or often is None or not there:
        return None
    rows = _events(facet, "messages")
    tests = [rows.equal("action", ACTIONS[node.verb])]
    for key, name in (("message", node.message), ("campaign", node.campaign), ("channel", node.channel)):
        if name is not None:
            tests.append(rows.equal(key, name.text))
    return ir.Did(rows.source, tests[0] if len(tests) == 1 else ir.AllOf(tuple(tests)), when, *often)


def received_campaign(node: t.ReceivedCampaign, at: Checker) -> ir.Predicate | None:
    """`received campaign birthday_gift in last 365 days`."""
    if not at.about_customer(node.span, "`received campaign`"):
        return None
    there = _campaign(node.campaign, at)
    when, often = window(node.window, at), how_often(node.quantity, at)
    facet = _facet(at.names.catalog.profile.decisions, "decisions", node.span, at)
    if facet is None or when is None or often is None or not there:
        return None
    rows = _events(facet, "decisions")
    return ir.Did(rows.source, rows.equal("campaign", node.campaign.text), when, *often)


def _campaign(name: t.Name | None, at: Checker) -> bool:
    """Whether a campaign is one of the workspace, as far as these are known."""
    known = at.names.campaigns
    if name is None or known is None or name.text in known:
        return True
    at.problems.add(
        "NAM022",
        f"unknown campaign `{name.text}`",
        name.span,
        help=did_you_mean(name.text, known, "campaigns of the workspace")
        or "name a campaign of the workspace; of one that is gone, list the name under `retired` in workspace.yaml",
    )
    return False
