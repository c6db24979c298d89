"""What falls on a day: the occurrences of calendar triggers, computed from the trigger and the days of a run alone.

No SQL computes a calendar. The rows made here are put into a query as the relation `occurrences`, which matches them
with customers by the day of an attribute, by a country, or with everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign_dsl.language.ir import campaign as ir

CalendarTrigger = ir.Anniversary | ir.Holiday | ir.Schedule


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that falls on a local day.

    Attributes:
        trigger: which of the campaign's triggers it belongs to, from 0.
        key: occurrence key.
        day: local calendar day on which it happens.
        time: local time at which it happens, ``HH:MM``.
        month_day: whose attribute has this day (month * 100 + day) is due; None: whatever the attribute.
        country: whose country this is is due; None: wherever.
    """

    trigger: int
    key: str
    day: date
    time: str
    month_day: int | None = None
    country: str | None = None


def occurrences(triggers: Sequence[ir.Trigger], days: Sequence[date], leap_day: str) -> tuple[Occurrence, ...]:
    """What the calendar triggers among ``triggers`` have on ``days``.

    Args:
        leap_day: `feb_28` or `mar_1`, where an anniversary of 29 February falls in common years.
    """
    found: list[Occurrence] = []
    for number, each in enumerate(triggers):
        match each:
            case ir.Anniversary():
                found += _anniversaries(number, each, days, leap_day)
            case ir.Holiday():
                found += _holidays(number, each, days)
            case ir.Schedule():
                found += _ticks(number, each, days)
    return tuple(found)


def _anniversaries(number: int, each: ir.Anniversary, days: Sequence[date], leap_day: str) -> Iterator[Occurrence]:
    for day in days:
        target = _shifted(day, each.days_before)
        if target is None:
            continue
        month_day = target.month * 100 + target.day
        yield Occurrence(number, str(target.year), day, each.at, month_day)
        common = target.year % 4 != 0 or (target.year % 100 == 0 and target.year % 400 != 0)
        if common and month_day == (228 if leap_day == "feb_28" else 301):
            yield Occurrence(number, str(target.year), day, each.at, 229)


def _holidays(number: int, each: ir.Holiday, days: Sequence[date]) -> Iterator[Occurrence]:
    """A holiday of several days is one occasion a year: among days that are made up for together the first counts."""
    known: set[tuple[int, str | None]] = set()
    for day in days:
        target = _shifted(day, each.days_before)
        if target is None:
            continue
        where = dict.fromkeys(None if each.country is None else country for country, on in each.days if target in on)
        for country in (None,) if None in where else where:  # what is for everybody is for each country
            if (target.year, country) not in known:
                known.add((target.year, country))
                yield Occurrence(number, f"{each.name}/{target.year}", day, each.at, country=country)


def _ticks(number: int, each: ir.Schedule, days: Sequence[date]) -> Iterator[Occurrence]:
    falls = _single if each.rule is None else _ruled
    for day in falls(each, days):
        yield Occurrence(number, f"{day.isoformat()}T{each.at}", day, each.at)


def _single(each: ir.Schedule, days: Sequence[date]) -> Iterator[date]:
    return (day for day in days if day == each.first)


def _ruled(each: ir.Schedule, days: Sequence[date]) -> Iterator[date]:
    from dateutil.rrule import rrulestr  # only campaigns with a schedule need it

    assert each.rule is not None
    rule = rrulestr(each.rule, dtstart=_midnight(each.first))
    return (day for day in days if day >= each.first and rule.between(_midnight(day), _midnight(day), inc=True))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a local day, wherever it is


def _shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
