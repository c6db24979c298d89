"""Days and instants: local times, calendar units, anniversaries. Results beyond the calendar are None."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local(moment: datetime, where: ZoneInfo) -> datetime | None:
    """The wall clock at an instant."""
    try:
        return moment.astimezone(where)
    except OverflowError:
        return None


def instant(day: date, clock: time, where: ZoneInfo) -> datetime:
    """The instant at which it is ``clock`` on ``day``, in UTC.

    A local time that the clocks skip moves forward by the gap; one that comes twice means the first.
    """
    # fold=0 is exactly that rule: in a gap it counts with the offset before, in an overlap it is the first.
    return datetime.combine(day, clock.replace(fold=0), tzinfo=where).astimezone(UTC)


def moved(moment: datetime, by: timedelta) -> datetime | None:
    """The instant an exact duration later."""
    try:
        return moment.astimezone(UTC) + by
    except OverflowError:
        return None


def add_units(day: date, count: int, unit: str) -> date | None:
    """The day ``count`` calendar units later. A month without that day gives its last one."""
    try:
        match unit:
            case "day":
                return day + timedelta(days=count)
            case "week":
                return day + timedelta(weeks=count)
            case "month":
                months = day.year * 12 + day.month - 1 + count
                year, month = months // 12, months % 12 + 1
            case "year":
                year, month = day.year + count, day.month
            case _:
                raise AssertionError(unit)
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None


def first_of(day: date, unit: str) -> date:
    """The first day of the unit that ``day`` lies in. Weeks begin on Monday."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
    raise AssertionError(unit)


def units(day: date, count: int, unit: str, back: int = 0) -> tuple[date, date]:
    """First and last day of ``count`` units, the last of them ``back`` units before the one ``day`` lies in."""
    here = first_of(day, unit)
    first = add_units(here, -(back + count - 1), unit)
    after = add_units(here, 1 - back, unit)
    return first or date.min, (date.max if after is None else after - timedelta(days=1))


def anniversary(of: date, year: int, leap_day: str) -> date:
    """The day in ``year`` on which ``of`` is celebrated."""
    if (of.month, of.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28) if leap_day == "feb_28" else date(year, 3, 1)
    return date(year, of.month, of.day)


def years_since(day: date, today: date, leap_day: str) -> int:
    """Whole years, the last one once its anniversary has come; below 0 for a day to come."""
    return today.year - day.year - (today < anniversary(day, today.year, leap_day))


def rfc3339(moment: datetime) -> str:
    """As in ``2026-11-21T14:00:00Z``; fractions of a second only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
