"""Puts the day into a query: parameters become typed literals, occurrences become rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.occurrences import Occurrence

AS_OF, AS_OF_KEY, SINCE, OCCURRENCES = "as_of", "as_of_key", "since", "occurrences"
MINUS, PLUS, MEMBERS_BEFORE = "as_of_minus_", "as_of_plus_", "members_before_"
"""Beginnings of names that end in a number of seconds, and in the name of an audience."""

PARAMETERS = {
    AS_OF: "the instant T, a timestamp with time zone",
    f"{MINUS}N": "T minus N seconds",
    f"{PLUS}N": "T plus N seconds",
    AS_OF_KEY: "T as text, as it stands in occurrence keys",
    SINCE: "the instant W: what happens at instants is due when it came to be known in (W, T]",
    OCCURRENCES: "rows (trigger integer, month_day integer, country text, occurrence text, occurrence_day text, "
    "occurrence_time text): what falls on the days of the run",
    f"{MEMBERS_BEFORE}AUDIENCE": "JSON array of the ids that were in the audience when it was looked at last, as text; "
    "NULL when it never was",
}
"""What the parameters of queries mean; each query uses some of them."""

COLUMNS = ("trigger", "month_day", "country", "occurrence", "occurrence_day", "occurrence_time")
"""Columns of the relation `occurrences`."""


def bind(
    query: exp.Select,
    as_of: datetime,
    occurrences: Sequence[Occurrence] = (),
    since: datetime | None = None,
    members_before: Mapping[str, Collection[str]] | None = None,
) -> exp.Select:
    """``query`` with its parameters filled in. The query handed in is left as it is.

    Args:
        since: W. Queries of campaigns that happen at instants need it.
        members_before: of each audience the ids of its members at W; nobody enters or leaves one that is not there.

    Raises:
        ValueError: the query needs ``since``.
    """
    bound = query.copy()
    members = members_before or {}
    for node in list(bound.find_all(exp.Placeholder)):
        name = str(node.this)
        if name == OCCURRENCES:
            _put_rows(node, occurrences)
        elif name == AS_OF:
            node.replace(b.instant(as_of))
        elif name == AS_OF_KEY:
            node.replace(exp.Literal.string(as_of.astimezone(UTC).isoformat().replace("+00:00", "Z")))
        elif name == SINCE:
            if since is None:
                raise ValueError("this campaign happens at instants: say since when they are due")
            node.replace(b.instant(since))
        elif name.startswith(MEMBERS_BEFORE):
            node.replace(_members(members.get(name.removeprefix(MEMBERS_BEFORE))))
        elif name.startswith(PLUS):
            node.replace(b.instant(as_of + timedelta(seconds=int(name.removeprefix(PLUS)))))
        else:
            node.replace(b.instant(as_of - timedelta(seconds=int(name.removeprefix(MINUS)))))
    return bound


def _members(ids: Collection[str] | None) -> exp.Expr:
    # One literal, however many there are: a million rows of a syntax tree would take longer than the query.
    return exp.null() if ids is None else exp.Literal.string(json.dumps(sorted(ids), ensure_ascii=False))


def _put_rows(node: exp.Placeholder, occurrences: Sequence[Occurrence]) -> None:
    relation = node.parent
    assert isinstance(relation, exp.Subquery)
    if not occurrences:
        columns = [b.named(value, name) for value, name in zip(_row(_NOTHING), COLUMNS, strict=True)]
        node.replace(exp.select(*columns).where(exp.false(), copy=False))
        return
    alias = exp.TableAlias(this=b.quoted(relation.alias), columns=[b.quoted(name) for name in COLUMNS])
    rows = [exp.Tuple(expressions=_row(each)) for each in occurrences]
    relation.replace(exp.Values(expressions=rows, alias=alias))


_NOTHING = Occurrence(0, "", date(1970, 1, 1), "00:00")


def _row(each: Occurrence) -> list[exp.Expr]:
    return [
        exp.Literal.number(each.trigger),
        b.whole(exp.null()) if each.month_day is None else exp.Literal.number(each.month_day),
        b.text(exp.null()) if each.country is None else exp.Literal.string(each.country),
        exp.Literal.string(each.key),
        exp.Literal.string(each.day.isoformat()),
        exp.Literal.string(each.time),
    ]
