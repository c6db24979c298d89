"""Local times: when an occurrence is due, when a message may leave, which days a limit looks at.

Computed in Python for the few distinct zones, days and instants of a run, so that one tz database decides; no engine
and no SQL ever sees a zone. Instants in the ledger are integers, microseconds since 1970 UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaign_dsl.compile.plan.model import Limit
from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.outcomes.message import QuietHours
from campaign_dsl.run.problems import DataProblem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC.

    Raises:
        ValueError: the instant has no zone; guessing one would move every decision.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return (instant - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def rfc3339(moment: datetime) -> str:
    """As in ``2026-11-21T14:00:00Z``; fractions of a second only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def due_at(zone_name: str, day: str, at: str) -> int:
    """The instant when it is ``at`` (HH:MM) on ``day`` (ISO) in the zone, in microseconds.

    A local time that the clocks skip moves forward by the gap; one that comes twice means the first.

    Raises:
        DataProblem: the zone or the day is none.
    """
    try:
        # fold=0 is exactly that rule: in a gap it counts with the offset before, in an overlap it is the first.
        return micros(datetime.combine(date.fromisoformat(day), time.fromisoformat(at), tzinfo=zone(zone_name)))
    except ZoneInfoNotFoundError as error:
        raise DataProblem(f"`{zone_name}` is not a zone of the tz database", code="DAT011") from error
    except (ValueError, OverflowError) as error:
        raise DataProblem(f"`{day}` is not a day: {error}", code="DAT011") from error


def awake_at(microseconds: int, zone_name: str, quiet: QuietHours | None) -> int:
    """The first instant, not before the given one, outside the quiet hours of the zone.

    Quiet hours that end at a time the clocks skip end by the gap later; where the same hour comes twice, it is quiet
    twice.
    """
    if quiet is None or quiet.start == quiet.end:
        return microseconds
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    where, moment = zone(zone_name), instant(microseconds)
    if not _is_quiet(moment, where, start, end):
        return microseconds
    today = moment.astimezone(where).date()
    # Two days ahead: a zone may skip a whole one. Both folds: on the night the clocks go back the hours can end twice.
    ends = [_at(today + timedelta(days=days), end, where, fold) for days in range(-1, 3) for fold in (0, 1)]
    return micros(min(each for each in ends if each > moment and not _is_quiet(each, where, start, end)))


def _is_quiet(moment: datetime, where: ZoneInfo, start: time, end: time) -> bool:
    """Whether the clocks show quiet hours, or have just skipped their end, which then comes by the gap later."""
    local = moment.astimezone(where)
    clock = local.time()
    if (start <= clock < end) if start < end else (clock >= start or clock < end):
        return True
    if local.utcoffset() == (moment - timedelta(days=1)).astimezone(where).utcoffset():
        return False  # no clock was moved, as on nearly all days
    for day in (local.date() - timedelta(days=1), local.date()):
        over = _at(day, end, where)
        begun = _at(day if start < end else day - timedelta(days=1), start, where)
        if begun <= moment < over and over.astimezone(where).time() != end:
            return True
    return False


def _at(day: date, clock: time, where: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=where).astimezone(UTC)


def limit_days(limit: Limit, day: str) -> tuple[str, str]:
    """The days whose decisions count against an occurrence on ``day``: first and last, both included.

    Calendar units, never seconds: the unit the day lies in, and ``every`` - 1 whole ones before it. Weeks begin on
    Monday (ISO 8601).
    """
    today = date.fromisoformat(day)
    back = limit.every - 1
    try:
        match limit.unit:
            case "ever":
                return date.min.isoformat(), date.max.isoformat()
            case "day":
                first = today - timedelta(days=back)
                last = today
            case "week":
                monday = today - timedelta(days=today.weekday())
                first = monday - timedelta(weeks=back)
                last = monday + timedelta(days=6)
            case "month":
                first = _first_of_month(today, -back)
                last = _first_of_month(today, 1) - timedelta(days=1)
            case "year":
                first = date(today.year - back, 1, 1)
                last = date(today.year, 12, 31)
    except (ValueError, OverflowError):
        first, last = date.min, date.max  # the window reaches beyond the calendar: everything counts
    return first.isoformat(), last.isoformat()


def _first_of_month(day: date, shift: int) -> date:
    months = day.year * 12 + day.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)
