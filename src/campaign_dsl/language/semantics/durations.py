"""Exact lengths of time. A day here is 24 hours; a calendar day is another word, never interchangeable."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.syntax import tree as t

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
MAX_SECONDS = 100 * 366 * 86_400


def exact_seconds(duration: t.Duration, problems: Problems) -> int | None:
    """The length in seconds, or None after having reported that it has none."""
    size = SECONDS.get(duration.unit)
    if size is None:
        problems.add(
            "TYP007",
            f"a {duration.unit} has no exact length",
            duration.span,
            why="months and years differ in length, so two readers would count differently",
            help=f"write days, as in `{duration.count * (30 if duration.unit == 'month' else 365)} days`",
        )
        return None
    seconds = size * duration.count
    if not 0 < seconds <= MAX_SECONDS:
        problems.add(
            "TYP006",
            "this length of time is zero" if seconds == 0 else "this length of time is over a hundred years",
            duration.span,
            help="write at least `1 second`" if seconds == 0 else "write a shorter one",
        )
        return None
    return seconds
