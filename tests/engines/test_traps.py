"""Where engines are known to differ: each trap that the language can reach, by name, on the chosen engine.

The cases come from expressions that were run side by side: the same text meant one thing here and another there. `who`
and `value` ask SQL and the interpreter, and whether `not` gives exactly the others.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from hashlib import md5
from typing import Any

import pytest
from table import T, apart, at, day, scene, value, who
from warehouse import left_out_if_lacking
from wide_world import (
    DATE,
    DECIMAL,
    DURATION,
    INTEGER,
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

from campaign_dsl.language.catalog.types import WEEKDAY
from campaign_dsl.language.ir import nodes as ir

D = Decimal
EVER = ir.Bounded()
NOBODY = scene({"a": {}})


def compare(op: str, left: ir.Value, right: Any) -> ir.Compare:
    return ir.Compare(op, left, right if hasattr(right, "type") else con(right))


def count(where: ir.Predicate | None = None, window: ir.Window = EVER) -> ir.Aggregate:
    return ir.Aggregate("count", PURCHASE, None, where, window, INTEGER)


def total(of_: ir.Value, type_: Any = INTEGER) -> ir.Aggregate:
    return ir.Aggregate("sum", PURCHASE, of_, None, EVER, type_)


# ---------------------------------------------------------------------------------------------- three-valued logic


def test_what_is_missing_is_neither_in_a_list_nor_outside_of_it() -> None:
    people = apart(["run", "walk", None], "note")
    assert who(scene(people), ir.InList(own("note"), (con("run"),), False)) == "a"
    assert who(scene(people), ir.InList(own("note"), (con("run"),), True)) == "b"
    assert who(scene(people), ir.Negate(ir.InList(own("note"), (con("run"),), False))) == "b c"


def test_not_of_a_comparison_with_a_missing_value_holds() -> None:
    people = apart([1, 5, None], "points")
    more = compare(">", own("points"), 3)
    assert who(scene(people), more) == "b"
    assert who(scene(people), ir.Negate(more)) == "a c"
    assert who(scene(people), ir.Negate(ir.Negate(more))) == "b"
    assert who(scene(people), ir.AllOf((ir.Negate(more), ir.IsKnown(own("points"))))) == "a"


def test_missing_is_not_equal_to_missing() -> None:
    people = {"a": {"note": None, "store": None}, "b": {"note": "x", "store": "x"}, "c": {"note": "x"}}
    assert who(scene(people), ir.Compare("=", own("note"), own("store"))) == "b"
    assert who(scene(people), ir.Compare("!=", own("note"), own("store"))) == ""


def test_nobody_of_a_list_of_events_with_a_missing_customer_is_forgotten() -> None:
    """NOT IN a query that yields a NULL forgets everybody."""
    about = scene({"a": {}, "b": {}}, [{"customer_id": "a"}, {"customer_id": None}])
    did = ir.Did(PURCHASE, None, EVER, 1, None)
    assert who(about, did) == "a"
    assert who(about, ir.Negate(did)) == "b"
    assert who(about, ir.Did(PURCHASE, None, EVER, 0, 3)) == "a b"


def test_the_empty_text_is_a_text() -> None:
    people = apart(["", None, " "], "note")
    assert who(scene(people), ir.IsKnown(own("note"))) == "a c"
    assert who(scene(people), compare("=", own("note"), "")) == "a"


def test_a_truth_that_is_missing_is_not_true() -> None:
    people = apart([True, False, None], "flag")
    assert who(scene(people), ir.IsTrue(own("flag"))) == "a"
    assert who(scene(people), ir.Negate(ir.IsTrue(own("flag")))) == "b c"


# ---------------------------------------------------------------------------------------------------------- nothing


def test_the_sum_of_no_rows_is_missing_and_their_number_is_0() -> None:
    about = scene({"a": {}, "b": {}}, [{"customer_id": "b", "quantity": None}])
    assert value(about, total(of("quantity"))) is None
    assert value(about, count()) == 0
    assert who(about, compare("=", count(), 0)) == "a"
    assert who(about, ir.Negate(ir.IsKnown(total(of("quantity"))))) == "a b"


def test_a_look_up_that_finds_nothing_is_missing() -> None:
    """An engine may fill in 0 and the empty text for a row that a join does not find."""
    about = scene({"a": {"store": "nowhere"}, "b": {"store": "s"}}, stores=[{"id": "s", "city": "", "area": 0}])
    assert who(about, ir.IsKnown(store(own("store"), "city"))) == "b"
    assert who(about, compare("=", store(own("store"), "area"), 0)) == "b"


def test_missing_values_have_no_place() -> None:
    people = apart([5, None, 7, None], "points")
    for largest, wanted in ((True, "c"), (False, "a")):
        assert who(scene(people), ir.Rank(own("points"), None, 1, largest)) == wanted
        assert who(scene(people), ir.Rank(own("points"), None, 9, largest)) == "a c"
    events = [{"quantity": None, "sku": None, "occurred_at": T}, {"quantity": 3, "occurred_at": T - timedelta(1)}]
    for function, wanted_ in (("first", 3), ("last", 3), ("smallest", 3), ("largest", 3), ("most frequent", 3)):
        found = ir.Aggregate(function, PURCHASE, of("quantity"), None, EVER, INTEGER)
        assert value(scene({"a": {}}, events), found) == wanted_


# -------------------------------------------------------------------------------------------------------- collation

WORDS = ["a", "A", "a ", "ä", "a\u0308", "B", "z", "😀", "\ufb01", "", "b"]


def test_texts_are_the_same_only_when_every_character_is() -> None:
    people = apart(WORDS, "note")
    for name, row in people.items():
        assert who(scene(people), compare("=", own("note"), row["note"])) == name


@pytest.mark.parametrize("word", WORDS)
def test_texts_are_in_the_order_of_their_characters(word: str) -> None:
    people = apart(WORDS, "note")
    less = " ".join(name for name, row in people.items() if row["note"] < word)
    assert who(scene(people), compare("<", own("note"), word)) == less


def test_the_smallest_and_the_largest_text_are_so_by_character() -> None:
    events = [{"sku": word} for word in WORDS if word]
    for function, wanted in (("smallest", min), ("largest", max)):
        found = ir.Aggregate(function, PURCHASE, of("sku"), None, EVER, TEXT)
        assert value(scene({"a": {}}, events), found) == wanted(word for word in WORDS if word)
    different = ir.Aggregate("distinct", PURCHASE, of("sku"), None, EVER, INTEGER)
    assert value(scene({"a": {}}, events), different) == len(WORDS) - 1
    top = scene(apart(WORDS, "note"))
    assert who(top, ir.Rank(own("note"), None, 1, True)) == "h"
    assert who(top, ir.Rank(own("note"), None, 2, False)) == "b j"


def test_keys_of_customers_and_of_stores_differ_by_case_and_spaces() -> None:
    about = scene(
        {"a": {"store": "s"}, "A": {"store": "S"}, "a ": {"store": "s "}},
        [{"customer_id": "a"}, {"customer_id": "A"}, {"customer_id": "A"}],
        stores=[{"id": "s", "city": "small"}, {"id": "S", "city": "large"}],
    )
    assert who(about, compare("=", count(), 1)) == "a"
    assert who(about, compare("=", count(), 2)) == "A"
    assert who(about, compare("=", count(), 0)) == "a "
    assert who(about, compare("=", store(own("store"), "city"), "large")) == "A"
    assert who(about, ir.InStaticList("vip", ("a", "x"))) == "a"


# ---------------------------------------------------------------------------------------------- wildcards and escapes


@pytest.mark.parametrize(
    ("op", "text", "wanted"),
    [
        ("contains", "%", "b e"),
        ("contains", "_", "c"),
        ("contains", "\\", "d"),
        ("contains", "50%", "b"),
        ("starts with", "5_", "c"),
        ("starts with", "50\\", "d"),
        ("ends with", "%", "b e"),
        ("ends with", "\\%", ""),
        ("contains", "'", "f"),
        ("contains", "\n", "g"),
        ("contains", "*", ""),
        ("starts with", "", "a b c d e f g"),
    ],
)
def test_no_character_is_a_wildcard(op: str, text: str, wanted: str) -> None:
    people = apart(["500", "50%", "5_0", "50\\", "%", "O'Neil", "a\nb", None], "note")
    assert who(scene(people), ir.TextTest(op, own("note"), con(text), False)) == wanted


@pytest.mark.parametrize("text", ["a\\nb", "\\", "\\'", "''", "a\tb", "$1", "{x}", "a--b", "/*", ":x", "?", "%s"])
def test_texts_stand_in_a_query_as_they_are(text: str) -> None:
    people = apart([text, text + "x", None], "note")
    assert who(scene(people), compare("=", own("note"), text)) == "a"
    assert value(NOBODY, con(text)) == text


# ---------------------------------------------------------------------------------------------------------- numbers


def number(text: str) -> ir.Constant:
    return con(D(text)) if "." in text else con(int(text))


@pytest.mark.parametrize(
    ("op", "left", "right", "wanted"),
    [
        ("/", "7", "2", "3.5"),
        ("/", "-7", "2", "-3.5"),
        ("/", "1", "0", None),
        ("/", "0", "0", None),
        ("/", "10.00", "4", "2.5"),
        ("/", "1", "3", "0.333333333333"),
        ("+", "0.1", "0.2", "0.3"),
        ("-", "0.3", "0.1", "0.2"),
        ("*", "0.1", "0.1", "0.01"),
        ("*", "19.99", "3", "59.97"),
        ("+", "2147483647", "1", "2147483648"),
        ("+", "9223372036854775807", "1", None),
        ("-", "-9223372036854775808", "1", None),
        ("*", "4611686018427387904", "2", None),
        ("*", "4611686018427387904", "-2", "-9223372036854775808"),
        ("*", "3037000500", "3037000500", None),
        ("-", "9007199254740993", "1", "9007199254740992"),
        ("+", "9007199254740993", "0.5", "9007199254740993.5"),
        ("+", "12345678901234567890.12", "0.01", "12345678901234567890.13"),
    ],
)
def test_numbers_are_exact_and_what_overflows_is_missing(op: str, left: str, right: str, wanted: str | None) -> None:
    type_ = DECIMAL if op == "/" or "." in left + right else INTEGER
    found = value(NOBODY, ir.Arithmetic(op, number(left), number(right), type_))
    assert found == (None if wanted is None else D(wanted))


@pytest.mark.parametrize(
    ("op", "big", "other", "wanted"),
    [
        ("+", 2**63 - 1, 1, None),
        ("-", -(2**63), 1, None),
        ("*", 2**62, 2, None),
        ("*", -(2**62), 2, -(2**63)),
        ("+", 2**63 - 2, 1, 2**63 - 1),
        ("-", -1, 2**31 - 1, -(2**31)),
    ],
)
def test_columns_overflow_like_literals(op: str, big: int, other: int, wanted: int | None) -> None:
    about = scene({"a": {"big": big, "points": other}})
    assert value(about, ir.Arithmetic(op, own("big"), own("points"), INTEGER)) == wanted
    assert who(about, ir.IsKnown(ir.Arithmetic(op, own("big"), own("points"), INTEGER))) == (
        "" if wanted is None else "a"
    )


@pytest.mark.parametrize(
    ("op", "price", "rate", "wanted"),
    [
        ("*", "1000.00", "1000.0000", "1000000"),
        ("*", "9999999999.99", "999999.9999", "9999999998990000.000001"),
        ("*", "-9999999999.99", "999999.9999", "-9999999998990000.000001"),
        ("+", "9999999999.99", "999999.9999", "10000999999.9899"),
        ("-", "-9999999999.99", "999999.9999", "-10000999999.9899"),
    ],
)
def test_columns_of_decimals_have_room_for_what_comes_of_them(op: str, price: str, rate: str, wanted: str) -> None:
    """Two of at most 18 digits give 36, though an engine may calculate in 64 bits."""
    about = scene({"a": {"price": D(price), "rate": D(rate)}})
    result = ir.Arithmetic(op, own("price"), own("rate"), DECIMAL)
    assert value(about, result) == D(wanted)
    with localcontext(prec=38):
        again = D(wanted) * D(rate)
    assert value(about, ir.Arithmetic("*", result, own("rate"), DECIMAL)) == again
    assert value(about, ir.Arithmetic(op, con(D(rate)), own("price"), DECIMAL)) is not None


def test_decimals_compare_by_value_whatever_their_scale() -> None:
    people = {
        "a": {"price": D("0.30"), "rate": D("0.3000")},
        "b": {"price": D("0.30"), "rate": D("0.3001")},
        "c": {"price": D("-0.10"), "rate": D("-0.2000")},
        "d": {"price": D("10.00"), "rate": D("9.9999"), "points": 10},
        "e": {"price": D("100.00"), "rate": D("20.0000"), "points": 99},
        "f": {"price": D("0.00"), "rate": D("0.0000"), "points": 0},
    }
    about = scene(people)
    assert who(about, ir.Compare("=", own("price"), own("rate"))) == "a f"
    assert who(about, ir.Compare("<", own("price"), own("rate"))) == "b"
    assert who(about, ir.Compare(">", own("price"), own("rate"))) == "c d e"
    assert who(about, compare("=", own("price"), D("0.3"))) == "a b"
    assert who(about, compare("<", own("price"), 0)) == "c"
    assert who(about, ir.Compare("=", own("points"), own("price"))) == "d f"
    assert who(about, ir.Compare(">=", own("points"), own("rate"))) == "d e f"
    assert who(about, compare(">", own("points"), D("98.5"))) == "e"
    assert who(about, ir.InList(own("price"), (con(10), con(D("0.300"))), False)) == "a b d"
    assert who(about, ir.InList(own("points"), (con(D("99.0")), con(D("9.5"))), False)) == "e"
    assert who(about, ir.Between(own("price"), con(-1), con(D("0.30")), False)) == "a b c f"
    assert who(about, ir.Between(own("points"), con(D("9.99")), con(D("10.01")), False)) == "d"
    assert who(about, ir.Rank(own("price"), None, 2, True)) == "d e"
    assert who(about, ir.Rank(own("price"), None, 2, False)) == "c f"


def test_sums_and_averages_of_decimals_are_exact() -> None:
    events = [{"amount": D("0.10"), "quantity": 1}, {"amount": D("0.20"), "quantity": 2}]
    about = scene({"a": {}}, events)
    assert value(about, total(of("amount"), DECIMAL)) == D("0.3")
    assert who(about, compare("=", total(of("amount"), DECIMAL), D("0.30"))) == "a"
    assert value(about, ir.Aggregate("average", PURCHASE, of("quantity"), None, EVER, DECIMAL)) == D("1.5")
    spent = ir.Arithmetic("*", of("quantity"), of("amount"), DECIMAL)
    assert value(about, total(spent, DECIMAL)) == D("0.5")
    cents = [{"amount": D("0.01")} for _ in range(1_000)]
    assert value(scene({"a": {}}, cents), total(of("amount"), DECIMAL)) == 10


def test_choices_between_integers_and_decimals_are_decimals() -> None:
    people = apart([1, 5], "points")
    more = compare(">", own("points"), 3)
    worth = ir.Choice(((more, con(2)),), con(D("1.5")), DECIMAL)
    assert who(scene(people), compare("=", worth, 2)) == "b"
    assert who(scene(people), compare("=", worth, D("1.50"))) == "a"
    assert value(scene(people), ir.Arithmetic("*", own("points"), worth, DECIMAL)) == D("1.5")


@pytest.mark.parametrize(
    ("text", "half_up", "half_even", "up", "down"),
    [("2.5", 3, 2, 3, 2), ("-2.5", -3, -2, -3, -2), ("2.7", 3, 3, 3, 2), ("0.5", 1, 0, 1, 0), ("-0.5", -1, 0, -1, 0)],
)
def test_halves_are_rounded_as_the_author_says(text: str, half_up: int, half_even: int, up: int, down: int) -> None:
    for mode, wanted in (("half up", half_up), ("half even", half_even), ("up", up), ("down", down)):
        assert value(NOBODY, ir.Round(con(D(text)), mode, 0, INTEGER)) == wanted


def test_ages_of_those_not_yet_born_are_below_0() -> None:
    people = apart([day("2026-06-16"), day("2026-06-15"), day("2027-06-15"), day("2025-06-16")], "born")
    for age, wanted in ((-1, "a c"), (0, "b d"), (-2, "")):
        assert who(scene(people), compare("=", ir.Age(own("born"), INTEGER), age)) == wanted


# ------------------------------------------------------------------------------------------------- texts and patterns


@pytest.mark.parametrize(
    ("text", "length"), [("😀", 1), ("é", 1), ("e\u0301", 2), ("👨\u200d👩", 3), ("ｆ", 1), ("\n", 1)]
)
def test_characters_are_counted_not_bytes(text: str, length: int) -> None:
    assert value(scene({"a": {"note": text}}), ir.Function("length of", own("note"), INTEGER)) == length


@pytest.mark.parametrize(
    ("text", "lower"), [("İ", "i"), ("ẞ", "ß"), ("ß", "ß"), ("ÅÉ", "åé"), ("ΑΣ", "ασ"), ("Ǆ", "ǆ")]
)
def test_lower_case_is_one_character_for_one(text: str, lower: str) -> None:
    about = scene({"a": {"note": text}})
    assert value(about, ir.Function("lower of", own("note"), TEXT)) == lower
    assert who(about, ir.TextTest("contains", own("note"), con(lower.upper() if lower == "åé" else lower), True)) == "a"


@pytest.mark.parametrize(
    ("pattern", "ignoring_case", "wanted"),
    [
        ("[0-9]+", False, "a c"),
        ("[0-9]{3}", False, "a"),
        ("^[0-9]", False, "c"),
        ("abc", True, "a b"),
        ("^abc$", True, "b"),
        ("c.d", False, "d"),
        ("d$", False, "d"),
        ("e$", False, ""),
        (r"\(", False, "e"),
    ],
)
def test_patterns_fit_a_part_and_a_dot_is_any_character(pattern: str, ignoring_case: bool, wanted: str) -> None:
    people = apart(["abc123", "ABC", "1", "c\nd", "(e\n", None], "note")
    assert who(scene(people), ir.Matches(own("note"), pattern, ignoring_case, False)) == wanted


# -------------------------------------------------------------------------------------------- zones, days and clocks


def test_the_local_day_is_that_of_the_customer_not_of_the_session() -> None:
    zones = {"a": "Pacific/Auckland", "b": "America/New_York", "c": "UTC", "d": "Asia/Kathmandu", "e": None}
    about = scene({name: {"time_zone": zone} for name, zone in zones.items()}, now=at("2026-02-28 23:30"))
    assert who(about, compare("=", ir.Today(DATE), day("2026-03-01"))) == "a d"
    assert who(about, compare("=", ir.TimeOfDay(ir.Now(TIMESTAMP), None, TIME), time(5, 15))) == "d"
    assert (
        who(about, compare("=", ir.TimeOfDay(ir.Now(TIMESTAMP), con("Asia/Tokyo"), TIME), time(8, 30))) == "a b c d e"
    )


def test_a_zone_may_be_another_one_in_every_row() -> None:
    stores = [
        {"id": "s", "zone": "Asia/Tokyo"},
        {"id": "t", "zone": "America/New_York"},
        {"id": "u", "zone": "Mars/Base"},
    ]
    about = scene({name: {"store": name} for name in "stu"}, now=at("2026-07-01 12:00"), stores=stores)
    clock = ir.TimeOfDay(ir.Now(TIMESTAMP), store(own("store"), "zone"), TIME)
    assert who(about, compare("=", clock, time(21))) == "s"
    assert who(about, compare("=", clock, time(8))) == "t"


def test_an_instant_plus_24_hours_is_24_hours_later_whatever_the_clocks_do() -> None:
    about = scene({"a": {"seen": at("2026-03-07 17:00"), "time_zone": "America/New_York"}})
    later = ir.Shift("+", own("seen"), con(timedelta(days=1)), TIMESTAMP)
    assert value(about, later) == at("2026-03-08 17:00")
    assert value(about, ir.TimeOfDay(later, None, TIME)) == time(13)
    assert value(about, ir.Elapsed(con(at("2026-03-08 17:00")), own("seen"), DURATION)) == timedelta(days=1)


def test_the_hour_that_comes_twice_and_the_one_that_never_comes() -> None:
    rows = {
        "a": at("2026-11-01 05:30"), "b": at("2026-11-01 06:30"), "c": at("2026-11-01 07:30"),
        "d": at("2026-03-08 06:59:59"), "e": at("2026-03-08 07:00"),
    }  # fmt: skip
    about = scene({name: {"seen": moment, "time_zone": "America/New_York"} for name, moment in rows.items()})
    clock = ir.TimeOfDay(own("seen"), None, TIME)
    assert who(about, compare("=", clock, time(1, 30))) == "a b"
    assert who(about, ir.Between(clock, con(time(2)), con(time(2, 59)), False)) == "c"
    assert who(about, compare("=", clock, time(3))) == "e"


def test_calendar_days_are_those_where_the_customer_is() -> None:
    events = [
        {"customer_id": name, "occurred_at": at(moment)}
        for name, moment in [("a", "2026-06-14 03:59:59.999999"), ("b", "2026-06-14 04:00"), ("c", "2026-06-14 00:00")]
    ]
    people: dict[str, dict[str, Any]] = {name: {"time_zone": "America/New_York"} for name in "abc"}
    people["c"] = {"time_zone": "UTC"}
    window = ir.Calendar(2, "day", 0)
    assert who(scene(people, events), ir.Did(PURCHASE, None, window, 1, None)) == "b c"


def test_windows_are_half_open_to_the_microsecond() -> None:
    edge, tiny = T - timedelta(days=7), timedelta(microseconds=1)
    moments = {"a": edge, "b": edge + tiny, "c": edge - tiny, "d": T, "e": T + tiny}
    events = [{"customer_id": name, "occurred_at": moment} for name, moment in moments.items()]
    people: dict[str, dict[str, Any]] = {name: {} for name in moments}
    assert who(scene(people, events), ir.Did(PURCHASE, None, ir.Rolling(7 * 86_400), 1, None)) == "b d"


@pytest.mark.parametrize(
    ("from_", "count_", "unit", "there"),
    [
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2026-03-31", -1, "month", "2026-02-28"),
        ("2026-01-31", 1, "day", "2026-02-01"),
        ("2026-12-31", 1, "day", "2027-01-01"),
        ("2028-02-28", 1, "day", "2028-02-29"),
        ("1970-01-01", -1, "day", "1969-12-31"),
        ("1899-12-31", 1, "day", "1900-01-01"),
        ("2100-02-28", 1, "day", "2100-03-01"),
        ("2149-06-06", 1, "day", "2149-06-07"),
    ],
)
def test_the_calendar(from_: str, count_: int, unit: str, there: str) -> None:
    about = scene({"a": {"born": day(from_)}})
    assert value(about, ir.ShiftDay(own("born"), count_, unit, DATE)) == day(there)


def test_ages_of_those_born_on_29_february() -> None:
    people = {"a": {"born": day("2008-02-29")}, "b": {"born": day("2008-02-28")}, "c": {"born": day("2008-03-01")}}
    adult = compare(">=", ir.Age(own("born"), INTEGER), 18)
    for now, policy, wanted in [
        ("2026-02-28", "feb_28", "a b"),
        ("2026-02-28", "mar_1", "b"),
        ("2026-03-01", "mar_1", "a b c"),
        ("2028-02-28", "feb_28", "a b c"),
    ]:
        assert who(scene(people, now=at(f"{now} 12:00"), leap_day=policy), adult) == wanted


def test_a_week_begins_on_monday_and_sunday_is_sunday() -> None:
    sunday, monday = at("2026-06-14 12:00"), at("2026-06-15 12:00")
    assert value(NOBODY, ir.DayOfWeek(con(sunday), con("UTC"), WEEKDAY)) == "sunday"
    assert value(NOBODY, ir.DayOfWeek(con(monday), con("UTC"), WEEKDAY)) == "monday"
    events = [{"customer_id": "a", "occurred_at": monday}, {"customer_id": "b", "occurred_at": sunday}]
    about = scene({"a": {}, "b": {}}, events, now=at("2026-06-17 12:00"))
    assert who(about, ir.Did(PURCHASE, None, ir.Calendar(1, "week", 0), 1, None)) == "a"
    assert who(about, ir.Did(PURCHASE, None, ir.Calendar(1, "week", 1), 1, None)) == "b"


@pytest.mark.parametrize("born", ["1900-01-01", "1969-12-31", "1970-01-01", "2106-02-07", "2149-06-06", "2150-01-01"])
def test_days_far_from_today(born: str) -> None:
    about = scene({"a": {"born": day(born)}, "b": {}})
    assert value(about, own("born")) == date.fromisoformat(born)
    assert who(about, compare("=", own("born"), day(born))) == "a"
    assert value(about, ir.Function("year of", own("born"), INTEGER)) == int(born[:4])


@pytest.mark.parametrize(
    "seen", ["1900-01-01 00:00", "1969-12-31 23:59:59.999999", "2038-01-19 03:14:08", "2150-01-01 00:00"]
)
def test_instants_far_from_now(seen: str) -> None:
    about = scene({"a": {"seen": at(seen)}, "b": {}})
    assert value(about, own("seen")) == at(seen)
    assert who(about, ir.Compare("=", own("seen"), con(at(seen)))) == "a"


def test_hours_between_two_instants_are_exact_not_crossed_borders() -> None:
    about = scene({"a": {"seen": at("2026-06-15 10:59")}}, now=at("2026-06-15 11:01"))
    assert value(about, ir.Elapsed(ir.Now(TIMESTAMP), own("seen"), DURATION)) == timedelta(minutes=2)
    last = scene({"a": {}}, [{"occurred_at": at("2026-06-14 23:59")}], now=at("2026-06-15 00:01"))
    assert value(last, ir.Aggregate("recency", PURCHASE, None, None, EVER, INTEGER)) == 0


# ---------------------------------------------------------------------------------------------------- records, lists


def test_fields_that_are_not_there_are_missing() -> None:
    home = {"city": "Boston", "floor": 0, "since": None}
    about = scene({"a": {"address": home}, "b": {"address": {**home, "city": None}}, "c": {"address": None}})
    city, since = ir.Field(own("address"), "city", TEXT), ir.Field(own("address"), "since", DATE)
    assert who(about, ir.IsKnown(city)) == "a"
    assert who(about, ir.IsKnown(since)) == ""
    assert who(about, compare("=", ir.Field(own("address"), "floor", INTEGER), 0)) == "a b"


def test_texts_in_records_keep_their_quotes_and_line_breaks() -> None:
    texts = ['"', "\\", "a\nb", "null", "", "5", "é😀", "[1]", '{"a": 1}']
    people = {
        name: {"address": {"city": row["note"], "floor": 1, "since": None}, "interests": [row["note"], None]}
        for name, row in apart(texts, "note").items()
    }
    about = scene(people)
    city = ir.Field(own("address"), "city", TEXT)
    for name, row in apart(texts, "note").items():
        assert who(about, compare("=", city, row["note"])) == name
        assert who(about, ir.ListTest("any", own("interests"), (con(row["note"]),))) == name


def test_an_empty_list_is_no_missing_list() -> None:
    left_out_if_lacking(ir.IsKnown(own("interests")))
    about = scene(apart([[], None, [None], ["run"]], "interests"))
    assert who(about, ir.IsEmpty(own("interests"), False)) == "a"
    assert who(about, ir.IsKnown(own("interests"))) == "a c d"
    assert who(about, compare("=", ir.ListCount(own("interests"), None, INTEGER), 1)) == "c d"
    assert who(about, ir.ListTest("none", own("interests"), (con("run"),))) == "a c"


# ----------------------------------------------------------------------------------------------------------- fan-out


def test_two_counts_do_not_multiply() -> None:
    events = [{"quantity": 1} for _ in range(3)] + [{"kind": "visit"} for _ in range(4)]
    about = scene({"a": {}}, events)
    visits = ir.Aggregate("count", VISIT, None, None, EVER, INTEGER)
    assert value(about, ir.Arithmetic("+", count(), visits, INTEGER)) == 7
    assert value(about, ir.Arithmetic("+", total(of("quantity")), visits, INTEGER)) == 7


def test_doubled_rows_of_a_dimension_multiply_nothing() -> None:
    stores = [{"id": "s", "city": "Boston", "area": 2}, {"id": "s", "city": "Athens", "area": 1}]
    about = scene({"a": {"store": "s"}}, [{"store_id": "s"}, {"store_id": "s"}], stores=stores)
    here = compare("=", store(of("store_id"), "city"), "Athens")
    assert value(about, count(here)) == 2
    assert value(about, total(store(of("store_id"), "area"))) == 2


def test_an_event_that_was_delivered_twice_counts_once() -> None:
    events = [{"event_id": 7, "quantity": 2}, {"event_id": 7, "quantity": 2}, {"event_id": 8, "quantity": 3}]
    assert value(scene({"a": {}}, events), count()) == 2
    assert value(scene({"a": {}}, events), total(of("quantity"))) == 5


# --------------------------------------------------------------------------------------------------- random shares


def test_random_shares_are_a_documented_hash() -> None:
    people: dict[str, dict[str, Any]] = {key: {} for key in ("c1", "ç'2", "😀", " ", "C1")}

    def bucket(key: str) -> int:
        return int(md5(f"salt:{key}".encode()).hexdigest()[:7], 16)

    ordered = sorted(people, key=bucket)
    for number_, key in enumerate(ordered):
        percent = D(bucket(key) + 1) * 100 / 2**28
        assert who(scene(people), ir.Sample(percent, "salt")) == " ".join(sorted(ordered[: number_ + 1]))


# ------------------------------------------------------------------------------------------------------ order of rows


def test_of_events_at_one_instant_the_id_decides_which_is_the_first() -> None:
    events = [{"event_id": number_, "sku": sku, "occurred_at": T} for number_, sku in ((10, "b"), (9, "a"), (11, "c"))]
    for function, wanted in (("first", "a"), ("last", "c")):
        found = ir.Aggregate(function, PURCHASE, of("sku"), None, EVER, TEXT)
        assert value(scene({"a": {}}, events), found) == wanted


def test_of_the_commonest_values_the_smallest_counts() -> None:
    events = [{"sku": sku} for sku in ("b", "a", "b", "a", "B", None, None, None)]
    found = ir.Aggregate("most frequent", PURCHASE, of("sku"), None, EVER, TEXT)
    assert value(scene({"a": {}}, events), found) == "a"


def test_of_equal_values_the_ids_decide_the_places() -> None:
    people = apart([5, 5, 5], "points")
    assert who(scene(people), ir.Rank(own("points"), None, 2, True)) == "a b"
    assert who(scene(people), ir.Rank(own("points"), None, 2, False)) == "a b"


def test_a_share_of_places_is_counted_in_whole_numbers() -> None:
    """30 customers, the first 0.1 or 10 or 3.3 percent: ceil(n * p / 100), which binary fractions miss."""
    people = {f"c{number_:02}": {"points": number_} for number_ in range(30)}
    for percent, wanted in (("10", 3), ("0.1", 1), ("3.3", 1), ("33.3", 10), ("33.4", 11)):
        found = who(scene(people), ir.Rank(own("points"), D(percent), None, True)).split()
        assert len(found) == wanted, percent


MIDNIGHT = datetime(2026, 6, 15, tzinfo=T.tzinfo)


def test_an_instant_beside_a_day_is_its_local_day() -> None:
    about = scene({"a": {"seen": MIDNIGHT, "time_zone": "America/New_York"}, "b": {"seen": MIDNIGHT}})
    assert who(about, compare("=", own("seen"), day("2026-06-14"))) == "a"
    assert who(about, compare(">=", own("seen"), day("2026-06-15"))) == "b"
    assert who(about, ir.InList(own("seen"), (con(day("2026-06-14")),), True)) == "b"


def test_ages_at_the_ends_of_the_calendar() -> None:
    people = {"a": {"born": date(9999, 1, 1)}, "b": {"born": date(1, 1, 1)}, "c": {"born": date(2000, 1, 1)}}
    for policy in ("feb_28", "mar_1"):
        about = scene(people, leap_day=policy)
        assert who(about, compare("<", ir.Age(own("born"), INTEGER), 18)) == "a"
        assert who(about, compare(">=", ir.Age(own("born"), INTEGER), -1)) == "b c"
