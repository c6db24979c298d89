"""Occurrences at instants: events, goals, sequences, crossings, each with its key, decided once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from scenes import (
    DAYS,
    HOURS,
    PURCHASE,
    SPAN,
    TEXT,
    VISIT,
    Row,
    T,
    at,
    campaign,
    clock,
    compare,
    day,
    event,
    of,
    on,
    own,
    source,
)

from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.triggers import Occurrence, Period, occurrences
from campaign_dsl.review.reference.world import World


def happens(
    trigger: ic.Trigger, *events: Row, since: str | None = None, now: datetime = T, before: Any = None, **changes: Any
) -> list[Occurrence]:
    world = World("id", ({"id": "a", "n": 3},), {"events": events}, members_before=before or {})
    scene = Judge(world, clock(now), world.customers[0])
    return occurrences(campaign(trigger, **changes), scene, Period((), at(since) if since else None))


def keys(trigger: ic.Trigger, *events: Row, **changes: Any) -> list[str]:
    return [each.key for each in happens(trigger, *events, **changes)]


BOUGHT = [event(f"p{n}", f"2026-06-{n:02} 10:00", n=n) for n in range(1, 8)]

# ------------------------------------------------------------------------------------------------------------- events


def test_each_matching_event() -> None:
    assert keys(on(compare(of("n"), ">=", 6)), *BOUGHT) == ["purchase/p6", "purchase/p7"]
    (found,) = happens(on(), event("x", "2026-06-14 23:30", n=1))
    assert (found.day, found.time, found.at) == (day("2026-06-14"), None, at("2026-06-14 23:30"))
    assert found.rows["event"]["n"] == 1


def test_every_event_is_decided_by_one_run() -> None:
    """Runs at 10:00, 11:00 and 12:00; an event on an edge belongs to the run that it ends."""
    events = [event(n, moment) for n, moment in enumerate(["2026-06-15 09:59:59", "2026-06-15 10:00"])]
    events += [event(2, "2026-06-15 10:00:01"), event(3, "2026-06-15 11:00"), event(4, "2026-06-15 12:00")]
    runs = [("2026-06-15 09:00", "2026-06-15 10:00"), ("2026-06-15 10:00", "2026-06-15 11:00")]
    runs += [("2026-06-15 11:00", "2026-06-15 12:00")]
    found = [keys(on(), *events, since=since, now=at(now)) for since, now in runs]
    assert found == [["purchase/0", "purchase/1"], ["purchase/2", "purchase/3"], ["purchase/4"]]


def test_a_late_event_is_decided_when_it_arrives() -> None:
    late = on(event=source(received=True))
    row = event(1, "2026-06-15 09:00", received_at=at("2026-06-15 11:30"))
    assert keys(late, row, since="2026-06-15 09:00", now=at("2026-06-15 11:00")) == []
    assert keys(late, row, since="2026-06-15 11:00", now=at("2026-06-15 12:00")) == ["purchase/1"]
    (found,) = happens(late, row, since="2026-06-15 11:00")
    assert found.at == at("2026-06-15 09:00")
    early = event(1, "2026-06-15 11:30", received_at=at("2026-06-15 09:00"))
    assert keys(late, early, since="2026-06-15 11:00") == ["purchase/1"]


def test_duplicates_are_one_occurrence_with_the_smallest_values() -> None:
    rows = [event(1, "2026-06-02", n=9, sku="a"), event(1, "2026-06-01", n=8, sku=None), event(1, "2026-06-03", n=1)]
    (found,) = happens(on(compare(of("n"), ">=", 5)), *rows)
    assert (found.key, found.at) == ("purchase/1", at("2026-06-01"))
    assert (found.rows["event"]["n"], found.rows["event"]["sku"]) == (8, "a")


def test_only_days_on_which_the_campaign_runs() -> None:
    edges = [event(1, "2026-06-02 03:59"), event(2, "2026-06-02 04:00"), event(3, "2026-06-04 03:59")]
    edges += [event(4, "2026-06-04 04:00")]
    dates = {"runs_from": day("2026-06-02"), "runs_until": day("2026-06-03")}
    new_york = ic.ZoneRule(None, "America/New_York")
    assert keys(on(), *edges, **dates, zone=new_york) == ["purchase/2", "purchase/3"]


# ---------------------------------------------------------------------------------------------------------- every nth


def every(n: int, each_step: bool = False, where: ir.Predicate | None = None) -> ic.EveryNth:
    return ic.EveryNth(n, PURCHASE, where, each_step, f"every {n}", SPAN)


def test_every_nth() -> None:
    assert keys(every(3), *BOUGHT) == ["purchase#/3", "purchase#/6"]
    assert keys(every(1), *BOUGHT[:2]) == ["purchase#/1", "purchase#/2"]
    assert keys(every(5), *BOUGHT[:4]) == []
    assert keys(every(3), *BOUGHT, since="2026-06-03 10:00") == ["purchase#/6"]
    assert keys(every(2, where=compare(of("n"), ">", 3)), *BOUGHT) == ["purchase#/2", "purchase#/4"]
    assert keys(every(3), *BOUGHT, *BOUGHT) == ["purchase#/3", "purchase#/6"]


def test_each_step_of_every_nth() -> None:
    found = happens(every(3, True), *BOUGHT[:4])
    assert [each.key for each in found] == ["purchase#/1", "purchase#/2", "purchase#/3", "purchase#/4"]
    assert [tuple(each.rows["goal"].values()) for each in found] == (
        [(1, 3, False), (2, 3, False), (3, 3, True), (1, 3, False)]
    )
    assert [each.rows["event"]["n"] for each in found] == [1, 2, 3, 4]


def test_an_event_that_arrives_between_two_others() -> None:
    """The third purchase arrives last, and makes one more third purchase."""
    trigger = ic.EveryNth(3, source(received=True), None, False, "every 3", SPAN)
    rows = [event(1, "2026-06-01"), event(3, "2026-06-03")]
    rows.append(event(2, "2026-06-02", received_at=at("2026-06-10")))
    assert keys(trigger, *rows, now=at("2026-06-09")) == []
    assert keys(trigger, *rows, since="2026-06-09", now=at("2026-06-10")) == ["purchase#/3"]
    assert keys(trigger, *rows, since="2026-06-10", now=at("2026-06-11")) == []


# -------------------------------------------------------------------------------------------------------------- goals


def times(n: int, days: int | None = None, event_: ir.EventSource = PURCHASE) -> ic.Times:
    return ic.Times(event_, None, n, None if days is None else days * DAYS)


def goal(whole: ic.Times | ic.Group) -> ic.Goal:
    return ic.Goal(whole, "as said", SPAN)


def group(kind: str, *parts: ic.Times | ic.Group, days: int | None = None) -> ic.Goal:
    return goal(ic.Group(kind == "all", parts, None if days is None else days * DAYS))


def when(trigger: ic.Trigger, *events: Row) -> list[tuple[str, str]]:
    """Key and day of June."""
    return [(each.key.removeprefix("goal/"), f"{each.at:%d}") for each in happens(trigger, *events) if each.at]


def on_days(*days: int, kind: str = "purchase") -> list[Row]:
    return [event(f"{kind[0]}{n}", f"2026-06-{n:02} 10:00", kind) for n in days]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), []),
        ((1, 2), []),
        ((1, 2, 3), [("1", "03")]),
        ((1, 2, 3, 4, 5, 6), [("1", "03"), ("2", "06")]),
        ((1, 2, 3, 4, 5), [("1", "03")]),
        ((1, 2, 8), []),
        ((1, 2, 7), [("1", "07")]),
        ((1, 6, 7, 8), [("1", "07")]),
        ((1, 6, 8, 9), [("1", "09")]),
        ((1, 5, 6, 7, 8, 9), [("1", "06"), ("2", "09")]),
        ((1, 7, 13, 14, 15), [("1", "15")]),
    ],
)
def test_three_times_within_seven_days(days: tuple[int, ...], expected: list[tuple[str, str]]) -> None:
    """The window is half-open: seven days later to the second is too late."""
    assert when(goal(times(3, 7)), *on_days(*days)) == expected


def test_the_window_of_a_goal_ends_to_the_microsecond() -> None:
    start = at("2026-06-01 10:00")
    for shift, expected in ((-1, ["goal/1"]), (0, [])):
        last = start + timedelta(days=7, microseconds=shift)
        assert keys(goal(times(2, 7)), event(1, start), event(2, last)) == expected


def test_once_is_every_event() -> None:
    assert when(goal(times(1)), *on_days(1, 2, 3)) == [("1", "01"), ("2", "02"), ("3", "03")]


def test_all_of() -> None:
    both = group("all", times(2), times(1, event_=VISIT))
    assert when(both, *on_days(1, 2)) == []
    assert when(both, *on_days(1, 2), *on_days(3, kind="visit")) == [("1", "03")]
    assert when(both, *on_days(3), *on_days(1, kind="visit")) == []
    assert when(both, *on_days(2, 3), *on_days(1, kind="visit")) == [("1", "03")]
    # The second completion needs a visit and two purchases after the first one.
    again = [*on_days(1, 2, 4, 5), *on_days(3, 6, kind="visit")]
    assert when(both, *again) == [("1", "03"), ("2", "06")]
    assert when(both, *on_days(1, 2, 3, 4), *on_days(5, kind="visit")) == [("1", "05")]


def test_all_of_within_its_own_time() -> None:
    both = group("all", times(1), times(1, event_=VISIT), days=3)
    assert when(both, *on_days(1), *on_days(3, kind="visit")) == [("1", "03")]
    assert when(both, *on_days(1), *on_days(4, kind="visit")) == []
    assert when(both, *on_days(1, 3), *on_days(4, kind="visit")) == [("1", "04")]


def test_any_of() -> None:
    either = group("any", times(3), times(1, event_=VISIT))
    assert when(either, *on_days(1, 2, 3)) == [("1", "03")]
    assert when(either, *on_days(1, 2, 5), *on_days(3, kind="visit")) == [("1", "03")]
    assert when(either, *on_days(1, 2, 5, 6, 7), *on_days(3, kind="visit")) == [("1", "03"), ("2", "07")]


def test_groups_in_groups() -> None:
    refund = source("refund")
    inner = ic.Group(False, (times(2), times(1, event_=VISIT)), None)
    both = group("all", inner, times(1, event_=refund))
    assert when(both, *on_days(1, 2), *on_days(5, kind="refund")) == [("1", "05")]
    assert when(both, *on_days(1), *on_days(3, kind="visit"), *on_days(5, kind="refund")) == [("1", "05")]
    assert when(both, *on_days(1), *on_days(5, kind="refund")) == []


def test_a_goal_counts_from_the_first_day() -> None:
    trigger = goal(times(2))
    assert keys(trigger, *on_days(1, 2, 3, 4)) == ["goal/1", "goal/2"]
    assert keys(trigger, *on_days(1, 2, 3, 4), runs_from=day("2026-06-02")) == ["goal/1"]
    assert keys(trigger, *on_days(1, 2, 3, 4), since="2026-06-02 10:00") == ["goal/2"]


def test_a_goal_carries_the_event_that_completed_it() -> None:
    (found,) = happens(goal(times(2)), *BOUGHT[:3])
    assert found.rows["event"]["event_id"] == "p2"


# ---------------------------------------------------------------------------------------------------------- sequences

CART = source("cart")
SAME = compare(of("sku", TEXT), "=", of("sku", TEXT, "cart"))
FIRST = ir.Step(CART, None, "cart", False, None)


def sequence(*steps: ir.Step, days: int | None = 7) -> ic.SequenceOf:
    return ic.SequenceOf((FIRST, *steps), None if days is None else days * DAYS, "as said", SPAN)


def cart(identity: str, moment: str, sku: str = "a") -> Row:
    return event(identity, moment, "cart", sku=sku)


def test_an_abandoned_cart() -> None:
    trigger = sequence(ir.Step(PURCHASE, SAME, None, True, 4 * HOURS))
    rows = [cart("c1", "2026-06-15 08:00"), cart("c2", "2026-06-15 07:00", "b"), cart("c3", "2026-06-15 08:00:01")]
    rows.append(event("p1", "2026-06-15 10:00", sku="b"))
    (found,) = happens(trigger, *rows)
    assert (found.key, found.at) == ("sequence/c1", at("2026-06-15 12:00"))
    assert (found.rows["cart"]["sku"], found.rows["event"]["event_id"]) == ("a", "c1")
    assert keys(trigger, *rows, since="2026-06-15 11:00") == ["sequence/c1"]
    assert keys(trigger, *rows, since="2026-06-15 11:00", now=at("2026-06-15 11:59:59")) == []
    assert keys(trigger, *rows, since="2026-06-15 12:00", now=at("2026-06-15 13:00")) == ["sequence/c3"]


def test_a_sequence_that_ends_with_an_event() -> None:
    trigger = sequence(ir.Step(PURCHASE, SAME, None, False, None))
    rows = [cart("c1", "2026-06-01"), cart("c2", "2026-06-03"), event("p1", "2026-06-05", sku="a")]
    rows += [event("p2", "2026-06-11", sku="a"), event("p3", "2026-06-06", sku="b")]
    (found,) = happens(trigger, *rows)
    assert (found.key, found.at, found.rows["cart"]["event_id"]) == ("sequence/p1", at("2026-06-05"), "c2")
    assert keys(trigger, *rows, cart("c4", "2026-06-04")) == ["sequence/p1", "sequence/p2"]
    assert keys(sequence(ir.Step(PURCHASE, SAME, None, False, None), days=None), *rows) == [
        "sequence/p1",
        "sequence/p2",
    ]


def test_an_absence_in_the_middle_has_to_pass_first() -> None:
    trigger = sequence(ir.Step(PURCHASE, None, None, True, 4 * HOURS), ir.Step(VISIT, None, None, False, None))
    rows = [cart("c1", "2026-06-15 07:00"), event("v1", "2026-06-15 08:00", "visit")]
    assert keys(trigger, *rows, now=at("2026-06-15 10:59")) == []
    (found,) = happens(trigger, *rows, since="2026-06-15 10:59")
    assert (found.key, found.at) == ("sequence/v1", at("2026-06-15 11:00"))


# ---------------------------------------------------------------------------------------------------------- crossings


def test_entering_and_leaving() -> None:
    large = compare(own("n"), ">=", 3)
    enter, leave = ic.Crossing("large", large, True, SPAN), ic.Crossing("large", large, False, SPAN)
    small = ic.Crossing("small", ir.Negate(large), False, SPAN)
    nobody, everyone = frozenset[str](), frozenset({"a", "b"})
    assert keys(enter, before={"large": nobody}) == ["entering/large/2026-06-15T12:00:00Z"]
    assert keys(enter, before={"large": everyone}) == []
    assert keys(enter) == []
    assert keys(enter, before={"other": nobody}) == []
    assert keys(leave, before={"large": everyone}) == []
    assert keys(small, before={"small": everyone}) == ["leaving/small/2026-06-15T12:00:00Z"]
    assert keys(small, before={"small": nobody}) == []
    (found,) = happens(enter, before={"large": nobody}, now=at("2026-06-15 14:00+02:00"))
    assert (found.at, found.day) == (T, day("2026-06-15"))
