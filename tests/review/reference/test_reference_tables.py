"""Tables as they are become the interpreter's world."""

from __future__ import annotations

from decimal import Decimal

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.review.reference.tables import customer_of, world_of

TEXT = """\
customers:
  table: people
  key: id
  attributes:
    id: {type: text, nullable: false, column: person_id}
    tier: {type: text, changed_at: tier_since}
    home: {type: geo, latitude: north, longitude: east}
"""


def test_columns_become_attributes() -> None:
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", TEXT))
    assert catalog is not None, problems
    row = {"person_id": "a", "tier": "gold", "tier_since": 3, "north": Decimal(1), "east": Decimal(2), "more": 9}
    whole = {"id": "a", "tier": "gold", "tier.changed_at": 3, "home": (Decimal(1), Decimal(2))}
    assert customer_of(catalog, row) == whole
    assert customer_of(catalog, {"person_id": "a", "north": Decimal(1)}) == dict.fromkeys(whole) | {"id": "a"}
    world = world_of(catalog, {"people": [row], "visits": [{"at": 1}]})
    assert (world.key, list(world.customers), dict(world.rows)) == ("id", [whole], {"visits": ({"at": 1},)})
    assert world_of(catalog, {}).customers == ()
