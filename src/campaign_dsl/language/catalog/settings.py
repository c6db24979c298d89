"""`workspace.yaml`: where things run, and the choices on which products differ."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.language.catalog.entry import Entry, Misfit, Name, Percent, Quiet, Secret, Text, Zone
from campaign_dsl.language.catalog.ledgers import LedgerSettings
from campaign_dsl.language.diagnostics.suggest import did_you_mean


class ProviderSettings(Entry):
    """One account with an outside system."""

    kind: Name = Field(description="which provider speaks to it: braze or webhook")
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s/{}<>]+[^{}<>]*$")] = Field(
        description="base URL, without a path for Braze"
    )
    api_key: Secret | None = Field(None, description="Braze REST key with campaigns.trigger.send / canvas.trigger.send")
    secret: Secret | None = Field(None, description="Standard Webhooks secret, `whsec_...`")
    allow_private_addresses: bool = Field(False, description="whether the endpoint may be on a private network")
    canvas_properties: Literal["context", "canvas_entry_properties"] = "context"
    timeout_seconds: int = Field(30, ge=1, le=120)
    in_flight: int | None = Field(
        None,
        ge=1,
        le=64,
        description="requests under way at once; more is faster, and leaves more unknown when a dispatch is killed",
    )
    max_attempts: int = Field(8, ge=1, le=50)


class Target(Entry):
    """A place a campaign can run: an engine, a ledger store, and whether messages leave the house."""

    engine: EngineSettings
    ledger: LedgerSettings
    delivery: Literal["sandbox", "providers"] = Field(
        description="`sandbox` catches every request on this machine; `providers` sends for real"
    )


class SandboxSettings(Entry):
    """The local HTTP catcher."""

    port: int = Field(8420, ge=1, le=65535)
    path: Text = Field("data/sandbox.sqlite", description="where caught requests are kept")


class Policies(Entry):
    """Choices on which products differ. Each must be made; a campaign may override it."""

    leap_day: Literal["feb_28", "mar_1"] = Field(description="when a 29 February anniversary falls in a common year")
    misfire: Annotated[str, Field(pattern=r"^(skip|catch up at most [1-9][0-9]? days)$")] = Field(
        description="what happens to days on which nobody ran: `skip`, or `catch up at most N days`"
    )
    consent: Literal["required", "not_required"] = Field(
        description="whether messages need the channel's consent attribute"
    )
    quiet: Quiet = Field(description="hours without messages where the customer is: `none`, or `21:00 to 08:00`")


class Gates(Entry):
    """Volumes above which a run stops and asks for a named approver."""

    offers: int = Field(1_000_000, ge=1, description="offers one campaign may issue without `approved by`")


class Cap(Entry):
    """How many messages a customer gets at most, from all campaigns together."""

    channel: Name | None = Field(None, description="messages of this channel; default: of all channels")
    tag: Name | None = Field(None, description="customers who have this tag; default: all customers")
    at_most: int = Field(ge=1, le=10_000, description="so many messages")
    every: int = Field(1, ge=1, le=366, description="in so many units, the current one included")
    unit: Literal["day", "week", "month", "year"] = Field(description="calendar units where the customer is")


class WorkspaceSettings(Entry):
    """`workspace.yaml`."""

    name: Name
    timezone: Zone = Field(description="zone of `--as-of` without an offset, and of calendar words")
    catalog: Text = "catalog.yaml"
    policies: Policies
    holdout: Percent | None = Field(None, description="customers who never get anything, to compare with, as in `2%`")
    caps: dict[Name, Cap] = Field(default_factory=dict, description="frequency caps that all campaigns share")
    gates: Gates = Field(default_factory=lambda: Gates.model_validate({}))
    retired: tuple[Name, ...] = Field(
        (), description="campaigns that ended and have no file any more; new ones may give again what they gave"
    )
    default_target: Name
    targets: dict[Name, Target] = Field(min_length=1)
    providers: dict[Name, ProviderSettings] = Field(default_factory=dict)
    sandbox: SandboxSettings = Field(default_factory=lambda: SandboxSettings.model_validate({}))

    @model_validator(mode="after")
    def _default_exists(self) -> WorkspaceSettings:
        if self.default_target not in self.targets:
            raise Misfit(
                f"`{self.default_target}` is not one of `targets`",
                "default_target",
                did_you_mean(self.default_target, self.targets, "targets"),
            )
        return self

    @property
    def holdout_percent(self) -> Decimal | None:
        return Decimal(self.holdout.removesuffix("%")) if self.holdout is not None else None
