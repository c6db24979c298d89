"""Why somebody gets something or not; and the world afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest
from scenes import (
    BOOLEAN,
    CATALOG,
    DAYS,
    HOURS,
    PURCHASE,
    SPAN,
    TEXT,
    TIER,
    TIMESTAMP,
    T,
    aggregate,
    at,
    award,
    birthday,
    campaign,
    compare,
    con,
    day,
    event,
    issue,
    judge,
    letter,
    of,
    on,
    own,
    send,
    tag,
    tail,
)

from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference import aftermath
from campaign_dsl.review.reference.evaluate import evaluate
from campaign_dsl.review.reference.explain import Explanation, explain, trace
from campaign_dsl.review.reference.world import Decided, World

# -------------------------------------------------------------------------------------------------------------- traces


@pytest.mark.seed("S0-07")
def test_a_trace_shows_every_part_and_value() -> None:
    old, rich = compare(own("age"), ">=", 18), compare(aggregate("sum", of("n")), ">", 10)
    node = ir.AnyOf((old, ir.Negate(rich)))
    found = trace(node, judge({"age": 20}, event(1, "2026-06-01", n=4), event(2, "2026-06-02", n=8)))
    assert found.result is True
    first, second = found.inner
    assert (first.node, first.result, [each.result for each in first.inner]) == (old, True, [20, 18])
    assert (second.result, second.inner[0].node, second.inner[0].result) == (False, rich, True)
    total = second.inner[0].inner[0]
    assert (total.result, [each.result for each in total.inner]) == (12, [4, 8])


def test_a_trace_of_a_rank_is_not_one_of_everybody() -> None:
    others = tuple({"id": f"c{n}", "n": n} for n in range(50))
    found = trace(ir.Rank(own("n"), None, 1, True), judge({"n": 99}, others=others))
    assert found.result is True
    assert len(found.inner) == 0


# -------------------------------------------------------------------------------------------------------------- stages

FULL = campaign(
    birthday(),
    audience=compare(own("tier", TIER), ">=", "silver"),
    excludes=(ic.Exclusion("bad ones", ir.IsTrue(own("bad", BOOLEAN)), SPAN),),
    suppression=(ic.SuppressionList("global", "listed", "address", None),),
    segments=(ic.Segment("gold", compare(own("tier", TIER), ">=", "gold")), ic.Segment("others", None)),
    outcomes=(award(), send()),
    messages=(letter(consent=own("agrees", BOOLEAN), address=own("email", TEXT)),),
    limits=(ic.Limit(1, 1, "ever"),),
    budgets=(ic.Budget("points", 700, None),),
)


def explained(name: str = "b", decided: Any = (), **values: Any) -> Explanation:
    base = {"born": day("1990-06-15"), "tier": "gold", "agrees": True, "email": "x@x.example", "bad": None}
    people = [{"id": "b", **base, **values}, {"id": "a", **base, "agrees": values.get("rival")}]
    world = World("id", people, {"listed": [{"address": "no@x.example"}]}, decided=decided)
    return explain(FULL, [FULL], CATALOG, world, name, T)


@pytest.mark.parametrize(
    ("values", "stage", "because"),
    [
        ({"zone": "Mars/Base"}, "readable", "zone Mars/Base"),
        ({"tier": "member"}, "audience", None),
        ({"born": None}, "behavior", None),
        ({"bad": True}, "not_excluded", "bad ones"),
        ({"email": "NO@x.example"}, "not_suppressed", "global"),
        ({"agrees": None}, "consented", "note"),
        ({"decided": (Decided("gift", "b", "2025", day("2025-06-15")),)}, "within_limits", "1 per 1 ever"),
        ({"rival": True}, "within_budget", "points"),
        ({"decided": (Decided("gift", "b", "2026", day("2026-06-15")),)}, "decided", "an earlier run"),
    ],
)
def test_the_stage_that_stops_her_comes_last(values: dict[str, Any], stage: str, because: str | None) -> None:
    found = explained(**values)
    last = found.stages[-1]
    assert (last.name, last.reached, last.because) == (stage, False, because)
    assert all(each.reached for each in found.stages[:-1])


def test_somebody_who_gets_it() -> None:
    found = explained()
    assert all(each.reached for each in found.stages)
    assert [each.name for each in found.stages][-1] == "decided"
    assert [each.lost for each in found.candidates] == [None]
    assert found.segment is not None
    assert found.segment.result is True
    by_name = {each.name: each for each in found.stages}
    assert [each.result for each in by_name["consented"].traces] == [True]
    assert [each.result for each in by_name["not_excluded"].traces] == [False]
    with pytest.raises(LookupError):
        explained("nobody")


def test_what_was_looked_at() -> None:
    """md5("holdout/gift:b") says where she is in the random share."""
    before = (Decided("gift", "b", "2024", day("2024-06-15")), Decided("other", "b", "1", T.date()))
    loose = replace(FULL, holdout_percent=Decimal("0.001"), limits=(ic.Limit(5, 1, "ever"),))
    base = {"born": day("1990-06-15"), "tier": "gold", "agrees": True, "email": "X@x.example "}
    world = World("id", ({"id": "b", **base},), decided=before)
    seen = {each.name: each.seen for each in explain(loose, [loose], CATALOG, world, "b", T).stages}
    assert seen["not_suppressed"] == {"addresses": ["x@x.example"]}
    assert seen["within_limits"] == {"decided": [day("2024-06-15")]}
    place = int(md5(b"holdout/gift:b").hexdigest()[:7], 16) / 2**28 * 100
    assert seen["not_held_out"]["place_percent"] == pytest.approx(place)


def test_what_triggers_look_at() -> None:
    large = compare(of("n"), ">=", 5)
    step = ir.Step(PURCHASE, large, None, False, None)
    parts = (ic.Times(PURCHASE, large, 2, None), ic.Times(PURCHASE, None, 2, None))
    triggers: list[tuple[ic.Trigger, list[Any]]] = [
        (birthday(), [day("1990-06-15")]),
        (ic.Holiday("day", "Day", (("US", ()),), own("country", TEXT), 0, "09:00", SPAN), ["US"]),
        (on(large), [True]),
        (ic.EveryNth(2, PURCHASE, large, False, "every 2", SPAN), [True]),
        (ic.Goal(ic.Group(True, parts, None), "", SPAN), [False, True]),
        (ic.SequenceOf((step, step), None, "twice", SPAN), [False]),
        (ic.Crossing("large", compare(own("n"), ">", 1), True, SPAN), [True]),
        (ic.Schedule("FREQ=DAILY", T.date(), "09:00", "daily", SPAN), []),
    ]
    person = {"id": "a", "born": day("1990-06-15"), "country": "US", "n": 2}
    world = World("id", (person,), {"events": [event(1, "2026-06-01", n=6), event(2, "2026-06-02", n=4)]})
    for trigger, expected in triggers:
        made = campaign(trigger)
        stage = explain(made, [made], CATALOG, world, "a", T).stages[2]
        assert [each.result for each in stage.traces] == expected, trigger


# ----------------------------------------------------------------------------------------------------------- aftermath


def step(world: World, now: Any, *campaigns: ic.Campaign, since: Any = None) -> tuple[Any, World]:
    """Evaluate at an instant, and go on from there."""
    ready = aftermath.at(world, CATALOG, now)
    result = evaluate(campaigns, CATALOG, ready, now, since)
    return result, aftermath.at(aftermath.after(ready, result, campaigns, now), CATALOG, now)


PEOPLE = ({"id": "a", "born": day("1990-06-15"), "tier": "member"},)


def test_the_second_of_two_identical_runs_changes_nothing() -> None:
    gift = campaign(birthday(), outcomes=(award(), tag()), budgets=(ic.Budget("points", 500, None),))
    first, once = step(World("id", PEOPLE), T, gift)
    second, twice = step(once, T, gift)
    assert (len(first["gift"].effects), len(second["gift"].effects)) == (2, 0)
    assert second["gift"].candidates[0].lost == "decided"
    assert (once.rows, once.decided, once.spent) == (twice.rows, twice.decided, twice.spent)
    assert once.spent == {"gift": {"points": 500, "offers": 0, "codes": 0, "messages": 0}}


def test_three_years_of_an_evergreen_campaign() -> None:
    gift, world, keys = campaign(birthday(), outcomes=(award(),)), World("id", PEOPLE), []
    for year in (2026, 2027, 2028):
        for when in ("06-14", "06-15", "06-15", "06-16"):
            result, world = step(world, at(f"{year}-{when} 03:00"), gift)
            keys += [each.occurrence for each in result["gift"].effects]
    assert keys == ["2026", "2027", "2028"]
    assert world.rows["balances"] == [{"customer_id": "a", "account": "rewards", "balance": 1500}]


def test_a_tag_is_there_until_its_last_second() -> None:
    ends = of("expires_at", TIMESTAMP)
    alive = ir.AnyOf((ir.Negate(ir.IsKnown(ends)), compare(ends, ">", ir.Now(TIMESTAMP))))
    source = ir.EventSource("tags", "tags", None, None, None, "customer_id", None, None)
    has = ir.Did(source, ir.AllOf((compare(of("tag", TEXT), "=", "got"), alive)), None, 1, None)
    tagged = campaign(birthday(), outcomes=(tag(ttl=60),))
    reader = campaign(ic.Schedule("FREQ=DAILY", day("2026-01-01"), "00:00", "daily", SPAN), name="reader", audience=has)
    _, world = step(World("id", PEOPLE), T, tagged)
    for second, count in (("12:00:59", 1), ("12:01:00", 0)):
        assert evaluate([reader], CATALOG, world, at(f"2026-06-15 {second}"))["reader"].funnel["audience"] == count
    again = replace(tagged, name="again", outcomes=(tag(ttl=30),))
    _, longer = step(world, T, again)
    assert [row["expires_at"] for row in longer.rows["tags"]] == [at("2026-06-15 12:01")]


def test_everything_that_is_given_is_there() -> None:
    everything = campaign(
        birthday(),
        outcomes=(
            issue(expires=DAYS),
            ic.Untag("vip", tail()),
            ic.SetAttribute(own("tier", TIER), con("gold", TIER), tail()),
            ic.Subscribe("news", False, tail()),
            ic.RecordEvent("purchase", (("n", con(4)),), tail()),
            tag("later", None, delay_seconds=6 * HOURS),
            send(),
        ),
        messages=(letter(quiet=("08:00", "13:00")),),
    )
    rows = {"tags": [{"customer_id": "a", "tag": "vip", "expires_at": None}]}
    _, world = step(World("id", PEOPLE, rows), T, everything)
    assert [(row["offer"], row["state"], row["expires_at"]) for row in world.rows["wallet"]] == [
        ("half", "issued", at("2026-06-16 12:00"))
    ]
    assert world.rows["tags"] == []
    assert world.customers[0]["tier"] == "gold"
    assert [(row["conversation"], row["subscribed"]) for row in world.rows["subscriptions"]] == [("news", False)]
    assert [row["subscribed"] for row in world.rows["subscription_changes"]] == [False]
    assert [row["campaign"] for row in world.rows["decided"]] == ["gift"]
    assert [(row["kind"], row["count"], row["occurred_at"]) for row in world.rows["events"]] == [("purchase", 4, T)]
    assert "sent" not in world.rows
    evening = aftermath.at(world, CATALOG, at("2026-06-15 15:00"))
    assert [row["tag"] for row in evening.rows["tags"]] == ["later"]
    assert [(row["message"], row["occurred_at"]) for row in evening.rows["sent"]] == [("note", at("2026-06-15 13:00"))]
    assert evening.pending == ()


def test_a_recorded_event_makes_the_next_campaign_happen() -> None:
    four = compare(ir.Property("n", "count", of("n").type), "=", 4)
    chain = campaign(on(four), name="next", outcomes=(award(),))
    first = campaign(birthday(), outcomes=(ic.RecordEvent("purchase", (("n", con(4)),), tail()),))
    _, world = step(World("id", PEOPLE), T, first, chain)
    result, _ = step(world, at("2026-06-15 13:00"), first, chain, since=at("2026-06-15 11:00"))
    assert [each.occurrence for each in result["next"].effects] == ["purchase/gift/event/purchase/a/2026"]


def test_entering_is_noticed_once() -> None:
    rich = compare(own("n"), ">=", 5)
    entered = campaign(ic.Crossing("rich", rich, True, SPAN), name="welcome", outcomes=(award(),))
    world, found = World("id", ({"id": "a", "n": 1},)), []
    for hour, n in ((9, 1), (10, 6), (11, 7), (12, 2), (13, 8)):
        world = replace(world, customers=({"id": "a", "n": n},), memory={})
        result, world = step(world, at(f"2026-06-15 {hour:02}:00"), entered)
        found += [each.occurrence.removeprefix("entering/rich/2026-06-15T") for each in result["welcome"].effects]
    assert found == ["10:00:00Z", "13:00:00Z"]
