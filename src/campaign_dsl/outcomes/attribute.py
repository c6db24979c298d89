"""Outcome `set`: a new value of a customer attribute, a tier included."""

from __future__ import annotations

from typing import Literal

from campaign_dsl.outcomes.base import Scalar, StepBase


class AttributeStep(StepBase):
    """Set ``attribute``.

    Attributes:
        type: kind of the value: text, integer, decimal, boolean, date, timestamp or enum.
        value: the new value; decimals, days and instants as text.
        computed: a formula says the value for each customer, in the query's column `computed`. Where that is missing,
            nothing changes.
    """

    kind: Literal["attribute"] = "attribute"
    attribute: str
    type: str
    value: Scalar = None
    computed: bool = False
