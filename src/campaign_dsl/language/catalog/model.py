"""What exists: the brand's world as `catalog.yaml` describes it, and the workspace's own settings.

The models here and in the modules beside are the one table of catalog keys: the loader, the JSON Schemas and the
reference page derive from them. Every model is strict and closed: an unknown key is an error with a near-miss
suggestion.
"""

from __future__ import annotations

from pydantic import Field

from campaign_dsl.language.catalog.attributes import Attribute, Element, Part, Shape
from campaign_dsl.language.catalog.engines import EngineSettings
from campaign_dsl.language.catalog.entry import (
    LANGUAGE,
    NAME,
    QUIET,
    VARIABLE,
    Entry,
    Misfit,
    Name,
    Secret,
    is_language,
    is_name,
)
from campaign_dsl.language.catalog.ledgers import LedgerSettings
from campaign_dsl.language.catalog.loyalty import (
    Code,
    CodePool,
    Offer,
    PointAccount,
    PromoCode,
    Reward,
    Tag,
    Tiers,
)
from campaign_dsl.language.catalog.messaging import Channel, Conversation, Dkim, SeedList, Variant
from campaign_dsl.language.catalog.places import Circle, Geofence, GeofenceEvents, Holiday, HolidayRule
from campaign_dsl.language.catalog.profile import Facet, FacetEvents, Profile
from campaign_dsl.language.catalog.settings import (
    Cap,
    Gates,
    Policies,
    ProviderSettings,
    SandboxSettings,
    Target,
    WorkspaceSettings,
)
from campaign_dsl.language.catalog.sources import (
    Accuracy,
    AddressList,
    CustomerList,
    Customers,
    Dimension,
    Discriminator,
    Event,
    Relation,
)

__all__ = [
    "LANGUAGE",
    "NAME",
    "QUIET",
    "VARIABLE",
    "Accuracy",
    "AddressList",
    "Attribute",
    "Cap",
    "Catalog",
    "Channel",
    "Circle",
    "CodePool",
    "Conversation",
    "CustomerList",
    "Customers",
    "Dimension",
    "Discriminator",
    "Dkim",
    "Element",
    "EngineSettings",
    "Entry",
    "Event",
    "Facet",
    "FacetEvents",
    "Gates",
    "Geofence",
    "GeofenceEvents",
    "Holiday",
    "HolidayRule",
    "LedgerSettings",
    "Misfit",
    "Offer",
    "Part",
    "PointAccount",
    "Policies",
    "Profile",
    "PromoCode",
    "ProviderSettings",
    "Relation",
    "Reward",
    "SandboxSettings",
    "Secret",
    "SeedList",
    "Shape",
    "Tag",
    "Target",
    "Tiers",
    "Variant",
    "WorkspaceSettings",
    "is_language",
    "is_name",
]


class Catalog(Entry):
    """Everything a campaign may name."""

    customers: Customers
    events: dict[Name, Event] = Field(default_factory=dict)
    dimensions: dict[Name, Dimension] = Field(default_factory=dict)
    relations: dict[Name, Relation] = Field(default_factory=dict)
    profile: Profile = Field(default_factory=lambda: Profile.model_validate({}))
    point_accounts: dict[Name, PointAccount] = Field(default_factory=dict)
    tiers: Tiers | None = None
    offers: dict[Name, Offer] = Field(default_factory=dict)
    rewards: dict[Name, Reward] = Field(default_factory=dict)
    promo_codes: dict[Code, PromoCode] = Field(default_factory=dict)
    code_pools: dict[Name, CodePool] = Field(default_factory=dict)
    tags: dict[Name, Tag] = Field(default_factory=dict)
    lists: dict[Name, CustomerList] = Field(default_factory=dict)
    channels: dict[Name, Channel] = Field(default_factory=dict)
    variants: dict[Name, Variant] = Field(default_factory=dict)
    conversations: dict[Name, Conversation] = Field(default_factory=dict)
    seed_lists: dict[Name, SeedList] = Field(default_factory=dict)
    suppression_lists: dict[Name, AddressList] = Field(default_factory=dict)
    geofences: dict[Name, Geofence] = Field(default_factory=dict)
    geofence_events: GeofenceEvents | None = None
    holidays: dict[Name, Holiday] = Field(default_factory=dict)

    def dimension_of(self, attribute: Attribute) -> Dimension | None:
        """The dimension whose row the value of ``attribute`` is the key of."""
        return self.dimensions.get(attribute.dimension) if attribute.dimension is not None else None
