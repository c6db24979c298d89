"""Outcome `award`: points from a source to an account, as one double-entry transfer with an expiry."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from campaign_dsl.outcomes.base import ExpiringStep

MAX_POINTS = 1_000_000_000
"""The most one award can be."""


class PointsStep(ExpiringStep):
    """Credit points to ``account``, debiting ``source``.

    Attributes:
        amount: how many; None when a formula says it for each customer, in the query's column `computed`. Where that
            is missing, zero or negative, nothing is given.
        at_most: a formula that says more gives this; None for a constant.
    """

    kind: Literal["points"] = "points"
    amount: int | None = Field(gt=0, le=MAX_POINTS)
    at_most: int | None = Field(None, gt=0, le=MAX_POINTS)
    account: str
    account_title: str
    source: str

    @model_validator(mode="after")
    def _ceiling_belongs_to_a_formula(self) -> PointsStep:
        if (self.amount is None) != (self.at_most is not None):
            raise ValueError("a formula has a ceiling, and a constant has none")
        return self
