"""Sample data: a seeded, believable world of a footwear retailer."""

from campaign_dsl.run.sample.special import SPECIAL, SpecialMembers
from campaign_dsl.run.sample.world import (
    DEFAULT_CUSTOMERS,
    DEFAULT_EVENTS,
    DEFAULT_SEED,
    DEFAULT_TODAY,
    Progress,
    WorldSummary,
    generate_world,
)

__all__ = [
    "DEFAULT_CUSTOMERS",
    "DEFAULT_EVENTS",
    "DEFAULT_SEED",
    "DEFAULT_TODAY",
    "SPECIAL",
    "Progress",
    "SpecialMembers",
    "WorldSummary",
    "generate_world",
]
