"""Triggers that look at single events: which of them are due in (W, T], once each, with what they say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from happenings import CART, DAY, HOUR, PURCHASE, SPAN, VISIT, Events, T, campaign, event, person, purchase, sku, tag

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

TINY = timedelta(microseconds=1)
BOUGHT = ir.On(PURCHASE, None, "purchase", SPAN)
AMOUNT = nodes.Property("amount", "amount", Type(Kind.DECIMAL, True), "event")


def test_half_open_on_the_left() -> None:
    since = T - HOUR
    moments = {1: since - TINY, 2: since, 3: since + TINY, 4: T - TINY, 5: T, 6: T + TINY}
    world = Events([person("a")], [purchase("a", number, at) for number, at in moments.items()])
    assert world.keys(campaign(BOUGHT), since) == [("a", "purchase/3"), ("a", "purchase/4"), ("a", "purchase/5")]


def test_runs_one_after_the_other_lose_nothing() -> None:
    rows = [purchase("a", number, T - number * HOUR, received_at=T - number % 3 * HOUR) for number in range(10)]
    world = Events([person("a")], rows)
    edges = [T - number * HOUR for number in range(12, -1, -1)]
    found = [key for since, until in pairwise(edges) for _, key in world.keys(campaign(BOUGHT), since, as_of=until)]
    assert sorted(found) == sorted(f"purchase/{number}" for number in range(10))


@pytest.mark.seed("S3-08")
def test_late_events_are_due_when_they_arrive() -> None:
    rows = [
        purchase("a", 1, T - 30 * DAY, received_at=T - TINY),
        purchase("a", 2, T - TINY, received_at=T + TINY),
        purchase("a", 3, T - TINY, received_at=None),
        purchase("a", 4, T - TINY, received_at=T - DAY),  # its clock is ahead: it is there when it has happened
        purchase("a", 5, T - 30 * DAY, received_at=None),
    ]
    world = Events([person("a")], rows)
    assert world.keys(campaign(BOUGHT), T - HOUR) == [("a", "purchase/1"), ("a", "purchase/3"), ("a", "purchase/4")]


def test_an_event_delivered_twice_is_due_once() -> None:
    rows = [
        purchase("a", 1, T - HOUR, received_at=T - HOUR),
        purchase("a", 1, T - HOUR, received_at=T),
        purchase("a", 2, T - 3 * HOUR, received_at=T - 3 * HOUR),
        purchase("a", 2, T - 3 * HOUR, received_at=T),
    ]
    assert Events([person("a")], rows).keys(campaign(BOUGHT), T - 2 * HOUR) == [("a", "purchase/1")]


def test_rows_that_are_no_event() -> None:
    rows = [
        purchase("a", 1, T, customer_id=None),
        purchase("a", 2, T, purchase_id=None),
        purchase("nobody", 3, T),
        purchase("lost", 4, T),
        purchase("a", 5, T),
    ]
    world = Events([person("a"), person("lost", time_zone="Mars/Base")], rows)
    assert world.keys(campaign(BOUGHT), T - HOUR) == [("a", "purchase/5")]


def test_only_those_that_match() -> None:
    rows = [purchase("a", 1, T, sku="x"), purchase("a", 2, T, sku="y"), purchase("a", 3, T)]
    trigger = ir.On(PURCHASE, sku("x"), "purchase", SPAN)
    assert Events([person("a")], rows).keys(campaign(trigger), T - HOUR) == [("a", "purchase/1")]


def test_days_are_those_where_the_customer_is() -> None:
    rows = [purchase(who, 1, T.replace(hour=3)) for who in ("ny", "tokyo", "nowhere")]
    world = Events([person("ny"), person("tokyo", time_zone="Asia/Tokyo"), person("nowhere", time_zone=None)], rows)
    found = world.ask(campaign(BOUGHT))
    assert [(row["customer_id"], row["occurrence_day"], row["occurrence_time"]) for row in found] == [
        ("nowhere", "2026-06-14", None),
        ("ny", "2026-06-14", None),
        ("tokyo", "2026-06-15", None),
    ]
    assert {row["occurred_at"] for row in found} == {T.replace(hour=3)}


def test_what_the_event_says() -> None:
    worth = nodes.Compare(">=", AMOUNT, nodes.Constant(Decimal(10), Type(Kind.DECIMAL)))
    made = campaign(
        BOUGHT,
        event_context=(nodes.Property("sku", "sku", Type(Kind.TEXT, True)), AMOUNT),
        outcomes=(tag("all"), tag("large", condition=ir.Condition("amount >= 10", None, worth))),
    )
    rows = [purchase("a", 1, T, sku="x", amount=Decimal("10.00")), purchase("a", 2, T, amount=Decimal("9.99"))]
    one, two = Events([person("a")], rows).ask(made)
    assert one["context"] == {"event.sku": "x", "event.amount": 10}
    assert two["context"] == {"event.amount": 9.99}
    assert [one["steps"], two["steps"]] == [3, 1]


def test_the_first_and_the_last_day_of_the_campaign() -> None:
    """In New York they begin and end at 04:00 UTC."""
    day = T.replace(hour=4)
    rows = [
        purchase("a", 1, day - DAY - TINY),
        purchase("a", 2, day - DAY),
        purchase("a", 3, day - TINY),
        purchase("a", 4, day),
    ]
    made = campaign(BOUGHT, runs_from=(day - DAY).date(), runs_until=(day - DAY).date())
    assert Events([person("a")], rows).keys(made) == [("a", "purchase/2"), ("a", "purchase/3")]


# -------------------------------------------------------------------------------------------------------- every n-th


def every(n: int, each_step: bool = False, where: nodes.Predicate | None = None) -> ir.EveryNth:
    return ir.EveryNth(n, PURCHASE, where, each_step, f"every {n}", SPAN)


def test_every_third() -> None:
    rows = [purchase("a", number, T - (10 - number) * HOUR) for number in range(1, 10)]
    world = Events([person("a"), person("b")], [*rows, purchase("b", 99, T)])
    assert world.keys(campaign(every(3))) == [("a", f"purchase#/{ordinal}") for ordinal in (3, 6, 9)]
    assert world.keys(campaign(every(3)), T - 4 * HOUR) == [("a", "purchase#/9")]
    assert world.keys(campaign(every(3)), T - 4 * HOUR - TINY) == [("a", "purchase#/6"), ("a", "purchase#/9")]
    assert world.keys(campaign(every(3)), T - HOUR) == []


def test_every_third_with_its_steps() -> None:
    rows = [purchase("a", number, T - (5 - number) * HOUR) for number in range(1, 5)]
    found = Events([person("a")], rows).ask(campaign(every(3, each_step=True)))
    assert [(row["occurrence"], row["context"]) for row in found] == [
        (f"purchase#/{ordinal}", {"goal.step": step, "goal.target": 3, "goal.completed": step == 3})
        for ordinal, step in ((1, 1), (2, 2), (3, 3), (4, 1))
    ]


def test_steps_are_numbers_that_conditions_may_use() -> None:
    step = nodes.Property("step", "step", Type(Kind.INTEGER, True), "goal")
    done = nodes.Property("completed", "completed", Type(Kind.BOOLEAN, True), "goal")
    second = nodes.Compare("=", step, nodes.Constant(2, Type(Kind.INTEGER)))
    outcomes = (
        tag("second", condition=ir.Condition("goal.step = 2", None, second)),
        tag("done", condition=ir.Condition("goal.completed", None, nodes.IsTrue(done))),
    )
    rows = [purchase("a", number, T - (5 - number) * HOUR) for number in range(1, 4)]
    found = Events([person("a")], rows).ask(campaign(every(3, each_step=True), outcomes=outcomes))
    assert [row["steps"] for row in found] == [0, 1, 2]


def test_events_of_one_instant_stand_in_the_order_of_their_ids() -> None:
    said = campaign(every(2), event_context=(nodes.Property("sku", "sku", Type(Kind.TEXT, True)),))
    rows = [purchase("a", number, T, sku=str(number)) for number in (10, 9, 2, 1)]
    found = Events([person("a")], rows).ask(said)
    assert [row["context"]["event.sku"] for row in found] == ["2", "10"]


def test_an_event_delivered_twice_counts_once() -> None:
    rows = [purchase("a", 1, T - HOUR), purchase("a", 1, T - HOUR, received_at=T), purchase("a", 2, T)]
    assert Events([person("a")], rows).keys(campaign(every(2))) == [("a", "purchase#/2")]


def test_a_late_event_moves_the_others_up() -> None:
    rows = [purchase("a", number, T - (9 - number) * HOUR) for number in (2, 3, 4)]
    late = purchase("a", 1, T - 8 * HOUR, received_at=T - HOUR)
    world = Events([person("a")], [*rows, late])
    assert world.keys(campaign(every(4)), T - 2 * HOUR) == [("a", "purchase#/4")]
    assert world.keys(campaign(every(4)), T - 2 * HOUR, as_of=T - HOUR - TINY) == []


def test_events_before_the_first_day_do_not_count() -> None:
    rows = [purchase("a", number, T - (4 - number) * DAY) for number in range(1, 5)]
    made = campaign(every(2), runs_from=(T - 2 * DAY).date())
    assert Events([person("a")], rows).keys(made) == [("a", "purchase#/2")]


# --------------------------------------------------------------------------------------------------- several triggers


def test_several_triggers_and_one_key() -> None:
    """The event that both mean is one occasion; other events have no such property."""
    dear = nodes.Compare(">", nodes.Property("amount", "amount", AMOUNT.type), nodes.Constant(5, Type(Kind.INTEGER)))
    made = campaign(
        ir.On(PURCHASE, dear, "dear", SPAN),
        ir.On(CART, None, "add_to_cart", SPAN),
        ir.On(PURCHASE, sku("x"), "x", SPAN),
        ir.Anniversary(nodes.Attribute("born", "born", Type(Kind.DATE, True)), 0, "09:00", SPAN),
        event_context=(AMOUNT,),
    )
    rows = [purchase("a", 1, T, sku="x", amount=Decimal(6)), purchase("a", 2, T, sku="x"), purchase("a", 3, T)]
    world = Events([person("a")], rows, [event("a", "cart", "1", T), event("a", "visit", "2", T)])
    found = world.ask(made)
    assert [(row["occurrence"], row["occurrence_time"], row["context"]) for row in found] == [
        ("2026", "09:00", {}),
        ("add_to_cart/1", None, {}),
        ("purchase/1", None, {"event.amount": 6}),
        ("purchase/2", None, {"event.amount": 1}),
    ]


def test_a_customer_twice_in_the_table_stays_twice() -> None:
    made = campaign(BOUGHT, ir.On(VISIT, None, "visit", SPAN))
    world = Events([person("a"), person("a", tier="gold")], [purchase("a", 1, T)])
    assert world.keys(made) == [("a", "purchase/1")] * 2
