"""Sequences, computed by hand: one event after the other, in time, and what did not happen in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
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
    same_sku,
)

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

TINY = timedelta(microseconds=1)
CONTEXT = (replace(SKU, alias="event"), replace(SKU, alias="cart"))


def step(source: nodes.EventSource, seconds: int | None = None, where: nodes.Predicate | None = None) -> nodes.Step:
    return nodes.Step(source, where, None, False, seconds)


def no(source: nodes.EventSource, seconds: int, where: nodes.Predicate | None = None) -> nodes.Step:
    return nodes.Step(source, where, None, True, seconds)


def sequence(*steps: nodes.Step, seconds: int | None = None, **more: object) -> ir.Campaign:
    first = replace(steps[0], alias="cart")
    return campaign(ir.SequenceOf((first, *steps[1:]), seconds, "sequence", SPAN), event_context=CONTEXT, **more)


def carts(*moments: timedelta, product: str | None = "x") -> list[dict[str, object]]:
    """Events `c0`, `c1` ... so long before T."""
    return [event("a", "cart", f"c{number}", T - ago, product) for number, ago in enumerate(moments)]


def visits(*moments: timedelta) -> list[dict[str, object]]:
    return [event("a", "visit", f"v{number}", T - ago) for number, ago in enumerate(moments)]


def due(made: ir.Campaign, events: list[dict[str, object]], **more: object) -> list[tuple[str, timedelta]]:
    """The keys, and how long before T they happened."""
    rows = Events([person("a")], more.pop("purchases", ()), events).ask(made, **more)  # type: ignore[arg-type]
    return [(row["occurrence"], T - row["occurred_at"]) for row in rows]


def test_strictly_after() -> None:
    made = sequence(step(CART), step(VISIT))
    assert due(made, carts(HOUR) + visits(2 * HOUR)) == []
    assert due(made, carts(HOUR) + visits(HOUR)) == []
    assert due(made, carts(HOUR) + visits(HOUR - TINY)) == [("sequence/v0", HOUR - TINY)]


def test_in_its_time() -> None:
    made = sequence(step(CART), step(VISIT, 3600))
    assert due(made, carts(HOUR) + visits(timedelta(0))) == [("sequence/v0", timedelta(0))]
    assert due(made, carts(HOUR + TINY) + visits(timedelta(0))) == []


def test_all_of_it_in_its_time() -> None:
    made = sequence(step(CART), step(VISIT), step(PURCHASE), seconds=7200)
    bought = [purchase("a", 7, T)]
    assert due(made, carts(2 * HOUR) + visits(HOUR), purchases=bought) == [("sequence/7", timedelta(0))]
    assert due(made, carts(2 * HOUR + TINY) + visits(HOUR), purchases=bought) == []


def test_an_absence_that_ends_it() -> None:
    """It happens when the four hours have passed; the event is the cart."""
    made = sequence(step(CART), no(PURCHASE, 4 * 3600))
    assert due(made, carts(4 * HOUR)) == [("sequence/c0", timedelta(0))]
    assert due(made, carts(4 * HOUR - TINY)) == []
    assert due(made, carts(9 * HOUR)) == [("sequence/c0", 5 * HOUR)]
    assert due(made, carts(9 * HOUR), since=T - 5 * HOUR) == []
    assert due(made, carts(9 * HOUR), since=T - 5 * HOUR - TINY) == [("sequence/c0", 5 * HOUR)]


@pytest.mark.parametrize(("ago", "broken"), [(5, False), (4, True), (1, True), (0, False)])
def test_what_breaks_an_absence(ago: int, broken: bool) -> None:
    """After the event, up to and with the end of the time."""
    made = sequence(step(CART), no(PURCHASE, 4 * 3600))
    edge = {5: 5 * HOUR, 4: 5 * HOUR - TINY, 1: HOUR, 0: HOUR - TINY}[ago]
    found = due(made, carts(5 * HOUR), purchases=[purchase("a", 1, T - edge)])
    assert found == ([] if broken else [("sequence/c0", HOUR)])


def test_an_absence_of_the_same_thing() -> None:
    made = sequence(step(CART), no(PURCHASE, 4 * 3600, same_sku("cart")))
    bought = [purchase("a", 1, T - 5 * HOUR, sku="x")]
    events = [*carts(6 * HOUR), event("a", "cart", "other", T - 6 * HOUR, "y")]
    rows = Events([person("a")], bought, events).ask(made)
    assert [(row["occurrence"], row["context"]) for row in rows] == [
        ("sequence/other", {"event.sku": "y", "cart.sku": "y"})
    ]


def test_nothing_is_the_same_as_what_is_missing() -> None:
    made = sequence(step(CART), no(PURCHASE, 3600, same_sku("cart")))
    bought = [purchase("a", 1, T - HOUR, sku=None), purchase("a", 2, T - HOUR, sku="x")]
    assert due(made, carts(2 * HOUR, product=None), purchases=bought) == [("sequence/c0", HOUR)]


def test_an_absence_in_the_middle() -> None:
    """The visit follows the cart, with no purchase within two hours of the cart."""
    made = sequence(step(CART), no(PURCHASE, 7200), step(VISIT))
    assert due(made, carts(5 * HOUR) + visits(HOUR)) == [("sequence/v0", HOUR)]
    # The visit comes before the two hours are over, and then they have to pass.
    assert due(made, carts(5 * HOUR) + visits(4 * HOUR)) == [("sequence/v0", 3 * HOUR)]
    assert due(made, carts(5 * HOUR) + visits(HOUR), purchases=[purchase("a", 1, T - 4 * HOUR)]) == []


def test_the_latest_of_several_beginnings_gives_the_context() -> None:
    events = [event("a", "cart", name, T - ago * HOUR, name) for name, ago in (("old", 5), ("new", 3), ("late", 1))]
    rows = Events([person("a")], (), [*events, *visits(2 * HOUR, timedelta(0))]).ask(sequence(step(CART), step(VISIT)))
    assert [(row["occurrence"], row["context"]["cart.sku"]) for row in rows] == [
        ("sequence/v0", "new"),
        ("sequence/v1", "late"),
    ]


def test_known_when_the_last_of_its_events_is() -> None:
    made = sequence(step(PURCHASE), step(VISIT))
    bought = [purchase("a", 1, T - 9 * HOUR, received_at=T - HOUR)]
    found = [("sequence/v0", 8 * HOUR)]
    assert due(made, visits(8 * HOUR), purchases=bought, since=T - HOUR - TINY) == found
    assert due(made, visits(8 * HOUR), purchases=bought, since=T - HOUR) == []


def test_a_second_beginning_that_arrives_late_is_no_news() -> None:
    made = sequence(step(PURCHASE), step(VISIT))
    bought = [purchase("a", 1, T - 9 * HOUR), purchase("a", 2, T - 9 * HOUR, received_at=T)]
    assert due(made, visits(8 * HOUR), purchases=bought, since=T - 8 * HOUR) == []


def test_one_event_is_not_two_steps() -> None:
    made = sequence(step(CART), step(CART))
    assert due(made, carts(HOUR) * 2) == []
    assert due(made, carts(2 * HOUR, HOUR)) == [("sequence/c1", HOUR)]


def test_the_days_of_the_campaign() -> None:
    made = sequence(step(CART), no(PURCHASE, 3600), runs_from=(T - DAY).date(), runs_until=(T - DAY).date())
    start = T.replace(hour=4) - DAY  # midnight in New York
    for moment, wanted in ((start, True), (start - TINY, False), (start + 23 * HOUR, False)):
        events = [event("a", "cart", "c", moment)]
        assert bool(Events([person("a")], (), events).keys(made)) is wanted
