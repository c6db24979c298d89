"""What makes a campaign happen, as the plan says it: values only. The conditions on events are in the query.

Every trigger names the family of its occurrence keys. Keys of one family mean the same occasion whatever else is
edited; to a campaign that goes from one family to another, every occasion would be a new one.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from campaign_dsl.outcomes.base import Frozen

Clock = Annotated[str, Field(pattern=r"^\d\d:\d\d$")]


class TriggerBase(Frozen):
    """What every trigger has.

    Attributes:
        where: ``path:line`` of the clause.
        says: the trigger in the author's words.
        family: of its occurrence keys, e.g. ``anniversary``, ``event purchase``, ``entering lapsed``.
    """

    where: str
    says: str
    family: str


class Anniversary(TriggerBase):
    """Every year on a date attribute. Key: the year that is celebrated.

    Attributes:
        days_before: how many calendar days before the anniversary the occurrence falls; negative for after.
        at: local time of the occurrence.
        leap_day: where an anniversary of 29 February falls in common years.
    """

    kind: Literal["anniversary"] = "anniversary"
    attribute: str
    days_before: int
    at: Clock
    leap_day: Literal["feb_28", "mar_1"]


class HolidayDays(Frozen):
    """The days a holiday falls on, ascending; ``country`` None for everybody."""

    country: str | None
    days: tuple[date, ...]


class Holiday(TriggerBase):
    """A movable feast. Key: ``<name>/<year>``.

    Attributes:
        falls_on: as far as the plan looks ahead.
        country_attribute: the customer's country, where it matters.
    """

    kind: Literal["holiday"] = "holiday"
    name: str
    title: str
    falls_on: tuple[HolidayDays, ...]
    country_attribute: str | None = None
    days_before: int
    at: Clock


class Schedule(TriggerBase):
    """Ticks of the calendar, at local times. Key: the local tick, ``2026-11-27T09:00``.

    Attributes:
        rule: an RRULE of RFC 5545; None for the single tick on the day ``first``.
        first: the day the rule counts from.
    """

    kind: Literal["schedule"] = "schedule"
    rule: str | None
    first: date
    at: Clock


class Event(TriggerBase):
    """Each matching event. Key: ``<event>/<event id>``."""

    kind: Literal["event"] = "event"
    event: str


class EveryNth(TriggerBase):
    """Each ``n``-th matching event of a customer. Key: ``<event>#/<ordinal of the event>``.

    Attributes:
        each_step: every matching event is an occurrence, not only the n-th.
    """

    kind: Literal["every_nth"] = "every_nth"
    event: str
    n: int = Field(ge=1)
    each_step: bool


class Times(Frozen):
    """``at_least`` matching events within ``within_seconds`` (None: any time)."""

    kind: Literal["times"] = "times"
    event: str
    at_least: int = Field(ge=1)
    within_seconds: int | None = None


class Group(Frozen):
    """All or any of the parts, within ``within_seconds`` (None: any time)."""

    kind: Literal["group"] = "group"
    of: Literal["all", "any"]
    parts: tuple[GoalPart, ...]
    within_seconds: int | None = None


GoalPart = Annotated[Times | Group, Field(discriminator="kind")]
Group.model_rebuild()


class Goal(TriggerBase):
    """A goal of counted parts. Key: ``goal/<ordinal of the completion>``."""

    kind: Literal["goal"] = "goal"
    whole: GoalPart


class SequenceStep(Frozen):
    """One step of a sequence: an event, or for so long none of it."""

    event: str
    alias: str | None = None
    absent: bool = False
    within_seconds: int | None = None


class Sequence(TriggerBase):
    """Steps in order. Key: ``sequence/<id of the last step that is an event>``."""

    kind: Literal["sequence"] = "sequence"
    steps: tuple[SequenceStep, ...]
    within_seconds: int | None = None


class Crossing(TriggerBase):
    """Entering or leaving an audience between two evaluations. Key: ``entering/<audience>/<T in UTC>``."""

    kind: Literal["crossing"] = "crossing"
    audience: str
    entering: bool


Trigger = Annotated[
    Anniversary | Holiday | Schedule | Event | EveryNth | Goal | Sequence | Crossing, Field(discriminator="kind")
]
