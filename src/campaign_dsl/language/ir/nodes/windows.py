"""When events count."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.ir.nodes.values import Ago, CalendarAgo, Constant, Now, Today

Moment = Constant | Now | Today | Ago | CalendarAgo
"""An instant, or a calendar day where the customer is."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """The half-open interval ``(T - seconds, T]``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whole calendar units where the customer is: ``count`` of them, the last one ``back`` units before the current.

    ``Calendar(90, "day", 0)`` is today and the 89 days before it; ``Calendar(1, "month", 1)`` is last month.
    Weeks begin on Monday. Nothing after T is in it.
    """

    count: int
    unit: str
    back: int = 0


@dataclass(frozen=True, slots=True)
class Bounded:
    """Since and until are inclusive, after and before exclusive. Never after T."""

    since: Moment | None = None
    after: Moment | None = None
    until: Moment | None = None
    before: Moment | None = None


Window = Rolling | Calendar | Bounded
