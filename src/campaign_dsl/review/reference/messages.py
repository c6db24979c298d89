"""What a message says to one customer: which content, with which values, rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.delivery import Delivery, delivered
from campaign_dsl.review.reference.eligibility import Candidate, normal
from campaign_dsl.review.reference.outcomes import Effect
from campaign_dsl.review.reference.scope import Scope


@dataclass(frozen=True)
class Draft:
    """One part of a message to one customer, before it is text.

    Attributes:
        quoted: what it may say, as mappings inside mappings; missing values are None.
    """

    message: ir.Message
    part: ir.Part
    quoted: Mapping[str, Any]
    language: str | None
    zone: str


Render = Callable[[Draft], str | None]
"""Makes text of a draft; None when that cannot be done with these values."""


@dataclass(frozen=True)
class Message:
    """One message to one customer, or the copy of it for somebody on a seed list.

    Attributes:
        address: as suppression lists are matched, and as mail is sent to it.
        parts: the rendered text of each part; empty when the provider holds the content.
        properties: as JSON has them: days and instants are text.
        visible_until: of the activity feed.
        seed: the address of whoever gets the copy; None for the message itself.
    """

    name: str
    channel: str
    effect: Effect
    address: str | None
    delivery: Delivery
    content: ir.Content | None
    parts: Mapping[str, str]
    properties: Mapping[str, Any]
    visible_until: datetime | None = None
    seed: str | None = None


@dataclass(frozen=True)
class Press:
    """What messages are made with.

    Attributes:
        render: None leaves the parts out.
        links: addresses made at the time of sending, such as `unsubscribe`.
    """

    catalog: Catalog
    render: Render | None = None
    links: Mapping[str, str] = field(default_factory=dict)


def messages(
    campaign: ir.Campaign, candidate: Candidate, given: Sequence[Effect], scope: Scope, press: Press
) -> list[Message]:
    """The messages of one decision."""
    found = []
    for effect in given:
        outcome = campaign.outcomes[effect.number]
        if isinstance(outcome, ir.Send):
            named = next(each for each in campaign.messages if each.name == outcome.message)
            found.append(_message(named, effect, campaign, candidate, given, scope, press))
    return found


def _message(
    message: ir.Message,
    effect: Effect,
    campaign: ir.Campaign,
    candidate: Candidate,
    given: Sequence[Effect],
    scope: Scope,
    press: Press,
) -> Message:
    known = scope.value(message.address) if message.address is not None else None
    address = None if known is None else normal(known)
    delivery = delivered(campaign, message, effect, candidate.zone, scope.as_of, address)
    content = content_for(message, candidate.segment, candidate.language, candidate.arm)
    quoted = context(campaign, candidate, given, scope, press)
    parts: dict[str, str] = {}
    for part in content.parts if content is not None and press.render is not None else ():
        assert press.render is not None
        text = press.render(Draft(message, part, quoted, candidate.language, candidate.zone))
        if text is None:
            delivery = replace(delivery, dropped=delivery.dropped or "content")
        else:
            parts[part.name] = text
    life = message.visible_seconds
    return Message(
        name=message.name,
        channel=message.channel_name,
        effect=effect,
        address=address,
        delivery=delivery,
        content=content,
        parts=parts,
        properties={each.name: _property(each, quoted) for each in message.properties},
        visible_until=None if life is None else delivery.at + timedelta(seconds=life),
    )


def content_for(message: ir.Message, segment: str | None, language: str | None, arm: str | None) -> ir.Content | None:
    """The most specific content that fits."""
    fitting = [
        each
        for each in message.contents
        if each.segment in (None, segment) and each.language in (None, language) and each.arm in (None, arm)
    ]
    return max(fitting, key=_specific, default=None)


def _specific(content: ir.Content) -> int:
    return sum(one is not None for one in (content.segment, content.language, content.arm))


def copies(campaign: ir.Campaign, sent: Sequence[Message]) -> list[Message]:
    """For everybody on a seed list one copy of each content that was used, as the first customer gets it."""
    found = []
    for message in campaign.messages:
        first: dict[ir.Content | None, Message] = {}
        for each in sent:
            if each.name == message.name:
                first.setdefault(each.content, each)
        found += [replace(each, address=seed, seed=seed) for each in first.values() for seed in message.seeds]
    return found


# ------------------------------------------------------------------------------------------------ what may be quoted

_TERMS = ("description", "terms_and_conditions", "logo", "pos_discount_id")
"""What the catalog may say about an offer beside its title."""


def context(
    campaign: ir.Campaign, candidate: Candidate, given: Sequence[Effect], scope: Scope, press: Press
) -> dict[str, Any]:
    """Everything that content may say, by name."""
    rows: Mapping[str, Mapping[str, Any]] = candidate.occurrence.rows
    quoted: dict[str, Any] = {
        "customer": dict.fromkeys(press.catalog.customers.attributes) | dict(candidate.customer),
        "event": {},
        "goal": dict.fromkeys(("step", "target", "completed")) | dict(rows.get("goal", {})),
        "outcome": {
            "points": dict.fromkeys(("amount", "account", "expires_at")),
            "code": dict.fromkeys(("code", "pool", "expires_at")),
        },
        "offer": dict.fromkeys(("id", "title", "user_offer_id", *_TERMS, "expires_at")),
        "reward": dict.fromkeys(("id", "title", "expires_at")),
        "campaign": {
            "id": campaign.name,
            "name": campaign.name,
            "title": campaign.title,
            "runtime": scope.as_of,
            "data": dict(campaign.data),
        },
        "occurrence": {"key": candidate.occurrence.key, "date": candidate.occurrence.day},
        "wallet": _wallet(scope, press.catalog),
        "segment": candidate.segment,
        "variant": candidate.arm,
        "language": candidate.language,
        "links": dict(press.links),
    }
    inside = scope.naming(**rows)
    for each in campaign.event_context:
        alias = each.alias or "event"
        quoted.setdefault(alias, {})[each.name] = inside.value(replace(each, alias=alias))
    for effect in reversed(given):  # of several of a kind the first is meant
        _quote(quoted, campaign.outcomes[effect.number], effect, press.catalog)
    return quoted


def _quote(quoted: dict[str, Any], outcome: ir.Outcome, effect: Effect, catalog: Catalog) -> None:
    match outcome:
        case ir.Award():
            award = {"amount": effect.amount, "account": outcome.account_title, "expires_at": effect.expires_at}
            quoted["outcome"]["points"] = award
        case ir.Issue(offer, terms):
            quoted["offer"] = {
                "id": offer,
                "title": terms.title,
                "user_offer_id": user_offer_id(effect),
                **{name: getattr(terms, name) for name in _TERMS},
                "expires_at": effect.expires_at,
            }
        case ir.IssueCode(pool, single_use):
            code = _stand_in(pool, catalog) if single_use else pool
            quoted["outcome"]["code"] = {"code": code, "pool": pool, "expires_at": effect.expires_at}
        case ir.IssueReward(reward, title):
            quoted["reward"] = {"id": reward, "title": title, "expires_at": effect.expires_at}


def user_offer_id(effect: Effect) -> str:
    """The offer in her wallet: a hash of the idempotency key, the same for ever."""
    campaign, outcome, customer, occurrence = effect.key
    key = f"user offer {campaign} {outcome} {len(customer)} {customer} {occurrence}"
    return sha256(key.encode()).hexdigest()[:32]


def _stand_in(pool: str, catalog: Catalog) -> str:
    """A code of a pool, as it looks. Which one it is nobody knows before it is claimed."""
    known = catalog.code_pools.get(pool)
    return pool if known is None else known.prefix + "X" * known.length


def _wallet(scope: Scope, catalog: Catalog) -> dict[str, Any]:
    """Balances, and the offers that can be used at T."""
    facets = catalog.profile
    points = dict.fromkeys(catalog.point_accounts, 0)
    if facets.points is not None:
        for row in scope.world.owned(facets.points.table, facets.points.customer, scope.key):
            account, balance = row.get(facets.points.account), row.get(facets.points.balance)
            if account in points and balance is not None:
                points[account] = balance
    offers: list[dict[str, Any]] = []
    if facets.wallet is not None:
        for row in scope.world.owned(facets.wallet.table, facets.wallet.customer, scope.key):
            ends, name = row.get(facets.wallet.expires_at), row.get(facets.wallet.offer)
            if row.get(facets.wallet.state) == "issued" and (ends is None or ends > scope.as_of):
                offers.append(_in_wallet(row, name, ends, catalog))
    return {"points": points, "available_points": sum(points.values()), "offers": offers}


def _in_wallet(row: Mapping[str, Any], name: Any, ends: datetime | None, catalog: Catalog) -> dict[str, Any]:
    facet, terms = catalog.profile.wallet, catalog.offers.get(name)
    assert facet is not None
    return {
        "id": name,
        "title": terms.title if terms else name,
        "user_offer_id": row.get(facet.id) if facet.id is not None else None,
        **{each: getattr(terms, each, None) for each in _TERMS},
        "issued_at": row.get(facet.issued_at),
        "expires_at": ends,
    }


def _property(each: ir.MessageProperty, quoted: Mapping[str, Any]) -> Any:
    """A constant, or what its source says; what stands in for it when that is missing."""
    if each.source is None:
        return each.fallback
    found: Any = quoted
    for name in each.source.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return each.fallback if found is None else _as_json(found)


def _as_json(value: Any) -> Any:
    match value:
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case list():
            return [_as_json(one) for one in value]
    return value
