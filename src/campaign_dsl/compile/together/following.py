"""One event after another: what the rows of both, in the order of each customer's time, can tell."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.compile.together.trailing import Start, start_of
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import walk


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an event that pass a filter."""

    source: nodes.EventSource
    where: nodes.Predicate | None


@dataclass(frozen=True, slots=True)
class Following:
    """After one of ``first`` in a window that ends at T, one of ``then``, or (``absent``) none of them.

    Attributes:
        seconds: how long after it, inclusive; None: any time up to T.
    """

    first: Rows
    then: Rows
    start: Start
    seconds: int | None
    absent: bool

    @property
    def needs_ids(self) -> bool:
        """Whether one row may not follow another because it is the same event."""
        return self.first.source == self.then.source and self.first.source.id_column is not None


def following(node: nodes.Predicate) -> Following | None:
    """What a condition asks of two events; None when it is about something else. ``node`` is in canonical form."""
    match node:
        case nodes.Sequence((nodes.Step(absent=False) as first, nodes.Step() as then), window):
            start = start_of(first.event, window)
            steps = (first, then)
            if (
                start is None
                or any(each.event.occurred_column is None for each in steps)
                or any(isinstance(each, nodes.Property) and each.alias for step in steps for each in walk(step.where))
            ):
                return None
            one, other = (Rows(each.event, each.where) for each in steps)
            return Following(one, other, start, then.seconds, then.absent)
    return None
