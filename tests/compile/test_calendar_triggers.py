"""What falls on a day: holidays and schedules, as rows and in the database. Anniversaries have a file of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from happenings import BORN, COUNTRY, SPAN, Events, T, campaign, person

from campaign_dsl.compile.sql.occurrences import Occurrence, occurrences
from campaign_dsl.language.ir import campaign as ir

FIRST = date(2026, 1, 2)  # a Friday


def schedule(rule: str | None, first: date = FIRST, at: str = "09:00") -> ir.Schedule:
    return ir.Schedule(rule, first, at, "schedule", SPAN)


def ticks(rule: str | None, *, first: date = FIRST, since: date = FIRST, days: int = 400) -> list[date]:
    asked = [since + timedelta(days=number) for number in range(days)]
    return [each.day for each in occurrences([schedule(rule, first)], asked, "feb_28")]


def holiday(
    days: dict[str | None, list[date]], by_country: bool = False, before: int = 0, at: str = "09:00"
) -> ir.Holiday:
    listed = tuple((country, tuple(found)) for country, found in days.items())
    return ir.Holiday("feast", "Feast", listed, COUNTRY if by_country else None, before, at, SPAN)


# ------------------------------------------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("FREQ=DAILY", ["01-02", "01-03", "01-04"]),
        ("FREQ=WEEKLY;BYDAY=MO", ["01-05", "01-12", "01-19"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ["01-02", "01-16", "01-30"]),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ["01-02", "01-05", "01-06"]),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", ["01-31", "02-28", "03-31"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["01-30", "02-27", "03-27"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", ["05-10"]),
        (None, ["01-02"]),
    ],
)
def test_ticks(rule: str | None, wanted: list[str]) -> None:
    found = ticks(rule)
    assert [f"{day:%m-%d}" for day in found[: len(wanted)]] == wanted
    assert found == sorted(set(found))
    assert min(found) >= FIRST


def test_a_schedule_counts_from_its_first_day() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert ticks(rule, since=date(2025, 12, 1), days=40) == [FIRST]
    assert ticks(rule, first=date(2026, 1, 9), days=15) == [date(2026, 1, 9)]
    assert ticks(rule, since=date(2036, 1, 1), days=14) == [date(2036, 1, 4)]


def test_the_key_is_the_local_tick() -> None:
    (found,) = occurrences([schedule(None, at="02:30")], [FIRST], "feb_28")
    assert found == Occurrence(0, "2026-01-02T02:30", FIRST, "02:30")


def test_a_holiday_and_the_days_around_it() -> None:
    feast = date(2027, 1, 1)
    for before in (-3, 0, 3):
        trigger = holiday({"US": [date(2026, 1, 1), feast]}, before=before)
        days = [date(2026, 12, 1) + timedelta(days=number) for number in range(60)]
        day = feast - timedelta(days=before)
        assert occurrences([trigger], days, "feb_28") == (Occurrence(0, "feast/2027", day, "09:00"),)


def test_a_holiday_of_several_countries() -> None:
    trigger = holiday({"US": [T.date()], "DE": [T.date() - timedelta(days=1)], None: [T.date()]}, by_country=True)
    found = occurrences([schedule(None), trigger], [T.date() - timedelta(days=1), T.date()], "feb_28")
    assert [(each.trigger, each.country, each.day.day) for each in found] == [
        (1, "DE", 14),
        (1, None, 15),
    ]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar(day: date) -> None:
    far = 180 if day == date.max else -180
    triggers = [holiday({None: [T.date()]}, before=far), ir.Anniversary(BORN, far, "09:00", SPAN)]
    assert occurrences(triggers, [day], "feb_28") == ()


# ---------------------------------------------------------------------------------------------------- in the database


def test_a_tick_is_for_everybody_on_her_own_clock() -> None:
    """The 8th of March has no 02:30 in New York; its text is kept, and the instant is for the ledger to find."""
    world = Events([person("ny"), person("tokyo", time_zone="Asia/Tokyo"), person("mars", time_zone="Mars/Base")])
    day = date(2026, 3, 8)
    made = campaign(schedule("FREQ=WEEKLY;BYDAY=SU", first=date(2026, 3, 1), at="02:30"))
    rows = world.ask(made, as_of=datetime(2026, 3, 8, 12, tzinfo=UTC), days=[day])
    assert [
        (row["customer_id"], row["occurrence"], row["occurrence_day"], row["occurrence_time"], row["occurred_at"])
        for row in rows
    ] == [(who, "2026-03-08T02:30", "2026-03-08", "02:30", None) for who in ("ny", "tokyo")]


def test_a_holiday_by_the_customers_country() -> None:
    people = [person("us"), person("de", country="DE"), person("fr", country="FR"), person("none", country=None)]
    trigger = holiday({"US": [date(2026, 6, 15)], "DE": [date(2026, 6, 14)]}, by_country=True)
    world, days = Events(people), [date(2026, 6, 14), date(2026, 6, 15)]
    assert [(row["customer_id"], row["occurrence_day"]) for row in world.ask(campaign(trigger), days=days)] == [
        ("de", "2026-06-14"),
        ("us", "2026-06-15"),
    ]
    everybody = holiday({"US": [date(2026, 6, 15)]})
    assert [who for who, _ in world.keys(campaign(everybody))] == ["de", "fr", "none", "us"]


def test_a_holiday_of_two_days_is_one_occasion_a_year() -> None:
    """Also where both are made up for in one run, which would find everybody twice and stop."""
    both = [T.date() - timedelta(days=1), T.date()]
    for by_country in (False, True):
        trigger = holiday({"US": both}, by_country=by_country)
        rows = Events([person("a")]).ask(campaign(trigger), days=both)
        assert [(row["occurrence"], row["occurrence_day"]) for row in rows] == [("feast/2026", "2026-06-14")]
    twice = holiday({None: [date(2026, 12, 31), date(2027, 1, 1)]})
    found = occurrences([twice], [date(2026, 12, 31), date(2027, 1, 1)], "feb_28")
    assert [each.key for each in found] == ["feast/2026", "feast/2027"]


def test_a_holiday_of_all_and_of_one_country_is_one() -> None:
    trigger = holiday({None: [T.date()], "US": [T.date()]}, by_country=True)
    world = Events([person("us"), person("de", country="DE"), person("none", country=None)])
    assert world.keys(campaign(trigger)) == [("de", "feast/2026"), ("us", "feast/2026")]
    early = holiday({"US": [T.date() - timedelta(days=1)], None: [T.date()]}, by_country=True)
    rows = world.ask(campaign(early), days=[T.date() - timedelta(days=1), T.date()])
    assert [(row["customer_id"], row["occurrence_day"]) for row in rows] == [("de", "2026-06-15"), ("us", "2026-06-14")]


def test_several_triggers_on_one_day() -> None:
    """Two schedules of one tick are one occasion; of one holiday twice the first trigger counts."""
    made = campaign(
        schedule("FREQ=DAILY", at="08:00"),
        schedule(None, first=T.date(), at="08:00"),
        schedule("FREQ=DAILY", at="10:00"),
        holiday({None: [T.date()]}, at="07:00"),
        holiday({None: [T.date() + timedelta(days=1)]}, before=1, at="06:00"),
        ir.Anniversary(BORN, 0, "09:00", SPAN),
    )
    rows = Events([person("a"), person("b", born=None)]).ask(made)
    wanted = [("2026-06-15T08:00", "08:00"), ("2026-06-15T10:00", "10:00"), ("feast/2026", "07:00")]
    assert [(row["occurrence"], row["occurrence_time"]) for row in rows if row["customer_id"] == "b"] == wanted
    assert [(row["occurrence"], row["occurrence_time"]) for row in rows if row["customer_id"] == "a"] == [
        ("2026", "09:00"),
        *wanted,
    ]


def test_no_day_no_occasion() -> None:
    assert Events([person("a")]).keys(campaign(schedule("FREQ=DAILY"), holiday({None: [T.date()]})), days=[]) == []
