"""DuckDB computes with the zones of the bundled tz database, and comes to the same days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from sqlglot import exp

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.dialects.duckdb import DuckDB
from campaign_dsl.language.catalog.zones import zone, zone_names

MOMENTS = [
    datetime.fromisoformat(text)
    for text in (
        "1971-01-01T12:00:00Z",
        "2011-12-30T10:30:00Z",  # Apia slept through the 30th
        "2018-11-04T02:59:59Z",  # Sao Paulo had no midnight
        "2018-11-04T03:00:00Z",
        "2024-02-29T23:59:59Z",
        "2026-03-08T04:59:59Z",
        "2026-03-08T07:00:00Z",
        "2026-03-29T00:59:59Z",
        "2026-06-15T00:00:00Z",
        "2026-06-15T12:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-11-01T05:59:59Z",
        "2027-01-01T00:00:00Z",
    )
]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"threads": 1})
    made.execute("SET TimeZone = 'UTC'")
    return made


def test_the_zones_are_those_of_the_tz_database(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(render(DuckDB().zones(), "duckdb")).fetchall()
    assert {name for (name,) in found} == zone_names()


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_days_are_those_of_the_tz_database(connection: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    text = exp.cast(exp.Literal.string(moment.astimezone(UTC).isoformat(sep=" ")), exp.DType.TIMESTAMPTZ)
    day = DuckDB().local_day(text, exp.column("name"))
    query = DuckDB().zones().select(exp.alias_(day, "day"))
    found = dict(connection.execute(render(query, "duckdb")).fetchall())
    wanted = {name: moment.astimezone(zone(name)).date() for name in zone_names()}
    assert {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]} == {}


def test_hours_of_a_year_in_zones_that_change_their_clocks(connection: duckdb.DuckDBPyConnection) -> None:
    names = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for name in names:
        rows = connection.execute(
            "SELECT CAST(t AT TIME ZONE ? AS DATE) "
            "FROM generate_series(?::TIMESTAMPTZ, ?::TIMESTAMPTZ, INTERVAL 30 MINUTE) AS s(t)",
            [name, start, start + timedelta(days=365)],
        ).fetchall()
        for number, (day,) in enumerate(rows):
            assert day == (start + timedelta(minutes=30 * number)).astimezone(zone(name)).date()
