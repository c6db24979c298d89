"""Outcomes `tag` and `untag`: a word on the profile, put there and taken away."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import StepBase


class TagStep(StepBase):
    """Set ``tag`` for ``ttl_seconds``, for good when None. Setting it again keeps the later end."""

    kind: Literal["tag"] = "tag"
    tag: str
    ttl_seconds: int | None = Field(None, gt=0)


class UntagStep(StepBase):
    """Take ``tag`` away, whoever set it. It can be set again later."""

    kind: Literal["untag"] = "untag"
    tag: str
