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
            _put_rows(node, occurrences)
        elif name == "as_of":
            node.replace(b.instant(as_of))
        elif name.startswith("as_of_plus_"):
            node.replace(b.instant(as_of + timedelta(seconds=int(name.removeprefix("as_of_plus_")))))
        else:
            node.replace(b.instant(as_of - timedelta(seconds=int(name.removeprefix("as_of_minus_")))))
    return bound


_COLUMNS = ("month_day", "occurrence", "occurrence_day")


def _put_rows(node: exp.Placeholder, occurrences: Sequence[Occurrence]) -> None:
    relation = node.parent
    assert isinstance(relation, exp.Subquery)
    if not occurrences:
        columns = [b.named(value, name) for value, name in zip(_row(_NOTHING), _COLUMNS, strict=True)]
        node.replace(exp.select(*columns).where(exp.false(), copy=False))
        return
    alias = exp.TableAlias(this=b.quoted(relation.alias), columns=[b.quoted(name) for name in _COLUMNS])
    rows = [exp.Tuple(expressions=_row(each)) for each in occurrences]
    relation.replace(exp.Values(expressions=rows, alias=alias))


_NOTHING = Occurrence(0, "", date(1970, 1, 1))


def _row(each: Occurrence) -> list[exp.Expr]:
    return [
        exp.Literal.number(each.month_day),
        exp.Literal.string(each.key),
        exp.Literal.string(each.day.isoformat()),
    ]
