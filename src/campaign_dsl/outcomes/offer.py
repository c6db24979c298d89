"""Outcome `issue offer`: an offer goes into the customer's wallet in the state *issued*."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import ExpiringStep, Scalar


class OfferStep(ExpiringStep):
    """Issue one offer. Title and the other texts are those of the catalog when the plan was made.

    Attributes:
        form: which of the five closed-loop forms it has.
        terms: the numbers of the form, e.g. ``percent``, or what buying how many brings; decimals as text.
    """

    kind: Literal["offer"] = "offer"
    offer: str
    title: str
    form: (
        Literal["percentage_off_check", "percentage_off_item", "amount_off_check", "amount_off_item", "buy_x_get_y"]
        | None
    ) = None
    terms: dict[str, Scalar | dict[str, Scalar]] = Field(default_factory=dict)
    description: str | None = None
    terms_and_conditions: str | None = None
    logo: str | None = None
    pos_discount_id: str | None = None
    valid_until: date | None = None
