"""When something happened, for the first time, again, and in what order; by hand, by SQL and by the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from table import T, at, day, scene, who
from wide_world import INTEGER, ORDERS, PURCHASE, TIMESTAMP, VISIT, con, of, sql, store

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir

EVER = ir.Bounded()
DAY = 86_400


def same(left: ir.Value, right: Any) -> ir.Compare:
    return ir.Compare("=", left, right if hasattr(right, "type") else con(right))


TUESDAY = at("2026-03-31 12:00")
MOMENTS = {
    "a": "2026-03-31 12:00",
    "b": "2026-03-31 00:00",
    "c": "2026-03-30 23:59:59",
    "d": "2026-03-30 00:00",  # Monday
    "e": "2026-03-29 23:59:59",
    "f": "2026-03-23 00:00",
    "g": "2026-03-01 00:00",
    "h": "2026-02-28 23:59:59",
    "i": "2026-02-01 00:00",
    "j": "2026-01-01 00:00",
    "k": "2025-12-31 23:59:59",
    "l": "2025-01-01 00:00",
    "m": "2026-03-31 12:00:00.000001",
}
DAY_TYPE, INSTANT_TYPE = Type(Kind.DATE), Type(Kind.TIMESTAMP)


@pytest.mark.parametrize(
    ("window", "wanted"),
    [
        (EVER, "a b c d e f g h i j k l"),
        (ir.Rolling(12 * 3_600), "a"),
        (ir.Rolling(12 * 3_600 + 1), "a b"),
        (ir.Calendar(1, "day"), "a b"),
        (ir.Calendar(1, "day", 1), "c d"),
        (ir.Calendar(2, "day"), "a b c d"),
        (ir.Calendar(1, "week"), "a b c d"),
        (ir.Calendar(1, "week", 1), "e f"),
        (ir.Calendar(2, "week"), "a b c d e f"),
        (ir.Calendar(1, "month"), "a b c d e f g"),
        (ir.Calendar(1, "month", 1), "h i"),
        (ir.Calendar(2, "month", 1), "h i j"),
        (ir.Calendar(1, "year"), "a b c d e f g h i j"),
        (ir.Calendar(1, "year", 1), "k l"),
        (ir.Bounded(since=con(at("2026-03-30 00:00"))), "a b c d"),
        (ir.Bounded(after=con(at("2026-03-30 00:00"))), "a b c"),
        (ir.Bounded(since=con(day("2026-03-30")), until=con(day("2026-03-30"))), "c d"),
        (ir.Bounded(before=con(day("2026-03-30"))), "e f g h i j k l"),
        (ir.Bounded(before=con(at("2026-03-30 00:00"))), "e f g h i j k l"),
        (ir.Bounded(until=con(at("2026-03-30 00:00"))), "d e f g h i j k l"),
        (ir.Bounded(since=ir.Today(DAY_TYPE)), "a b"),
        (ir.Bounded(after=ir.Today(DAY_TYPE)), ""),
        (ir.Bounded(until=ir.Now(INSTANT_TYPE)), "a b c d e f g h i j k l"),
        (ir.Bounded(before=ir.Now(INSTANT_TYPE)), "b c d e f g h i j k l"),
        (ir.Bounded(since=ir.Ago(12 * 3_600, INSTANT_TYPE)), "a b"),
        (ir.Bounded(since=ir.Ago(-1, INSTANT_TYPE)), ""),
        (ir.Bounded(since=ir.CalendarAgo(1, "month", DAY_TYPE), before=ir.CalendarAgo(1, "day", DAY_TYPE)), "e f g h"),
        (ir.Bounded(since=ir.CalendarAgo(1, "year", DAY_TYPE)), "a b c d e f g h i j k"),
    ],
)
def test_windows(window: ir.Window, wanted: str) -> None:
    people: dict[str, Mapping[str, Any]] = {name: {} for name in MOMENTS}
    events = [{"customer_id": name, "occurred_at": at(text)} for name, text in MOMENTS.items()]
    assert who(scene(people, events, now=TUESDAY), ir.Did(PURCHASE, None, window, 1, None)) == wanted


def test_calendar_windows_where_the_customer_is() -> None:
    """At T it is 05:00 on the 1st in Berlin, and still the evening of the 31st in New York."""
    now = at("2026-06-01 03:00")
    zones = {"a": "Europe/Berlin", "b": "America/New_York", "c": "America/New_York"}
    moments = {"a": "2026-05-31 21:59:59", "b": "2026-05-31 21:59:59", "c": "2026-05-01 03:59:59"}
    events = [{"customer_id": name, "occurred_at": at(text)} for name, text in moments.items()]
    about = scene({name: {"time_zone": zone} for name, zone in zones.items()}, events, now=now)
    assert who(about, ir.Did(PURCHASE, None, ir.Calendar(1, "month"), 1, None)) == "b"
    assert who(about, ir.Did(PURCHASE, None, ir.Calendar(1, "month", 1), 1, None)) == "a c"


# ---------------------------------------------------------------------------------------------------------- events


def happened(text: str, **more: Any) -> list[dict[str, Any]]:
    """`a 10 12, b 11`: purchases of customers, at that many days before T."""
    rows = []
    for part in text.split(","):
        name, *days = part.split()
        rows += [{"customer_id": name, "occurred_at": T - timedelta(days=float(each)), **more} for each in days]
    return rows


def test_the_first_of_all() -> None:
    events = happened("a 100 5, b 5 3, c 100, d 7, e 6.9")
    about = scene({name: {} for name in "abcdef"}, events)
    week = ir.Rolling(7 * DAY)
    assert who(about, ir.FirstDid(PURCHASE, None, week)) == "b e"
    assert who(about, ir.FirstDid(PURCHASE, None, ir.Calendar(8, "day"))) == "b d e"
    recent = ir.Compare(">", of("occurred_at"), ir.Ago(50 * DAY, TIMESTAMP))
    assert who(about, ir.FirstDid(PURCHASE, recent, week)) == "a b e"


def test_coming_back() -> None:
    events = happened("a 200 10, b 100 10, c 10, d 200 100 10, e 190 9, f 400 200, g 200 10 5")
    events += [{**row, "event_id": 900} for row in happened("h 200 10")]  # one event, told twice
    about = scene({name: {} for name in "abcdefgh"}, events)
    month = ir.Rolling(30 * DAY)
    assert who(about, ir.Resumed(PURCHASE, None, month, 180 * DAY)) == "a e g"
    assert who(about, ir.Resumed(PURCHASE, None, month, 190 * DAY)) == "a g"
    assert who(about, ir.Resumed(PURCHASE, None, month, 190 * DAY + 1)) == ""
    assert who(about, ir.Resumed(PURCHASE, None, EVER, 200 * DAY)) == "f"
    assert who(about, ir.Resumed(PURCHASE, None, ir.Calendar(10, "day"), 90 * DAY)) == "e"


def test_rows_without_time_are_as_they_are() -> None:
    orders = [{"owner": "a", "status": "open"}, {"owner": "a", "status": "open"}, {"owner": "b", "status": "shut"}]
    about = scene({name: {} for name in "abc"}, orders=orders)
    is_open = same(of("status"), "open")
    assert who(about, ir.Did(ORDERS, is_open, None, 1, None)) == "a"
    assert who(about, ir.Did(ORDERS, is_open, None, 2, None)) == "a"
    assert who(about, ir.Did(ORDERS, is_open, None, 3, None)) == ""
    assert who(about, ir.Did(ORDERS, None, None, 0, 0)) == "c"
    assert who(about, ir.Did(ORDERS, None, None, 0, 1)) == "b c"
    assert who(about, ir.Did(ORDERS, None, None, 0, None)) == "a b c"


def step(source: ir.EventSource = PURCHASE, where: ir.Predicate | None = None, alias: str | None = None) -> ir.Step:
    return ir.Step(source, where, alias, False, None)


def within(days: float, source: ir.EventSource = PURCHASE, where: ir.Predicate | None = None) -> ir.Step:
    return ir.Step(source, where, None, False, int(days * DAY))


def absent(days: float, source: ir.EventSource = PURCHASE, where: ir.Predicate | None = None) -> ir.Step:
    return ir.Step(source, where, None, True, int(days * DAY))


def visits(text: str, **more: Any) -> list[dict[str, Any]]:
    return [{**row, "kind": "visit", "event_id": None} for row in happened(text, **more)]


BROWSED = visits("a 10, b 10, c 10, d 10, e 10 4, f 1, g 10") + happened("a 9, b 3, c 10, e 3, f 0.5")
HERE: dict[str, dict[str, Any]] = {name: {} for name in "abcdefg"}


@pytest.mark.parametrize(
    ("steps", "window", "wanted"),
    [
        ((step(VISIT), step()), EVER, "a b e f"),  # c's fall together: strictly after
        ((step(VISIT), within(7)), EVER, "a b e f"),
        ((step(VISIT), within(6.99)), EVER, "a e f"),
        ((step(VISIT), within(1)), EVER, "a e f"),
        ((step(VISIT), step()), ir.Rolling(10 * DAY), "e f"),
        ((step(VISIT), step()), ir.Calendar(11, "day"), "a b e f"),
        ((step(), step(VISIT)), EVER, ""),
        ((step(VISIT), absent(2)), EVER, "b c d e g"),
        ((step(VISIT), absent(10)), EVER, "c d g"),
        ((step(VISIT), absent(10 + 1 / DAY)), EVER, ""),  # not yet over
        ((step(VISIT), step(VISIT), step()), EVER, "e"),
        ((step(VISIT), absent(1, VISIT), step()), EVER, "a b e f"),
        ((step(VISIT), step(), absent(3)), EVER, "a b e"),
        ((step(VISIT), absent(1), within(8)), EVER, "b e"),
    ],
)
def test_sequences(steps: tuple[ir.Step, ...], window: ir.Window, wanted: str) -> None:
    assert who(scene(HERE, BROWSED), ir.Sequence(steps, window)) == wanted


def test_steps_see_those_before_them() -> None:
    events = happened("a 9", sku="x") + happened("a 8", sku="y") + happened("b 9 8", sku="x") + happened("c 9", sku="x")
    events += happened("d 9", sku=None) + happened("d 8", sku=None)
    about = scene({name: {} for name in "abcd"}, events)
    again = same(of("sku"), of("sku", "first"))
    first = step(alias="first")
    assert who(about, ir.Sequence((first, step(where=again)), EVER)) == "b"
    assert who(about, ir.Sequence((first, step(where=ir.Negate(again))), EVER)) == "a d"
    assert who(about, ir.Sequence((first, absent(2, where=again)), EVER)) == "a b c d"
    assert (
        who(about, ir.Sequence((step(where=same(of("sku"), "x"), alias="first"), absent(1, where=again)), EVER))
        == "a b c"
    )


def test_steps_look_up_where_those_before_them_were() -> None:
    stores = [{"id": "s1", "city": "Boston"}, {"id": "s2", "city": "Boston"}, {"id": "s3", "city": "Athens"}]
    pairs = {"a": ("s1", "s2"), "b": ("s1", "s3"), "c": ("s3", "s3"), "d": ("s1", None)}
    events = []
    for name, (one, other) in pairs.items():
        events += happened(f"{name} 9", store_id=one) + happened(f"{name} 8", store_id=other)
    about = scene({name: {} for name in pairs}, events, stores=stores)
    city, before = store(of("store_id"), "city"), store(of("store_id", "first"), "city")
    opening = step(where=ir.IsKnown(of("store_id")), alias="first")
    assert who(about, ir.Sequence((opening, step(where=same(city, before))), EVER)) == "a c"
    nine = ir.Compare("<", of("occurred_at"), ir.Ago(int(8.5 * DAY), TIMESTAMP))
    early = step(where=nine, alias="first")
    assert who(about, ir.Sequence((early, absent(2, where=same(city, before))), EVER)) == "b d"


def test_an_event_told_twice_follows_itself_not() -> None:
    twice = [{**row, "event_id": 7} for row in happened("a 9 8")]
    about = scene({"a": {}, "b": {}}, twice + happened("b 9 8"))
    assert who(about, ir.Sequence((step(), step()), EVER)) == "b"
    assert who(about, ir.Sequence((step(), absent(2)), EVER)) == "a b"
    ninth = ir.Compare("<", of("occurred_at"), ir.Ago(int(8.5 * DAY), TIMESTAMP))
    assert who(about, ir.Sequence((step(where=ninth), absent(2)), EVER)) == "a"


@pytest.mark.parametrize(
    ("least", "most", "wanted"),
    [(0, 2, "a b c d f"), (0, 0, "c f"), (1, 1, "b d"), (2, 3, "a e"), (3, None, "e"), (0, None, "a b c d e f")],
)
def test_windows_side_by_side(least: int, most: int | None, wanted: str) -> None:
    """Of those who came by yesterday what they bought in a week and in a season is read once; each id counts once."""
    bought = happened("a 1 2, b 1 40, c 40 50, e 1 2 3") + happened("d 1 40", event_id=77)
    rows = visits("a 0.5, b 0.5, c 0.5, d 0.5, e 0.5, f 0.5") + bought
    week, season = (ir.Aggregate("count", PURCHASE, None, None, ir.Rolling(days * DAY), INTEGER) for days in (7, 90))
    items = (
        ir.Did(VISIT, None, ir.Rolling(DAY), 1, None),
        ir.Did(PURCHASE, None, week.window, least, most),
        ir.Between(week, con(0), con(9), False),
        ir.Compare("<=", season, con(3)),
    )
    about = scene(HERE, rows)
    assert who(about, ir.AllOf(items)) == wanted
    assert "purchase_in_several_windows" in sql(ir.AllOf(items), about.clock)
