"""Local times over DST changes, quiet hours, and what SQLite never gets to see."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_dsl.language.catalog.zones import zone, zone_names
from campaign_dsl.outcomes.message import QuietHours
from campaign_dsl.run.ledger.instants import awake_at, due_at, instant, micros, rfc3339
from campaign_dsl.run.problems import DataProblem

NEW_YORK = "America/New_York"


def utc(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone_name", "day", "at", "expected"),
    [
        (NEW_YORK, "2026-11-21", "09:00", "2026-11-21T14:00"),
        (NEW_YORK, "2026-07-21", "09:00", "2026-07-21T13:00"),
        # 02:30 does not exist on 8 March: it moves forward by the gap, to 03:30 daylight time.
        (NEW_YORK, "2026-03-08", "02:30", "2026-03-08T07:30"),
        (NEW_YORK, "2026-03-08", "03:30", "2026-03-08T07:30"),
        # 01:30 comes twice on 1 November: the first, in daylight time.
        (NEW_YORK, "2026-11-01", "01:30", "2026-11-01T05:30"),
        # A whole day that does not exist, and a midnight that does not.
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T19:00"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00"),
        ("Asia/Kathmandu", "2026-11-21", "09:00", "2026-11-21T03:15"),
    ],
)
def test_when_an_occurrence_is_due(zone_name: str, day: str, at: str, expected: str) -> None:
    assert due_at(zone_name, day, at) == utc(expected)


@pytest.mark.parametrize(
    ("zone_name", "day"), [("Nowhere/At_All", "2026-01-01"), (NEW_YORK, "2026-02-30"), (NEW_YORK, "")]
)
def test_no_zone_or_day_is_a_problem_of_the_data(zone_name: str, day: str) -> None:
    with pytest.raises(DataProblem):
        due_at(zone_name, day, "09:00")


NIGHT = QuietHours(start="21:00", end="08:00")
NOON = QuietHours(start="12:00", end="14:00")


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (NIGHT, "2026-11-21T14:00", "2026-11-21T14:00"),  # 09:00
        (NIGHT, "2026-11-22T01:59:59", "2026-11-22T01:59:59"),  # 20:59:59
        (NIGHT, "2026-11-22T02:00", "2026-11-22T13:00"),  # 21:00: until the next morning
        (NIGHT, "2026-11-22T05:00", "2026-11-22T13:00"),  # midnight
        (NIGHT, "2026-11-22T12:59:59", "2026-11-22T13:00"),  # 07:59:59
        (NIGHT, "2026-11-22T13:00", "2026-11-22T13:00"),  # 08:00
        (NIGHT, "2026-11-01T03:00", "2026-11-01T13:00"),  # over the night that is an hour longer
        (NIGHT, "2026-03-08T04:00", "2026-03-08T12:00"),  # and the one that is shorter
        (NOON, "2026-11-21T17:00", "2026-11-21T19:00"),
        (NOON, "2026-11-21T19:00", "2026-11-21T19:00"),
        (NOON, "2026-11-21T16:59", "2026-11-21T16:59"),
        (QuietHours(start="01:15", end="01:45"), "2026-11-01T05:20", "2026-11-01T05:45"),  # the first 01:20
        (QuietHours(start="01:15", end="01:45"), "2026-11-01T06:20", "2026-11-01T06:45"),  # the second 01:20
        (QuietHours(start="01:00", end="02:30"), "2026-03-08T06:30", "2026-03-08T07:30"),  # ends in the gap
        (
            QuietHours(start="22:00", end="02:30"),
            "2026-03-08T07:10",
            "2026-03-08T07:30",
        ),  # ended at 03:30
        (QuietHours(start="22:00", end="02:30"), "2026-03-08T07:30", "2026-03-08T07:30"),
        (QuietHours(start="22:00", end="02:30"), "2026-03-09T07:10", "2026-03-09T07:10"),  # as on all other days
        (QuietHours(start="08:00", end="08:00"), "2026-11-21T13:00", "2026-11-21T13:00"),  # no hours at all
        (None, "2026-11-22T05:00", "2026-11-22T05:00"),
    ],
)
def test_quiet_hours_where_the_customer_is(quiet: QuietHours | None, at: str, expected: str) -> None:
    assert instant(awake_at(utc(at), NEW_YORK, quiet)) == instant(utc(expected))


CLOCK = st.times().map(lambda t: t.strftime("%H:%M"))


@settings(max_examples=400, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1)),  # noqa: DTZ001
    st.sampled_from(sorted(zone_names())),
    CLOCK,
    CLOCK,
)
@pytest.mark.seed("S2-17a")
def test_nothing_ever_leaves_in_quiet_hours(moment: datetime, name: str, start: str, end: str) -> None:
    at = micros(moment.replace(tzinfo=UTC))
    awake = awake_at(at, name, QuietHours(start=start, end=end))
    assert at <= awake <= at + 2 * 86_400_000_000
    clock = instant(awake).astimezone(zone(name)).time()
    begins, ends = time.fromisoformat(start), time.fromisoformat(end)
    if begins < ends:
        assert not begins <= clock < ends
    elif begins > ends:
        assert ends <= clock < begins
    assert awake_at(awake, name, QuietHours(start=start, end=end)) == awake


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_instants_are_exact(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert instant(micros(aware)) == aware
    assert datetime.fromisoformat(rfc3339(aware)) == aware
    assert rfc3339(aware).endswith("Z")


def test_an_instant_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001


def test_an_offset_is_not_another_instant() -> None:
    assert micros(datetime.fromisoformat("2026-01-01T05:30:00+05:30")) == utc("2026-01-01T00:00")
    assert rfc3339(datetime.fromisoformat("2026-01-01T05:30:00+05:30") + timedelta(0)) == "2026-01-01T00:00:00Z"
