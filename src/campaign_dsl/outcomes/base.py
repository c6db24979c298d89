"""What every outcome step has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Scalar = str | int | float | bool | None
"""A value as JSON has it. Exact decimals, days and instants travel as text."""


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
        choice: steps with one number are the lines of one `first of`: a customer gets one of them at most.
        delay_seconds: how long after the occurrence it happens; 0 for at once.
    """

    number: int = Field(ge=0, le=61)
    outcome: Annotated[str, Field(pattern=r"^[a-z_]+(/[A-Za-z0-9_]+)+$")]
    where: str
    when: str | None = None
    choice: int | None = Field(None, ge=0)
    delay_seconds: int = Field(0, ge=0)


class ExpiringStep(StepBase):
    """Something that a customer has from one instant to another.

    Attributes:
        expires_after_seconds: exact life of what is given, from the instant it is given; None means for ever.
    """

    expires_after_seconds: int | None = Field(None, gt=0)
