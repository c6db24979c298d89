"""The plan: what a run would do, as a value with a digest. `plan.json` is this model, and so is its JSON Schema."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from campaign_dsl.outcomes.base import Frozen
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.outcomes.offer import OfferStep
from campaign_dsl.outcomes.points import PointsStep
from campaign_dsl.outcomes.tag import TagStep

Step = Annotated[PointsStep | OfferStep | TagStep | MessageStep, Field(discriminator="kind")]

FUNNEL = (
    "customers",
    "readable",
    "audience",
    "behavior",
    "not_excluded",
    "not_suppressed",
    "consented",
    "not_held_out",
    "within_limits",
    "within_caps",
    "within_budget",
    "decided",
)
"""Stages of eligibility, in order; each holds how many remain. The last is the new decisions of this run."""

LOST_STAGES = FUNNEL[4:]
"""Values of a decision's ``lost``: the stage it did not reach."""


class Anniversary(Frozen):
    """A behavior that comes round every year on a date attribute.

    Attributes:
        days_before: how many calendar days before the anniversary the occurrence falls; negative for after.
        at: local time of the occurrence, ``HH:MM``.
        leap_day: where an anniversary of 29 February falls in common years.
    """

    kind: Literal["anniversary"] = "anniversary"
    attribute: str
    days_before: int
    at: str
    leap_day: Literal["feb_28", "mar_1"]


class Limit(Frozen):
    """At most ``count`` decisions per customer in ``every`` calendar units, the unit of the occurrence included."""

    count: int = Field(ge=1)
    every: int = Field(1, ge=1)
    unit: Literal["day", "week", "month", "year", "ever"]


class Budget(Frozen):
    """A ceiling on what the campaign gives in all its runs together."""

    unit: Literal["points", "offers"]
    amount: int = Field(ge=1)
    approved_by: str | None = None


class Zone(Frozen):
    """The zone of local times: an attribute with a default, or one named zone."""

    attribute: str | None
    default: str


class Misfire(Frozen):
    """What happens to days on which nobody ran; 0 means they are skipped."""

    catch_up_days: int = Field(0, ge=0)


class SourceDigest(Frozen):
    """A file the plan was made from."""

    path: str
    sha256: str


class Plan(Frozen):
    """A compiled campaign. Everything a run needs; nothing that changes from day to day.

    Attributes:
        format: version of plan.json; goes up when a reader of the old form would be wrong.
        queries: for each engine the one SQL query that finds, counts and classifies customers. Values that depend
            on the day are the named parameters listed in ``parameters``.
        offers_gate: offers above which a run stops unless the budget names an approver.
        context: customer attributes frozen with each decision, because messages use them.
    """

    format: Literal[1] = 1
    campaign: str
    formerly: tuple[str, ...] = ()
    title: str
    kind: Literal["promotion", "messaging", "subscription"]
    owner: str | None = None
    priority: int = 0
    runs_from: date | None = None
    runs_until: date | None = None
    zone: Zone
    behavior: Anniversary
    misfire: Misfire
    holdout_percent: str | None = None
    limits: tuple[Limit, ...] = ()
    budgets: tuple[Budget, ...] = ()
    offers_gate: int
    segments: tuple[str, ...] = ()
    steps: tuple[Step, ...]
    context: tuple[str, ...] = ()
    queries: dict[str, str]
    parameters: dict[str, str]
    sources: tuple[SourceDigest, ...]
    tz_version: str
    compiler_version: str

    def canonical(self) -> str:
        """The plan as canonical JSON: sorted keys, no spaces. The digest is taken over this text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def digest(self) -> str:
        """``sha256:`` and the hash of the canonical text: what an approval names and a run records."""
        return "sha256:" + hashlib.sha256(self.canonical().encode()).hexdigest()

    def document(self) -> str:
        """`plan.json` for reading: the plan, and its digest beside it."""
        return (
            json.dumps({"digest": self.digest, "plan": self.model_dump(mode="json")}, indent=2, ensure_ascii=False)
            + "\n"
        )
