"""What decisions give, when, until when, and under which key."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from scenes import (
    CATALOG,
    DAYS,
    DECIMAL,
    HOURS,
    INTEGER,
    SPAN,
    TIER,
    T,
    at,
    award,
    birthday,
    calc,
    campaign,
    compare,
    con,
    day,
    event,
    issue,
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
from campaign_dsl.review.reference.evaluate import Evaluated, evaluate
from campaign_dsl.review.reference.outcomes import Effect
from campaign_dsl.review.reference.world import World

D = Decimal


def given(
    *outcomes: ic.Outcome, trigger: ic.Trigger | None = None, customer: Any = None, now: datetime = T, **changes: Any
) -> Evaluated:
    events = changes.pop("events", ())
    made = campaign(trigger or birthday(), outcomes=outcomes, **changes)
    person = {"id": "a", "born": day("1990-06-15"), **(customer or {})}
    return evaluate([made], CATALOG, World("id", (person,), {"events": events}), now, at("2000-01-01")).campaigns[0]


def effects(*outcomes: ic.Outcome, **more: Any) -> tuple[Effect, ...]:
    return given(*outcomes, **more).effects


def names(*outcomes: ic.Outcome, **more: Any) -> list[str]:
    return [each.outcome for each in effects(*outcomes, **more)]


def when(predicate: ir.Predicate | None = None, segment: str | None = None, arm: str | None = None) -> ic.Condition:
    return ic.Condition("as said", segment, predicate, arm)


@pytest.mark.parametrize(
    ("amount", "at_most", "points"),
    [
        (500, None, 500),
        (1, None, 1),
        (0, None, None),
        (-5, None, None),
        (None, None, None),
        (5001, 5000, 5000),
        (5000, 5000, 5000),
        (2**62, None, 1_000_000_000),
    ],
)
def test_amounts(amount: int | None, at_most: int | None, points: int | None) -> None:
    found = given(award(own("n"), at_most), tag(), customer={"n": amount})
    assert len(found.decisions) == 1
    assert [each.amount for each in found.effects if each.kind == "points"] == ([] if points is None else [points])
    assert [each.outcome for each in found.effects][-1] == "tag/got"


def test_a_formula_with_the_event_and_the_tier() -> None:
    """12.50 * 1.25 is 15.625, and 10.00 * 1.05 is 10.5."""
    amount = of("amount", DECIMAL, "event")
    formula = ir.Round(calc(amount, "*", own("multiplier", DECIMAL), DECIMAL), "half up", 0, INTEGER)
    for spent, multiplier, points in (("12.50", "1.25", 16), ("10.00", "1.05", 11), ("0.40", "1.00", None)):
        rows = [event(1, "2026-06-15 08:00", amount=D(spent))]
        found = effects(award(formula), trigger=on(), events=rows, customer={"multiplier": D(multiplier)})
        assert [each.amount for each in found] == ([points] if points else [])


def test_idempotency_keys() -> None:
    twice = (award(), award(200, alias="extra"), tag(), send())
    found = effects(*twice, messages=(letter(),), name="present", formerly=("gift", "donation"))
    assert [each.key for each in found] == [
        ("gift", "points/rewards/gift", "a", "2026"),
        ("gift", "points/rewards/gift/extra", "a", "2026"),
        ("gift", "tag/got", "a", "2026"),
        ("gift", "message/note", "a", "2026"),
    ]


def test_every_kind_of_outcome() -> None:
    found = effects(
        award(),
        issue(),
        ic.IssueCode("summer", True, 60, tail()),
        ic.IssueReward("mug", "A mug", None, tail()),
        tag(ttl=None),
        ic.Untag("vip", tail()),
        ic.SetAttribute(own("tier", TIER), con("gold", TIER), tail()),
        ic.Subscribe("news", True, tail()),
        ic.RecordEvent("purchase", (("n", calc(own("n"), "+", 1)),), tail()),
        send(),
        messages=(letter(),),
        customer={"n": 6},
    )
    assert [each.kind for each in found] == (
        ["points", "offer", "code", "reward", "tag", "untag", "attribute", "subscription", "event", "message"]
    )
    assert found[6].value == "gold"
    assert found[8].properties == {"n": 7}
    assert {each.outcome: each.expires_at for each in found if each.expires_at} == {
        "code/summer": T + timedelta(minutes=1)
    }


def test_expiry_and_delay_to_the_second() -> None:
    """The birthday is due at 09:00 UTC; the run is at 12:00."""
    plain, later, much_later = effects(
        award(expires=30 * DAYS),
        award(expires=30 * DAYS, alias="later", delay_seconds=2 * HOURS),
        award(expires=30 * DAYS, alias="evening", delay_seconds=10 * HOURS),
    )
    assert (plain.due, plain.at, plain.expires_at) == (at("2026-06-15 09:00"), T, at("2026-07-15 12:00"))
    assert (later.due, later.at, later.expires_at) == (at("2026-06-15 11:00"), T, at("2026-07-15 12:00"))
    assert (much_later.at, much_later.expires_at) == (at("2026-06-15 19:00"), at("2026-07-15 19:00"))
    (after_event,) = effects(award(delay_seconds=60), trigger=on(), events=[event(1, "2026-06-15 11:59:30")])
    assert after_event.at == at("2026-06-15 12:00:30")


def test_conditions() -> None:
    gold = ic.Segment("gold", compare(own("tier", TIER), ">=", "gold"))
    split = (gold, ic.Segment("others", None))
    lines = (award(1000, condition=when(segment="gold")), award(500, condition=when(segment="others")), tag())
    assert [each.amount for each in effects(*lines, segments=split, customer={"tier": "gold"})] == [1000, None]
    assert [each.amount for each in effects(*lines, segments=split, customer={"tier": None})] == [500, None]
    large = award(condition=when(compare(of("n", alias="event"), ">=", 10)))
    for n, count in ((10, 1), (9, 0), (None, 0)):
        assert len(effects(large, trigger=on(), events=[event(1, "2026-06-15", n=n)])) == count
    assert effects(large) == ()  # a birthday has no event
    halves = (ic.Arm("x", D(50)), ic.Arm("y", D(50)))
    arms = (tag("x", condition=when(arm="x")), tag("y", condition=when(arm="y")))
    assert names(*arms, arms=halves, customer={"id": "c1"}) == ["tag/y"]
    assert names(*arms, arms=halves, customer={"id": "c3"}) == ["tag/x"]


@pytest.mark.parametrize("n", [None, 1, 5, 10, 50])
def test_first_of_gives_one_never_both_never_none(n: int | None) -> None:
    lines = (
        award(condition=when(compare(own("n"), ">=", 10)), choice=0),
        issue(condition=when(compare(own("n"), ">=", 5)), choice=0),
        tag(condition=when(), choice=0),
        tag("always"),
    )
    expected = {None: "tag/got", 1: "tag/got", 5: "offer/half"}.get(n, "points/rewards/gift")
    assert names(*lines, customer={"n": n}) == [expected, "tag/always"]


def test_of_one_identity_the_first_is_given() -> None:
    lines = (award(1000, condition=when(compare(own("n"), ">", 5))), award(500))
    assert [each.amount for each in effects(*lines, customer={"n": 6})] == [1000]
    assert [each.amount for each in effects(*lines, customer={"n": 5})] == [500]


def test_steps_of_a_goal_in_outcomes() -> None:
    trigger = ic.EveryNth(3, on().event, None, True, "every 3", SPAN)
    step = award(calc(of("step", alias="goal"), "*", 10))
    done = tag(condition=when(ir.IsTrue(of("completed", alias="goal"))))
    rows = [event(n, f"2026-06-0{n}") for n in range(1, 5)]
    found = effects(step, done, trigger=trigger, events=rows)
    assert [(each.occurrence, each.amount) for each in found] == [
        ("purchase#/1", 10),
        ("purchase#/2", 20),
        ("purchase#/3", 30),
        ("purchase#/3", None),
        ("purchase#/4", 10),
    ]
