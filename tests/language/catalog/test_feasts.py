"""Movable feasts: by rule, by a country's calendar, by Easter; and rules that say no day."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_dsl.language.catalog.feasts import FIRST_YEAR, LAST_YEAR, check_rule, holiday_days
from campaign_dsl.language.catalog.places import Holiday, HolidayRule

SECOND_SUNDAY = {"rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU"}
MOTHERS_DAY = {
    "US": SECOND_SUNDAY,
    "GB": {"easter": -21},
    "FR": {
        "rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=-1SU",
        "unless": {"easter": 49},
        "instead": {"rrule": "FREQ=YEARLY;BYMONTH=6;BYDAY=1SU"},
    },
    "MX": {"rrule": "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=10"},
}


def feast(rules: dict[str, Any]) -> Holiday:
    return Holiday.model_validate({"title": "A feast", "rules": rules})


def days(rules: dict[str, Any], country: str | None, first: int, last: int | None = None) -> list[str]:
    return [str(day) for day in holiday_days(feast(rules), country, first, last or first)]


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        # As the calendars of these countries were printed.
        ("US", ["2023-05-14", "2024-05-12", "2025-05-11", "2026-05-10", "2027-05-09", "2028-05-14"]),
        ("GB", ["2023-03-19", "2024-03-10", "2025-03-30", "2026-03-15", "2027-03-07", "2028-03-26"]),
        ("FR", ["2023-06-04", "2024-05-26", "2025-05-25", "2026-05-31", "2027-05-30", "2028-05-28"]),
        ("MX", ["2023-05-10", "2024-05-10", "2025-05-10", "2026-05-10", "2027-05-10", "2028-05-10"]),
        ("JP", []),
        (None, []),
    ],
)
@pytest.mark.seed("S0-02")
def test_mothers_day_in_each_country(country: str | None, expected: list[str]) -> None:
    assert days(MOTHERS_DAY, country, 2023, 2028) == expected


def test_everywhere_is_for_countries_without_a_rule_and_for_nobody_knows() -> None:
    rules = {"everywhere": SECOND_SUNDAY, "GB": {"easter": -21}}
    assert days(rules, "JP", 2026) == days(rules, None, 2026) == ["2026-05-10"]
    assert days(rules, "GB", 2026) == ["2026-03-15"]


def test_easter_in_east_and_west() -> None:
    assert days({"US": {"easter": 0}}, "US", 2024, 2026) == ["2024-03-31", "2025-04-20", "2026-04-05"]
    orthodox = {"GR": {"easter": 0, "calendar": "orthodox"}}
    assert days(orthodox, "GR", 2024, 2026) == ["2024-05-05", "2025-04-20", "2026-04-12"]
    assert days({"DE": {"easter": -2}}, "DE", 2026) == ["2026-04-03"]


def test_a_countrys_calendar() -> None:
    assert days({"US": {"holiday": "Thanksgiving Day"}}, "US", 2025, 2026) == ["2025-11-27", "2026-11-26"]
    # Not public, but in the calendar; and of another country than the one it is celebrated in.
    assert days({"US": {"holiday": "Mother's Day"}}, "US", 2026) == ["2026-05-10"]
    assert days({"US": {"holiday": "Mother's Day", "category": "unofficial"}}, "US", 2026) == ["2026-05-10"]
    assert days({"CA": {"holiday": "Mother's Day", "country": "US"}}, "CA", 2026) == ["2026-05-10"]
    assert days({"US": {"holiday": "Patriots' Day", "subdivision": "MA"}}, "US", 2026) == ["2026-04-20"]
    # The day itself, not the Monday that stands in for a Sunday.
    assert days({"US": {"holiday": "Independence Day"}}, "US", 2026, 2027) == ["2026-07-04", "2027-07-04"]
    # Estimated days count; of two in one year the first.
    assert days({"AE": {"holiday": "Eid al-Fitr"}}, "AE", 2032, 2033) == ["2032-01-14", "2033-01-02"]


def test_a_day_that_not_every_year_has() -> None:
    assert days({"US": {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}}, "US", 2021, 2028) == [
        "2024-02-29",
        "2028-02-29",
    ]


@given(st.integers(1, 12), st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_the_nth_weekday_of_a_month(month: int, weekday: str, n: int) -> None:
    rule = {"US": {"rrule": f"FREQ=YEARLY;BYMONTH={month};BYDAY={n}{weekday}"}}
    number = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(weekday)
    found = holiday_days(feast(rule), "US", 1999, 2012)
    assert [day.year for day in found] == list(range(1999, 2013))
    for day in found:
        matching = [
            each for k in range(31) if (each := date(day.year, month, 1) + timedelta(days=k)).weekday() == number
        ]
        assert day == matching[n - 1]


@pytest.mark.parametrize(("first", "last"), [(FIRST_YEAR - 1, 2000), (2000, LAST_YEAR + 1), (2001, 2000)])
def test_years_out_of_range(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="years must be"):
        holiday_days(feast(MOTHERS_DAY), "US", first, last)


@pytest.mark.parametrize(
    ("rule", "country", "key", "words"),
    [
        ({"rrule": "FREQ=MONTHLY;BYDAY=1SU"}, "US", "rrule", "a feast is `FREQ=YEARLY`"),
        ({"rrule": "BYMONTH=5;BYDAY=2SU"}, "US", "rrule", "begin it with `FREQ=YEARLY;`"),
        ({"rrule": "FREQ=YEARLY"}, "US", "rrule", "which day"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=5"}, "US", "rrule", "which day"),
        ({"rrule": "FREQ=YEARLY;BYDAYS=2SU"}, "US", "rrule", "did you mean `BYDAY`?"),
        ({"rrule": "RRULE:FREQ=YEARLY;BYDAY=2SU"}, "US", "rrule", "not a part of a yearly rule"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=13;BYDAY=2SU"}, "US", "rrule", "`BYMONTH=13` cannot be read"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=٥;BYDAY=2SU"}, "US", "rrule", "cannot be read"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=5;BYMONTH=6;BYDAY=2SU"}, "US", "rrule", "given twice"),
        ({"rrule": "FREQ=YEARLY;COUNT=3;BYDAY=2SU"}, "US", "rrule", "`COUNT=3` is not a part"),
        ({"rrule": "FREQ=YEARLY;UNTIL=20270101;BYDAY=2SU"}, "US", "rrule", "is not a part"),
        ({"rrule": "FREQ=YEARLY;BYHOUR=9;BYDAY=2SU"}, "US", "rrule", "is not a part"),
        ({"rrule": "FREQ=YEARLY;INTERVAL=2;BYDAY=2SU"}, "US", "rrule", "`INTERVAL=2` cannot be read"),
        ({"rrule": "FREQ=YEARLY;BYDAY=0SU"}, "US", "rrule", "cannot be read"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=5;BYDAY=SU"}, "US", "rrule", "7 May and again on 14 May"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "US", "rrule", "there is no such day"),
        ({"rrule": "FREQ=YEARLY;BYYEARDAY=999"}, "US", "rrule", "there is no such day"),
        ({"rrule": "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 100)}, "US", "rrule", "more than 200 characters"),
        ({"holiday": "Thanksgiving"}, "US", "holiday", "did you mean `Thanksgiving Day`"),
        ({"holiday": "Thanksgiving Day"}, None, "holiday", "add `country: US`"),
        ({"holiday": "Thanksgiving Day"}, "XX", "holiday", "has no calendar of `XX`"),
        ({"holiday": "Thanksgiving Day", "country": "XX"}, "US", "country", "has no calendar of `XX`"),
        ({"holiday": "Patriots' Day", "subdivision": "MAA"}, "US", "subdivision", "did you mean `MA`"),
        ({"holiday": "Mother's Day", "category": "unoficial"}, "US", "category", "did you mean `unofficial`"),
    ],
)
def test_rules_that_say_no_day(rule: dict[str, Any], country: str | None, key: str, words: str) -> None:
    [(inner, problem)] = check_rule(HolidayRule.model_validate(rule), country)
    assert inner is None
    assert problem.key == key
    assert words in f"{problem.message} | {problem.help}"


def test_inner_rules_are_checked_too() -> None:
    wrong = {"rrule": "FREQ=YEARLY"}
    rule = HolidayRule.model_validate({"easter": 0, "unless": wrong, "instead": wrong})
    assert [inner for inner, _ in check_rule(rule, "US")] == ["unless", "instead"]


def test_a_day_that_does_not_exist_is_not_looked_for_until_the_end_of_time() -> None:
    rules = [f"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31;BYDAY={day}" for day in ("MO", "TU", "WE", "TH", "FR", "SA")]
    started = time.perf_counter()
    for rule in rules * 20:
        assert list(check_rule(HolidayRule.model_validate({"rrule": rule}), "US"))
    assert time.perf_counter() - started < 3
