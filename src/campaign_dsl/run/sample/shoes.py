"""What the sample retailer sells."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

CATEGORIES = ("running", "casual", "basketball", "boots", "sandals", "trail", "kids", "formal")
"""Categories, most wanted first."""

MODELS_PER_CATEGORY = 25

_LINES = {
    "running": ("Tempo", "Glide", "Pacer", "Stride", "Sprint"),
    "casual": ("Harbor", "Corner", "Sunday", "Loft", "Avenue"),
    "basketball": ("Rim", "Pivot", "Baseline", "Rebound", "Hangtime"),
    "boots": ("Foundry", "Chelsea", "Logger", "Desert", "Harness"),
    "sandals": ("Cove", "Breeze", "Lagoon", "Dune", "Pier"),
    "trail": ("Ridge", "Switchback", "Scree", "Cairn", "Fern"),
    "kids": ("Hopscotch", "Comet", "Puddle", "Dino", "Zigzag"),
    "formal": ("Oxford", "Derby", "Brogue", "Loafer", "Monk"),
}
_FINISHES = ("", " Lite", " Pro", " Mid", " Wide")
_BASE_PRICES = {
    "running": 95,
    "casual": 65,
    "basketball": 110,
    "boots": 130,
    "sandals": 40,
    "trail": 105,
    "kids": 35,
    "formal": 120,
}
"""US dollars, of the plainest model."""


CAFE = {
    "coffee": ("Coffee", "3.50"),
    "espresso": ("Espresso", "2.80"),
    "latte": ("Latte", "4.40"),
    "tea": ("Tea", "3.20"),
    "juice": ("Orange juice", "4.80"),
    "muffin": ("Blueberry muffin", "3.60"),
    "bagel": ("Bagel", "4.10"),
    "croissant": ("Croissant", "3.30"),
    "cookie": ("Cookie", "2.50"),
    "sandwich": ("Cheese sandwich", "7.90"),
}
"""What the cafés in some of the shops sell, by sku: name and price."""


class Product(NamedTuple):
    """A shoe, or something from the café. ``price`` is US dollars."""

    sku: str
    name: str
    category: str
    price: Decimal


def products() -> list[Product]:
    """All shoes, :data:`MODELS_PER_CATEGORY` of each category, in the order of :data:`CATEGORIES`; then the café."""
    shoes = []
    for category in CATEGORIES:
        models = [(line, finish) for line in _LINES[category] for finish in _FINISHES]
        for number, (line, finish) in enumerate(models, start=1):
            price = Decimal(_BASE_PRICES[category] + 5 * (number * 7 % 12)) - Decimal("0.01")
            shoes.append(Product(f"{category[:3].upper()}-{number:03d}", f"{line}{finish}", category, price))
    return shoes + [Product(sku, name, "cafe", Decimal(price)) for sku, (name, price) in CAFE.items()]
