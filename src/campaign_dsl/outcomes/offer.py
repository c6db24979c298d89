"""Outcome `issue offer`: an offer goes into the customer's wallet in the state *issued*."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import StepBase


class OfferStep(StepBase):
    """Issue one offer. Title and the other texts are those of the catalog when the plan was made."""

    kind: Literal["offer"] = "offer"
    offer: str
    title: str
    description: str | None = None
    terms_and_conditions: str | None = None
    logo: str | None = None
    pos_discount_id: str | None = None
    expires_after_seconds: int | None = Field(None, gt=0)
