"""Outcome `record`: an event that campaigns can be triggered by."""

from __future__ import annotations

from typing import Literal

from campaign_dsl.outcomes.base import Frozen, Scalar, StepBase


class EventProperty(Frozen):
    """One property of the event.

    Attributes:
        value: a constant; decimals, days and instants as text.
        computed: a formula says it for each customer, in the query's column `computed`, as ``<step number>.<name>``.
    """

    name: str
    value: Scalar = None
    computed: bool = False


class EventStep(StepBase):
    """Record one event of the customer, at the instant of the outcome."""

    kind: Literal["event"] = "event"
    event: str
    properties: tuple[EventProperty, ...] = ()
