"""Workspaces to measure on: made from a seed, the same on every machine."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "campaigns"
SHARED = ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv")

TESTS = (
    "age >= {age}",
    "birth_date is known",
    "tier >= {tier}",
    'country in ["US", "CA", "{country}"]',
    "shoe_size between {low} and {high}",
    'favorite_category = "{category}"',
    "not is_employee",
    'region is missing or region != "{country}"',
    'email is known and email contains "@{category}"',
    "did purchase where amount > {amount} at least {times} times in last {days} days",
    "did not check_in in last {days} days",
    "sum of purchase.amount in last {days} days >= {amount}",
    "count of email_click in last {weeks} weeks >= {times}",
    "(did app_open in last {days} days or did email_click in last {weeks} calendar weeks)",
)
TIERS = ("silver", "gold", "platinum")
CATEGORIES = ("running", "hiking", "kids", "formal", "sandals")
COUNTRIES = ("MX", "GB", "DE", "FR", "BR")


def one_campaign(folder: Path) -> Path:
    """The sample workspace with its one campaign, which is returned."""
    folder.mkdir(parents=True)
    for name in (*SHARED, "birthday_gift.campaign"):
        shutil.copy(SAMPLE / name, folder / name)
    return folder / "birthday_gift.campaign"


def many_campaigns(folder: Path, count: int, seed: int = 20260115) -> None:
    """A workspace with ``count`` campaigns, every second one in YAML, no two alike."""
    dice = random.Random(seed)
    (folder / "campaigns").mkdir(parents=True)
    for name in SHARED:
        shutil.copy(SAMPLE / name, folder / name)
    for number in range(count):
        facts = _facts(dice, number)
        in_yaml = number % 2 == 1
        text = _yaml(facts) if in_yaml else _dsl(facts)
        name = f"{facts['name']}.campaign" + (".yaml" if in_yaml else "")
        (folder / "campaigns" / name).write_text(text, encoding="utf-8")


def _facts(dice: random.Random, number: int) -> dict[str, object]:
    def test() -> str:
        return dice.choice(TESTS).format(
            age=dice.randint(13, 60),
            tier=dice.choice(TIERS),
            country=dice.choice(COUNTRIES),
            low=dice.randint(35, 39),
            high=dice.randint(40, 48),
            category=dice.choice(CATEGORIES),
            amount=dice.randint(10, 500),
            times=dice.randint(2, 9),
            days=dice.randint(7, 365),
            weeks=dice.randint(1, 52),
        )

    segments = [f"part_{index}" for index in range(dice.randint(1, 4))]
    return {
        "name": f"gift_{number:05}",
        "title": f"Gift number {number}",
        "priority": dice.randint(1, 99),
        "where": ["status = good", *(test() for _ in range(dice.randint(3, 8)))],
        "segments": [(name, f"where {test()}") for name in segments] + [("others", "otherwise")],
        "holdout": dice.randint(1, 20),
        "days": dice.randint(1, 30),
        "hour": dice.randint(8, 20),
        "budget": dice.randint(1, 900) * 1000,
        "awards": [(name, dice.randint(1, 40) * 50) for name in [*segments, "others"]],
        "fallback": dice.choice(CATEGORIES),
    }


def _dsl(f: dict) -> str:
    where = "\n      and ".join(f["where"])
    segments = "\n".join(f"      {name:<8} {rest}" for name, rest in f["segments"])
    awards = "\n".join(
        f"    award {points} points to rewards source birthday, expires after 30 days   when segment {name}"
        for name, points in f["awards"]
    )
    return f"""# {f["title"]}
campaign {f["name"]} {{
  title     "{f["title"]}"
  kind      promotion
  owner     "loyalty@footwear.example"
  priority  {f["priority"]}
  runs      from 2026-01-01
  timezone  customer else "America/New_York"

  audience {{
    where {where}
    exclude audience employees
    suppress global_suppression
    segments {{
{segments}
    }}
    holdout {f["holdout"]}%          # measured against those who got nothing
  }}

  behavior {{
    on anniversary of birth_date, {f["days"]} days before, at {f["hour"]:02}:00
    limit once per year
    budget {f["budget"]} points, 1_000_000 offers
  }}

  outcomes {{
{awards}
    issue offer birthday_half_price, expires after 14 days
    tag birthday_gift for 30 days
    send note
  }}

  message note external {{
    via braze variant birthday_triggered
    settings {{ braze_campaign_id "a3f9c2d1-{f["name"]}" }}
    quiet from 21:00 to 08:00
    expires after 3 days
    properties {{
      first_name   customer.first_name else "friend"
      favorite     customer.favorite_category else "{f["fallback"]}"
      points       outcome.points.amount
      offer_title  offer.title
      offer_ends   offer.expires_at
    }}
  }}
}}
"""


def _yaml(f: dict) -> str:
    where = "\n      and ".join(f["where"])
    segments = "\n".join(f"      {name}: {rest}" for name, rest in f["segments"])
    awards = "\n".join(
        f"    - award {points} points to rewards source birthday, expires after 30 days when segment {name}"
        for name, points in f["awards"]
    )
    return f"""# {f["title"]}
campaign {f["name"]}:
  title: {f["title"]}
  kind: promotion
  owner: loyalty@footwear.example
  priority: {f["priority"]}
  runs: from 2026-01-01
  timezone: customer else "America/New_York"

  audience:
    where: >-
      {where}
    exclude: audience employees
    suppress: global_suppression
    segments:
{segments}
    holdout: {f["holdout"]}%

  behavior:
    on: anniversary of birth_date, {f["days"]} days before, at {f["hour"]:02}:00
    limit: once per year
    budget: {f["budget"]} points, 1_000_000 offers

  outcomes:
{awards}
    - issue offer birthday_half_price, expires after 14 days
    - tag birthday_gift for 30 days
    - send note

  message note external:
    via: braze variant birthday_triggered
    settings:
      braze_campaign_id: a3f9c2d1-{f["name"]}
    quiet: from 21:00 to 08:00
    expires: after 3 days
    properties:
      first_name: customer.first_name else "friend"
      favorite: customer.favorite_category else "{f["fallback"]}"
      points: outcome.points.amount
      offer_title: offer.title
      offer_ends: offer.expires_at
"""
