"""Triggers against the interpreter: random triggers on random events give the same occasions, saying the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, get_args

import pytest
from happenings import (
    BORN,
    CART,
    COUNTRY,
    DAY,
    HOUR,
    PURCHASE,
    SKU,
    SPAN,
    VISIT,
    ZONE,
    Events,
    T,
    campaign,
    event,
    person,
    purchase,
    same_sku,
    sku,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from warehouse import gap

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.triggers import Period, occurrences
from campaign_dsl.review.reference.world import Clock, World, readable
from differential import compared

ATTRIBUTES = {"id": "id", "zone": "time_zone", **{name: name for name in ("country", "born", "tier", "language")}}
CONTEXT = (
    replace(SKU, alias="event"),
    nodes.Property("amount", "amount", Type(Kind.DECIMAL, True), "event"),
    replace(SKU, alias="before"),
)
SKUS = ["x", "y", None]


def world_of(seed: int) -> Events:
    """Few customers and many events, of which many happen at one instant, late, or twice."""
    random = Random(seed)
    one = random.choice
    zones = ["America/New_York", "Asia/Tokyo", None, "Mars/Base"]
    born = [date(2000, 2, 29), date(2000, 6, 15), date(2000, 6, 14), date(2001, 2, 28), date(2000, 3, 1), None]
    people = [
        person(name, time_zone=one(zones), country=one(["US", "DE", None]), born=one(born)) for name in ("a", "b", "c")
    ]
    owners = ["a", "a", "a", "b", "b", "c", "nobody", None]

    def moment() -> datetime:
        edge = one([T, T - HOUR, T - 2 * HOUR, T - DAY])
        return one([edge, edge, T - random.randrange(40) * HOUR, edge + timedelta(microseconds=one([-1, 1]))])

    def bought(number: int) -> Iterator[dict[str, Any]]:
        at = moment()
        arrived = one([at, at, at, None, at + HOUR, moment()])
        row = purchase(one(owners), number, at, received_at=arrived, sku=one(SKUS), amount=one([None, Decimal("9.50")]))
        yield row
        if random.random() < 0.2:
            yield {**row, "received_at": moment()}

    purchases = [row for number in range(random.randrange(16)) for row in bought(number)]
    names = [str(number) for number in range(random.randrange(24))]
    events = [event(one(owners), one(["cart", "visit", "else"]), name, moment(), one(SKUS)) for name in names]
    events += random.sample(events, len(events) // 5)
    members = {"lapsed": frozenset(random.sample(["a", "b", "c", "gone"], random.randrange(4)))}
    return Events(people, purchases, events, members_before=members if random.random() < 0.8 else {})


SOURCES = st.sampled_from([PURCHASE, CART, VISIT])
WHERES = st.sampled_from([None, None, sku("x"), sku("y"), nodes.Negate(sku("x"))])
SECONDS = st.sampled_from([None, None, 3600, 7200, 86400, 10])
SMALL = st.integers(1, 4)
TIMES = st.builds(ir.Times, SOURCES, WHERES, SMALL, SECONDS)
GOALS = st.recursive(
    TIMES,
    lambda parts: st.builds(ir.Group, st.booleans(), st.lists(parts, min_size=1, max_size=3).map(tuple), SECONDS),
    max_leaves=4,
)


@st.composite
def sequences(draw: st.DrawFn) -> ir.SequenceOf:
    first = nodes.Step(draw(SOURCES), draw(WHERES), draw(st.sampled_from(["before", None])), False, None)
    steps = [first]
    for _ in range(draw(st.integers(1, 2))):
        absent = draw(st.booleans())
        seconds = draw(st.sampled_from([3600, 7200, 86400])) if absent else draw(SECONDS)
        where = draw(WHERES)
        if first.alias is not None and draw(st.booleans()):
            where = same_sku("before")
        steps.append(nodes.Step(draw(SOURCES), where, None, absent, seconds))
    return ir.SequenceOf(tuple(steps), draw(SECONDS), "sequence", SPAN)


RULES = ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", None]
FEASTS = [
    (("US", (date(2026, 6, 15), date(2027, 6, 15))), ("DE", (date(2026, 6, 14),))),
    ((None, (date(2026, 6, 16),)),),
    ((None, (date(2026, 6, 15),)), ("US", (date(2026, 6, 15),))),
]
SHIFTS, CLOCKS = st.sampled_from([0, 1, -1, 7]), st.sampled_from(["09:00", "02:30"])


KINDS: tuple[type[ir.Trigger], ...] = get_args(ir.Trigger)


@st.composite
def triggers(draw: st.DrawFn, kind: type[ir.Trigger]) -> ir.Trigger:
    if kind is ir.On:
        return ir.On(draw(SOURCES), draw(WHERES), "on", SPAN)
    if kind is ir.EveryNth:
        return ir.EveryNth(draw(SMALL), draw(SOURCES), draw(WHERES), draw(st.booleans()), "every", SPAN)
    if kind is ir.Goal:
        return ir.Goal(draw(GOALS), "goal", SPAN)
    if kind is ir.SequenceOf:
        return draw(sequences())
    if kind is ir.Crossing:
        usa = nodes.Compare("=", COUNTRY, nodes.Constant("US", Type(Kind.TEXT)))
        return ir.Crossing("lapsed", usa, draw(st.booleans()), SPAN)
    if kind is ir.Anniversary:
        return ir.Anniversary(BORN, draw(SHIFTS), draw(CLOCKS), SPAN)
    if kind is ir.Holiday:
        whose = draw(st.sampled_from([COUNTRY, None]))
        return ir.Holiday("feast", "Feast", draw(st.sampled_from(FEASTS)), whose, draw(SHIFTS), draw(CLOCKS), SPAN)
    assert kind is ir.Schedule
    return ir.Schedule(draw(st.sampled_from(RULES)), date(2026, 6, 14), draw(CLOCKS), "schedule", SPAN)


# Each kind in turn, because left to chance most examples are goals and sequences, the largest ones.
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=max(15, int(os.environ.get("CAMPAIGN_EXAMPLES", "120")) // len(KINDS)), deadline=None)
@given(
    data=st.data(),
    more=st.none() | st.sampled_from(KINDS),
    seed=st.integers(0, 2**32 - 1),
    since=st.sampled_from([T - HOUR, T - 2 * HOUR, T - DAY, datetime(1, 1, 1, tzinfo=UTC)]),
    runs=st.sampled_from([(None, None), (None, None), (date(2026, 6, 15), None), (None, date(2026, 6, 15))]),
    days=st.sampled_from([[date(2026, 6, 15)], [date(2026, 6, 14), date(2026, 6, 15)], [date(2026, 2, 28)]]),
)
def test_triggers(
    kind: type[ir.Trigger],
    data: st.DataObject,
    more: type[ir.Trigger] | None,
    seed: int,
    since: datetime,
    runs: tuple[date | None, date | None],
    days: list[date],
) -> None:
    chosen = [data.draw(triggers(each)) for each in (kind, more) if each is not None]
    first, last = runs
    days = [day for day in days if (first is None or day >= first) and (last is None or day <= last)]
    made = campaign(*chosen, runs_from=first, runs_until=last, event_context=CONTEXT)
    assume(gap(made) is None)
    compared(agree, made, seed, since, days)


def agree(made: ir.Campaign, seed: int, since: datetime, days: list[date]) -> None:
    events = world_of(seed)
    found = [
        (row["customer_id"], row["occurrence"], row["occurrence_day"], row["occurrence_time"], row["occurred_at"],
         row["context"])
        for row in events.ask(made, since, days=days)
    ]  # fmt: skip
    assert found == wanted(made, events, Period(days, since))


def wanted(made: ir.Campaign, events: Events, period: Period) -> list[tuple[Any, ...]]:
    people = [{name: row[column] for name, column in ATTRIBUTES.items()} for row in events.customers]
    members = {name: frozenset(ids) for name, ids in events.members_before.items()}
    world = World("id", people, {"purchases": events.purchases, "events": events.events}, members)
    clock = Clock(T, ir.ZoneRule(ZONE, "America/New_York"), made.leap_day)
    rows = []
    for customer in readable(world, clock):
        for each in occurrences(made, Judge(world, clock, customer), period):
            stepwise = any(isinstance(trigger, ir.EveryNth) and trigger.each_step for trigger in made.triggers)
            said = {f"goal.{name}": value for name, value in each.rows.get("goal", {}).items() if stepwise}
            for name in ("event", "before"):
                row = each.rows.get(name, {})
                known = {"sku", "amount"} if name == "event" else {"sku"}
                said |= {f"{name}.{column}": row[column] for column in known & row.keys() if row[column] is not None}
            said = {key: float(value) if isinstance(value, Decimal) else value for key, value in said.items()}
            rows.append((customer["id"], each.key, each.day.isoformat(), each.time, each.at, said))
    return sorted(rows, key=lambda row: row[:2])
