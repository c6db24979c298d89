"""Audiences as the workspace of a CRM team has them, for the benchmark's world.

Everybody may be written to, is in some market and tier, and then there is what the campaign is about: who buys how
often and how much (recency, frequency, money), who left a cart or opened a mail and did what after it, who has stopped,
whose birthday is near, who is new. Windows and thresholds are the few that such teams agree on, so campaigns often ask
the same; some filters look at the event's own properties.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engines.world import KINDS

WINDOWS = (7, 14, 30, 60, 90, 180, 365)
SHORT, LONG = WINDOWS[:4], WINDOWS[2:]
FILTERS = ("", "", "", ' where sku = "sku-7"', " where units >= 3", " where amount >= 100", " where amount < 20")
MARKETS = ('country = "US"', 'country = "DE"', 'country in ["DE", "GB"]', 'country in ["US", "BR"]', 'country = "JP"')
ROW = (
    *(f"tier {op} {tier}" for op in (">=", "=") for tier in ("silver", "gold", "platinum")),
    *(f"age >= {years}" for years in (18, 25, 40, 60)),
    "age between 18 and 30",
    *(f"visits >= {number}" for number in (10, 50, 100, 200)),
    *(f"spent >= {number}" for number in (100, 1000, 2500)),
)


PLAIN = [f"did {kind} in last {days} days" for kind in KINDS for days in (365, 30)]
"""One condition each, for the planner's figures."""


def audiences(count: int, seed: int = 4) -> list[str]:
    """So many of them; the first ones of a larger number are those of a smaller."""
    random = Random(seed)
    return [_audience(random) for _ in range(count)]


def _audience(random: Random) -> str:
    kinds, weights = zip(*ABOUT, strict=True)
    about: Callable[[Random], str] = random.choices(kinds, weights)[0]
    parts = ["email_ok", about(random)]
    if random.random() < 0.7:
        parts.append(random.choice(MARKETS))
    if random.random() < 0.6:
        parts.append(random.choice(ROW))
    if random.random() < 0.25:
        parts.append(f"did not support_ticket in last {random.choice((7, 14, 30))} days")
    return " and ".join(parts)


def _recency_frequency_money(random: Random) -> str:
    """The last purchase, how many, and what they came to: three windows."""
    last, often, much = random.choice(SHORT), random.choice(LONG), random.choice(LONG)
    return (
        f"did purchase in last {last} days"
        f" and did purchase at least {random.choice((2, 3, 5))} times in last {often} days"
        f" and sum of purchase.amount in last {much} days >= {random.choice((50, 100, 200, 500))}"
    )


def _engaged(random: Random) -> str:
    """Looks often, or at something, and buys little."""
    kind, days = random.choice(("page_view", "app_open", "email_open")), random.choice(WINDOWS)
    where = random.choice(FILTERS) if kind != "email_open" else ""
    return (
        f"did {kind}{where} at least {random.choice((2, 3, 5, 10))} times in last {days} days"
        f" and did not purchase in last {random.choice(WINDOWS)} days"
    )


def _lapsed(random: Random) -> str:
    """Bought, but not lately."""
    near = random.randrange(len(WINDOWS) - 1)
    return (
        f"did purchase{random.choice(FILTERS)} in last {random.choice(WINDOWS[near + 1 :])} days"
        f" and did not purchase in last {WINDOWS[near]} days"
    )


def _left_a_cart(random: Random) -> str:
    """Put something into the cart and did not buy."""
    wait, days = random.choice((1, 2, 7)), random.choice((7, 14, 30))
    return f"did (add_to_cart then no purchase for {wait} days) in last {days + wait} days"


def _answered(random: Random) -> str:
    """Opened a mail or the app, and then came back or bought."""
    first, then = random.choice((("email_open", "purchase"), ("app_open", "add_to_cart"), ("email_open", "app_open")))
    return f"did ({first} then {then} within {random.choice((1, 3, 7))} days) in last {random.choice((30, 90))} days"


def _left_the_same_in_the_cart(_: Random) -> str:
    """The steps are compared with each other."""
    return "did (add_to_cart as cart then no purchase where sku = cart.sku for 2 days) in last 30 days"


def _birthday(random: Random) -> str:
    days = random.choice((7, 14, 30))
    return (
        f"anniversary of birth_date in next {days} calendar days"
        f" and did {random.choice(('purchase', 'app_open'))} in last {random.choice(LONG)} days"
    )


def _big_spender(random: Random) -> str:
    total, days = random.choice((100, 200, 500, 1000)), random.choice(LONG)
    return f"sum of purchase.amount{random.choice(FILTERS)} in last {days} days >= {total}"


def _new(random: Random) -> str:
    return (
        f"signed_up > {random.choice((7, 30, 90))} days ago"
        f" and did not {random.choice(('purchase', 'app_open'))} in last {random.choice(LONG)} days"
    )


ABOUT = (
    (_recency_frequency_money, 25),
    (_engaged, 20),
    (_lapsed, 18),
    (_left_a_cart, 8),
    (_answered, 7),
    (_left_the_same_in_the_cart, 1),
    (_birthday, 8),
    (_big_spender, 8),
    (_new, 5),
)
"""What campaigns are about, and how many of a hundred."""
