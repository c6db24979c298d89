"""Audiences as a workspace has them: attributes, and two or three conditions on events, of what marketers share.

Of the conditions on events some are counts, some sums, some that it happened and some that it did not; three in ten
look at a property, too. They come in seven windows, so campaigns often ask the same.
"""

from __future__ import annotations

from random import Random

from engines.world import KINDS

WINDOWS = (7, 14, 30, 60, 90, 180, 365)
FILTERS = (' where sku = "sku-7"', " where units >= 3", " where amount >= 100", " where amount < 20")
ATTRIBUTES = (
    *(f'country = "{country}"' for country in ("US", "DE", "JP", "GB", "BR")),
    *(f"tier {op} {tier}" for op in (">=", "=") for tier in ("silver", "gold", "platinum")),
    "email_ok",
    *(f"age >= {years}" for years in (18, 25, 40, 60)),
    *(f"visits >= {number}" for number in (10, 50, 100, 200)),
    *(f"spent >= {number}" for number in (100, 1000, 2500)),
)


def audiences(count: int, seed: int = 4) -> list[str]:
    """So many of them; the first ones of a larger number are those of a smaller."""
    random = Random(seed)
    return [_audience(random) for _ in range(count)]


def _audience(random: Random) -> str:
    own = random.sample(ATTRIBUTES, random.randint(1, 3))
    events = [_event(random) for _ in range(random.randint(2, 3))]
    return " and ".join([*own, *events])


def _event(random: Random) -> str:
    kind, days = random.choice(KINDS), random.choice(WINDOWS)
    where = random.choice(FILTERS) if random.random() < 0.3 else ""
    window = f"in last {days} days"
    match random.choice(("count", "count", "sum", "done", "not done")):
        case "count":
            return f"did {kind}{where} at least {random.choice((2, 3, 5, 10))} times {window}"
        case "sum":
            return f"sum of {kind}.amount{where} {window} >= {random.choice((50, 200, 500, 1000))}"
        case "done":
            return f"did {kind}{where} {window}"
    return f"did not {kind}{where} {window}"
