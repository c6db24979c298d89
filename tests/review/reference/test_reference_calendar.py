"""Occurrences of the calendar: over years, with none missing and none twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from scenes import SPAN, TEXT, T, at, birthday, campaign, clock, day, judge, own

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ic
from campaign_dsl.review.reference.calendar import is_tick
from campaign_dsl.review.reference.triggers import Occurrence, Period, occurrences


def found_on(trigger: ic.Trigger, days: list[date], leap_day: str = "feb_28", **customer: object) -> list[Occurrence]:
    """What the trigger yields on each of the days, the same key as often as it comes."""
    scene, only = judge(customer, now=clock(T, leap_day)), campaign(trigger)
    return [found for each in days for found in occurrences(only, scene, Period((each,)))]


def every_day(first: str, last: str) -> list[date]:
    start, end = day(first), day(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


DECADE = every_day("2024-01-01", "2033-12-31")


def schedule(rule: str | None, first: str = "2024-01-01", at_time: str = "10:00") -> ic.Schedule:
    return ic.Schedule(rule, day(first), at_time, "as said", SPAN)


@pytest.mark.parametrize(
    ("rule", "first", "ticks"),
    [
        ("FREQ=DAILY", "2024-01-01", 3653),
        ("FREQ=WEEKLY;BYDAY=MO", "2024-01-01", 522),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2024-01-01", 2610),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-01-02", 209),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2024-01-01", 120),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2024-01-01", 120),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2024-01-01", 120),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2024-01-01", 120),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2024-01-01", 10),
        (None, "2026-11-27", 1),
    ],
)
def test_ten_years_of_a_schedule(rule: str | None, first: str, ticks: int) -> None:
    found = found_on(schedule(rule, first), DECADE)
    assert len(found) == ticks
    assert len({each.key for each in found}) == ticks
    assert all(each.key == f"{each.day}T10:00" and each.time == "10:00" and each.at is None for each in found)


def test_days_of_a_schedule() -> None:
    last_days = [each for each in DECADE if is_tick("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", DECADE[0], each)]
    assert last_days == [each for each in DECADE if (each + timedelta(days=1)).day == 1]
    fridays = [each for each in DECADE if is_tick("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", day("2026-01-02"), each)]
    assert fridays[:3] == [day("2026-01-02"), day("2026-01-16"), day("2026-01-30")]
    assert {(each - fridays[0]).days % 14 for each in fridays} == {0}
    mothers = [each for each in DECADE if is_tick("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", DECADE[0], each)]
    assert [each.isoformat()[5:] for each in mothers] == (
        ["05-12", "05-11", "05-10", "05-09", "05-14", "05-13", "05-12", "05-11", "05-09", "05-08"]
    )
    assert not is_tick("FREQ=DAILY", day("2026-01-02"), day("2026-01-01"))


@pytest.mark.seed("S2-13b")
def test_local_ticks_over_changes_of_the_clocks() -> None:
    """A daily tick at 02:30 in New York: the gap moves it forward once, the fold does not double it."""
    found = found_on(schedule("FREQ=DAILY", at_time="02:30"), every_day("2026-03-07", "2026-03-09"))
    new_york = zone("America/New_York")
    assert [each.due_at(new_york) for each in found] == [
        at("2026-03-07 07:30"),
        at("2026-03-08 07:30"),
        at("2026-03-09 06:30"),
    ]
    autumn = found_on(schedule("FREQ=DAILY", at_time="01:30"), every_day("2026-11-01", "2026-11-02"))
    assert [each.due_at(new_york) for each in autumn] == [at("2026-11-01 05:30"), at("2026-11-02 06:30")]


# ------------------------------------------------------------------------------------------------------ anniversaries


@pytest.mark.parametrize("shift", [0, 1, 7, 59, 60, 365, -1, -7])
@pytest.mark.parametrize("leap_day", ["feb_28", "mar_1"])
@pytest.mark.parametrize("born", ["2000-02-29", "2000-02-28", "2000-03-01", "1999-12-31", "2000-01-01", "2000-01-05"])
def test_one_gift_a_year(born: str, leap_day: str, shift: int) -> None:
    found = found_on(birthday(shift), DECADE, leap_day, born=day(born))
    counted = Counter(each.key for each in found)
    assert set(counted.values()) == {1}
    assert len(counted) in (10, 11) if shift in (59, 60, 365) else len(counted) == 10
    for each in found:
        assert (each.day + timedelta(days=shift)).year == int(each.key)


def test_the_year_is_the_one_that_is_celebrated() -> None:
    around = every_day("2026-12-20", "2027-01-10")
    assert [(each.key, str(each.day)) for each in found_on(birthday(7), around, born=day("2000-01-03"))] == [
        ("2027", "2026-12-27")
    ]
    assert [(each.key, str(each.day)) for each in found_on(birthday(-7), around, born=day("2000-12-28"))] == [
        ("2026", "2027-01-04")
    ]


def test_leap_days_where_the_policy_puts_them() -> None:
    years = every_day("2026-02-27", "2026-03-02") + every_day("2028-02-27", "2028-03-02")
    for leap_day, expected in (("feb_28", ["2026-02-28", "2028-02-29"]), ("mar_1", ["2026-03-01", "2028-02-29"])):
        found = found_on(birthday(), years, leap_day, born=day("2000-02-29"))
        assert [str(each.day) for each in found] == expected
    week_before = found_on(birthday(7), every_day("2026-02-15", "2026-02-25"), born=day("2000-02-29"))
    assert [str(each.day) for each in week_before] == ["2026-02-21"]
    assert found_on(birthday(), years, born=None) == []


def test_days_that_are_made_up_for() -> None:
    scene = judge({"born": day("1990-06-14")}, now=clock(T))
    days = tuple(every_day("2026-06-12", "2026-06-15"))
    assert [str(each.day) for each in occurrences(campaign(birthday()), scene, Period(days))] == ["2026-06-14"]
    ended = campaign(birthday(), runs_until=day("2026-06-13"))
    assert occurrences(ended, scene, Period(days)) == []
    begins = campaign(birthday(), runs_from=day("2026-06-14"), runs_until=day("2026-06-14"))
    assert len(occurrences(begins, scene, Period(days))) == 1


# ----------------------------------------------------------------------------------------------------------- holidays

MOTHERS_DAY = ic.Holiday(
    "mothers_day",
    "Mother's Day",
    (("US", (day("2026-05-10"), day("2027-05-09"))), ("FR", (day("2026-05-31"), day("2027-05-30")))),
    own("country", TEXT),
    3,
    "09:00",
    SPAN,
)


def test_holidays_by_country() -> None:
    year = every_day("2026-05-01", "2026-06-05")
    table = {"US": ["2026-05-07"], "FR": ["2026-05-28"], "DE": [], None: []}
    for country, expected in table.items():
        found = found_on(MOTHERS_DAY, year, country=country)
        assert [str(each.day) for each in found] == expected
        assert {each.key for each in found} <= {"mothers_day/2026"}


def test_one_holiday_for_everybody() -> None:
    new_year = ic.Holiday("new_year", "New Year", ((None, (day("2027-01-01"),)),), None, 2, "09:00", SPAN)
    assert [(each.key, str(each.day)) for each in found_on(new_year, every_day("2026-12-25", "2027-01-02"))] == [
        ("new_year/2027", "2026-12-30")
    ]


def test_several_triggers_are_any_of_them() -> None:
    both = campaign(birthday(), birthday(attribute="joined"), schedule("FREQ=DAILY"))
    scene = judge({"born": day("1990-06-15"), "joined": day("2020-06-15")}, now=clock(T))
    assert [each.key for each in occurrences(both, scene, Period((day("2026-06-15"),)))] == ["2026", "2026-06-15T10:00"]
