"""Values of the interpreter, against tables made by hand."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from scenes import (
    ADDRESS,
    ADDRESSES,
    DATE,
    DECIMAL,
    DURATION,
    GEO,
    INTEGER,
    TEXT,
    TEXTS,
    TIER,
    TIME,
    TIMESTAMP,
    T,
    at,
    calc,
    clock,
    compare,
    con,
    day,
    judge,
    of,
    own,
    weekday,
)

from campaign_dsl.language.ir import nodes as ir

D = Decimal
MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("left", "op", "right", "kind", "result"),
    [
        (2, "+", 3, INTEGER, 5),
        (MOST, "+", 1, INTEGER, None),
        (MOST, "-", 1, INTEGER, MOST - 1),
        (-MOST, "-", 1, INTEGER, -(2**63)),
        (-MOST, "-", 2, INTEGER, None),
        (3_037_000_500, "*", 3_037_000_500, INTEGER, None),
        (MOST, "+", D("0.5"), DECIMAL, D("9223372036854775807.5")),
        (D("0.1"), "+", D("0.2"), DECIMAL, D("0.3")),
        (D("9" * 38), "+", D(1), DECIMAL, None),
        (D("9" * 37), "*", D(10), DECIMAL, D("9" * 37 + "0")),
        (D("1e-20"), "*", D("1e-18"), DECIMAL, D("1e-38")),
        (D("1e-20"), "*", D("1e-19"), DECIMAL, None),
        (7, "/", 2, DECIMAL, D("3.5")),
        (1, "/", 3, DECIMAL, D("0.333333333333")),
        (2, "/", 3, DECIMAL, D("0.666666666667")),
        (-2, "/", 3, DECIMAL, D("-0.666666666667")),
        (1, "/", 2_000_000_000_000, DECIMAL, D("0.000000000001")),
        (-1, "/", 2_000_000_000_000, DECIMAL, D("-0.000000000001")),
        (1, "/", 2_000_000_000_001, DECIMAL, D(0)),
        (1, "/", 0, DECIMAL, None),
        (1, "/", D("0.0000000000004"), DECIMAL, None),
        (1, "/", D("0.0000000000005"), DECIMAL, D(10**12)),
        (10**13, "/", 2, DECIMAL, None),
        (10**13 - 1, "/", 1, DECIMAL, D(10**13 - 1)),
        (D("9999999999999.9999999999995"), "/", 1, DECIMAL, None),
        (D("0.00"), "/", D("0.00"), DECIMAL, None),
        (None, "+", 1, INTEGER, None),
        (1, "*", None, INTEGER, None),
    ],
)
def test_arithmetic(left: Any, op: str, right: Any, kind: Any, result: Any) -> None:
    scene = judge({"left": left, "right": right})
    assert scene.value(calc(own("left"), op, own("right"), kind)) == result


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "up", "down"),
    [
        ("2.5", 3, 2, 3, 2),
        ("-2.5", -3, -2, -3, -2),
        ("3.5", 4, 4, 4, 3),
        ("2.1", 2, 2, 3, 2),
        ("-2.1", -2, -2, -3, -2),
        ("2.9", 3, 3, 3, 2),
        ("0.5", 1, 0, 1, 0),
        ("0.4999999999", 0, 0, 1, 0),
        ("-0.5", -1, 0, -1, 0),
        ("0", 0, 0, 0, 0),
    ],
)
def test_rounding_to_whole_numbers(value: str, half_up: int, half_even: int, up: int, down: int) -> None:
    scene = judge({"n": D(value)})
    found = [
        scene.value(ir.Round(own("n", DECIMAL), mode, 0, INTEGER)) for mode in ("half up", "half even", "up", "down")
    ]
    assert found == [half_up, half_even, up, down]
    assert all(type(one) is int for one in found)


def test_rounding_to_digits_and_beyond_64_bits() -> None:
    scene = judge({"n": D("1.005"), "huge": D("9223372036854775807.5"), "none": None})
    assert scene.value(ir.Round(own("n", DECIMAL), "half up", 2, DECIMAL)) == D("1.01")
    assert scene.value(ir.Round(own("n", DECIMAL), "half even", 2, DECIMAL)) == D("1.00")
    assert scene.value(ir.Round(own("huge", DECIMAL), "half up", 0, INTEGER)) is None
    assert scene.value(ir.Round(own("huge", DECIMAL), "down", 0, INTEGER)) == MOST
    assert scene.value(ir.Round(own("none", DECIMAL), "down", 0, INTEGER)) is None


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("length of", "naïve 😀", 7),
        ("length of", "", 0),
        ("lower of", "ÅÉ İ ẞ", "åé i ß"),
        ("absolute of", -3, 3),
        ("absolute of", -(2**63), None),
        ("absolute of", None, None),
        ("year of", day("2026-02-28"), 2026),
        ("month of", day("2026-02-28"), 2),
        ("day of", day("2026-02-28"), 28),
        ("weekday of", day("2026-02-28"), "saturday"),
        ("weekday of", day("2026-03-01"), "sunday"),
    ],
)
def test_functions(name: str, value: Any, result: Any) -> None:
    kinds = {"lower of": TEXT, "weekday of": weekday()}
    assert judge({"x": value}).value(ir.Function(name, own("x"), kinds.get(name, INTEGER))) == result


@pytest.mark.parametrize(
    ("born", "today", "feb_28", "mar_1"),
    [
        ("2008-02-29", "2026-02-27", 17, 17),
        ("2008-02-29", "2026-02-28", 18, 17),
        ("2008-02-29", "2026-03-01", 18, 18),
        ("2008-02-29", "2024-02-28", 15, 15),
        ("2008-02-29", "2024-02-29", 16, 16),
        ("2008-12-31", "2026-01-01", 17, 17),
        ("2008-01-01", "2026-01-01", 18, 18),
        ("2030-01-01", "2026-01-01", -4, -4),
    ],
)
def test_age(born: str, today: str, feb_28: int, mar_1: int) -> None:
    age = ir.Age(own("born", DATE), INTEGER)
    for leap_day, years in (("feb_28", feb_28), ("mar_1", mar_1)):
        scene = judge({"born": day(born)}, now=clock(at(f"{today} 12:00"), leap_day))
        assert scene.value(age) == years
    assert judge({"born": None}).value(age) is None


def test_age_counts_where_the_customer_is() -> None:
    age, now = ir.Age(own("born", DATE), INTEGER), clock(at("2026-06-14 20:00"))
    born = {"born": day("2013-06-15")}
    assert judge({**born, "zone": "Asia/Tokyo"}, now=now).value(age) == 13
    assert judge({**born, "zone": "America/New_York"}, now=now).value(age) == 12


@pytest.mark.parametrize(
    ("start", "count", "unit", "result"),
    [
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2024-01-31", 1, "month", "2024-02-29"),
        ("2026-03-31", -1, "month", "2026-02-28"),
        ("2026-12-31", 2, "month", "2027-02-28"),
        ("2026-01-15", -1, "month", "2025-12-15"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-02-29", -4, "year", "2020-02-29"),
        ("2026-12-31", 1, "day", "2027-01-01"),
        ("2026-01-01", -2, "week", "2025-12-18"),
        ("9999-12-31", 1, "day", None),
        ("0001-01-31", -1, "month", None),
    ],
)
def test_calendar_lengths(start: str, count: int, unit: str, result: str | None) -> None:
    scene = judge({"d": day(start)})
    expected = day(result) if result else None
    assert scene.value(ir.ShiftDay(own("d", DATE), count, unit, DATE)) == expected
    now = clock(at(f"{start} 12:00"))
    assert judge({}, now=now).value(ir.CalendarAgo(-count, unit, DATE)) == expected


def test_instants_and_durations() -> None:
    scene = judge({"seen": at("2026-03-07 12:00"), "until": at("2026-03-08 12:30"), "none": None})
    seen, until, none = (own(name, TIMESTAMP) for name in ("seen", "until", "none"))
    day_long = con(timedelta(days=1), DURATION)
    assert scene.value(ir.Shift("+", seen, day_long, TIMESTAMP)) == at("2026-03-08 12:00")
    assert scene.value(ir.Shift("-", seen, day_long, TIMESTAMP)) == at("2026-03-06 12:00")
    assert scene.value(ir.Shift("+", none, day_long, TIMESTAMP)) is None
    assert scene.value(ir.Elapsed(until, seen, DURATION)) == timedelta(hours=24, minutes=30)
    assert scene.value(ir.Elapsed(none, seen, DURATION)) is None
    assert scene.holds(compare(ir.Elapsed(until, seen, DURATION), ">", timedelta(days=1)))
    assert scene.value(ir.Now(TIMESTAMP)) == T
    assert scene.value(ir.Ago(86_400, TIMESTAMP)) == at("2026-06-14 12:00")
    assert scene.value(ir.Ago(-3_600, TIMESTAMP)) == at("2026-06-15 13:00")
    assert scene.value(ir.Today(DATE)) == date(2026, 6, 15)


def test_wall_clocks() -> None:
    """In New York clocks went from 02:00 to 03:00 on 8 March 2026, and from 02:00 back to 01:00 on 1 November."""
    moment = own("t", TIMESTAMP)
    table = [
        ("2026-03-08 06:59", "America/New_York", time(1, 59), "sunday"),
        ("2026-03-08 07:00", "America/New_York", time(3, 0), "sunday"),
        ("2026-11-01 05:30", "America/New_York", time(1, 30), "sunday"),
        ("2026-11-01 06:30", "America/New_York", time(1, 30), "sunday"),
        ("2026-06-15 23:30", "Asia/Kathmandu", time(5, 15), "tuesday"),
        ("2026-06-15 23:30", "Mars/Base", None, None),
        ("2026-06-15 23:30", None, None, None),
    ]
    for text, zone, clock_shows, name in table:
        scene = judge({"t": at(text), "where": zone})
        assert scene.value(ir.TimeOfDay(moment, own("where", TEXT), TIME)) == clock_shows
        assert scene.value(ir.DayOfWeek(moment, own("where", TEXT), weekday())) == name
    theirs = judge({"t": at("2026-06-15 23:30"), "zone": "Asia/Tokyo"})
    assert theirs.value(ir.TimeOfDay(moment, None, TIME)) == time(8, 30)
    assert theirs.value(ir.DayOfWeek(moment, None, weekday())) == "tuesday"
    assert theirs.value(ir.TimeOfDay(own("none", TIMESTAMP), None, TIME)) is None


def test_records_and_lists() -> None:
    home, offices = {"city": "Boston", "zip": None}, [{"city": "Boston"}, {"city": "Lyon"}, None]
    scene = judge({"home": home, "offices": offices, "none": None, "empty": [], "words": ["a", "b"]})
    assert scene.value(ir.Field(own("home", ADDRESS), "city", TEXT)) == "Boston"
    assert scene.value(ir.Field(own("home", ADDRESS), "zip", TEXT)) is None
    assert scene.value(ir.Field(own("none", ADDRESS), "city", TEXT)) is None
    in_boston = compare(ir.Field(ir.Element(ADDRESS), "city", TEXT), "=", "Boston")
    assert scene.value(ir.ListCount(own("offices", ADDRESSES), None, INTEGER)) == 3
    assert scene.value(ir.ListCount(own("offices", ADDRESSES), in_boston, INTEGER)) == 1
    assert scene.value(ir.ListCount(own("empty", TEXTS), None, INTEGER)) == 0
    assert scene.value(ir.ListCount(own("none", TEXTS), None, INTEGER)) is None


def test_what_a_tier_is_worth() -> None:
    """The first case that holds; without one what is otherwise, and without that nothing."""
    tier = own("tier", TIER)
    cases = tuple((compare(tier, ">=", word), con(D(worth))) for word, worth in (("gold", "1.5"), ("silver", "1.25")))
    for word, worth in (("gold", D("1.5")), ("silver", D("1.25")), ("member", None), (None, None)):
        assert judge({"tier": word}).value(ir.Choice(cases, None, DECIMAL)) == worth
        assert judge({"tier": word}).value(ir.Choice(cases, con(D(1)), DECIMAL)) == (worth or 1)


def test_look_ups() -> None:
    stores = ir.Dimension("stores", "stores", "store_id")
    city = ir.Lookup(own("store", TEXT), stores, "city", "town", TEXT)
    rows = [{"store_id": "s1", "town": "Boston"}, {"store_id": "s2", "town": None}]
    rows.append({"store_id": "s1", "town": "Austin"})
    found = [judge({"store": store}, stores=rows).value(city) for store in ("s1", "s2", "s3", None)]
    assert found == ["Austin", None, None, None]


def test_properties_of_named_rows() -> None:
    scene = judge().naming(event={"amount": 3, "lat": D("1.5"), "lon": None}).inside({"amount": 7})
    assert scene.value(of("amount")) == 7
    assert scene.value(of("amount", alias="event")) == 3
    assert scene.value(of("step", alias="goal")) is None
    assert scene.value(ir.Property("place", "lat", GEO, "event", "lon")) is None
    assert scene.value(ir.Property("place", "lat", GEO, "event", "amount")) == (D("1.5"), 3)


def test_values_beyond_the_calendar_are_missing() -> None:
    end = {"t": at("9999-12-31 23:30"), "zone": "Asia/Tokyo"}
    assert judge(end).value(ir.TimeOfDay(own("t", TIMESTAMP), None, TIME)) is None
    assert not judge(end).holds(compare(own("t", TIMESTAMP), ">", day("2026-01-01")))
    shifted = ir.Shift("+", own("t", TIMESTAMP), con(timedelta(days=1)), TIMESTAMP)
    assert judge(end).value(shifted) is None
