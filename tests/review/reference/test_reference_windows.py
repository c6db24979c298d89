"""Windows of the interpreter, at their edges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scenes import (
    DATE,
    DAYS,
    HOURS,
    TIMESTAMP,
    Clock,
    T,
    at,
    clock,
    con,
    day,
    judge,
)

from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.windows import within

TINY = timedelta(microseconds=1)


def inside(window: ir.Window, moment: str, now: Clock | None = None, zone: str = "UTC") -> bool:
    return within(window, at(moment), judge({"zone": zone}, now=now))


def test_rolling_is_open_on_the_left() -> None:
    scene, window = judge(), ir.Rolling(90 * DAYS)
    start = T - timedelta(days=90)
    found = [within(window, each, scene) for each in (start - TINY, start, start + TINY, T, T + TINY, None)]
    assert found == [False, False, True, True, False, False]


def test_consecutive_rolling_windows_share_no_event() -> None:
    event = T - timedelta(hours=1)
    runs = [clock(T - timedelta(hours=back)) for back in range(3)]
    assert [within(ir.Rolling(HOURS), event, judge(now=now)) for now in runs] == [False, True, False]


@pytest.mark.seed("docs")
def test_calendar_days_are_not_24_hours() -> None:
    """From 1 January 00:05 to 2 January 23:55 are 2 calendar days, and nearly 48 hours."""
    now = clock(at("2026-01-02 23:55"))
    assert inside(ir.Calendar(2, "day"), "2026-01-01 00:05", now)
    assert not inside(ir.Calendar(1, "day"), "2026-01-01 00:05", now)
    assert not inside(ir.Calendar(2, "day"), "2025-12-31 23:59", now)
    assert not inside(ir.Rolling(DAYS), "2026-01-01 00:05", now)


@pytest.mark.parametrize(
    ("window", "first", "after"),
    [
        (ir.Calendar(1, "day"), "2026-06-15", None),
        (ir.Calendar(1, "day", 1), "2026-06-14", "2026-06-15"),
        (ir.Calendar(7, "day"), "2026-06-09", None),
        (ir.Calendar(1, "week"), "2026-06-15", None),
        (ir.Calendar(2, "week"), "2026-06-08", None),
        (ir.Calendar(1, "week", 1), "2026-06-08", "2026-06-15"),
        (ir.Calendar(1, "month"), "2026-06-01", None),
        (ir.Calendar(1, "month", 1), "2026-05-01", "2026-06-01"),
        (ir.Calendar(6, "month"), "2026-01-01", None),
        (ir.Calendar(7, "month"), "2025-12-01", None),
        (ir.Calendar(1, "year"), "2026-01-01", None),
        (ir.Calendar(1, "year", 1), "2025-01-01", "2026-01-01"),
        (ir.Calendar(3000, "year"), "0001-01-01", None),
    ],
)
def test_calendar_units(window: ir.Calendar, first: str, after: str | None) -> None:
    """T is a Monday, so that this week begins today."""
    assert inside(window, f"{first} 00:00")
    assert inside(window, f"{first} 00:00:00.000001")
    if first != "0001-01-01":
        assert not within(window, at(f"{first} 00:00") - TINY, judge({"zone": "UTC"}))
    if after is None:
        assert within(window, T, judge({"zone": "UTC"}))
    else:
        assert not inside(window, f"{after} 00:00")
        assert within(window, at(f"{after} 00:00") - TINY, judge({"zone": "UTC"}))
    assert not within(window, T + TINY, judge({"zone": "UTC"}))


def test_calendar_days_begin_where_the_customer_is() -> None:
    """At 2026-06-15 12:00 UTC it is already Tuesday in Kiritimati."""
    today = ir.Calendar(1, "day")
    assert inside(today, "2026-06-15 10:00", zone="Pacific/Kiritimati")
    assert not inside(today, "2026-06-15 09:59", zone="Pacific/Kiritimati")
    assert inside(ir.Calendar(1, "week"), "2026-06-14 10:00", zone="Pacific/Kiritimati")
    assert not inside(today, "2026-06-15 03:59", zone="America/New_York")
    assert inside(today, "2026-06-15 04:00", zone="America/New_York")


def test_bounds() -> None:
    noon, tenth = con(at("2026-06-10 12:00"), TIMESTAMP), con(day("2026-06-10"), DATE)
    table = [
        ("since", noon, (False, True, True)),
        ("after", noon, (False, False, True)),
        ("until", noon, (True, True, False)),
        ("before", noon, (True, False, False)),
    ]
    for name, bound, expected in table:
        window = ir.Bounded(**{name: bound})
        moments = ("2026-06-10 11:59:59.999999", "2026-06-10 12:00", "2026-06-10 12:00:00.000001")
        assert tuple(inside(window, moment) for moment in moments) == expected, name
    days = [
        ("since", (False, True, True)),
        ("after", (False, False, True)),
        ("until", (True, True, False)),
        ("before", (True, False, False)),
    ]
    for name, expected in days:
        window = ir.Bounded(**{name: tenth})
        moments = ("2026-06-09 23:59", "2026-06-10 00:00", "2026-06-11 00:00")
        assert tuple(inside(window, moment) for moment in moments) == expected, name


def test_bounds_that_move_with_t() -> None:
    ago = ir.Bounded(since=ir.CalendarAgo(3, "month", DATE), before=ir.Ago(7 * DAYS, TIMESTAMP))
    assert not inside(ago, "2026-03-14 23:59")
    assert inside(ago, "2026-03-15 00:00")
    assert inside(ago, "2026-06-08 11:59")
    assert not inside(ago, "2026-06-08 12:00")
    assert inside(ir.Bounded(until=ir.Today(DATE)), "2026-06-15 12:00")
    assert not inside(ir.Bounded(until=ir.Today(DATE)), "2026-06-15 12:01")
    assert not inside(ir.Bounded(since=ir.CalendarAgo(3000, "year", DATE)), "2026-06-01 00:00")


def test_a_day_without_midnight_begins_later() -> None:
    """In Sao Paulo 4 November 2018 began at 01:00, which was 03:00 UTC."""
    now = clock(at("2018-11-04 15:00"))
    today = ir.Calendar(1, "day")
    assert inside(today, "2018-11-04 03:00", now, "America/Sao_Paulo")
    assert not inside(today, "2018-11-04 02:59:59", now, "America/Sao_Paulo")
