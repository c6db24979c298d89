"""Message documents: for each message step, one SQL expression that writes the document from the ledger's rows.

The document is the messaging variant of the interface contract, with two more keys: ``properties``, the author's own
values; and ``selection``, by which content is chosen, which stays in the house.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.outcomes.base import Scalar
from campaign_dsl.outcomes.message import MessageStep, Property
from campaign_dsl.run.ledger.instants import rfc3339

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


def written_view(plan: Plan, step: MessageStep, as_of: datetime) -> str:
    """The view `written`: ``effect_id`` and ``document`` for every row of `quoted`, for this step."""
    select = exp.select(exp.column("effect_id"), exp.alias_(_document(plan, step, as_of), "document")).from_("quoted")
    view = exp.Create(this=exp.to_table("temp.written"), kind="VIEW", expression=select)
    return view.sql("sqlite")


def _document(plan: Plan, step: MessageStep, as_of: datetime) -> exp.Expression:
    email = step.identifier == "email"
    identifier = {"email" if email else "external_user_id": exp.column("identifier")}
    fixed: dict[str, exp.Expression] = {
        "canvas_id": _constant(step.settings.get("braze_canvas_id")),
        "campaign_id": _constant(step.settings.get("braze_campaign_id")),
        "broadcast": _constant(False),
        "customer_identifier": _object(identifier),
        "email": exp.column("email"),
    }
    groups: dict[str, exp.Expression] = {}
    for group in step.include:
        match group:
            case "offer":
                groups["offer"] = _if_known("user_offer_id", _offer())
            case "point_award":
                groups["point_award"] = _if_known("points_amount", _point_award())
            case "event_trigger":
                groups["event_trigger"] = _object(
                    {"occurrence": exp.column("occurrence"), "date": exp.column("occurrence_day")}
                )
            case "campaign":
                groups["campaign"] = _object(
                    {
                        "campaign_runtime": _constant(rfc3339(as_of)),
                        "campaign_id": _constant(plan.campaign),
                        "campaign_name": _constant(plan.title),
                    }
                )
    groups["properties"] = _object({item.name: _property(plan, item, as_of) for item in step.properties})
    groups["selection"] = _object({name: exp.column(name) for name in ("segment", "arm", "language")})
    # A merge patch drops what is null in the patch, at every depth, and leaves the nulls of its target: the fixed keys
    # keep their null, optional ones are left out.
    return _call("JSON_PATCH", _object(fixed), _object(groups))


def _offer() -> exp.Expression:
    names = {
        "offer_id": "offer_id",
        "offer_title": "offer_title",
        "user_offer_id": "user_offer_id",
        "description": "offer_description",
        "terms_and_conditions": "offer_terms_and_conditions",
        "logo": "offer_logo",
        "pos_discount_id": "offer_pos_discount_id",
        "expiration_date": "offer_expires_at",
    }
    return _object({name: exp.column(column) for name, column in names.items()})


def _point_award() -> exp.Expression:
    return _object(
        {"point_award_amount": exp.column("points_amount"), "point_account_name": exp.column("points_account")}
    )


def can_write(source: str | None) -> bool:
    """Whether a message can carry the value that a property takes from ``source``."""
    return source is None or not source.startswith(("outcome.code.", "reward.", "wallet."))


def _place(source: str) -> str:
    """Where a value stands in what was frozen with the decision: an attribute, or a property of an event or step.

    What follows is inside of a record.
    """
    parts = source.split(".")
    first, inside = (parts[1], parts[2:]) if parts[0] == "customer" else (".".join(parts[:2]), parts[2:])
    return "$" + "".join(f'."{part}"' for part in (first, *inside))


def _property(plan: Plan, item: Property, as_of: datetime) -> exp.Expression:
    match item.source:
        case None:
            return _constant(item.fallback)
        case "campaign.name" | "campaign.id":
            return _constant(plan.campaign)
        case "campaign.runtime":
            return _constant(rfc3339(as_of))
        case "campaign.title":
            return _constant(plan.title)
        case str(source) if source.startswith("campaign.data."):
            return _constant(plan.data[source.removeprefix("campaign.data.")])
        case str(source) if source not in _QUOTED:
            # `->` keeps the JSON type, a number stays a number; a JSON null counts as missing.
            path = _text(_place(source))
            kept = _call("NULLIF", exp.JSONExtract(this=exp.column("context"), expression=path), _text("null"))
            return _call("JSON", exp.Coalesce(this=kept, expressions=[_text(json.dumps(item.fallback))]))
        case str(source):
            known = exp.column(_QUOTED[source])
            if item.fallback is None:
                return known
            return exp.Coalesce(this=known, expressions=[_constant(item.fallback)])


def _if_known(column: str, value: exp.Expression) -> exp.Expression:
    return exp.Case(ifs=[exp.If(this=exp.column(column).is_(exp.null()).not_(), true=value)])


def _object(members: Mapping[str, exp.Expression]) -> exp.Expression:
    parts: list[exp.Expression] = []
    for name, value in members.items():
        parts += [_text(name), value]
    return _call("JSON_OBJECT", *parts)


def _constant(value: Scalar) -> exp.Expression:
    """A value with its JSON type: SQLite itself knows no booleans, and no zero characters in a statement."""
    return exp.null() if value is None else _call("JSON", _text(json.dumps(value)))


def _text(value: str) -> exp.Expression:
    return exp.Literal.string(value)


def _call(name: str, *arguments: Any) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))
