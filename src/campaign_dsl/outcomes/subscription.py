"""Outcomes `subscribe to` and `unsubscribe from`: in or out of a conversation."""

from __future__ import annotations

from typing import Literal

from campaign_dsl.outcomes.base import StepBase


class SubscriptionStep(StepBase):
    """Subscribe the customer to ``conversation``, or unsubscribe her."""

    kind: Literal["subscription"] = "subscription"
    conversation: str
    subscribed: bool
