"""When a message may leave: the ledger's way to find out, the interpreter's, and one that tries every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.outcomes.message import QuietHours
from campaign_dsl.review.reference import delivery
from campaign_dsl.run.ledger.instants import awake_at, instant, micros

MINUTE = timedelta(minutes=1)
CHANGES = [
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # over midnight
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that there was not
    ("America/New_York", date(2026, 6, 15)),
]
CLOCKS = st.sampled_from([time(hour, minute) for hour in (0, 1, 2, 3, 8, 12, 21, 23) for minute in (0, 15, 30)])


@given(st.sampled_from(CHANGES), st.integers(-26 * 60, 30 * 60), CLOCKS, CLOCKS)
def test_all_agree_when_a_message_may_leave(change: tuple[str, date], minutes: int, start: time, end: time) -> None:
    length = (end.hour - start.hour) * 60 + end.minute - start.minute
    assume(0 < length % (24 * 60) <= 22 * 60)  # quiet but for an hour a day: that hour may come twice, or not at all
    where, moment = zone(change[0]), datetime.combine(change[1], time(), tzinfo=UTC) + minutes * MINUTE

    quiet = f"{start:%H:%M}", f"{end:%H:%M}"
    by_interpreter = delivery.awake_at(moment, where, quiet)
    by_ledger = instant(awake_at(micros(moment), change[0], QuietHours(start=quiet[0], end=quiet[1])))

    assert by_interpreter == by_ledger == minute_by_minute(moment, where, start, end)


def minute_by_minute(moment: datetime, where: ZoneInfo, start: time, end: time) -> datetime:
    """Goes on as long as clocks show quiet hours, or the end of some has been skipped and has not come yet."""
    skipped = set()
    for back in range(2 * 24 * 60):
        before, after = (moment - (back + more) * MINUTE for more in (1, 0))
        skipped |= ends_skipped(before, after, where, end) if shows(before, where, start, end) else set()
    while shows(moment, where, start, end) or any(moment < each for each in skipped):
        following = moment + MINUTE
        if shows(moment, where, start, end):
            skipped |= ends_skipped(moment, following, where, end)
        moment = following
    return moment


def shows(moment: datetime, where: ZoneInfo, start: time, end: time) -> bool:
    clock = moment.astimezone(where).time()
    return start <= clock < end if start < end else not end <= clock < start


def ends_skipped(before: datetime, after: datetime, where: ZoneInfo, end: time) -> set[datetime]:
    """The end of quiet hours between two minutes that follow each other, where clocks show more than one of them."""
    old, new = (each.astimezone(where).replace(tzinfo=None) for each in (before, after))
    missed = (datetime.combine(old.date() + timedelta(days), end) for days in range(3))
    return {after + (each - old - MINUTE) for each in missed if old + MINUTE < new and old < each < new}
