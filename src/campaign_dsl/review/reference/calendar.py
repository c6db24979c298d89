"""Which occasions fall on a calendar day: anniversaries, holidays, schedules. Days are those where the customer is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.moments import anniversary
from campaign_dsl.review.reference.scope import Scope

if TYPE_CHECKING:
    from dateutil.rrule import rrule

CalendarTrigger = ir.Anniversary | ir.Holiday | ir.Schedule


def keys_on(trigger: CalendarTrigger, day: date, scope: Scope) -> Iterator[str]:
    """The occurrence keys that fall on ``day`` for a customer."""
    match trigger:
        case ir.Schedule(rule, first, at):
            if is_tick(rule, first, day):
                yield f"{day.isoformat()}T{at}"
        case ir.Anniversary(attribute, days_before):
            of, celebrated = scope.value(attribute), day + timedelta(days=days_before)
            if of is not None and anniversary(of, celebrated.year, scope.clock.leap_day) == celebrated:
                yield str(celebrated.year)
        case ir.Holiday(name):
            celebrated = day + timedelta(days=trigger.days_before)
            theirs = scope.value(trigger.country) if trigger.country is not None else None
            for country, days in trigger.days:
                mine = trigger.country is None or (theirs is not None and country in (None, theirs))
                if mine and celebrated in days:
                    yield f"{name}/{celebrated.year}"
                    return


def is_tick(rule: str | None, first: date, day: date) -> bool:
    """Whether a schedule ticks on ``day``. Without a rule it ticks once, on ``first``."""
    if rule is None:
        return day == first
    midnight = datetime.combine(day, time.min)
    return bool(_recurrence(rule, first).between(midnight, midnight, inc=True))


@cache
def _recurrence(rule: str, first: date) -> rrule:
    from dateutil.rrule import rrule, rrulestr

    made = rrulestr(rule, dtstart=datetime.combine(first, time.min), cache=True)
    assert isinstance(made, rrule)
    return made
