"""Outcome `tag`: a word on the profile with a time to live."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import StepBase


class TagStep(StepBase):
    """Set ``tag`` for ``ttl_seconds``. Setting it again keeps the later end."""

    kind: Literal["tag"] = "tag"
    tag: str
    ttl_seconds: int = Field(gt=0)
