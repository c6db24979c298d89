"""Outcome `send`: a message for the customer, as a row in the outbox."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from campaign_dsl.outcomes.base import Frozen, Scalar, StepBase


class Property(Frozen):
    """One value of a message, taken from the ledger row of the effect it talks about.

    Attributes:
        source: ``customer.<attribute>``, ``event.<property>``, ``goal.step``, ``goal.target``, ``goal.completed``,
            ``outcome.points.amount``, ``outcome.points.account``, ``outcome.points.expires_at``, ``offer.id``,
            ``offer.title``, ``offer.user_offer_id``, ``offer.description``, ``offer.terms_and_conditions``,
            ``offer.logo``, ``offer.pos_discount_id``, ``offer.expires_at``, ``campaign.name``, ``campaign.title``,
            ``campaign.data.<key>``, ``occurrence.key``, ``occurrence.date``, ``segment``, ``variant``, ``language``;
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


class Part(Frozen):
    """One part of a content: a Jinja2 template.

    Attributes:
        html: whether values are escaped for HTML.
        path: the file it came from, or None when it stands in the campaign.
    """

    name: str
    template: str
    html: bool = False
    path: str | None = None


class Content(Frozen):
    """What a message says in a segment, a language, an arm; None: in all of them. The most specific one is meant.

    Attributes:
        provider_template: id of content that the provider holds, instead of ``parts``.
    """

    where: str
    segment: str | None = None
    language: str | None = None
    arm: str | None = None
    parts: tuple[Part, ...] = ()
    provider_template: str | None = None


class Conversation(Frozen):
    """The customer space a message belongs to: who it is from, and what a customer subscribes to."""

    name: str
    title: str
    channel: str
    sender: str | None = None
    reply_to: str | None = None
    dkim_domain: str | None = None
    dkim_selector: str | None = None


class MessageStep(StepBase):
    """Send one message, through a provider's variant or with content of its own.

    Attributes:
        display: graphic or video, of an in-app message.
        purpose: marketing; or transactional, which needs no consent.
        provider, variant: None for a message that no provider of the workspace was named for.
        identifier: how the provider is told whom to reach.
        settings: the variant's advanced settings; for Braze exactly one of ``braze_campaign_id`` and
            ``braze_canvas_id``.
        address_attribute: the customer attribute with the address, matched against suppression lists.
        include: data groups of the interface contract the variant carries.
        expires_after_seconds: how long after its due instant a message may still leave; None means for ever.
        visible_seconds: how long a message of the activity feed is there.
        seeds: addresses that get a copy, marked and outside of results.
    """

    kind: Literal["message"] = "message"
    message: str
    type: Literal["email", "sms", "push", "inbox", "feed", "in_app", "external"] = "external"
    display: Literal["graphic", "video"] | None = None
    purpose: Literal["marketing", "transactional"] = "marketing"
    conversation: Conversation | None = None
    channel: str
    provider: str | None = None
    variant: str | None = None
    identifier: Literal["external_user_id", "email"] = "external_user_id"
    address_attribute: str | None = None
    settings: dict[str, str] = Field(default_factory=dict)
    include: tuple[Literal["offer", "point_award", "event_trigger", "campaign"], ...] = ()
    properties: tuple[Property, ...] = ()
    contents: tuple[Content, ...] = ()
    quiet: QuietHours | None = None
    expires_after_seconds: int | None = Field(None, gt=0)
    visible_seconds: int | None = Field(None, gt=0)
    seeds: tuple[str, ...] = ()
    suppression_lists: tuple[str, ...] = ()
