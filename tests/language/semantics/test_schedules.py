"""Schedules and other triggers of the calendar: their rules, their days, and what is no schedule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from brand import refused, sound
from dateutil.rrule import rrulestr

from campaign_dsl.language.ir import campaign as ir

SCHEDULES = [
    # said, rule, counts from, the first ticks of 2026
    ("every day at 08:00", "FREQ=DAILY", "2020-01-01", ["2026-01-01", "2026-01-02"]),
    ("every monday at 10:00", "FREQ=WEEKLY;BYDAY=MO", "2020-01-01", ["2026-01-05", "2026-01-12"]),
    ("every friday, monday at 10:00", "FREQ=WEEKLY;BYDAY=MO,FR", "2020-01-01", ["2026-01-02", "2026-01-05"]),
    ("every weekday at 10:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2020-01-01", ["2026-01-01", "2026-01-02"]),
    (
        "every 2 weeks on friday at 10:00 from 2026-01-09",
        "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=FR",
        "2026-01-09",
        ["2026-01-09", "2026-01-23"],
    ),
    (
        "every 2 weeks at 10:00 from 2026-01-07",
        "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=WE",
        "2026-01-07",
        ["2026-01-07", "2026-01-21"],
    ),
    ("every 3 days at 10:00 from 2025-12-31", "FREQ=DAILY;INTERVAL=3", "2025-12-31", ["2026-01-03", "2026-01-06"]),
    (
        "every 2 months at 10:00 from 2025-12-31",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        "2025-12-31",
        ["2026-02-28", "2026-04-30"],
    ),
    (
        "every 1 year at 10:00 from 2024-02-29",
        "FREQ=YEARLY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
        "2024-02-29",
        ["2026-02-28", "2027-02-28", "2028-02-29"],
    ),
    ("every month on day 1 at 09:00", "FREQ=MONTHLY;BYMONTHDAY=1", "2020-01-01", ["2026-01-01", "2026-02-01"]),
    (
        "every month on day 31 at 09:00",
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        "2020-01-01",
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
    ),
    (
        "every month on day 29 at 09:00",
        "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1",
        "2020-01-01",
        ["2026-01-29", "2026-02-28", "2026-03-29"],
    ),
    ("every month on last friday at 09:00", "FREQ=MONTHLY;BYDAY=-1FR", "2020-01-01", ["2026-01-30", "2026-02-27"]),
    (
        "every month on first weekday at 09:00",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "2020-01-01",
        ["2026-01-01", "2026-02-02"],
    ),
    ("every month on last day at 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1", "2020-01-01", ["2026-01-31", "2026-02-28"]),
    ("on second sunday of may at 09:00", "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2020-01-01", ["2026-05-10", "2027-05-09"]),
    (
        "on last weekday of december at 09:00",
        "FREQ=YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "2020-01-01",
        ["2026-12-31", "2027-12-31"],
    ),
]


@pytest.mark.parametrize(("said", "rule", "first", "ticks"), SCHEDULES)
def test_schedules(said: str, rule: str, first: str, ticks: list[str]) -> None:
    (trigger,) = sound(behavior=said).triggers
    assert isinstance(trigger, ir.Schedule)
    assert (trigger.rule, trigger.first.isoformat()) == (rule, first)
    assert trigger.at == said.partition(" at ")[2][:5]
    rrule = rrulestr(rule, dtstart=datetime.combine(trigger.first, datetime.min.time()))
    after = iter(rrule.xafter(datetime.fromisoformat("2025-12-31"), count=len(ticks)))
    assert [tick.date().isoformat() for tick in after] == ticks


@pytest.mark.parametrize(("said", "rule", "first", "ticks"), SCHEDULES)
def test_what_a_schedule_is_called_reads_like_the_schedule(said: str, rule: str, first: str, ticks: list[str]) -> None:
    (trigger,) = sound(behavior=said).triggers
    assert isinstance(trigger, ir.Schedule)
    (again,) = sound(behavior=trigger.says).triggers
    assert isinstance(again, ir.Schedule)
    assert (again.rule, again.first, again.at, again.says) == (trigger.rule, trigger.first, trigger.at, trigger.says)


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("every week at 10:00", "week at 10:00"),
        ("every month at 10:00", "month at 10:00"),
        ("every year at 10:00", "year at 10:00"),
        ("every hour at 10:00", "hour at 10:00"),
        ("every minutes at 10:00", "minutes at 10:00"),
        ("every 0 days at 10:00 from 2026-01-02", "0 days at 10:00 from 2026-01-02"),
        ("every 367 days at 10:00 from 2026-01-02", "367 days at 10:00 from 2026-01-02"),
        ("every 2 hours at 10:00 from 2026-01-02", "2 hours at 10:00 from 2026-01-02"),
        ("every 2 months on friday at 10:00 from 2026-01-02", "2 months on friday at 10:00 from 2026-01-02"),
        ("every month on day 0 at 10:00", "month on day 0 at 10:00"),
        ("every month on day 32 at 10:00", "month on day 32 at 10:00"),
        ("every week on day 1 at 10:00", "week on day 1 at 10:00"),
        ("every year on day 1 at 10:00", "year on day 1 at 10:00"),
        ("every week on last friday at 10:00", "week on last friday at 10:00"),
    ],
)
def test_what_is_no_schedule(said: str, marked: str) -> None:
    assert refused(behavior=said) == [("BEH008", marked)]


@pytest.mark.parametrize("first", ["1900-01-01", "2026-03-01", "2299-12-31"])
def test_the_days_a_schedule_counts_from_do_not_depend_on_the_clock(first: str) -> None:
    (trigger,) = sound(head=f"runs from {first}", behavior="every monday at 10:00").triggers
    assert isinstance(trigger, ir.Schedule)
    assert trigger.first == date.fromisoformat(first)


def test_holidays_of_another_century_are_not_known() -> None:
    late = refused(head="runs from 2250-01-01", behavior="on holiday new_year, at 09:00")
    assert [code for code, _ in late] == ["BEH010"]


@pytest.mark.parametrize(
    ("runs", "said", "happens"),
    [
        ("from 2026-01-01 until 2026-01-04", "every monday at 10:00", False),
        ("from 2026-01-01 until 2026-01-05", "every monday at 10:00", True),
        ("until 2026-01-01", "every 2 weeks on friday at 10:00 from 2026-01-02", False),
        ("from 2026-01-03 until 2026-01-15", "every 2 weeks on friday at 10:00 from 2026-01-02", False),
        ("from 2026-01-03 until 2026-01-16", "every 2 weeks on friday at 10:00 from 2026-01-02", True),
        ("from 2026-06-01 until 2027-04-30", "on second sunday of may at 09:00", False),
        ("from 2026-11-27", "once at 2026-11-27 09:00", True),
        ("from 2026-11-28", "once at 2026-11-27 09:00", False),
        ("until 2026-11-27", "once at 2026-11-27 09:00", True),
        ("until 2026-11-26", "once at 2026-11-27 09:00", False),
        ("from 2026-05-10 until 2026-05-10", "on holiday mothers_day in US, at 09:00", True),
        ("from 2026-05-11 until 2027-05-08", "on holiday mothers_day in US, at 09:00", False),
        ("from 2026-05-07 until 2026-05-07", "on holiday mothers_day in US, 3 days before, at 09:00", True),
        ("from 2025-12-25 until 2025-12-25", "on holiday new_year, 1 week before, at 09:00", True),
        ("from 2026-01-08 until 2026-01-08", "on holiday new_year, 1 week after, at 09:00", True),
    ],
)
def test_a_trigger_has_to_happen_while_the_campaign_runs(runs: str, said: str, happens: bool) -> None:
    if happens:
        assert len(sound(head=f"runs {runs}", behavior=said).triggers) == 1
    else:
        assert [code for code, _ in refused(head=f"runs {runs}", behavior=said)] == ["BEH010"]


def test_a_campaign_that_ends_before_it_begins_is_said_once() -> None:
    head = "runs from 2026-01-02 until 2026-01-01"
    for said in ("every monday at 10:00", "once at 2026-01-01 10:00", "on holiday mothers_day in US, at 09:00"):
        assert refused(head=head, behavior=said) == [("CMP005", "from 2026-01-02 until 2026-01-01")]


@pytest.mark.parametrize("moment", ["2026-11-27 09:00:30", "2026-11-27 09:00Z", "2026-11-27T09:00+02:00"])
def test_once_is_a_local_time(moment: str) -> None:
    assert refused(behavior=f"once at {moment}") == [("BEH011", moment)]


def test_once() -> None:
    (trigger,) = sound(behavior="once at 2026-11-27 09:05").triggers
    assert isinstance(trigger, ir.Schedule)
    assert (trigger.rule, trigger.first, trigger.at) == (None, date(2026, 11, 27), "09:05")
    assert trigger.says == "once at 2026-11-27 09:05"


# --------------------------------------------------------------------------------------------------------- holidays


def holiday(said: str, head: str = "") -> ir.Holiday:
    (trigger,) = sound(behavior=f"on holiday {said}, at 09:00", head=head).triggers
    assert isinstance(trigger, ir.Holiday)
    return trigger


def test_a_holiday_of_one_country_is_for_everybody() -> None:
    found = holiday("mothers_day in US, 3 days before")
    assert (found.country, found.days_before, [country for country, _ in found.days]) == (None, 3, [None])
    days = dict(found.days)[None]
    assert date(2026, 5, 10) in days
    assert date(2026, 5, 31) not in days


def test_a_holiday_by_the_customer_s_country() -> None:
    found = holiday("mothers_day")
    assert found.country is not None
    assert found.country.name == "country"
    days = dict(found.days)
    assert days.keys() == {"FR", "US"}
    assert date(2026, 5, 10) in days["US"]
    assert date(2026, 5, 31) in days["FR"]


def test_a_holiday_that_is_the_same_everywhere_needs_no_country() -> None:
    found = holiday("new_year")
    assert found.country is None
    assert dict(found.days).keys() == {None}


def test_a_holiday_that_is_elsewhere_in_one_country_lists_them_all() -> None:
    days = dict(holiday("mixed").days)
    assert len(days) > 200
    assert date(2026, 7, 4) in days["US"]
    assert date(2026, 6, 1) not in days["US"]
    assert date(2026, 6, 1) in days["DE"]
    assert None not in days


def test_how_far_a_holiday_looks_ahead() -> None:
    days = dict(holiday("new_year").days)[None]
    assert (days[0], days[-1]) == (date(2020, 1, 1), date(2060, 1, 1))
    days = dict(holiday("new_year", "runs from 2026-01-02 until 2029-12-31").days)[None]
    assert days == (date(2027, 1, 1), date(2028, 1, 1), date(2029, 1, 1))
    shifted = dict(holiday("new_year, 7 days before", "runs from 2026-12-25 until 2027-12-25").days)[None]
    assert shifted == (date(2027, 1, 1), date(2028, 1, 1))
    assert all(day - timedelta(days=7) >= date(2026, 12, 25) for day in shifted)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("mother_day, at 09:00", ("NAM030", "mother_day")),
        ("mothers_day in CA, at 09:00", ("BEH009", "CA")),
        ("mothers_day, 181 days before, at 09:00", ("BEH002", "181 days")),
        ("mothers_day, 3 hours before, at 09:00", ("BEH002", "3 hours")),
    ],
)
def test_what_is_no_holiday(said: str, wanted: tuple[str, str]) -> None:
    assert refused(behavior=f"on holiday {said}") == [wanted]
