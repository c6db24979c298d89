"""Outcome `issue code`: a promo code for the customer."""

from __future__ import annotations

from typing import Literal

from campaign_dsl.outcomes.base import ExpiringStep


class CodeStep(ExpiringStep):
    """Issue a promo code.

    Attributes:
        pool: the pool it is taken from; or the code itself, when everybody gets the same.
        single_use: whether each code of the pool goes to one customer.
    """

    kind: Literal["code"] = "code"
    pool: str
    single_use: bool
