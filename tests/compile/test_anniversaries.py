"""Everybody with a birth date is due once a year, on the right day, with the right key."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from oracle import World
from shop import Shop, campaign_text
from small_world import CATALOG, Database, typed

from campaign_dsl.compile.sql.occurrences import Occurrence, occurrences
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import Anniversary
from campaign_dsl.language.ir.nodes import Attribute
from campaign_dsl.language.source.files import SourceFile

YEARS = range(2023, 2033)
BORN = [date(2000, 1, 1) + timedelta(days=number) for number in range(366)]
SHIFTS = {-180: "180 days after", -7: "7 days after", 0: "", 7: "7 days before", 63: "9 weeks before"}


def anniversaries(days: Sequence[date], before: int, leap_day: str) -> tuple[Occurrence, ...]:
    span = SourceFile("test", " ").span(0, 1)
    trigger = Anniversary(Attribute("born", "born", Type(Kind.DATE, True)), before, "09:00", span)
    return occurrences([trigger], days, leap_day)


def celebrated(born: date, year: int, leap_day: str) -> date:
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28) if leap_day == "feb_28" else date(year, 3, 1)
    return born.replace(year=year)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(366 if isleap(year) else 365)]


@pytest.mark.parametrize("leap_day", ["feb_28", "mar_1"])
@pytest.mark.parametrize("before", [-180, -8, -7, -1, 0, 1, 6, 7, 59, 60, 61, 180])
@pytest.mark.seed("S0-14")
def test_each_birthday_comes_once_a_year(before: int, leap_day: str) -> None:
    days = [day for year in range(1999, 2042) for day in days_of(year)]
    due: dict[tuple[int, str], date] = {}
    for each in anniversaries(days, before, leap_day):
        assert (each.month_day, each.key) not in due
        due[each.month_day, each.key] = each.day
    for born in BORN:
        for year in range(2000, 2041):
            day = due[born.month * 100 + born.day, str(year)]
            assert day + timedelta(days=before) == celebrated(born, year, leap_day)


def test_days_may_be_asked_for_one_by_one() -> None:
    days = days_of(2027) + days_of(2028)
    together = anniversaries(days, 7, "feb_28")
    assert together == tuple(found for day in days for found in anniversaries([day], 7, "feb_28"))


@pytest.mark.parametrize(
    ("day", "before", "leap_day", "wanted"),
    [
        (date(2026, 2, 28), 0, "feb_28", [(228, "2026"), (229, "2026")]),
        (date(2026, 2, 28), 0, "mar_1", [(228, "2026")]),
        (date(2026, 3, 1), 0, "mar_1", [(301, "2026"), (229, "2026")]),
        (date(2026, 3, 1), 0, "feb_28", [(301, "2026")]),
        (date(2028, 2, 28), 0, "feb_28", [(228, "2028")]),
        (date(2028, 2, 29), 0, "mar_1", [(229, "2028")]),
        (date(2026, 12, 26), 7, "feb_28", [(102, "2027")]),
        (date(2027, 1, 3), -7, "feb_28", [(1227, "2026")]),
        (date(2100, 2, 28), 0, "feb_28", [(228, "2100"), (229, "2100")]),
        (date(2000, 2, 29), 0, "feb_28", [(229, "2000")]),
    ],
)
def test_days_on_the_edge(day: date, before: int, leap_day: str, wanted: list[tuple[int, str]]) -> None:
    assert anniversaries([day], before, leap_day) == tuple(
        Occurrence(0, key, day, "09:00", number) for number, key in wanted
    )


@pytest.mark.parametrize("leap_day", ["feb_28", "mar_1"])
@pytest.mark.parametrize("before", [-7, 0, 63])
def test_ten_years_in_the_database(shop: Shop, before: int, leap_day: str) -> None:
    text = campaign_text(shift=SHIFTS[before]).replace("kind promotion", f"kind promotion\n  leap_day {leap_day}")
    shop.write(text)
    shop.add("customers", [{"customer_id": f"{born}", "birth_date": born, "status": "good"} for born in BORN])
    shop.add("customers", [{"customer_id": "unborn", "status": "good"}])
    due: dict[tuple[str, str], str] = {}
    for year in YEARS:
        _, rows = shop.ask(days=days_of(year))
        for row in rows:
            assert (row.customer_id, row.occurrence) not in due
            due[row.customer_id, row.occurrence] = row.occurrence_day
    assert "unborn" not in {customer for customer, _ in due}
    for born in BORN:
        for year in YEARS[1:-1]:
            day = celebrated(born, year, leap_day) - timedelta(days=before)
            assert due[f"{born}", str(year)] == day.isoformat()


@pytest.mark.parametrize("leap_day", ["feb_28", "mar_1"])
def test_ages_around_the_end_of_february(leap_day: str) -> None:
    """Every day of two years against births on every day around it, for each way an age can be asked for."""
    births = [day for year in (2003, 2004) for day in days_of(year) if day.month in (2, 3)]
    texts = ["age >= 18", "age > 18", "age < 18", "age <= 18", "age = 18", "age != 18", "age between 18 and 19"]
    texts += ["age in [17, 19]", "age + 0 >= 18", "18 <= age", "age >= -1", "age < 2000", "not (age >= 18)"]
    empty = dict.fromkeys(CATALOG.customers.attributes)
    rows = [{**empty, "id": f"{born}", "born": born, "active": True, "tier": "gold"} for born in births]
    for today in (date(2021, 2, 28), date(2022, 2, 28), date(2022, 3, 1), date(2024, 2, 28), date(2024, 2, 29)):
        now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        world = World(rows, {"events": [], "visits": []}, "id", now, None, "UTC", leap_day)
        database = Database.of(world)
        for text in texts:
            predicate, problems = typed(text)
            assert predicate is not None, problems
            assert database.matching(predicate) == world.matching(predicate), (today, text)
            assert database.matching(ir.Negate(predicate)) == world.matching(ir.Negate(predicate)), (today, text)
