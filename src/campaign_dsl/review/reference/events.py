"""Rows that belong to a customer: which ones match, each id once, and what events say in a row or in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.review.reference.moments import moved
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.windows import within
from campaign_dsl.review.reference.world import Row

Order = tuple[datetime, str, Any]
"""How events follow each other: by instant, then by their event's name, then by id."""


@dataclass(frozen=True)
class Happening:
    """One event, or one row without a time: all versions of it that match.

    Attributes:
        id: None when every row counts.
        at: when it happened; the earliest, when versions differ.
        latest: when it happened according to the latest version.
        seen_at: from when on it could be known: it had happened, and had arrived.
    """

    source: ir.EventSource
    id: Any
    at: datetime | None
    latest: datetime | None
    seen_at: datetime | None
    versions: tuple[Row, ...]

    @property
    def order(self) -> Order:
        assert self.at is not None
        return self.at, self.source.name, self.id

    @property
    def instant(self) -> datetime:
        assert self.at is not None
        return self.at

    @property
    def row(self) -> Row:
        """The one row that stands for the versions: of each column the smallest value."""
        if len(self.versions) == 1:
            return self.versions[0]
        columns = dict.fromkeys(name for version in self.versions for name in version)
        return {name: smallest([version.get(name) for version in self.versions]) for name in columns}


def smallest(values: Sequence[Any]) -> Any:
    """The smallest known value; lists and records, which have no order, go by how they are written."""
    known = [value for value in values if value is not None]
    return min(known, key=lambda value: repr(value) if isinstance(value, list | dict) else value, default=None)


def matching(
    source: ir.EventSource, where: ir.Predicate | None, window: ir.Window | None, scope: Scope
) -> list[Happening]:
    """What matches, in order. A row without an owner is nobody's; an event without an id, or not yet there, is none."""
    found: dict[Any, list[Row]] = {}
    for place, row in enumerate(scope.world.owned(source.table, source.customer_column, scope.key)):
        identity = place if source.id_column is None else row.get(source.id_column)
        if identity is None or not _is_there(source, window, row, scope):
            continue
        if where is None or scope.inside(row).holds(where):
            found.setdefault(identity, []).append(row)
    made = [_happening(source, identity, tuple(rows)) for identity, rows in found.items()]
    return made if source.occurred_column is None else sorted(made, key=lambda each: each.order)


def _is_there(source: ir.EventSource, window: ir.Window | None, row: Row, scope: Scope) -> bool:
    if source.kind_column is not None and row.get(source.kind_column) != source.kind_value:
        return False
    received = row.get(source.received_column) if source.received_column is not None else None
    if received is not None and received > scope.as_of:
        return False
    return source.occurred_column is None or within(window, row.get(source.occurred_column), scope)


def _happening(source: ir.EventSource, identity: Any, rows: tuple[Row, ...]) -> Happening:
    if source.occurred_column is None:
        return Happening(source, identity, None, None, None, rows)
    happened = [row[source.occurred_column] for row in rows]
    received = [row.get(source.received_column) for row in rows] if source.received_column is not None else []
    seen = [max(at, arrived or at) for at, arrived in zip(happened, received or happened, strict=True)]
    return Happening(source, identity, min(happened), max(happened), min(seen), rows)


def united(parts: Sequence[Happening]) -> Happening:
    """One event of what are versions of it."""
    versions: list[Row] = []
    for each in parts:
        versions += [version for version in each.versions if not any(version is known for known in versions)]
    return _happening(parts[0].source, parts[0].id, tuple(versions))


def resumed(node: ir.Resumed, scope: Scope) -> bool:
    """Whether a matching event in the window comes so long after the one before it."""
    before: datetime | None = None
    for each in matching(node.event, node.where, None, scope):
        after_gap = before is not None and each.instant - before >= timedelta(seconds=node.gap_seconds)
        if after_gap and within(node.window, each.at, scope):
            return True
        before = each.instant
    return False


@dataclass(frozen=True)
class Chain:
    """Events that satisfy the steps of a sequence, one for each step that is no absence.

    Attributes:
        over_at: when the last absence has lasted long enough; None without one.
    """

    steps: tuple[tuple[str | None, Happening], ...]
    over_at: datetime | None = None

    @property
    def first(self) -> Happening:
        return self.steps[0][1]

    @property
    def last(self) -> Happening:
        return self.steps[-1][1]

    def named(self) -> dict[str, Row]:
        return {alias: each.row for alias, each in self.steps if alias is not None}


def chains(steps: Sequence[ir.Step], window: ir.Window | None, scope: Scope) -> list[Chain]:
    """Every way to satisfy the steps: the first in the window, each other one after the one before it.

    An absence looks at the time after the event before it, and leaves that event the one before the next step too.
    Versions of an event count each for itself, but none follows another one.
    """
    found = [Chain(((steps[0].alias, each),)) for each in _rows(steps[0], window, scope)]
    for step in steps[1:]:
        extended = []
        for chain in found:
            inside = scope.naming(**chain.named())
            follow = [each for each in _rows(step, None, inside) if _follows(each, chain, step)]
            if not step.absent:
                extended += [Chain((*chain.steps, (step.alias, each)), chain.over_at) for each in follow]
                continue
            assert step.seconds is not None
            over = moved(chain.last.instant, timedelta(seconds=step.seconds))
            if not follow and over is not None and over <= scope.as_of:
                extended.append(Chain(chain.steps, over if chain.over_at is None else max(over, chain.over_at)))
        found = extended
    return found


def _rows(step: ir.Step, window: ir.Window | None, scope: Scope) -> list[Happening]:
    """The matching rows, each version of an event for itself."""
    found = matching(step.event, step.where, window, scope)
    rows = [_happening(step.event, each.id, (version,)) for each in found for version in each.versions]
    return sorted(rows, key=lambda each: each.order)


def _follows(each: Happening, chain: Chain, step: ir.Step) -> bool:
    if any(each.id == earlier.id and each.source.name == earlier.source.name for _, earlier in chain.steps):
        return False
    passed = each.instant - chain.last.instant
    return passed > timedelta(0) and (step.seconds is None or passed <= timedelta(seconds=step.seconds))
