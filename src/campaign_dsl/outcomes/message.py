"""Outcome `send`: a message for the customer, as a row in the outbox."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import Frozen, StepBase

Scalar = str | int | float | bool | None


class Property(Frozen):
    """One value of a message, taken from the ledger row of the effect it talks about.

    Attributes:
        source: ``customer.<attribute>``, ``outcome.points.amount``, ``outcome.points.account``,
            ``outcome.points.expires_at``, ``offer.id``, ``offer.title``, ``offer.user_offer_id``,
            ``offer.description``, ``offer.terms_and_conditions``, ``offer.logo``, ``offer.pos_discount_id``,
            ``offer.expires_at``, ``campaign.name``, ``campaign.title``, ``occurrence.key``, ``occurrence.date``;
            None for a constant.
        fallback: the value when the source is missing, and the value of a constant.
    """

    name: str
    source: str | None
    fallback: Scalar = None


class QuietHours(Frozen):
    """Local hours without messages, from ``start`` (inclusive) to ``end`` (exclusive), ``HH:MM``; may pass midnight."""

    start: str = Field(pattern=r"^\d\d:\d\d$")
    end: str = Field(pattern=r"^\d\d:\d\d$")


class MessageStep(StepBase):
    """Send one message through a provider's variant.

    Attributes:
        settings: the variant's advanced settings; for Braze exactly one of ``braze_campaign_id`` and
            ``braze_canvas_id``.
        address_attribute: the customer attribute with the address, matched against suppression lists.
        include: data groups of the interface contract the variant carries.
        expires_after_seconds: how long after its due instant a message may still leave; None means for ever.
    """

    kind: Literal["message"] = "message"
    message: str
    type: Literal["external"] = "external"
    channel: str
    provider: str
    variant: str
    identifier: Literal["external_user_id", "email"]
    address_attribute: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)
    include: tuple[Literal["offer", "point_award", "event_trigger", "campaign"], ...] = ()
    properties: tuple[Property, ...] = ()
    quiet: QuietHours | None = None
    expires_after_seconds: int | None = Field(None, gt=0)
    suppression_lists: tuple[str, ...] = ()
