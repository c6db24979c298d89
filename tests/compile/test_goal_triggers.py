"""Goals, computed by hand: which event completes them, for the how manieth time, and on which events."""

from __future__ import annotations

from datetime import timedelta

from happenings import (
    CART,
    DAY,
    HOUR,
    PURCHASE,
    SKU,
    SPAN,
    VISIT,
    Events,
    T,
    campaign,
    event,
    person,
    purchase,
    sku,
)

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

TINY = timedelta(microseconds=1)
START = T - 100 * HOUR


def goal(whole: ir.Times | ir.Group) -> ir.Campaign:
    return campaign(ir.Goal(whole, "goal", SPAN), event_context=(nodes.Property("sku", "sku", SKU.type),))


def times(source: nodes.EventSource, at_least: int = 1, seconds: int | None = None, where: str = "") -> ir.Times:
    return ir.Times(source, sku(where) if where else None, at_least, seconds)


def group(kind: str, *parts: ir.Times | ir.Group, seconds: int | None = None) -> ir.Group:
    return ir.Group(kind == "all", parts, seconds)


def played(score: str, customer: str = "a") -> Events:
    """One event an hour, as the letters say: p, c and v for purchases, carts and visits, `-` for nothing.

    Its sku is the letter and the place, from 0.
    """
    purchases, events = [], []
    for place, letter in enumerate(score):
        at, name = START + place * HOUR, f"{letter}{place}"
        if letter == "p":
            purchases.append(purchase(customer, place, at, sku=name))
        elif letter != "-":
            events.append(event(customer, {"c": "cart", "v": "visit"}[letter], name, at, name))
    return Events([person(customer)], purchases, events)


def completions(whole: ir.Times | ir.Group, score: str) -> list[str]:
    """The skus of the events that complete the goal, in the order of the ordinals."""
    rows = sorted(played(score).ask(goal(whole)), key=lambda row: int(row["occurrence"].removeprefix("goal/")))
    assert [row["occurrence"] for row in rows] == [f"goal/{number}" for number in range(1, len(rows) + 1)]
    return [row["context"]["event.sku"] for row in rows]


def test_three_times() -> None:
    assert completions(times(PURCHASE, 3), "ppcpppp") == ["p3", "p6"]


def test_three_times_within_three_hours() -> None:
    """The third most recent lies less than three hours back."""
    three = times(PURCHASE, 3, 3 * 3600)
    assert completions(three, "pp-ppp") == ["p5"]
    assert completions(three, "pp--pp-p") == []
    assert completions(three, "pppppp") == ["p2", "p5"]


def test_exactly_as_long_ago_is_too_long() -> None:
    rows = [purchase("a", 1, T - HOUR), purchase("a", 2, T)]
    both = goal(times(PURCHASE, 2, 3600))
    assert Events([person("a")], rows).keys(both) == []
    rows = [purchase("a", 1, T - HOUR + TINY), purchase("a", 2, T)]
    assert Events([person("a")], rows).keys(both) == [("a", "goal/1")]


def test_all_of_two_parts() -> None:
    both = group("all", times(PURCHASE, 2), times(VISIT))
    assert completions(both, "ppvvpp") == ["v2", "p5"]
    assert completions(both, "vpp") == ["p2"]
    assert completions(both, "ppppp") == []


def test_events_of_an_earlier_completion_are_used_up() -> None:
    """v1 and p2 complete it; p0 stands before p2, and does not count for v3."""
    both = group("all", times(PURCHASE), times(VISIT))
    assert completions(both, "pvpv") == ["v1", "v3"]
    assert completions(both, "vvpp") == ["p2"]
    assert completions(both, "pvvp") == ["v1", "p3"]


def test_all_of_them_within_four_hours() -> None:
    both = group("all", times(PURCHASE, 2), times(VISIT), seconds=4 * 3600)
    assert completions(both, "pp--v") == []
    assert completions(both, "pp-v") == ["v3"]
    assert completions(both, "p-pv-pv") == ["v3"]


def test_any_of_them() -> None:
    either = group("any", times(PURCHASE, 3), times(VISIT, 2))
    assert completions(either, "pvpv") == ["v3"]
    assert completions(either, "pvpvppp") == ["v3", "p6"]


def test_nested_groups() -> None:
    """A visit, and either two purchases or a cart within two hours."""
    whole = group("all", times(VISIT), group("any", times(PURCHASE, 2), times(CART, 1, 2 * 3600)))
    assert completions(whole, "c-v") == []
    assert completions(whole, "cv") == ["v1"]
    assert completions(whole, "pp---v") == ["v5"]
    assert completions(whole, "ppc--v-cv") == ["v5", "v8"]


def test_one_event_may_be_in_two_parts() -> None:
    world = Events([person("a")], [purchase("a", number, START + number * HOUR, sku="x") for number in range(4)])
    both = group("all", times(PURCHASE, 2), times(PURCHASE, 1, where="x"))
    assert world.keys(goal(both)) == [("a", "goal/1"), ("a", "goal/2")]


def test_one_instant_is_in_the_order_of_names_and_ids() -> None:
    """add_to_cart before purchase before visit; purchases by number, not by letter."""
    purchases = [purchase("a", number, T, sku=f"p{number}") for number in (10, 9)]
    events = [event("a", "visit", "1", T, "v1"), event("a", "cart", "1", T, "c1")]
    world = Events([person("a")], purchases, events)
    assert world.ask(goal(group("all", times(PURCHASE, 2), times(CART))))[0]["context"] == {"event.sku": "p10"}
    assert world.ask(goal(group("all", times(PURCHASE), times(VISIT))))[0]["context"] == {"event.sku": "v1"}
    assert world.ask(goal(group("all", times(CART), times(PURCHASE))))[0]["context"] == {"event.sku": "p9"}


def test_due_when_the_last_event_came_to_be_known() -> None:
    rows = [purchase("a", number, T - (5 - number) * HOUR) for number in range(1, 5)]
    world, twice = Events([person("a")], rows), goal(times(PURCHASE, 2))
    assert world.keys(twice, T - 3 * HOUR) == [("a", "goal/2")]
    assert world.keys(twice, T - 3 * HOUR - TINY) == [("a", "goal/1"), ("a", "goal/2")]
    assert world.keys(twice, T - HOUR) == []


def test_a_late_event_completes_it() -> None:
    rows = [purchase("a", 1, T - 9 * HOUR, received_at=T), purchase("a", 2, T - 8 * HOUR)]
    twice = goal(times(PURCHASE, 2))
    assert Events([person("a")], rows).keys(twice, T - HOUR) == [("a", "goal/1")]
    assert Events([person("a")], rows).keys(twice, T - HOUR, as_of=T - TINY) == []


def test_events_before_the_first_day_do_not_count() -> None:
    rows = [purchase("a", number, T - (3 - number) * DAY) for number in range(4)]
    made = ir.Goal(times(PURCHASE, 2), "goal", SPAN)
    world = Events([person("a")], rows)
    assert world.keys(campaign(made)) == [("a", "goal/1"), ("a", "goal/2")]
    assert world.keys(campaign(made, runs_from=(T - 2 * DAY).date())) == [("a", "goal/1")]


def test_two_goals_of_one_campaign_share_their_ordinals() -> None:
    made = campaign(
        ir.Goal(times(PURCHASE, 2), "two", SPAN), ir.Goal(times(VISIT), "visit", SPAN), ir.On(CART, None, "cart", SPAN)
    )
    assert played("vppcpp").keys(made) == [("a", "add_to_cart/c3"), ("a", "goal/1"), ("a", "goal/2")]


def test_many_customers_do_not_mix() -> None:
    rows = [purchase(customer, number, T) for number, customer in enumerate("abcab")]
    world = Events([person(name) for name in "abc"], rows)
    assert world.keys(goal(times(PURCHASE, 2))) == [("a", "goal/1"), ("b", "goal/1")]
