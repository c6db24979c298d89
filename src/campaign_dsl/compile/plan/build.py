"""From the typed campaign to the plan: SQL for each engine, and triggers and outcomes as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version

from sqlglot import exp

from campaign_dsl.compile.plan import model
from campaign_dsl.compile.plan.occasions import trigger
from campaign_dsl.compile.plan.steps import steps
from campaign_dsl.compile.sql.binding import PARAMETERS
from campaign_dsl.compile.sql.campaign import campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.settings import Cap
from campaign_dsl.language.catalog.zones import tz_version
from campaign_dsl.language.ir import campaign as ir


def build_plan(
    campaign: ir.Campaign,
    catalog: Catalog,
    offers_gate: int,
    sources: Sequence[model.SourceDigest],
    caps: Mapping[str, Cap] | None = None,
    dialects: Collection[str] = ("duckdb",),
) -> model.Plan:
    """The plan of a campaign. The same campaign, catalog and compiler give the same bytes.

    Args:
        offers_gate: offers above which a run stops without a named approver.
        sources: the files the campaign was made from.
        caps: the workspace's frequency caps.
        dialects: the engines whose SQL the plan has.
    """
    queries = {name: render(campaign_query(campaign, catalog, DIALECTS[name]), name) for name in sorted(dialects)}
    return model.Plan(
        campaign=campaign.name,
        formerly=campaign.formerly,
        title=campaign.title,
        kind=campaign.kind,  # type: ignore[arg-type]  # one of KINDS, pydantic checks it
        owner=campaign.owner,
        priority=campaign.priority,
        runs_from=campaign.runs_from,
        runs_until=campaign.runs_until,
        review=campaign.review,
        zone=model.Zone(
            attribute=campaign.zone.attribute.name if campaign.zone.attribute else None, default=campaign.zone.default
        ),
        triggers=tuple(trigger(each, campaign.leap_day) for each in campaign.triggers),
        misfire=model.Misfire(catch_up_days=campaign.catch_up_days),
        holdout_percent=None if campaign.holdout_percent is None else str(campaign.holdout_percent),
        workspace_holdout_percent=None if campaign.workspace_holdout is None else str(campaign.workspace_holdout),
        limits=tuple(
            model.Limit(count=each.count, every=each.every, unit=each.unit)  # type: ignore[arg-type]
            for each in campaign.limits
        ),
        budgets=tuple(
            model.Budget(unit=each.unit, amount=each.amount, approved_by=each.approved_by)  # type: ignore[arg-type]
            for each in campaign.budgets
        ),
        offers_gate=offers_gate,
        caps=tuple(model.Cap(name=name, **each.model_dump()) for name, each in sorted((caps or {}).items())),
        segments=tuple(each.name for each in campaign.segments),
        arms=tuple(model.Arm(name=each.name, percent=str(each.percent)) for each in campaign.arms),
        languages=campaign.languages,
        language_attribute=campaign.language.name if campaign.language else None,
        data=dict(campaign.data),
        steps=steps(campaign),
        context=(
            *(each.name for each in campaign.context),
            *(f"event.{each.name}" for each in campaign.event_context),
        ),
        queries=queries,
        parameters=PARAMETERS,
        sources=tuple(sorted(sources, key=lambda each: each.path)),
        tz_version=tz_version(),
        compiler_version=version("campaign-dsl"),
    )


def render(query: exp.Expr, dialect: str) -> str:
    """SQL text, laid out for reading."""
    return query.sql(dialect=DIALECTS[dialect].writer, pretty=True, identify=True, max_text_width=100)
