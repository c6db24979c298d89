"""Windows: which instants lie in them. Nothing after T lies in any."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.moments import moved, units
from campaign_dsl.review.reference.scope import Scope


def within(window: ir.Window | None, moment: datetime | None, scope: Scope) -> bool:
    """Whether an instant lies in the window; None is any time up to T."""
    if moment is None or moment > scope.as_of:
        return False
    match window:
        case None:
            return True
        case ir.Rolling(seconds):
            start = moved(scope.as_of, -timedelta(seconds=seconds))
            return start is None or moment > start
        case ir.Calendar(count, unit, back):
            first, last = units(scope.today, count, unit, back)
            day = scope.local_day(moment)
            return day is not None and first <= day <= last
        case ir.Bounded(since, after, until, before):
            return (
                (since is None or _against(moment, since, scope) in (0, 1))
                and (after is None or _against(moment, after, scope) == 1)
                and (until is None or _against(moment, until, scope) in (-1, 0))
                and (before is None or _against(moment, before, scope) == -1)
            )
    raise AssertionError(window)


def _against(moment: datetime, node: ir.Moment, scope: Scope) -> int | None:
    """-1, 0 or 1, as the instant lies before, at or after the bound; None when that cannot be said.

    Beside a calendar day the instant is the calendar day it has where the customer is.
    """
    bound = scope.value(node)
    mine: date | datetime | None = moment if isinstance(bound, datetime) else scope.local_day(moment)
    if bound is None or mine is None:
        return None
    return int(mine > bound) - int(mine < bound)
