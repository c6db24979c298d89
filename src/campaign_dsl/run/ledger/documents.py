"""Message documents: for each message step, one SQL expression that writes the document from the ledger's rows.

The document is the messaging variant of the interface contract, with two more keys: ``properties``, the author's own
values; and ``selection``, by which content is chosen, which stays in the house.
"""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.outcomes.message import MessageStep, Property
from campaign_dsl.run.ledger.instants import rfc3339
from campaign_dsl.run.ledger.stores.json_words import JsonWords

_QUOTED = {
    "outcome.points.amount": "points_amount",
    "outcome.points.account": "points_account",
    "outcome.points.expires_at": "points_expires_at",
    "offer.id": "offer_id",
    "offer.title": "offer_title",
    "offer.user_offer_id": "user_offer_id",
    "offer.description": "offer_description",
    "offer.terms_and_conditions": "offer_terms_and_conditions",
    "offer.logo": "offer_logo",
    "offer.pos_discount_id": "offer_pos_discount_id",
    "offer.expires_at": "offer_expires_at",
    "occurrence.key": "occurrence",
    "occurrence.date": "occurrence_day",
    "segment": "segment",
    "variant": "arm",
    "language": "language",
}
"""Where a property's source stands in the view `quoted` (outbox.sql)."""


def written_view(words: JsonWords, plan: Plan, step: MessageStep, as_of: datetime) -> str:
    """The view `written`: ``effect_id`` and ``document`` for every row of `quoted`, for this step."""
    document = _document(words, plan, step, as_of)
    select = exp.select(exp.column("effect_id"), exp.alias_(document, "document")).from_("quoted")
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    view = exp.Create(this=exp.to_table("written"), kind="VIEW", expression=select, properties=temporary)
    return view.sql(words.dialect)


def _document(words: JsonWords, plan: Plan, step: MessageStep, as_of: datetime) -> exp.Expression:
    identifier = "email" if step.identifier == "email" else "external_user_id"
    fixed: dict[str, exp.Expression] = {
        "canvas_id": words.constant(step.settings.get("braze_canvas_id")),
        "campaign_id": words.constant(step.settings.get("braze_campaign_id")),
        "broadcast": words.constant(False),
        "customer_identifier": words.object({identifier: words.column("identifier")}, whole=True),
        "email": words.column("email"),
    }
    groups: dict[str, exp.Expression] = {}
    for group in step.include:
        match group:
            case "offer":
                groups["offer"] = _if_known("user_offer_id", _of_columns(words, _OFFER))
            case "point_award":
                groups["point_award"] = _if_known("points_amount", _of_columns(words, _POINT_AWARD))
            case "event_trigger":
                groups["event_trigger"] = _of_columns(words, {"occurrence": "occurrence", "date": "occurrence_day"})
            case "campaign":
                groups["campaign"] = words.object(
                    {
                        "campaign_runtime": words.constant(rfc3339(as_of)),
                        "campaign_id": words.constant(plan.campaign),
                        "campaign_name": words.constant(plan.title),
                    }
                )
    groups["properties"] = words.object({item.name: _property(words, plan, item, as_of) for item in step.properties})
    groups["selection"] = _of_columns(words, {name: name for name in ("segment", "arm", "language")})
    return words.document(fixed, groups)


_OFFER = {
    "offer_id": "offer_id",
    "offer_title": "offer_title",
    "user_offer_id": "user_offer_id",
    "description": "offer_description",
    "terms_and_conditions": "offer_terms_and_conditions",
    "logo": "offer_logo",
    "pos_discount_id": "offer_pos_discount_id",
    "expiration_date": "offer_expires_at",
}
_POINT_AWARD = {"point_award_amount": "points_amount", "point_account_name": "points_account"}


def can_write(source: str | None) -> bool:
    """Whether a message can carry the value that a property takes from ``source``."""
    return source is None or not source.startswith(("outcome.code.", "reward.", "wallet."))


def _place(source: str) -> tuple[str, ...]:
    """Where a value stands in what was frozen with the decision: an attribute, or a property of an event or step.

    What follows is inside of a record.
    """
    parts = source.split(".")
    first, inside = (parts[1], parts[2:]) if parts[0] == "customer" else (".".join(parts[:2]), parts[2:])
    return (first, *inside)


def _property(words: JsonWords, plan: Plan, item: Property, as_of: datetime) -> exp.Expression:
    match item.source:
        case None:
            return words.constant(item.fallback)
        case "campaign.name" | "campaign.id":
            return words.constant(plan.campaign)
        case "campaign.runtime":
            return words.constant(rfc3339(as_of))
        case "campaign.title":
            return words.constant(plan.title)
        case str(source) if source.startswith("campaign.data."):
            return words.constant(plan.data[source.removeprefix("campaign.data.")])
        case str(source) if source not in _QUOTED:
            return words.inside("context", _place(source), item.fallback)
        case str(source):
            known = words.column(_QUOTED[source])
            return known if item.fallback is None else words.either(known, words.constant(item.fallback))


def _if_known(column: str, value: exp.Expression) -> exp.Expression:
    return exp.Case(ifs=[exp.If(this=exp.column(column).is_(exp.null()).not_(), true=value)])


def _of_columns(words: JsonWords, names: dict[str, str]) -> exp.Expression:
    return words.object({name: words.column(column) for name, column in names.items()})
