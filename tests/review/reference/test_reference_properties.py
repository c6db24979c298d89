"""What holds for all campaigns in all worlds, and that no node of the language was forgotten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import (
    ADDRESSES,
    BOOLEAN,
    CATALOG,
    DATE,
    DAYS,
    DURATION,
    EVER,
    GEO,
    INTEGER,
    PURCHASE,
    SPAN,
    TEXT,
    TEXTS,
    TIME,
    TIMESTAMP,
    T,
    aggregate,
    award,
    birthday,
    calc,
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
    weekday,
)

from campaign_dsl.language.catalog.model import Cap
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir import operators
from campaign_dsl.review.reference import aftermath
from campaign_dsl.review.reference.evaluate import Settings, evaluate
from campaign_dsl.review.reference.triggers import Period, of_trigger
from campaign_dsl.review.reference.world import World

# ---------------------------------------------------------------------------------------------- one of every node

STEP = ir.Step(PURCHASE, None, None, False, None)
VALUES: list[tuple[ir.Value, Any]] = [
    (own("n"), 5),
    (of("n"), 7),
    (ir.Lookup(con("k"), ir.Dimension("shops", "shops", "id"), "city", "city", TEXT), "Lyon"),
    (ir.Field(own("home", ADDRESSES), "city", TEXT), "Boston"),
    (ir.Element(TEXT), "inner"),
    (ir.Age(own("born", DATE), INTEGER), 36),
    (con(3), 3),
    (ir.Now(TIMESTAMP), T),
    (ir.Today(DATE), day("2026-06-15")),
    (ir.Ago(60, TIMESTAMP), T - timedelta(minutes=1)),
    (ir.CalendarAgo(1, "month", DATE), day("2026-05-15")),
    (calc(con(2), "*", 3), 6),
    (ir.Shift("+", con(T), con(timedelta(hours=1)), TIMESTAMP), T + timedelta(hours=1)),
    (ir.ShiftDay(con(day("2026-01-31")), 1, "month", DATE), day("2026-02-28")),
    (ir.Elapsed(con(T), con(T), DURATION), timedelta(0)),
    (ir.Round(con(Decimal("2.5")), "half up", 0, INTEGER), 3),
    (ir.Function("length of", con("abc"), INTEGER), 3),
    (ir.TimeOfDay(con(T), None, TIME), T.time()),
    (ir.DayOfWeek(con(T), None, weekday()), "monday"),
    (ir.ListCount(own("words", TEXTS), None, INTEGER), 2),
    (aggregate("count"), 1),
    (ir.Quintile(own("n"), INTEGER), 1),
    (ir.Choice(((ir.Negate(ir.Always()), con(1)), (ir.Always(), con(2))), None, INTEGER), 2),
]
PREDICATES: list[ir.Predicate] = [
    ir.Always(),
    ir.AnyOf((ir.Always(),)),
    ir.AllOf((ir.Always(),)),
    ir.Negate(ir.AnyOf(())),
    compare(con(1), "<", 2),
    ir.Between(con(2), con(1), con(3), False),
    ir.InList(con(2), (con(2),), False),
    ir.IsKnown(con(1)),
    ir.TextTest("contains", con("abc"), con("b"), False),
    ir.Matches(con("abc"), "b", False, False),
    ir.ListTest("any", own("words", TEXTS), (con("a"),)),
    ir.IsEmpty(own("words", TEXTS), True),
    ir.Quantified("all", own("words", TEXTS), ir.IsKnown(ir.Element(TEXT))),
    ir.IsTrue(con(True)),
    ir.InAudience("all", ir.Always()),
    ir.InStaticList("vip", ("a",)),
    ir.Sample(Decimal(100), "x"),
    ir.Rank(own("n"), None, 1, True),
    ir.AnniversaryIn(own("born", DATE), 0, 0),
    ir.Within(own("place", GEO), (ir.Circle(Decimal(0), Decimal(0), 1),), None),
    ir.Did(PURCHASE, None, EVER, 1, 1),
    ir.FirstDid(PURCHASE, None, ir.Rolling(DAYS)),
    ir.Resumed(PURCHASE, None, EVER, DAYS),
    ir.Sequence((STEP,), EVER),
]
CUSTOMER = {"n": 5, "home": {"city": "Boston"}, "born": day("1990-06-15"), "words": ["a", "b"], "place": (0, 0)}


def scene() -> Any:
    found = judge(CUSTOMER, event(1, T - timedelta(hours=1)), shops=[{"id": "k", "city": "Lyon"}])
    return found.inside({"n": 7}).element("inner")


@pytest.mark.parametrize(("node", "value"), VALUES, ids=lambda each: type(each).__name__)
def test_every_value_has_one(node: ir.Value, value: Any) -> None:
    assert scene().value(node) == value


@pytest.mark.parametrize("node", PREDICATES, ids=lambda each: type(each).__name__)
def test_every_predicate_holds_somewhere(node: ir.Predicate) -> None:
    expected = not isinstance(node, ir.Resumed)  # it takes a second purchase
    assert scene().holds(node) is expected
    assert scene().holds(ir.Negate(node)) is not expected


TRIGGERS: list[ic.Trigger] = [
    birthday(),
    ic.Holiday("today", "Today", ((None, (day("2026-06-15"),)),), None, 0, "09:00", SPAN),
    ic.Schedule("FREQ=DAILY", day("2026-01-01"), "10:00", "daily", SPAN),
    on(),
    ic.EveryNth(1, PURCHASE, None, False, "every", SPAN),
    ic.Goal(ic.Times(PURCHASE, None, 1, None), "once", SPAN),
    ic.SequenceOf((STEP,), None, "then", SPAN),
    ic.Crossing("all", ir.Always(), True, SPAN),
]


def test_no_node_was_forgotten() -> None:
    for union, examples in (
        (ir.Value, [node for node, _ in VALUES]),
        (ir.Predicate, PREDICATES),
        (ic.Trigger, TRIGGERS),
    ):
        assert set(get_args(union)) == {type(each) for each in examples}


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda each: type(each).__name__)
def test_every_trigger_happens(trigger: ic.Trigger) -> None:
    found = scene()
    found.world.members_before.setdefault("all", frozenset())  # type: ignore[attr-defined]
    made = list(of_trigger(trigger, campaign(trigger), found, Period((day("2026-06-15"),))))
    assert len(made) == 1
    assert (made[0].at is None) == (made[0].time is not None)


# -------------------------------------------------------------------------------------------------------- all worlds


def world_of(seed: int) -> tuple[list[ic.Campaign], World, dict[str, Cap]]:
    """A few campaigns that compete, and customers who fail at different stages."""
    random = Random(seed)
    one = random.choice
    people = [
        {
            "id": f"c{number:02}",
            "zone": one(["UTC", "Asia/Tokyo", None, "Mars/Base"]),
            "born": one([day("1990-06-15"), day("1990-06-14"), None]),
            "n": one([None, -1, 0, 3, 40]),
            "agrees": one([True, True, False, None]),
        }
        for number in range(random.randrange(1, 12))
    ]
    rows = [
        event(number, T - timedelta(hours=random.randrange(60)), owner=one(people)["id"], n=one([None, 1, 50]))
        for number in range(random.randrange(25))
    ]
    names = ["one", "two", "three"][: random.randrange(1, 4)]
    campaigns = [
        campaign(
            *random.sample(
                [birthday(), on(), ic.EveryNth(2, PURCHASE, None, True, "every", SPAN)], random.randrange(1, 4)
            ),
            name=name,
            priority=one([10, 50]),
            catch_up_days=one([0, 2]),
            audience=one([ir.Always(), compare(own("n"), ">=", 0)]),
            excludes=(ic.Exclusion("many", compare(own("n"), ">", 30), SPAN),),
            holdout_percent=one([None, Decimal(20)]),
            outcomes=(award(own("n")), issue(condition=ic.Condition("", None, ir.IsKnown(own("n")))), tag(), send()),
            messages=(letter(consent=own("agrees", BOOLEAN)),),
            limits=one([(), (ic.Limit(1, 1, "day"),), (ic.Limit(2, 1, "ever"),)]),
            budgets=one([(), (ic.Budget("points", 9, None),), (ic.Budget("messages", 3, None),)]),
        )
        for name in names
    ]
    caps = {"few": Cap.model_validate({"at_most": one([1, 2, 5]), "every": one([1, 3]), "unit": "day"})}
    return campaigns, World("id", people, {"events": rows}), one([{}, caps])


@given(st.integers(0, 2**32 - 1))
def test_what_holds_in_every_world(seed: int) -> None:
    campaigns, world, caps = world_of(seed)
    settings = Settings(caps)
    result = evaluate(campaigns, CATALOG, world, T, settings=settings)
    for found in result.campaigns:
        stages = list(found.funnel.values())
        assert stages == [*sorted(stages[:3], reverse=True), *sorted(stages[3:], reverse=True)]
        assert stages[-1] == len(found.decisions)
        assert stages[3] == len(found.candidates)
        made = next(each for each in campaigns if each.name == found.campaign)
        assert all(found.spent[each.unit] <= each.amount for each in made.budgets)
        assert len({each.key for each in found.effects}) == len(found.effects)
        assert {each.customer for each in found.effects} <= {each.id for each in found.decisions}
    for cap in caps.values():
        for customer in world.customers:
            if cap.every == 1:
                for today in (day("2026-06-13"), day("2026-06-14"), day("2026-06-15")):
                    mine = [
                        each
                        for found in result.campaigns
                        for each in found.decided
                        if (each.customer, each.day) == (customer["id"], today)
                    ]
                    assert sum(len(each.messages) for each in mine) <= cap.at_most
    shuffled = World("id", list(reversed(world.customers)), {"events": list(reversed(world.rows["events"]))})
    again = evaluate(list(reversed(campaigns)), CATALOG, shuffled, T, settings=settings)
    for one, other in zip(result.campaigns, again.campaigns, strict=True):
        assert (one.funnel, one.effects, one.decided) == (other.funnel, other.effects, other.decided)
    gone_on = aftermath.at(aftermath.after(world, result, campaigns, T), CATALOG, T)
    for found in evaluate(campaigns, CATALOG, gone_on, T, settings=settings).campaigns:
        first = {(each.id, each.occurrence.key) for each in result[found.campaign].decisions}
        assert not {(each.id, each.occurrence.key) for each in found.decisions} & first


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 59), min_size=1, max_size=4))
def test_any_runs_decide_what_one_run_decides(seed: int, cuts: list[int]) -> None:
    """Without what is scarce, it does not matter into how many runs the time is cut."""
    campaigns, world, _ = world_of(seed)
    start = T - timedelta(hours=60)
    plenty = [
        campaign(on(), ic.EveryNth(2, PURCHASE, None, True, "e", SPAN), name=each.name, outcomes=(award(3),))
        for each in campaigns
    ]
    days = [start.date() + timedelta(days=n) for n in range(4)]
    once = evaluate(plenty, CATALOG, world, T, start - timedelta(days=1), days=days)
    moments = [start - timedelta(days=1), *sorted(start + timedelta(hours=cut) for cut in set(cuts)), T]
    keys: dict[str, set[Any]] = {each.name: set() for each in plenty}
    for since, now in pairwise(moments):
        for found in evaluate(plenty, CATALOG, world, now, since, days=days).campaigns:
            mine = {each.key for each in found.effects}
            assert not mine & keys[found.campaign]
            keys[found.campaign] |= mine
    assert keys == {found.campaign: {each.key for each in found.effects} for found in once.campaigns}


# ------------------------------------------------------------------------------------------------- every operator


def test_no_operator_was_forgotten() -> None:
    """Each operator of the table gives what the table promises."""
    here, two = scene(), con(Decimal("2.5"))
    for symbol in operators.COMPARISONS:
        assert here.holds(compare(con(1), symbol, 1)) is (symbol in ("=", "<=", ">="))
    for symbol in operators.TEXT_TESTS:
        assert here.holds(ir.TextTest(symbol, con("a"), con("a"), False)) is (symbol != "does not contain")
    for symbol in operators.LIST_TESTS:
        assert here.holds(ir.ListTest(symbol, own("words", TEXTS), (con("a"),))) is (symbol != "none")
    for symbol in operators.QUANTIFIERS:
        assert here.holds(ir.Quantified(symbol, own("words", TEXTS), ir.Always())) is (symbol != "none")
    sums = {symbol: here.value(calc(con(6), symbol, 2)) for symbol in operators.ARITHMETIC}
    assert sums == {"+": 8, "-": 4, "*": 12, "/": 3}
    rounded = {symbol: here.value(ir.Round(two, symbol, 0, INTEGER)) for symbol in operators.ROUNDINGS}
    assert rounded == {"half up": 3, "half even": 2, "up": 3, "down": 2}
    takes: dict[Any, ir.Value] = {Kind.TEXT: con("Abc"), Kind.DATE: con(day("2026-06-15")), Kind.INTEGER: con(-4)}
    found = {}
    for symbol, each in operators.FUNCTIONS.items():
        value = next(takes[kind] for kind in takes if kind in each.takes)
        found[symbol] = here.value(ir.Function(symbol, value, each.gives or INTEGER))
    assert found == {
        "length of": 3,
        "lower of": "abc",
        "year of": 2026,
        "month of": 6,
        "day of": 15,
        "weekday of": "monday",
        "absolute of": 4,
    }
    rows = [event(1, "2026-06-10 12:00", n=4), event(2, "2026-06-11 12:00", n=8), event(3, "2026-06-12 12:00", n=4)]
    lone = judge({}, *rows)
    made = {
        symbol: lone.value(aggregate(symbol, None if symbol in ("count", "recency") else of("n")))
        for symbol in operators.AGGREGATES
    }
    assert made == {
        "count": 3,
        "sum": 16,
        "average": Decimal("5.333333"),
        "smallest": 4,
        "largest": 8,
        "distinct": 2,
        "first": 4,
        "last": 4,
        "most frequent": 4,
        "recency": 3,
    }
