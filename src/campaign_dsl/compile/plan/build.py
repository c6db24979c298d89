"""From the typed campaign to the plan: SQL for each engine, and the outcomes as steps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib.metadata import version

from sqlglot import exp

from campaign_dsl.compile.plan import model
from campaign_dsl.compile.sql.campaign import DIALECTS, campaign_query
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.zones import tz_version
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Constant
from campaign_dsl.language.semantics.campaigns import outcome_identity
from campaign_dsl.outcomes.message import MessageStep, Property, QuietHours
from campaign_dsl.outcomes.offer import OfferStep
from campaign_dsl.outcomes.points import PointsStep
from campaign_dsl.outcomes.tag import TagStep


def build_plan(
    campaign: ir.Campaign, catalog: Catalog, offers_gate: int, sources: Sequence[model.SourceDigest]
) -> model.Plan:
    """The plan of a campaign. The same campaign, catalog and compiler give the same bytes.

    Args:
        offers_gate: offers above which a run stops without a named approver.
        sources: the files the campaign was made from.
    """
    trigger = campaign.triggers[0]
    assert isinstance(trigger, ir.Anniversary)
    queries = {name: render(campaign_query(campaign, catalog, dialect), name) for name, dialect in DIALECTS.items()}
    return model.Plan(
        campaign=campaign.name,
        formerly=campaign.formerly,
        title=campaign.title,
        kind=campaign.kind,  # type: ignore[arg-type]  # one of KINDS, pydantic checks it
        owner=campaign.owner,
        priority=campaign.priority,
        runs_from=campaign.runs_from,
        runs_until=campaign.runs_until,
        zone=model.Zone(
            attribute=campaign.zone.attribute.name if campaign.zone.attribute else None, default=campaign.zone.default
        ),
        behavior=model.Anniversary(
            attribute=trigger.attribute.name,
            days_before=trigger.days_before,
            at=trigger.at,
            leap_day=campaign.leap_day,  # type: ignore[arg-type]  # one of LEAP_DAYS
        ),
        misfire=model.Misfire(catch_up_days=campaign.catch_up_days),
        holdout_percent=None if campaign.holdout_percent is None else str(campaign.holdout_percent),
        limits=tuple(
            model.Limit(count=each.count, every=each.every, unit=each.unit)  # type: ignore[arg-type]
            for each in campaign.limits
        ),
        budgets=tuple(
            model.Budget(unit=each.unit, amount=each.amount, approved_by=each.approved_by)  # type: ignore[arg-type]
            for each in campaign.budgets
        ),
        offers_gate=offers_gate,
        segments=tuple(each.name for each in campaign.segments),
        steps=tuple(_step(number, each, campaign) for number, each in enumerate(campaign.outcomes)),
        context=tuple(each.name for each in campaign.context),
        queries=queries,
        parameters={
            "as_of": "the instant T, a timestamp with time zone",
            "as_of_minus_N": "T minus N seconds",
            "occurrences": "rows (month_day integer, occurrence text, occurrence_day text)",
        },
        sources=tuple(sorted(sources, key=lambda each: each.path)),
        tz_version=tz_version(),
        compiler_version=version("campaign-dsl"),
    )


def render(query: exp.Expr, dialect: str) -> str:
    """SQL text, laid out for reading."""
    return query.sql(dialect=DIALECTS[dialect].writer, pretty=True, identify=True, max_text_width=100)


def where_of(span: Span) -> str:
    return f"{span.source.path}:{span.line}"


def _step(number: int, each: ir.Outcome, campaign: ir.Campaign) -> model.Step:
    outcome, where = outcome_identity(each), where_of(each.tail.span)
    when = each.tail.condition.says if each.tail.condition else None
    match each:
        case ir.Award():
            assert isinstance(each.amount, Constant)
            return PointsStep(
                number=number,
                outcome=outcome,
                where=where,
                when=when,
                amount=int(each.amount.value),  # type: ignore[arg-type]  # the type checker asks for an integer
                account=each.account,
                account_title=each.account_title,
                source=each.source,
                expires_after_seconds=each.expires_after_seconds,
            )
        case ir.Issue():
            return OfferStep(
                number=number,
                outcome=outcome,
                where=where,
                when=when,
                offer=each.offer,
                title=each.terms.title,
                description=each.terms.description,
                terms_and_conditions=each.terms.terms_and_conditions,
                logo=each.terms.logo,
                pos_discount_id=each.terms.pos_discount_id,
                expires_after_seconds=each.expires_after_seconds,
            )
        case ir.TagFor():
            return TagStep(
                number=number, outcome=outcome, where=where, when=when, tag=each.tag, ttl_seconds=each.ttl_seconds or 0
            )
        case ir.Send():
            message = next(found for found in campaign.messages if found.name == each.message)
            return _message(number, outcome, where, when, message, campaign)
    raise AssertionError(each)


def _message(
    number: int, outcome: str, where: str, when: str | None, message: ir.Message, campaign: ir.Campaign
) -> MessageStep:
    assert message.variant is not None
    assert message.variant_name is not None
    assert message.provider is not None
    return MessageStep(
        number=number,
        outcome=outcome,
        where=where,
        when=when,
        message=message.name,
        channel=message.variant.channel,
        provider=message.provider,
        variant=message.variant_name,
        identifier=message.variant.identifier,
        address_attribute=message.address.name if message.address else None,
        settings=dict(message.settings),
        include=message.variant.include,
        properties=tuple(
            Property(
                name=each.name,
                source=each.source,
                # Exact decimals travel as text: JSON readers would make binary floats of them.
                fallback=str(each.fallback) if isinstance(each.fallback, Decimal) else each.fallback,
            )
            for each in message.properties
        ),
        quiet=QuietHours(start=message.quiet[0], end=message.quiet[1]) if message.quiet else None,
        expires_after_seconds=message.expires_after_seconds,
        suppression_lists=tuple(each.name for each in campaign.suppression),
    )
