"""Outcome `issue reward`: a reward of the reward store, without its price."""

from __future__ import annotations

from typing import Literal

from campaign_dsl.outcomes.base import ExpiringStep


class RewardStep(ExpiringStep):
    """Give one reward. The title is that of the catalog when the plan was made."""

    kind: Literal["reward"] = "reward"
    reward: str
    title: str
