"""Outcome `award`: points from a source to an account, as one double-entry transfer with an expiry."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import StepBase


class PointsStep(StepBase):
    """Credit ``amount`` points to ``account``, debiting ``source``.

    Attributes:
        expires_after_seconds: exact life of the points from the award; None means they do not expire.
    """

    kind: Literal["points"] = "points"
    amount: int = Field(gt=0, le=1_000_000_000)
    account: str
    account_title: str
    source: str
    expires_after_seconds: int | None = Field(None, gt=0)
