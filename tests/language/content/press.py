"""A context with one value of every kind, data for it, and short ways to check and render."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from campaign_dsl.language.catalog import types
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.content import context as c
from campaign_dsl.language.content.checking import Checked, check_template
from campaign_dsl.language.content.parts import PartKind, part_kind
from campaign_dsl.language.content.rendering import compile_template
from campaign_dsl.language.content.report import loose

TIER = Type(Kind.ENUM, values=("member", "silver", "gold"), ordered=True)
ADDRESS = Type(Kind.RECORD, fields=(("city", types.TEXT), ("street", types.TEXT.maybe())))
CONTEXT = c.context_of(
    c.customer_entries(
        {
            "first_name": types.TEXT.maybe(),
            "last_name": types.TEXT,
            "age": types.INTEGER,
            "visits": types.INTEGER.maybe(),
            "shoe_size": types.DECIMAL.maybe(),
            "spent": types.DECIMAL,
            "born": types.DATE.maybe(),
            "enrolled": types.DATE,
            "seen": types.TIMESTAMP.maybe(),
            "tier": TIER,
            "employee": types.BOOLEAN,
            "fan": types.BOOLEAN.maybe(),
            "items": Type(Kind.LIST, element=types.TEXT),
            "interests": Type(Kind.LIST, nullable=True, element=types.TEXT),
            "home": ADDRESS.maybe(),
            "work": ADDRESS,
        }
    ),
    c.offer_entries(has=["description", "logo"], expires=True),
    c.points_entries(expires=False),
    c.campaign_entries({"season": "summer"}),
    c.occurrence_entries(),
    c.wallet_entries(["rewards"]),
    c.goal_entries(),
    c.choice_entries(["gold", "others"], [], ["en", "de"]),
    c.link_entries(["unsubscribe"]),
).with_absent(["reward.title"], "no outcome issues a reward")


def offer(**changed: Any) -> dict[str, Any]:
    """An offer in the wallet."""
    return {
        "id": "half",
        "title": "Half price",
        "user_offer_id": "u-1",
        "description": None,
        "terms_and_conditions": None,
        "logo": None,
        "pos_discount_id": None,
        "issued_at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "expires_at": None,
    } | changed


def values(**customer: Any) -> dict[str, Any]:
    """Everything the context promises, for one customer."""
    return {
        "customer": {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "age": 36,
            "visits": None,
            "shoe_size": None,
            "spent": Decimal("1234.5"),
            "born": date(1815, 12, 10),
            "enrolled": date(2024, 2, 29),
            "seen": datetime(2026, 3, 8, 6, 30, tzinfo=UTC),
            "tier": "gold",
            "employee": False,
            "fan": None,
            "items": ["a", "b"],
            "interests": None,
            "home": None,
            "work": {"city": "Boston", "street": None},
        }
        | customer,
        "offer": offer(
            description="Half", logo="https://cdn.example/x.png", expires_at=datetime(2026, 7, 1, tzinfo=UTC)
        ),
        "outcome": {"points": {"amount": 500, "account": "Stride points", "expires_at": None}},
        "campaign": {
            "name": "gift",
            "title": "Gift",
            "id": "g",
            "runtime": datetime(2026, 1, 1, tzinfo=UTC),
            "data": {"season": "summer"},
        },
        "occurrence": {"key": "2026", "date": date(2026, 12, 10)},
        "wallet": {
            "points": {"rewards": 700},
            "available_points": 700,
            "offers": [offer(), offer(title="Free coffee")],
        },
        "goal": {"step": 3, "target": 5, "completed": False},
        "segment": "gold",
        "language": "en",
        "links": {"unsubscribe": "https://u.example/x?y=1"},
    }


MAIL = part_kind("email", "body")
TEXT = part_kind("push", "body")
LINE = part_kind("email", "subject")
LINK = part_kind("push", "link")


def checked(text: str, kind: PartKind = TEXT, **more: Any) -> Checked:
    return check_template(loose(text), CONTEXT, kind, **more)


def codes(text: str, kind: PartKind = TEXT, **more: Any) -> list[str]:
    return [finding.code for finding in checked(text, kind, **more).findings]


def said(text: str, kind: PartKind = TEXT, data: dict[str, Any] | None = None, **more: Any) -> str:
    """What a sound template says."""
    assert codes(text, kind) == []
    return compile_template(text, kind).render(values() if data is None else data, **more)
