"""Which instants a run decides, when nobody says from when on."""

from __future__ import annotations

import pytest
from scenes import CATALOG, T, at, award, campaign, event, on

from campaign_dsl.review.reference.evaluate import evaluate
from campaign_dsl.review.reference.world import World


@pytest.mark.parametrize(
    ("catch_up_days", "expected"),
    [(0, ["purchase/3"]), (1, ["purchase/3"]), (2, ["purchase/1", "purchase/2", "purchase/3"])],
)
def test_a_day_or_as_many_as_are_made_up_for(catch_up_days: int, expected: list[str]) -> None:
    rows = [event(0, "2026-06-13 12:00"), event(1, "2026-06-13 12:00:01"), event(2, "2026-06-14 12:00")]
    rows.append(event(3, "2026-06-14 12:00:01"))
    thanks = campaign(on(), outcomes=(award(),), catch_up_days=catch_up_days)
    world = World("id", ({"id": "a"},), {"events": rows})
    found = evaluate([thanks], CATALOG, world, T)["gift"]
    assert [each.occurrence.key for each in found.decisions] == expected
    assert len(evaluate([thanks], CATALOG, world, T, since=at("2026-06-01"))["gift"].decisions) == 4
