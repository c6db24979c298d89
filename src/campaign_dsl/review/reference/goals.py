"""Goals: counted events, all of and any of them, each completion on events that no earlier one has used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.events import Happening, Order, united

Matches = dict[ir.Times, list[Happening]]
"""The matching events of every counted part, in order."""


@dataclass(frozen=True)
class Completion:
    """The ``ordinal``-th time the goal was completed, from 1, by event ``by``."""

    ordinal: int
    by: Happening


def together(matches: Matches) -> Matches:
    """The same, where an event of which different versions match different parts is one event in all of them."""
    versions: dict[tuple[str, Any], list[Happening]] = {}
    for found in matches.values():
        for each in found:
            versions.setdefault((each.source.name, each.id), []).append(each)
    whole = {key: united(found) for key, found in versions.items()}
    return {
        part: sorted((whole[each.source.name, each.id] for each in found), key=lambda each: each.order)
        for part, found in matches.items()
    }


def completions(whole: ir.Times | ir.Group, matches: Matches) -> list[Completion]:
    """Disjoint completions, the earliest first: each is the first event whose start lies after the one before."""
    everything = {each.order: each for found in matches.values() for each in found}
    made: list[Completion] = []
    for order in sorted(everything):
        start = _start(whole, order, matches)
        if start is not None and (not made or start > made[-1].by.order):
            made.append(Completion(len(made) + 1, everything[order]))
    return made


def _start(part: ir.Times | ir.Group, end: Order, matches: Matches) -> Order | None:
    """The latest event from which on the part is complete at ``end``; None when it is not, or not in its time."""
    if isinstance(part, ir.Times):
        so_far = [each.order for each in matches[part] if each.order <= end]
        start = so_far[-part.at_least] if len(so_far) >= part.at_least else None
    else:
        starts = [_start(each, end, matches) for each in part.parts]
        known = [each for each in starts if each is not None]
        missing = part.all and len(known) < len(starts)
        start = None if missing else (min if part.all else max)(known, default=None)
    if start is None or part.seconds is None:
        return start
    return start if end[0] - start[0] < timedelta(seconds=part.seconds) else None
