"""Puts the day into a query: parameters become typed literals, occurrences become rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlglot import exp

from campaign_dsl.compile.sql import build as b


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Whoever has ``month_day`` (month * 100 + day) in the anniversary's attribute is due.

    Attributes:
        key: occurrence key, the year that is celebrated.
        day: local calendar day on which it happens.
    """

    month_day: int
    key: str
    day: date


def anniversaries(days: Sequence[date], days_before: int, leap_day: str) -> tuple[Occurrence, ...]:
    """The occurrences that fall on ``days``.

    Args:
        days_before: how many days before the anniversary an occurrence falls.
        leap_day: `feb_28` or `mar_1`, where an anniversary of 29 February falls in common years.
    """
    found: list[Occurrence] = []
    for day in days:
        target = day + timedelta(days=days_before)
        number = target.month * 100 + target.day
        found.append(Occurrence(number, str(target.year), day))
        common = target.year % 4 != 0 or (target.year % 100 == 0 and target.year % 400 != 0)
        if common and number == (228 if leap_day == "feb_28" else 301):
            found.append(Occurrence(229, str(target.year), day))
    return tuple(found)


def bind(query: exp.Select, as_of: datetime, occurrences: Sequence[Occurrence]) -> exp.Select:
    """``query`` with its parameters filled in. The query handed in is left as it is."""

    bound = query.copy()
    for node in list(bound.find_all(exp.Placeholder)):
        name = str(node.this)
        if name == "occurrences":
            node.replace(_rows(occurrences))
        elif name == "as_of":
            node.replace(b.instant(as_of))
        else:
            node.replace(b.instant(as_of - timedelta(seconds=int(name.removeprefix("as_of_minus_")))))
    return bound


def _rows(occurrences: Sequence[Occurrence]) -> exp.Expr:
    if not occurrences:
        return _row(Occurrence(0, "", date(1970, 1, 1))).where(exp.false(), copy=False)
    rows: exp.Expr = _row(occurrences[0])
    for each in occurrences[1:]:
        rows = exp.Union(this=rows, expression=_row(each), distinct=False)
    return rows


def _row(each: Occurrence) -> exp.Select:
    return exp.select(
        exp.alias_(exp.Literal.number(each.month_day), "month_day", quoted=True),
        exp.alias_(exp.Literal.string(each.key), "occurrence", quoted=True),
        exp.alias_(exp.Literal.string(each.day.isoformat()), "occurrence_day", quoted=True),
    )
