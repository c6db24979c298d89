"""What exists: the brand's world as `catalog.yaml` describes it, and the workspace's own settings.

These models are the one table of catalog keys: the loader, the JSON Schemas and the reference page derive from them.
Every model is strict and closed: an unknown key is an error with a near-miss suggestion.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.diagnostics.suggest import did_you_mean

NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME, max_length=63)]
"""A name users may say in a campaign: lower case letters, digits and underscores."""

Column = Annotated[str, Field(min_length=1, max_length=128)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Misfit(ValueError):
    """A rule of an entry does not hold.

    Args:
        message: one sentence, lower case.
        key: the key of the entry that the message is about; the entry itself when None.
        help: what to write instead.
    """

    def __init__(self, message: str, key: str | None = None, help: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.help = help


def _zone(name: str) -> str:
    if not known_zone(name):
        help = did_you_mean(name, zone_names()) or "zones look like `America/New_York`"
        raise Misfit(f"`{name}` is not a zone of the tz database", help=help)
    return name


Zone = Annotated[str, AfterValidator(_zone)]


class Entry(BaseModel):
    """Base of every catalog and workspace entry: frozen, strict, closed."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True, defer_build=True)


# ---------------------------------------------------------------------------------------------------- the catalog


class Attribute(Entry):
    """A typed value of a customer, an event or a dimension row."""

    type: Kind = Field(description="text, integer, decimal, boolean, date, timestamp or enum")
    nullable: bool = Field(True, description="whether the value may be missing")
    values: tuple[str, ...] = Field((), description="the words of an enum, in order when `ordered`")
    ordered: bool = Field(False, description="whether the words of an enum can be compared with < and >=")
    column: Column | None = Field(None, description="the column behind it; default: the attribute's own name")
    pii: bool = Field(False, description="whether it is personal data, masked in plans and reports")
    title: Text | None = Field(None, description="what reports call it")

    @model_validator(mode="after")
    def _enum_has_words(self) -> Attribute:
        if (self.type is Kind.ENUM) != bool(self.values):
            if self.type is Kind.ENUM:
                raise Misfit("an enum needs `values`", "type", "add its words, as in `values: [small, large]`")
            raise Misfit("`values` belongs to `type: enum` only", "values", "delete it, or write `type: enum`")
        if self.ordered and self.type is not Kind.ENUM:
            raise Misfit("`ordered` belongs to `type: enum` only", "ordered", "delete it")
        if len(set(self.values)) != len(self.values):
            raise Misfit("the words of an enum must differ", "values")
        return self

    @property
    def value_type(self) -> Type:
        return Type(self.type, self.nullable, self.values, self.ordered)


class Customers(Entry):
    """The table of customers."""

    table: Column
    key: Name = Field(description="the attribute that identifies a customer; never missing, never twice")
    time_zone: Name | None = Field(None, description="the attribute that holds the customer's tz database zone")
    birth_date: Name | None = Field(None, description="the date attribute that `age` is counted from")
    attributes: dict[Name, Attribute]


class Discriminator(Entry):
    """Which rows of a shared event table belong to an event."""

    column: Column
    equals: Text


class Event(Entry):
    """An event that happens to a customer at an instant."""

    table: Column
    kind: Discriminator | None = Field(None, description="which rows of a shared table are meant")
    id: Column = Field("event_id", description="column of the event id; duplicates count once")
    customer: Column = Field("customer_id", description="column that points to the customer's key")
    occurred_at: Column = Field("occurred_at", description="column of the instant it happened")
    received_at: Column | None = Field(None, description="column of the instant it arrived")
    properties: dict[Name, Attribute] = Field(default_factory=dict)
    title: Text | None = None


class PointAccount(Entry):
    """A currency of loyalty points, and the sources that may credit it."""

    title: Text
    sources: tuple[Name, ...] = Field(min_length=1)
    active: bool = True


class Offer(Entry):
    """An item of value that a customer can be given."""

    title: Text
    form: Literal[
        "percentage_off_check",
        "percentage_off_item",
        "amount_off_check",
        "amount_off_item",
        "buy_x_get_y",
    ]
    percent: int | None = Field(None, ge=1, le=100)
    amount: str | None = Field(None, pattern=r"^[0-9]+(\.[0-9]{1,2})?$")
    description: Text | None = None
    terms_and_conditions: Text | None = None
    logo: Annotated[str, Field(pattern=r"^https://")] | None = None
    pos_discount_id: Text | None = None
    active: bool = True
    valid_until: date | None = None

    @model_validator(mode="after")
    def _form_has_its_number(self) -> Offer:
        wants = {"percentage_off_check": "percent", "percentage_off_item": "percent"} | {
            "amount_off_check": "amount",
            "amount_off_item": "amount",
        }
        for field in ("percent", "amount"):
            given = getattr(self, field) is not None
            if given != (wants.get(self.form) == field):
                if given:
                    raise Misfit(f"`form: {self.form}` takes no `{field}`", field, "delete it, or change `form`")
                raise Misfit(f"`form: {self.form}` needs `{field}`", "form", f"add `{field}: 10`")
        return self


class Tag(Entry):
    """A word that can be put on a profile."""

    title: Text | None = None


class Channel(Entry):
    """A way to reach a customer: where to, and what says that she allowed it."""

    address: Name | None = Field(None, description="attribute with the address suppression lists are matched against")
    consent: Name | None = Field(None, description="boolean attribute that says she allowed messages here")


class Variant(Entry):
    """A messaging variant: which provider is called, and which data groups of the interface contract it carries."""

    provider: Name = Field(description="a key of `providers` in workspace.yaml")
    channel: Name
    identifier: Literal["external_user_id", "email"] = "external_user_id"
    include: tuple[Literal["offer", "point_award", "event_trigger", "campaign"], ...] = ()
    requires: tuple[Name, ...] = Field((), description="properties the receiving template cannot do without")


class AddressList(Entry):
    """A suppression list: addresses never contacted under any circumstances."""

    table: Column
    address: Column = "address"
    where: Discriminator | None = None


class Catalog(Entry):
    """Everything a campaign may name."""

    customers: Customers
    events: dict[Name, Event] = Field(default_factory=dict)
    point_accounts: dict[Name, PointAccount] = Field(default_factory=dict)
    offers: dict[Name, Offer] = Field(default_factory=dict)
    tags: dict[Name, Tag] = Field(default_factory=dict)
    channels: dict[Name, Channel] = Field(default_factory=dict)
    variants: dict[Name, Variant] = Field(default_factory=dict)
    suppression_lists: dict[Name, AddressList] = Field(default_factory=dict)


# -------------------------------------------------------------------------------------------------- the workspace


VARIABLE = r"^[A-Z][A-Z0-9_]*$"


class Secret(Entry):
    """A reference to a secret; never the secret itself."""

    env: str | None = Field(None, pattern=VARIABLE, description="name of an environment variable")
    file: str | None = Field(None, min_length=1, description="a file that holds it, relative to the workspace")

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if (self.env is None) == (self.file is None):
            raise Misfit(
                "give exactly one of `env` and `file`", help="name the variable or the file that holds the secret"
            )
        return self


class ProviderSettings(Entry):
    """One account with an outside system."""

    kind: Name = Field(description="which provider speaks to it: braze or webhook")
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s/]+")] = Field(
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


class EngineSettings(Entry):
    """Where customers and events live."""

    kind: Literal["duckdb"]
    database: Text = Field(description="path of the DuckDB file, relative to the workspace")
    threads: int | None = Field(None, ge=1, le=256)


class LedgerSettings(Entry):
    """Where decisions and their effects are kept."""

    kind: Literal["sqlite"]
    path: Text = Field(description="path of the SQLite file, relative to the workspace")


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


QUIET = r"^(none|([01][0-9]|2[0-3]):[0-5][0-9] to ([01][0-9]|2[0-3]):[0-5][0-9])$"


class Policies(Entry):
    """Choices on which products differ. Each must be made; a campaign may override it."""

    leap_day: Literal["feb_28", "mar_1"] = Field(description="when a 29 February anniversary falls in a common year")
    misfire: Annotated[str, Field(pattern=r"^(skip|catch up at most [1-9][0-9]? days)$")] = Field(
        description="what happens to days on which nobody ran: `skip`, or `catch up at most N days`"
    )
    consent: Literal["required", "not_required"] = Field(
        description="whether messages need the channel's consent attribute"
    )
    quiet: Annotated[str, Field(pattern=QUIET)] = Field(
        description="hours without messages where the customer is: `none`, or `21:00 to 08:00`"
    )


class Gates(Entry):
    """Volumes above which a run stops and asks for a named approver."""

    offers: int = Field(1_000_000, ge=1, description="offers one campaign may issue without `approved by`")


class WorkspaceSettings(Entry):
    """`workspace.yaml`."""

    name: Name
    timezone: Zone = Field(description="zone of `--as-of` without an offset, and of calendar words")
    catalog: Text = "catalog.yaml"
    policies: Policies
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


def is_name(text: str) -> bool:
    """Whether ``text`` may be a name in a campaign."""
    return re.fullmatch(NAME, text) is not None
