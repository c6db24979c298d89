"""Campaigns that happen at instants or on days, over the sample's world; what they find is counted by hand beside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from commandline import Done

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Always, Arithmetic, Compare, Constant, EventSource, Property, Round

AS_OF = "2026-06-15"
MIDNIGHT = "2026-06-15 04:00:00+00"  # in New York
Campaign = Callable[..., Done]
Edit = Callable[[ir.Campaign], ir.Campaign]

PURCHASE = EventSource(
    "purchase", "events", "kind", "purchase", "event_id", "customer_id", "occurred_at", "received_at"
)
DECIMAL = Type(Kind.DECIMAL, nullable=True)
INTEGER = Type(Kind.INTEGER, nullable=True)
DOUBLE = Round(
    Arithmetic("*", Property("amount", "amount", DECIMAL, "event"), Constant(2, Type(Kind.INTEGER)), DECIMAL),
    "half up",
    0,
    INTEGER,
)


def thanks(found: ir.Campaign, at_most: int | None = None) -> ir.Campaign:
    """Twice the amount of every purchase of 100 or more in points, to everybody."""
    span = found.triggers[0].span
    large = Compare(">=", Property("amount", "amount", DECIMAL), Constant(Decimal(100), Type(Kind.DECIMAL)))
    return replace(
        found,
        triggers=(ir.On(PURCHASE, large, "purchase where amount >= 100", span),),
        audience=Always(),
        excludes=(),
        suppression=(),
        segments=(),
        holdout_percent=None,
        limits=(),
        budgets=(),
        outcomes=(ir.Award(DOUBLE, "rewards", "Stride points", "purchase", at_most, None, ir.Tail(span)),),
        messages=(),
        context=(),
    )


def weekly(found: ir.Campaign) -> ir.Campaign:
    """The same, every Monday."""
    span = found.triggers[0].span
    rule = ir.Schedule("FREQ=WEEKLY;BYDAY=MO", date(2026, 1, 5), "10:00", "every monday at 10:00", span)
    return replace(found, triggers=(rule,))


def asked(shop: Path, query: str) -> list[Any]:
    with duckdb.connect(str(shop / "data/warehouse.duckdb"), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query).fetchall()


def ledger(shop: Path, query: str) -> list[Any]:
    with sqlite3.connect(shop / "data/ledger.sqlite") as connection:
        return connection.execute(query).fetchall()


BOUGHT = f"""
    SELECT c.customer_id, CAST(e.event_id AS VARCHAR), CAST(floor(min(e.amount) * 2 + 0.5) AS BIGINT)
    FROM customers c JOIN events e USING (customer_id)
    WHERE e.kind = 'purchase' AND e.occurred_at <= '{MIDNIGHT}' AND e.received_at <= '{MIDNIGHT}'
        AND greatest(e.occurred_at, e.received_at) > TIMESTAMPTZ '{MIDNIGHT}' - INTERVAL 'DAYS days'
        AND e.occurred_at >= TIMESTAMPTZ '2026-01-01 05:00:00+00'
    GROUP BY c.customer_id, e.event_id HAVING min(e.amount) >= 100
    ORDER BY ALL
"""


def test_purchases_and_points_by_a_formula(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    edited(thanks)
    expected = asked(shop, BOUGHT.replace("DAYS", "1"))
    assert expected
    planned = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json
    done = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert planned["funnel"] == done["funnel"]
    assert done["triggers"][0]["says"] == "purchase where amount >= 100"
    given = "SELECT customer_id, occurrence, amount FROM point_transfer JOIN effect USING (effect_id, customer_id)"
    found = sorted((who, key.removeprefix("purchase/"), amount) for who, key, amount in ledger(shop, given))
    assert found == [tuple(row) for row in expected]
    assert done["outcomes"]["points"] == {"count": len(expected), "sum": sum(row[2] for row in expected)}


def test_hourly_runs_give_what_a_nightly_one_gives(
    campaign: Campaign, shop: Path, edited: Callable[[Edit], None]
) -> None:
    edited(thanks)
    for hour in (0, 5, 11, 17, 23):
        assert campaign("run", "birthday_gift", "--as-of", f"2026-06-14T{hour:02}:00").code == 0
    campaign("run", "birthday_gift", "--as-of", AS_OF)
    expected = asked(shop, BOUGHT.replace("DAYS", "2"))
    rows = ledger(shop, "SELECT customer_id, occurrence FROM decision WHERE lost IS NULL")
    assert sorted((who, key.removeprefix("purchase/")) for who, key in rows) == [tuple(row[:2]) for row in expected]


@pytest.mark.seed("S2-13c")
def test_an_outage_is_made_up_for(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    edited(lambda found: replace(thanks(found), catch_up_days=3))
    done = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert done["funnel"]["decided"] == len(asked(shop, BOUGHT.replace("DAYS", "3")))


def test_a_ceiling_of_a_formula(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    edited(lambda found: thanks(found, at_most=250))
    campaign("run", "birthday_gift", "--as-of", AS_OF)
    expected = [min(row[2], 250) for row in asked(shop, BOUGHT.replace("DAYS", "1"))]
    assert sorted(amount for (amount,) in ledger(shop, "SELECT amount FROM point_transfer")) == sorted(expected)


def test_every_monday(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    edited(weekly)
    sunday = campaign("plan", "birthday_gift", "--as-of", "2026-06-14", "--json").json["funnel"]
    monday = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]
    assert (sunday["behavior"], sunday["decided"]) == (0, 0)
    assert monday["behavior"] == monday["audience"] > 0
    campaign("run", "birthday_gift", "--as-of", AS_OF)
    keys = ledger(shop, "SELECT DISTINCT occurrence FROM decision")
    assert keys == [("2026-06-15T10:00",)]


def test_another_occasion_needs_another_name(campaign: Campaign, shop: Path, edited: Callable[[Edit], None]) -> None:
    assert campaign("run", "birthday_gift", "--as-of", AS_OF).code == 0
    given = ledger(shop, "SELECT count(*) FROM effect")
    edited(weekly)
    for command in ("run", "plan"):
        refused = campaign(command, "birthday_gift", "--as-of", "2026-06-22")
        assert refused.code == 1
        assert "GATE003" in refused.err
        assert "`anniversary`" in refused.err
        assert "`schedule`" in refused.err
        assert "`retired`" in refused.err
    assert ledger(shop, "SELECT count(*) FROM effect") == given
    assert campaign("compile", "birthday_gift").code == 0


THANKS = """\
campaign thanks {
  title "Thank you"
  kind promotion
  timezone customer else "America/New_York"
  data { colour "green" }
  audience {
    where status = good
    segments {
      gold where tier >= gold
      others otherwise
    }
  }
  variants {
    red 50%
    blue 50%
  }
  behavior {
    on purchase where amount >= 100
    limit 3 per 30 days
    budget 100_000 points, 500 messages
  }
  outcomes {
    award event.amount * 2 round half up to 0 points to rewards source purchase, at most 500
    first of {
      tag birthday_gift for 30 days when segment gold
      untag birthday_gift otherwise
    }
    send note, after 2 hours
  }
  message note external {
    via braze variant birthday_triggered
    settings { braze_campaign_id "x" }
    properties {
      first_name customer.first_name else "friend"
      amount event.amount else 0
      colour campaign.data.colour
    }
  }
}
"""


def test_a_campaign_in_words(campaign: Campaign, shop: Path) -> None:
    """From the file to the ledger, and a file that means other occasions."""
    file = shop / "thanks.campaign"
    file.write_text(THANKS, "utf-8")
    planned = campaign("plan", "thanks", "--as-of", AS_OF, "--json").json
    done = campaign("run", "thanks", "--as-of", AS_OF, "--json").json
    assert planned["funnel"] == done["funnel"]
    decided, given = done["funnel"]["decided"], done["outcomes"]
    assert decided > 0
    assert given["tag"]["count"] + given["untag"]["count"] == given["message"]["count"] == decided
    ((low, high),) = ledger(shop, "SELECT min(amount), max(amount) FROM point_transfer")
    waits = "SELECT min(at - due_at) FROM effect JOIN decision USING (decision_id) JOIN step USING (step_id)"
    ((late,),) = ledger(shop, f"{waits} WHERE kind = 'message'")
    assert 200 <= low <= high <= 500
    assert late >= 2 * 3_600_000_000
    assert done["samples"][0]["properties"]["colour"] == "green"
    assert campaign("run", "thanks", "--as-of", "2026-06-15T05:00", "--json").json["funnel"]["decided"] == 0

    other = THANKS.replace("on purchase where amount >= 100", "every monday at 10:00").replace("event.amount * 2", "5")
    file.write_text(other.replace("      amount event.amount else 0\n", ""), "utf-8")
    refused = campaign("run", "thanks", "--as-of", "2026-06-22")
    assert (refused.code, "GATE003" in refused.err) == (1, True), refused.err


@pytest.mark.parametrize("command", ["plan", "run"])
def test_arms_and_languages(campaign: Campaign, shop: Path, edited: Callable[[Edit], None], command: str) -> None:
    half = Decimal(50)
    edited(lambda found: replace(found, arms=(ir.Arm("red", half), ir.Arm("blue", half)), languages=("en", "de")))
    done = campaign(command, "birthday_gift", "--as-of", AS_OF, "--json").json
    selection = done["samples"][0]["selection"]
    assert selection["arm"] in ("red", "blue")
    assert selection["language"] == "en"
    if command == "run":
        arms = campaign("report", "--json").json["campaigns"][0]["arms"]
        assert sum(arms.values()) == done["funnel"]["decided"]
        assert "variant red: " in campaign("report").out
        assert json.loads(json.dumps(arms)) == arms
