"""What every value is, computed by hand, by SQL and by the interpreter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from table import T, at, day, scene, value
from wide_world import (
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
    NUMBERED,
    ORDERS,
    PLACE,
    PURCHASE,
    TEXT,
    TIME,
    TIMESTAMP,
    VISIT,
    con,
    of,
    own,
    store,
)

from campaign_dsl.language.catalog.types import WEEKDAY, Kind, Type
from campaign_dsl.language.ir import nodes as ir

D = Decimal
NOBODY = scene({"a": {}})
EVER = ir.Bounded()


def number(text: str) -> ir.Constant:
    return con(D(text)) if "." in text else con(int(text))


# --------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("left", "right", "quotient"),
    [
        ("7", "2", "3.5"),
        ("1", "3", "0.333333333333"),
        ("2", "3", "0.666666666667"),
        ("-2", "3", "-0.666666666667"),
        ("0", "5", "0"),
        ("1", "2000000000000", "0.000000000001"),  # 5e-13: half away from zero
        ("-1", "2000000000000", "-0.000000000001"),
        ("1", "2000000000001", "0"),
        ("0.10", "0.3", "0.333333333333"),
        ("9999999999999", "0.000000000001", "9999999999999000000000000"),
        ("9999999999999.999999999999", "1", "9999999999999.999999999999"),
        ("1", "0", None),
        ("1", "0.0", None),
        ("0", "0", None),
        ("1", "0.0000000000004", None),  # rounded to 12 digits it is 0
        ("1", "0.0000000000005", "1000000000000"),
        ("10000000000000", "1", None),
        ("1", "10000000000000", None),
        ("-10000000000000", "-10000000000000", None),
        ("9999999999999.9999999999995", "1", None),
    ],
)
def test_quotients(left: str, right: str, quotient: str | None) -> None:
    found = value(NOBODY, ir.Arithmetic("/", number(left), number(right), DECIMAL))
    assert found == (None if quotient is None else D(quotient))


def test_quotients_of_missing_values_are_missing_and_those_of_quotients_are_exact() -> None:
    people = {"a": {"points": 1, "big": 2**63 - 1}, "b": {"points": None, "big": 3}}
    third = ir.Arithmetic("/", own("points"), con(3), DECIMAL)
    assert value(scene(people), ir.Arithmetic("*", third, con(3), DECIMAL)) == D("0.999999999999")
    assert value(scene(people), ir.Arithmetic("/", third, third, DECIMAL)) == 1
    assert value(scene(people), ir.Arithmetic("/", own("big"), con(2), DECIMAL)) is None
    rounded = ir.Round(ir.Arithmetic("/", con(3), own("points"), DECIMAL), "up", 2, DECIMAL)
    assert value(scene(people), rounded) == 3


def test_what_overflows_twice_is_missing_twice() -> None:
    """An engine may compute what is written twice once, and elsewhere."""
    people = {"a": {"big": 2**62}, "b": {"big": 3}}
    square = ir.Arithmetic("*", own("big"), own("big"), INTEGER)
    assert value(scene(people), ir.Arithmetic("+", square, square, INTEGER)) is None
    assert value(scene(people), ir.Arithmetic("/", square, square, DECIMAL)) is None
    nothing = ir.Arithmetic("-", square, square, INTEGER)
    assert value(scene(people), ir.Function("absolute of", nothing, INTEGER)) is None


def test_literals_are_calculated_in_64_bits_too() -> None:
    for side in (2**31, -(2**31)):
        assert value(NOBODY, ir.Arithmetic("*", con(side), con(side), INTEGER)) == 2**62


@pytest.mark.parametrize(
    ("text", "digits", "half_up", "half_even", "up", "down"),
    [
        ("2.5", 0, "3", "2", "3", "2"),
        ("3.5", 0, "4", "4", "4", "3"),
        ("-2.5", 0, "-3", "-2", "-3", "-2"),
        ("2.1", 0, "2", "2", "3", "2"),
        ("-2.1", 0, "-2", "-2", "-3", "-2"),
        ("2.9", 0, "3", "3", "3", "2"),
        ("0.4", 0, "0", "0", "1", "0"),
        ("-0.4", 0, "0", "0", "-1", "0"),
        ("2.0", 0, "2", "2", "2", "2"),
        ("1.005", 2, "1.01", "1.00", "1.01", "1.00"),
        ("1.015", 2, "1.02", "1.02", "1.02", "1.01"),
        ("-1.005", 2, "-1.01", "-1.00", "-1.01", "-1.00"),
        ("1.001", 2, "1.00", "1.00", "1.01", "1.00"),
        ("1.1", 4, "1.1", "1.1", "1.1", "1.1"),
        ("12345678901234567890.125", 2, *(f"12345678901234567890.{end}" for end in (13, 12, 13, 12))),
        ("9223372036854775807.4", 0, "9223372036854775807", "9223372036854775807", None, "9223372036854775807"),
        ("9223372036854775807.5", 0, None, None, None, "9223372036854775807"),
    ],
)
def test_rounding(text: str, digits: int, half_up: Any, half_even: Any, up: Any, down: Any) -> None:
    type_ = DECIMAL if digits else INTEGER
    modes = {"half up": half_up, "half even": half_even, "up": up, "down": down}
    for mode, wanted in modes.items():
        found = value(NOBODY, ir.Round(number(text), mode, digits, type_))
        assert found == (None if wanted is None else D(wanted)), mode


def test_rounding_of_columns() -> None:
    people = {"a": {"price": D("-1.55"), "points": 5}, "b": {"price": None}}
    assert value(scene(people), ir.Round(own("price"), "half up", 1, DECIMAL)) == D("-1.6")
    assert value(scene(people), ir.Round(own("price"), "up", 0, INTEGER)) == -2
    assert value(scene(people), ir.Round(own("points"), "up", 2, DECIMAL)) == 5
    twice = ir.Round(ir.Round(own("price"), "up", 1, DECIMAL), "up", 0, INTEGER)
    assert value(scene(people), twice) == -2


@pytest.mark.parametrize(("big", "absolute"), [(-5, 5), (5, 5), (0, 0), (-(2**63), None), (2**63 - 1, 2**63 - 1)])
def test_absolute_values(big: int, absolute: int | None) -> None:
    assert value(scene({"a": {"big": big}}), ir.Function("absolute of", own("big"), INTEGER)) == absolute


# ------------------------------------------------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("text", "length", "lower"),
    [
        ("", 0, ""),
        ("Ab", 2, "ab"),
        ("Müller", 6, "müller"),
        ("😀é", 2, "😀é"),
        ("e\u0301", 2, "e\u0301"),  # a letter and its accent are two characters
        ("İ", 1, "i"),  # one character for one
        ("ΑΣ", 2, "ασ"),  # and no rules about the end of a word
        ("ẞ", 1, "ß"),
        ("a\nB", 3, "a\nb"),
        (None, None, None),
    ],
)
def test_texts(text: str | None, length: int | None, lower: str | None) -> None:
    about = scene({"a": {"note": text}})
    assert value(about, ir.Function("length of", own("note"), INTEGER)) == length
    assert value(about, ir.Function("lower of", own("note"), TEXT)) == lower


# ------------------------------------------------------------------------------------------------- days and instants


def test_parts_of_a_day() -> None:
    about = scene({"a": {"born": day("2024-02-29")}, "b": {}})
    parts = [("year of", 2024), ("month of", 2), ("day of", 29)]
    assert [value(about, ir.Function(name, own("born"), INTEGER)) for name, _ in parts] == [2024, 2, 29]
    assert value(about, ir.Function("weekday of", own("born"), WEEKDAY)) == "thursday"


def test_weekdays() -> None:
    days = [day("2026-06-15") + timedelta(days=shift) for shift in range(7)]
    found = [value(NOBODY, ir.Function("weekday of", con(each), WEEKDAY)) for each in days]
    assert found == ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@pytest.mark.parametrize(
    ("count", "unit", "there"),
    [
        (0, "day", "2026-03-31"),
        (31, "day", "2026-02-28"),
        (1, "week", "2026-03-24"),
        (1, "month", "2026-02-28"),
        (13, "month", "2025-02-28"),
        (25, "month", "2024-02-29"),
        (1, "year", "2025-03-31"),
        (-1, "month", "2026-04-30"),
        (-11, "month", "2027-02-28"),
        (-2, "week", "2026-04-14"),
        (-1, "day", "2026-04-01"),
    ],
)
def test_calendar_units_ago(count: int, unit: str, there: str) -> None:
    about = scene({"a": {}}, now=at("2026-03-31 12:00"))
    assert value(about, ir.CalendarAgo(count, unit, DATE)) == day(there)
    assert value(about, ir.ShiftDay(ir.Today(DATE), -count, unit, DATE)) == day(there)


@pytest.mark.parametrize(
    ("from_", "count", "unit", "there"),
    [
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-02-29", 4, "year", "2028-02-29"),
        ("2024-02-29", -12, "month", "2023-02-28"),
        ("2023-12-31", 2, "month", "2024-02-29"),
        ("9999-12-31", 1, "day", None),
        ("9999-12-30", 1, "day", "9999-12-31"),
        ("9999-12-31", 1, "month", None),
        ("9999-12-31", 0, "day", "9999-12-31"),
        ("0001-01-01", -1, "day", None),
        ("0001-01-08", -1, "week", "0001-01-01"),
        ("0001-01-01", -1, "year", None),
    ],
)
def test_moved_days(from_: str, count: int, unit: str, there: str | None) -> None:
    about = scene({"a": {"born": day(from_)}, "b": {}})
    assert value(about, ir.ShiftDay(own("born"), count, unit, DATE)) == (None if there is None else day(there))


@pytest.mark.parametrize(
    ("from_", "op", "duration", "there"),
    [
        ("2026-03-08 06:30", "+", timedelta(days=1), at("2026-03-09 06:30")),  # exact, whatever the clocks do
        ("2026-03-08 06:30", "-", timedelta(seconds=1), at("2026-03-08 06:29:59")),
        ("2026-01-01 00:00", "+", timedelta(microseconds=1), at("2026-01-01 00:00:00.000001")),
        ("2026-01-01 00:00", "+", timedelta(days=-400), at("2024-11-27 00:00")),
        ("9999-12-31 23:59:59.999999", "+", timedelta(microseconds=1), None),
        ("0001-01-01 00:00", "-", timedelta(microseconds=1), None),
        ("0001-01-01 00:00", "-", timedelta(0), at("0001-01-01 00:00")),
    ],
)
def test_moved_instants(from_: str, op: str, duration: timedelta, there: datetime | None) -> None:
    about = scene({"a": {"seen": at(from_)}, "b": {}})
    assert value(about, ir.Shift(op, own("seen"), con(duration), TIMESTAMP)) == there


def test_lengths_of_time() -> None:
    about = scene({"a": {"seen": at("2026-06-14 11:00")}, "b": {}})
    assert value(about, ir.Elapsed(ir.Now(TIMESTAMP), own("seen"), DURATION)) == timedelta(days=1, hours=1)
    assert value(about, ir.Elapsed(own("seen"), ir.Now(TIMESTAMP), DURATION)) == -timedelta(days=1, hours=1)
    again = ir.Shift("+", own("seen"), ir.Elapsed(ir.Now(TIMESTAMP), own("seen"), DURATION), TIMESTAMP)
    assert value(about, again) == T
    assert value(about, ir.Ago(3_600, TIMESTAMP)) == T - timedelta(hours=1)
    assert value(about, ir.Ago(-3_600, TIMESTAMP)) == T + timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "zone", "clock", "weekday", "today"),
    [
        ("2026-03-08 06:59:59", "America/New_York", time(1, 59, 59), "sunday", "2026-03-08"),
        ("2026-03-08 07:00", "America/New_York", time(3), "sunday", "2026-03-08"),
        ("2026-11-01 05:30", "America/New_York", time(1, 30), "sunday", "2026-11-01"),
        ("2026-11-01 06:30", "America/New_York", time(1, 30), "sunday", "2026-11-01"),
        ("2026-06-15 03:59:59.999999", "America/New_York", time(23, 59, 59, 999999), "sunday", "2026-06-14"),
        ("2026-06-15 12:00", "Pacific/Kiritimati", time(2), "tuesday", "2026-06-16"),
        ("2026-06-15 12:00", "Asia/Kathmandu", time(17, 45), "monday", "2026-06-15"),
        ("2026-06-15 12:00", None, time(12), "monday", "2026-06-15"),
    ],
)
def test_clocks(now: str, zone: str | None, clock: time, weekday: str, today: str) -> None:
    about = scene({"a": {"time_zone": zone}}, now=at(now))
    assert value(about, ir.TimeOfDay(ir.Now(TIMESTAMP), None, TIME)) == clock
    assert value(about, ir.DayOfWeek(ir.Now(TIMESTAMP), None, WEEKDAY)) == weekday
    assert value(about, ir.Today(DATE)) == day(today)
    if zone is not None:
        assert value(scene({"a": {}}, now=at(now)), ir.TimeOfDay(ir.Now(TIMESTAMP), con(zone), TIME)) == clock
        assert value(about, ir.TimeOfDay(ir.Now(TIMESTAMP), own("zone"), TIME)) == clock


@pytest.mark.parametrize("zone", ["Mars/Base", "EST5", "america/new_york", "", "BST", None])
def test_a_zone_that_is_none(zone: str | None) -> None:
    about = scene({"a": {"note": zone, "store": "s"}}, stores=[{"id": "s", "zone": zone}])
    zones: list[ir.Value] = [own("note"), store(own("store"), "zone")]
    zones += [con(zone)] if zone is not None else []
    for each in zones:
        assert value(about, ir.TimeOfDay(ir.Now(TIMESTAMP), each, TIME)) is None
        assert value(about, ir.DayOfWeek(ir.Now(TIMESTAMP), each, WEEKDAY)) is None


# -------------------------------------------------------------------------------------------- look-ups, records, lists


def test_look_ups() -> None:
    stores = [{"id": "s1", "city": "Boston", "area": 5}, {"id": "s2", "city": None}, {"id": None, "city": "nowhere"}]
    people = {"a": {"store": "s1", "second": "s2"}, "b": {"store": None, "second": "s1"}, "c": {"store": "s3"}}
    about = scene(people, stores=stores)
    assert value(about, store(own("store"), "city")) == "Boston"
    assert value(about, store(own("second"), "city")) is None
    both = ir.Arithmetic("+", store(own("store"), "area"), store(own("store"), "area"), INTEGER)
    assert value(about, both) == 10
    assert value(about, ir.Arithmetic("+", store(own("store"), "area"), store(own("second"), "area"), INTEGER)) is None


def test_several_rows_with_one_key_multiply_nothing() -> None:
    stores = [{"id": "s1", "city": "Boston", "area": None}, {"id": "s1", "city": "Athens", "area": 3}]
    about = scene({"a": {"store": "s1"}}, [{"store_id": "s1"}, {"store_id": "s1"}], stores=stores)
    assert value(about, store(own("store"), "city")) == "Athens"
    assert value(about, store(own("store"), "area")) == 3
    here = ir.Compare("=", store(of("store_id"), "city"), con("Athens"))
    assert value(about, ir.Aggregate("count", PURCHASE, None, here, EVER, INTEGER)) == 2
    visits = ir.Aggregate("count", VISIT, None, here, EVER, INTEGER)
    again = scene({"a": {}}, [{"kind": "visit", "store_id": "s1"}], stores=stores)
    assert value(again, visits) == 1


def test_records_and_lists() -> None:
    home = {"city": "Boston", "floor": 3, "since": None}
    people = {
        "a": {"address": home, "addresses": [home, None, {**home, "floor": 1}], "scores": [3, None, 1]},
        "b": {"address": None, "addresses": [], "scores": None},
    }
    about = scene(people)
    field = ir.Field(own("address"), "city", TEXT)
    assert value(about, field) == "Boston"
    assert value(about, ir.Field(own("address"), "since", DATE)) is None
    upstairs = ir.Compare(">", ir.Field(ir.Element(PLACE), "floor", INTEGER), con(2))
    assert value(about, ir.ListCount(own("addresses"), None, INTEGER)) == 3
    assert value(about, ir.ListCount(own("addresses"), upstairs, INTEGER)) == 1
    assert value(about, ir.ListCount(own("addresses"), ir.Negate(upstairs), INTEGER)) == 2
    assert value(about, ir.ListCount(own("scores"), ir.IsKnown(ir.Element(INTEGER)), INTEGER)) == 2


# ------------------------------------------------------------------------------------------------------- aggregates


def bought(identity: int, moment: str, sku: str, quantity: int | None, amount: str | None, size: str) -> dict[str, Any]:
    price = None if amount is None else D(amount)
    row = {"event_id": identity, "occurred_at": at(moment), "sku": sku, "quantity": quantity}
    return {**row, "amount": price, "size": size}


BOUGHT = [
    bought(1, "2026-06-01 10:00", "b", 2, "0.10", "gold"),
    bought(2, "2026-06-02 10:00", "a", 1, "0.20", "member"),
    bought(2, "2026-06-03 10:00", "c", 5, "0.90", "silver"),
    bought(3, "2026-06-04 10:00", "b", None, None, "unheard"),
    bought(4, "2026-06-04 10:00", "a", 2, "0.03", "gold"),
    bought(5, "2026-06-16 10:00", "z", 9, "9.00", "platinum"),  # not yet
    {**bought(6, "2026-06-15 12:00", "z", 9, "9.00", "platinum"), "received_at": at("2026-06-16 10:00")},
]


@pytest.mark.parametrize(
    ("function", "name", "wanted"),
    [
        ("count", None, 4),
        ("distinct", "sku", 2),
        ("distinct", "size", 2),
        ("sum", "quantity", 5),
        ("sum", "amount", D("0.33")),
        ("average", "quantity", D("1.666667")),
        ("average", "amount", D("0.11")),
        ("smallest", "quantity", 1),
        ("largest", "quantity", 2),
        ("smallest", "size", "member"),
        ("largest", "size", "gold"),
        ("first", "sku", "b"),
        ("last", "sku", "a"),
        ("last", "quantity", 2),
        ("last", "size", "gold"),
        ("most frequent", "sku", "a"),
        ("most frequent", "quantity", 2),
        ("most frequent", "size", "gold"),
        ("recency", None, 11),
    ],
)
def test_aggregates(function: str, name: str | None, wanted: Any) -> None:
    about = scene({"a": {}, "b": {}}, BOUGHT)
    inner = None if name is None else of(name)
    kind = inner.type if inner else INTEGER
    if function in ("distinct", "average"):
        kind = INTEGER if function == "distinct" else DECIMAL
    assert value(about, ir.Aggregate(function, PURCHASE, inner, None, EVER, kind)) == wanted
    missing = value(scene({"a": {}}), ir.Aggregate(function, PURCHASE, inner, None, EVER, kind))
    assert missing == (0 if function in ("count", "distinct") else None)


def test_aggregates_of_computed_values_and_of_look_ups() -> None:
    stores = [{"id": "s1", "city": "Boston", "area": 3}, {"id": "s2", "city": "Athens", "area": 4}]
    events = [
        {"quantity": 2, "amount": D("1.50"), "store_id": "s1", "occurred_at": at("2026-06-15 01:00")},
        {"quantity": 3, "amount": D("2.00"), "store_id": "s2", "occurred_at": at("2026-06-15 03:00")},
        {"quantity": 4, "amount": D("0.25"), "store_id": "s9", "occurred_at": at("2026-06-15 05:00")},
    ]
    about = scene({"a": {"time_zone": "America/New_York"}}, events, stores=stores)
    spent = ir.Arithmetic("*", of("quantity"), of("amount"), DECIMAL)
    assert value(about, ir.Aggregate("sum", PURCHASE, spent, None, EVER, DECIMAL)) == 10
    area = store(of("store_id"), "area")
    assert value(about, ir.Aggregate("sum", PURCHASE, area, None, EVER, INTEGER)) == 7
    assert value(about, ir.Aggregate("last", PURCHASE, store(of("store_id"), "city"), None, EVER, TEXT)) == "Athens"
    clock = ir.TimeOfDay(of("occurred_at"), None, TIME)
    assert value(about, ir.Aggregate("smallest", PURCHASE, clock, None, EVER, TIME)) == time(1)
    assert value(about, ir.Aggregate("largest", PURCHASE, clock, None, EVER, TIME)) == time(23)
    late = ir.Compare(">=", clock, con(time(21)))
    assert value(about, ir.Aggregate("count", PURCHASE, None, late, EVER, INTEGER)) == 2


def test_rows_without_a_time_or_an_id() -> None:
    orders = [
        {"number": "1", "status": "open", "total": D("1.00")},
        {"number": "1", "status": "open", "total": D("3.00")},
        {"number": None, "status": "open", "total": D("1.00")},
        {"number": "2", "status": "shut", "total": None},
        {"owner": None, "number": "3", "total": D("9.00")},
    ]
    about = scene({"a": {}, "b": {}}, orders=orders)
    for source, count, total, distinct in ((ORDERS, 4, D("5.00"), 2), (NUMBERED, 2, D("1.00"), 1)):
        assert value(about, ir.Aggregate("count", source, None, None, None, INTEGER)) == count
        assert value(about, ir.Aggregate("sum", source, of("total"), None, None, DECIMAL)) == total
        assert value(about, ir.Aggregate("distinct", source, of("total"), None, None, INTEGER)) == distinct


def test_sums_have_64_bits() -> None:
    events = [{"quantity": 2**31 - 1}, {"quantity": 2**31 - 1}]
    huge = ir.Arithmetic("*", of("quantity"), con(2**31), INTEGER)
    people = scene({"a": {}}, events)
    assert value(people, ir.Aggregate("sum", PURCHASE, of("quantity"), None, EVER, INTEGER)) == 2**32 - 2
    assert value(people, ir.Aggregate("sum", PURCHASE, huge, None, EVER, INTEGER)) == 2**63 - 2**32
    assert value(scene({"a": {}}, events * 2), ir.Aggregate("sum", PURCHASE, huge, None, EVER, INTEGER)) is None
    mean = ir.Aggregate("average", PURCHASE, huge, None, EVER, DECIMAL)
    assert value(scene({"a": {}}, events * 2), mean) == 2**62 - 2**31


@pytest.mark.parametrize(
    ("last", "days"),
    [("2026-06-15 12:00", 0), ("2026-06-14 12:00:00.000001", 0), ("2026-06-14 12:00", 1), ("2025-06-15 12:00", 365)],
)
def test_recency_counts_whole_days_of_24_hours(last: str, days: int) -> None:
    about = scene({"a": {}}, [{"occurred_at": at(last)}])
    assert value(about, ir.Aggregate("recency", PURCHASE, None, None, EVER, INTEGER)) == days


# ------------------------------------------------------------------------------------------------------------ ranks


def test_quintiles() -> None:
    points = {"a": 7, "b": 1, "c": 5, "d": 5, "e": None, "f": 5, "g": 9, "h": 0}
    people = {key: {"points": each, "time_zone": None} for key, each in points.items()}
    people["x"] = {"points": 100, "time_zone": "Mars/Base"}  # cannot be read
    about = scene(people)
    found = {key: value(scene({**people, "a": people[key], key: people["a"]}), FIFTH) for key in "abgh"}
    assert value(about, FIFTH) == 4  # h b f d c a g
    assert found["b"] == 1
    assert found["g"] == 5
    assert value(scene({"a": {"points": 1}}), FIFTH) == 1
    assert value(scene({"a": {"points": None}, "b": {"points": 3}}), FIFTH) is None


FIFTH = ir.Quintile(own("points"), INTEGER)


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        (time(6, 0), Kind.TIME),
        (timedelta(days=30), Kind.DURATION),
        (timedelta(microseconds=-1), Kind.DURATION),
        (date(2026, 2, 28), Kind.DATE),
        (T, Kind.TIMESTAMP),
        (-5, Kind.INTEGER),
        (D("-0.10"), Kind.DECIMAL),
    ],
)
def test_literals(literal: Any, kind: Kind) -> None:
    assert value(NOBODY, ir.Constant(literal, Type(kind))) == literal
