"""From typed outcomes to the plan's steps."""

from __future__ import annotations

from typing import Any

from campaign_dsl.compile.plan.model import Step
from campaign_dsl.compile.plan.places import constant, plain, where_of
from campaign_dsl.language.catalog.model import Offer
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Constant
from campaign_dsl.outcomes.attribute import AttributeStep
from campaign_dsl.outcomes.base import Scalar
from campaign_dsl.outcomes.code import CodeStep
from campaign_dsl.outcomes.event import EventProperty, EventStep
from campaign_dsl.outcomes.message import Content, Conversation, MessageStep, Part, Property, QuietHours
from campaign_dsl.outcomes.offer import OfferStep
from campaign_dsl.outcomes.points import MAX_POINTS, PointsStep
from campaign_dsl.outcomes.reward import RewardStep
from campaign_dsl.outcomes.subscription import SubscriptionStep
from campaign_dsl.outcomes.tag import TagStep, UntagStep

_NOT_TERMS = {
    "title", "form", "description", "terms_and_conditions", "logo", "pos_discount_id", "active", "valid_until",
}  # fmt: skip
"""Keys of a catalog's offer that are no numbers of its form."""


def steps(campaign: ir.Campaign) -> tuple[Step, ...]:
    """The outcomes of a campaign, in order."""
    return tuple(_step(number, each, campaign) for number, each in enumerate(campaign.outcomes))


def _step(number: int, each: ir.Outcome, campaign: ir.Campaign) -> Step:
    common = _common(number, each)
    match each:
        case ir.Award():
            return _points(each, common)
        case ir.Issue():
            return _offer(each, common)
        case ir.IssueCode():
            return CodeStep(
                **common, pool=each.pool, single_use=each.single_use, expires_after_seconds=each.expires_after_seconds
            )
        case ir.IssueReward():
            return RewardStep(
                **common, reward=each.reward, title=each.title, expires_after_seconds=each.expires_after_seconds
            )
        case ir.TagFor():
            return TagStep(**common, tag=each.tag, ttl_seconds=each.ttl_seconds)
        case ir.Untag():
            return UntagStep(**common, tag=each.tag)
        case ir.SetAttribute():
            return AttributeStep(
                **common,
                attribute=each.attribute.name,
                type=each.attribute.type.kind.value,
                value=constant(each.value),
                computed=not isinstance(each.value, Constant),
            )
        case ir.Subscribe():
            return SubscriptionStep(**common, conversation=each.conversation, subscribed=each.subscribed)
        case ir.RecordEvent():
            properties = tuple(
                EventProperty(name=name, value=constant(value), computed=not isinstance(value, Constant))
                for name, value in each.properties
            )
            return EventStep(**common, event=each.event, properties=properties)
        case ir.Send():
            message = next(found for found in campaign.messages if found.name == each.message)
            return _message(message, campaign, common)


def _common(number: int, each: ir.Outcome) -> dict[str, Any]:
    tail = each.tail
    return {
        "number": number,
        "outcome": outcome_identity(each),
        "where": where_of(tail.span),
        "when": tail.condition.says if tail.condition else None,
        "choice": tail.choice,
        "delay_seconds": tail.delay_seconds,
    }


def _points(each: ir.Award, common: dict[str, Any]) -> PointsStep:
    amount, at_most = constant(each.amount), each.at_most
    if amount is None:
        at_most = MAX_POINTS if at_most is None else min(at_most, MAX_POINTS)
    else:
        assert isinstance(amount, int), "the type checker asked for an integer"
        amount, at_most = min(amount, at_most or amount), None
    return PointsStep(
        **common,
        amount=amount,
        at_most=at_most,
        account=each.account,
        account_title=each.account_title,
        source=each.source,
        expires_after_seconds=each.expires_after_seconds,
    )


def _offer(each: ir.Issue, common: dict[str, Any]) -> OfferStep:
    return OfferStep(
        **common,
        offer=each.offer,
        title=each.terms.title,
        form=each.terms.form,
        terms=_terms(each.terms),
        description=each.terms.description,
        terms_and_conditions=each.terms.terms_and_conditions,
        logo=each.terms.logo,
        pos_discount_id=each.terms.pos_discount_id,
        valid_until=each.terms.valid_until,
        expires_after_seconds=each.expires_after_seconds,
    )


def _terms(offer: Offer) -> dict[str, Scalar | dict[str, Scalar]]:
    numbers = offer.model_dump(mode="json", exclude=_NOT_TERMS, exclude_none=True)
    return {name: numbers[name] for name in sorted(numbers)}


def _message(message: ir.Message, campaign: ir.Campaign, common: dict[str, Any]) -> MessageStep:
    variant = message.variant
    return MessageStep(
        **common,
        message=message.name,
        type=message.type,  # type: ignore[arg-type]  # pydantic checks these three
        display=message.display,  # type: ignore[arg-type]
        purpose=message.purpose,  # type: ignore[arg-type]
        conversation=_conversation(message.conversation) if message.conversation else None,
        channel=message.channel_name,
        provider=message.provider,
        variant=message.variant_name,
        identifier=variant.identifier if variant else "external_user_id",
        address_attribute=message.address.name if message.address else None,
        settings=dict(message.settings),
        include=variant.include if variant else (),
        properties=tuple(
            Property(name=each.name, source=each.source, fallback=plain(each.fallback)) for each in message.properties
        ),
        contents=tuple(_content(each) for each in message.contents),
        quiet=QuietHours(start=message.quiet[0], end=message.quiet[1]) if message.quiet else None,
        expires_after_seconds=message.expires_after_seconds,
        visible_seconds=message.visible_seconds,
        seeds=message.seeds,
        suppression_lists=tuple(each.name for each in campaign.suppression),
    )


def _conversation(each: ir.Conversation) -> Conversation:
    return Conversation(
        name=each.name,
        title=each.title,
        channel=each.channel,
        sender=each.sender,
        reply_to=each.reply_to,
        dkim_domain=each.dkim_domain,
        dkim_selector=each.dkim_selector,
    )


def _content(each: ir.Content) -> Content:
    return Content(
        where=where_of(each.span),
        segment=each.segment,
        language=each.language,
        arm=each.arm,
        parts=tuple(
            Part(name=part.name, template=part.template, html=part.html, path=part.path) for part in each.parts
        ),
        provider_template=each.provider_template,
    )
