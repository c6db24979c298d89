"""Schedules as rules of RFC 5545, with a first day. Nothing here depends on the clock."""

from __future__ import annotations

from datetime import date, datetime, time

from campaign_dsl.language.catalog.types import WEEKDAYS
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.syntax import tree as t

FIRST_DAY = date(2020, 1, 1)
"""Schedules of campaigns without a first day count from here."""
WORKING = WEEKDAYS[:5]
_POSITIONS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MAX_EVERY = {"day": 366, "week": 104, "month": 60, "year": 20}
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def rule(node: t.Schedule, problems: Problems) -> str | None:
    """The rule of a schedule, or None after having reported why it has none."""
    if node.unit not in MAX_EVERY:
        problems.add(
            "BEH008",
            f"a schedule counts days, weeks, months or years, no {node.unit}s",
            node.span,
            help=f"write `every day at {node.at.text}`",
        )
        return None
    if not 1 <= node.every <= MAX_EVERY[node.unit]:
        problems.add(
            "BEH008",
            f"every {node.every} {node.unit}s is no schedule",
            node.span,
            help=f"write 1 to {MAX_EVERY[node.unit]} {node.unit}s",
        )
        return None
    if node.first is not None:
        return _counted(node, node.first, problems)
    if node.day is not None or node.position is not None:
        return _in_month(node, problems)
    if node.weekdays:
        return f"FREQ=WEEKLY;BYDAY={_by_day(node)}"
    if node.unit == "day":
        return "FREQ=DAILY"
    examples = {"week": "every monday", "month": "every month on day 1", "year": "on second sunday of may"}
    problems.add(
        "BEH008",
        f"`every {node.unit}` does not say on which day",
        node.span,
        help=f"write `{examples[node.unit]} at {node.at.text}`",
    )
    return None


def _counted(node: t.Schedule, first: date, problems: Problems) -> str | None:
    """`every 2 weeks on friday at 10:00 from 2026-01-02`."""
    if node.weekdays and node.unit != "week":
        problems.add(
            "BEH008",
            f"`every {node.every} {node.unit}s` cannot be on a day of the week",
            node.span,
            why=f"a {node.unit} has no fixed place for it",
            help="count weeks, as in `every 2 weeks on friday`, or leave the day of the week out",
        )
        return None
    frequency = f"FREQ={_FREQUENCIES[node.unit]};INTERVAL={node.every}"
    match node.unit:
        case "day":
            return frequency
        case "week":
            days = _by_day(node) if node.weekdays else _code(WEEKDAYS[first.weekday()])
            return f"{frequency};WKST=MO;BYDAY={days}"
        case "month":
            return f"{frequency};{_month_day(first.day)}"
        case _:
            return f"{frequency};BYMONTH={first.month};{_month_day(first.day)}"


def _in_month(node: t.Schedule, problems: Problems) -> str | None:
    if node.unit != ("month" if node.month is None else "year"):
        problems.add(
            "BEH008",
            f"a {node.unit} has no such day" if node.unit != "year" else "which month of the year is not said",
            node.span,
            help=f"write `every month on day 1 at {node.at.text}`, or `on second sunday of may at {node.at.text}`",
        )
        return None
    if node.day is not None:
        if not 1 <= node.day <= 31:
            problems.add("BEH008", f"no month has a day {node.day}", node.span, help="write `day 1` to `day 31`")
            return None
        return f"FREQ=MONTHLY;{_month_day(node.day)}"
    assert node.position is not None
    place = _POSITIONS[node.position]
    if not node.weekdays:
        return f"FREQ=MONTHLY;BYMONTHDAY={place}"
    whole = "FREQ=MONTHLY" if node.month is None else f"FREQ=YEARLY;BYMONTH={MONTHS.index(node.month) + 1}"
    days = _days(node)
    if len(days) == 1:
        return f"{whole};BYDAY={place}{_code(days[0])}"
    return f"{whole};BYDAY={_by_day(node)};BYSETPOS={place}"


def _month_day(day: int) -> str:
    """A day of the month; where a month is too short, its last day."""
    if day <= 28:
        return f"BYMONTHDAY={day}"
    return f"BYMONTHDAY={','.join(str(each) for each in range(28, day + 1))};BYSETPOS=-1"


def _days(node: t.Schedule) -> tuple[str, ...]:
    named = [day for word in node.weekdays for day in (WORKING if word == "weekday" else (word,))]
    return tuple(day for day in WEEKDAYS if day in named)


def _by_day(node: t.Schedule) -> str:
    return ",".join(_code(day) for day in _days(node))


def _code(day: str) -> str:
    return day[:2].upper()


def first_tick(rule: str, counts_from: date, first: date, last: date) -> date | None:
    """The first day from ``first`` to ``last`` on which a rule ticks that counts from a day of its own."""
    from dateutil.rrule import rrulestr  # loaded only where a campaign has a schedule

    found = rrulestr(rule, dtstart=_midnight(counts_from)).after(_midnight(max(counts_from, first)), inc=True)
    return found.date() if found is not None and found.date() <= last else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)  # a local day, wherever it is
