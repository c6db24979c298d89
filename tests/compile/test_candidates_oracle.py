"""What becomes of those who are due, against the interpreter: groups, stages, outcomes and what formulas come to."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from happenings import (
    CONSENT,
    COUNTRY,
    EMAIL,
    HOUR,
    LANGUAGE,
    MONEY,
    NUMBER,
    PURCHASE,
    SKU,
    SPAN,
    TIER,
    ZONE,
    Events,
    T,
    campaign,
    message,
    person,
    purchase,
    tag,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from warehouse import gap

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.review.reference.eligibility import Candidate, candidates
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.outcomes import points
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.triggers import Period
from campaign_dsl.review.reference.world import Clock, World, id_of, readable
from differential import compared

TEXT, WHOLE = Type(Kind.TEXT), Type(Kind.INTEGER)
ATTRIBUTES = {"id": "id", "zone": "time_zone"}
ATTRIBUTES |= {name: name for name in ("country", "tier", "language", "visits", "email", "consent")}
VISITS = nodes.Attribute("visits", "visits", NUMBER)
SAID = replace(SKU, alias="event")
AMOUNT = nodes.Property("amount", "amount", MONEY, "event")
POINTS = nodes.Property("points", "po ints", NUMBER, "event")


def number(value: int) -> nodes.Constant:
    return nodes.Constant(value, WHOLE)


def is_(value: nodes.Value, text: str) -> nodes.Predicate:
    return nodes.Compare("=", value, nodes.Constant(text, TEXT))


OF_CUSTOMER = st.sampled_from(
    [
        is_(TIER, "gold"),
        nodes.Negate(is_(TIER, "gold")),
        is_(COUNTRY, "US"),
        nodes.IsTrue(CONSENT),
        nodes.Did(PURCHASE, None, nodes.Rolling(3600), 2, None),
        nodes.Always(),
    ]
)
OF_EVENT = st.sampled_from(
    [
        is_(SAID, "x"),
        nodes.Negate(is_(SAID, "x")),
        nodes.Compare(">=", AMOUNT, number(5)),
        nodes.Compare(">", POINTS, VISITS),
    ]
)
ROUNDED = nodes.Round(nodes.Arithmetic("*", AMOUNT, number(3), MONEY), "half up", 0, NUMBER)
PRODUCT = nodes.Arithmetic("*", POINTS, VISITS, NUMBER)
AMOUNTS = st.sampled_from([number(5), POINTS, PRODUCT, ROUNDED, nodes.Arithmetic("-", VISITS, POINTS, NUMBER)])
ARMS = st.sampled_from(
    [(), ("100",), ("50", "50"), ("33.333", "33.333", "33.334"), ("0.001", "99.999"), ("12.5", "12.5", "75")]
)
LANGUAGES = st.sampled_from([(), ("en",), ("en", "de"), ("fr", "de-AT", "de"), ("de-AT", "en")])
NAMES = ("one", "two", "three")


@st.composite
def conditions(draw: st.DrawFn, segments: tuple[str, ...], arms: tuple[str, ...]) -> ir.Condition | None:
    kinds = ["none", "customer", "event"] + ["segment"] * bool(segments) + ["arm"] * bool(arms)
    match draw(st.sampled_from(kinds)):
        case "customer":
            return ir.Condition("customer", None, draw(OF_CUSTOMER))
        case "event":
            return ir.Condition("event", None, draw(OF_EVENT))
        case "segment":
            return ir.Condition("segment", draw(st.sampled_from(segments)), None)
        case "arm":
            return ir.Condition("arm", None, None, draw(st.sampled_from(arms)))
    return None


@st.composite
def outcomes(draw: st.DrawFn, name: str, segments: tuple[str, ...], arms: tuple[str, ...]) -> ir.Outcome:
    tail = ir.Tail(SPAN, draw(conditions(segments, arms)), name)
    match draw(st.sampled_from(["tag", "award", "award", "set", "record"])):
        case "tag":
            return tag(name, condition=tail.condition)
        case "award":
            return ir.Award(draw(AMOUNTS), "rewards", "Points", name, draw(st.sampled_from([None, 20])), None, tail)
        case "set":
            return ir.SetAttribute(TIER, draw(st.sampled_from([SAID, COUNTRY, nodes.Constant("gold", TEXT)])), tail)
    return ir.RecordEvent("visit", (("sku", draw(st.sampled_from([SAID, nodes.Constant("x", TEXT)]))),), tail)


@st.composite
def campaigns(draw: st.DrawFn) -> ir.Campaign:
    predicates = draw(st.lists(OF_CUSTOMER, max_size=2))
    segments = tuple(map(ir.Segment, NAMES, [*predicates, None])) if draw(st.booleans()) else ()
    percents = draw(ARMS)
    arms = tuple(ir.Arm(name, Decimal(percent)) for name, percent in zip(NAMES, percents, strict=False))
    names, drawn = tuple(each.name for each in segments), tuple(each.name for each in arms)
    given_ = [draw(outcomes(f"o{place}", names, drawn)) for place in range(draw(st.integers(1, 5)))]
    many = draw(st.integers(0, 2))
    for place in range(many):
        sending = ir.Send(f"m{place}", ir.Tail(SPAN, draw(conditions(names, drawn))))
        given_.insert(draw(st.integers(0, len(given_))), sending)
    if draw(st.booleans()) and len(given_) > 1:
        last = replace(given_[-1], tail=replace(given_[-1].tail, condition=None))
        given_ = [replace(each, tail=replace(each.tail, choice=0)) for each in [*given_[:-1], last]]
        given_.append(tag("after"))
    purposes, kinds = st.sampled_from(["marketing", "transactional"]), st.sampled_from(["email", "sms", "push"])
    messages = tuple(
        message(
            f"m{place}",
            type=draw(kinds),
            purpose=draw(purposes),
            subscription=draw(st.none() | OF_CUSTOMER),
            address=draw(st.sampled_from([EMAIL, EMAIL, None, TIER])),
            consent=draw(st.sampled_from([CONSENT, None])),
        )
        for place in range(many)
    )
    lists = [ir.SuppressionList("all", "suppressions", "address", None)]
    lists.append(ir.SuppressionList("some", "suppressions", "address", ("kind", "some")))
    return campaign(
        ir.On(PURCHASE, None, "purchase", SPAN),
        formerly=draw(st.sampled_from([(), ("older", "old")])),
        audience=draw(OF_CUSTOMER),
        excludes=tuple(ir.Exclusion("", each, SPAN) for each in draw(st.lists(OF_CUSTOMER, max_size=1))),
        suppression=tuple(draw(st.lists(st.sampled_from(lists), max_size=1))),
        segments=segments,
        arms=arms,
        languages=draw(LANGUAGES),
        language=draw(st.sampled_from([LANGUAGE, None])),
        holdout_percent=draw(st.sampled_from([None, Decimal("12.345"), Decimal(50)])),
        workspace_holdout=draw(st.sampled_from([None, Decimal(20)])),
        outcomes=tuple(given_),
        messages=messages,
    )


def world_of(seed: int) -> Events:
    random = Random(seed)
    one = random.choice

    def somebody(name: str) -> dict[str, Any]:
        return person(
            name,
            country=one(["US", "DE", None]),
            tier=one(["gold", "silver", None]),
            language=one(["de", "de-AT", "de-CH", "fr-FR", "xx", "", "DE", None]),
            visits=one([None, 0, 1, 7, -2]),
            email=one([f"{name}@x", " A@X ", None]),
            consent=one([True, True, True, False, None]),
        )

    people = [somebody(f"{seed}/{place}") for place in range(6)]
    rows = [
        purchase(
            one(people)["id"],
            place,
            T - timedelta(minutes=random.randrange(90)),
            sku=one(["x", "y", None]),
            amount=one([None, Decimal("0.50"), Decimal("-3.00"), Decimal("9.50")]),
            **{"po ints": one([None, 0, 1, 3, -1, 2**31 - 1])},
        )
        for place in range(random.randrange(1, 14))
    ]
    listed = [{"address": one(["a@x ", f"{seed}/1@X", None]), "kind": one(["some", "other", None])} for _ in range(3)]
    return Events(people, rows, suppressions=listed)


@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "80")), deadline=None)
@given(made=campaigns(), seed=st.integers(0, 2**32 - 1))
def test_candidates(made: ir.Campaign, seed: int) -> None:
    assume(gap(made) is None)
    compared(agree, made, seed)


def agree(made: ir.Campaign, seed: int) -> None:
    events = world_of(seed)
    found = [{name: row[name] for name in SHOWN} for row in events.ask(made, T - HOUR)]
    assert found == wanted(made, events)


SHOWN = ("customer_id", "occurrence", "segment", "arm", "language", "lost", "steps", "address", "computed")


def wanted(made: ir.Campaign, events: Events) -> list[dict[str, Any]]:
    people = [{name: row[column] for name, column in ATTRIBUTES.items()} for row in events.customers]
    world = World("id", people, {"purchases": events.purchases, "suppressions": events.suppressions})
    clock = Clock(T, ir.ZoneRule(ZONE, "America/New_York"), made.leap_day)
    rows = []
    for customer in readable(world, clock):
        scope = Judge(world, clock, customer)
        if scope.holds(made.audience):
            for each in candidates(made, scope, Period([], T - HOUR)):
                inside = scope.naming(**each.occurrence.rows)
                rows.append(
                    {
                        "customer_id": id_of(customer, world),
                        "occurrence": each.occurrence.key,
                        "segment": each.segment,
                        "arm": each.arm,
                        "language": each.language,
                        "lost": each.lost,
                        "steps": bits(made, each, inside),
                        "address": each.address,
                        "computed": formulas(made, inside),
                    }
                )
    return sorted(rows, key=lambda row: (row["customer_id"], row["occurrence"]))


def bits(made: ir.Campaign, each: Candidate, scope: Scope) -> int:
    total, choices = 0, set()
    for place in sorted(each.steps):
        outcome = made.outcomes[place]
        first, worth = outcome.tail.choice not in choices, True
        if outcome.tail.choice is not None:
            choices.add(outcome.tail.choice)
        if isinstance(outcome, ir.Award):
            worth = points(outcome, scope) is not None
        total |= (first and worth) << place
    return total


def formulas(made: ir.Campaign, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, outcome in enumerate(made.outcomes):
        match outcome:
            case ir.Award(amount):
                values = {str(place): (amount, points(outcome, scope))}
            case ir.SetAttribute(value=value):
                values = {str(place): (value, scope.value(value))}
            case ir.RecordEvent(properties=properties):
                values = {f"{place}.{name}": (value, scope.value(value)) for name, value in properties}
            case _:
                values = {}
        found |= {
            name: result
            for name, (value, result) in values.items()
            if result is not None and not isinstance(value, nodes.Constant)
        }
    return found
