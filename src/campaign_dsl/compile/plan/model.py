"""The plan: what a run would do, as a value with a digest. `plan.json` is this model, and so is its JSON Schema."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from campaign_dsl.compile.plan.triggers import Trigger
from campaign_dsl.outcomes.attribute import AttributeStep
from campaign_dsl.outcomes.base import Frozen
from campaign_dsl.outcomes.code import CodeStep
from campaign_dsl.outcomes.event import EventStep
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.outcomes.offer import OfferStep
from campaign_dsl.outcomes.points import PointsStep
from campaign_dsl.outcomes.reward import RewardStep
from campaign_dsl.outcomes.subscription import SubscriptionStep
from campaign_dsl.outcomes.tag import TagStep, UntagStep

Step = Annotated[
    PointsStep
    | OfferStep
    | CodeStep
    | RewardStep
    | TagStep
    | UntagStep
    | AttributeStep
    | SubscriptionStep
    | EventStep
    | MessageStep,
    Field(discriminator="kind"),
]


class Limit(Frozen):
    """At most ``count`` decisions per customer in ``every`` calendar units, the unit of the occurrence included."""

    count: int = Field(ge=1)
    every: int = Field(1, ge=1)
    unit: Literal["day", "week", "month", "year", "ever"]


BudgetUnit = Literal["points", "offers", "codes", "messages"]

BUDGETED = {"points": "points", "offer": "offers", "code": "codes", "message": "messages"}
"""The kinds of steps that a budget counts, and the unit it counts them in."""


class Budget(Frozen):
    """A ceiling on what the campaign gives in all its runs together."""

    unit: BudgetUnit
    amount: int = Field(ge=1)
    approved_by: str | None = None


class Cap(Frozen):
    """How many messages a customer gets at most, from all campaigns together, in ``every`` calendar units.

    Attributes:
        channel: messages of this channel; None for all.
        tag: customers who have it; None for all.
    """

    name: str
    channel: str | None = None
    tag: str | None = None
    at_most: int = Field(ge=1)
    every: int = Field(1, ge=1)
    unit: Literal["day", "week", "month", "year"]


class Zone(Frozen):
    """The zone of local times: an attribute with a default, or one named zone."""

    attribute: str | None
    default: str


class Misfire(Frozen):
    """What happens to days on which nobody ran; 0 means they are skipped."""

    catch_up_days: int = Field(0, ge=0)


class Arm(Frozen):
    """One arm of the A/B test: ``percent`` of the customers, drawn by the first name of the campaign and their key."""

    name: str
    percent: str


class SourceDigest(Frozen):
    """A file the plan was made from."""

    path: str
    sha256: str


class Plan(Frozen):
    """A compiled campaign. Everything a run needs; nothing that changes from day to day.

    Attributes:
        format: version of plan.json; goes up when a reader of the old form would be wrong.
        review: the day by which somebody should look at the campaign again.
        triggers: the campaign happens whenever one of them does.
        segments: customers fall into the first that holds.
        languages: the first is the fall-back; empty when messages have one language.
        language_attribute: the customer attribute with her language.
        data: the campaign's own keys and values, for content.
        queries: for each engine the one SQL query that finds, counts and classifies customers. Values that depend
            on the day are the named parameters listed in ``parameters``.
        offers_gate: offers above which a run stops unless the budget names an approver.
        caps: the workspace's frequency caps.
        context: customer attributes, and ``event.<property>`` of the triggering event, that are frozen with each
            decision, because messages and outcomes use them.
    """

    format: Literal[2] = 2
    campaign: str
    formerly: tuple[str, ...] = ()
    title: str
    kind: Literal["promotion", "messaging", "subscription"]
    owner: str | None = None
    priority: int = 0
    runs_from: date | None = None
    runs_until: date | None = None
    review: date | None = None
    zone: Zone
    triggers: tuple[Trigger, ...] = Field(min_length=1)
    misfire: Misfire
    holdout_percent: str | None = None
    workspace_holdout_percent: str | None = None
    limits: tuple[Limit, ...] = ()
    budgets: tuple[Budget, ...] = ()
    offers_gate: int
    caps: tuple[Cap, ...] = ()
    segments: tuple[str, ...] = ()
    arms: tuple[Arm, ...] = ()
    languages: tuple[str, ...] = ()
    language_attribute: str | None = None
    data: dict[str, str] = Field(default_factory=dict)
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
