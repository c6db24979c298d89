"""What every outcome step has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """Base of everything in a plan: immutable, closed, and printed the same way every time."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StepBase(Frozen):
    """One outcome of a campaign.

    Attributes:
        number: position in the campaign, from 0; bit ``1 << number`` of a decision's ``steps`` says it applies.
        outcome: identity of the effect within the campaign, e.g. ``points/rewards/birthday``. Part of the
            idempotency key, so it depends on what is given, never on the position in the file.
        where: ``path:line`` of the clause.
        when: the condition as the author wrote it, or None when it always applies.
    """

    number: int = Field(ge=0, le=61)
    outcome: Annotated[str, Field(pattern=r"^[a-z_]+(/[a-z0-9_]+)+$")]
    where: str
    when: str | None = None
