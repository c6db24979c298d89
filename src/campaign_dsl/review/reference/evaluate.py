"""Campaigns at one instant: the whole funnel, and what comes out at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from campaign_dsl.language.catalog.model import Cap, Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.funnel import LOST_STAGES
from campaign_dsl.review.reference.arbitration import Proposal, channels, in_turn, settled
from campaign_dsl.review.reference.eligibility import Candidate, candidates
from campaign_dsl.review.reference.judge import Judge, holds
from campaign_dsl.review.reference.messages import Message, Press, Render, copies, messages
from campaign_dsl.review.reference.outcomes import Effect, effects, needs
from campaign_dsl.review.reference.triggers import Period
from campaign_dsl.review.reference.world import Clock, Decided, World, id_of, readable


@dataclass(frozen=True)
class Settings:
    """What does not stand in campaigns.

    Attributes:
        caps: frequency caps that all campaigns share, by name.
        render: makes text of templates; None leaves the parts of messages out.
        links: addresses made at the time of sending, such as `unsubscribe`.
    """

    caps: Mapping[str, Cap] = field(default_factory=dict)
    render: Render | None = None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluated:
    """One campaign.

    Attributes:
        funnel: how many remain at each stage of `FUNNEL`.
        candidates: for whom it happens, decided or lost, in the order in which budgets are spent.
        messages: to customers; the copies for seed lists are in ``seeds``.
        members: who is in each audience that a trigger watches, for the next evaluation.
        decided, spent: what later evaluations have to know.
    """

    campaign: str
    funnel: Mapping[str, int]
    candidates: tuple[Candidate, ...]
    effects: tuple[Effect, ...]
    messages: tuple[Message, ...]
    seeds: tuple[Message, ...]
    members: Mapping[str, frozenset[str]]
    decided: tuple[Decided, ...]
    spent: Mapping[str, int]

    @property
    def decisions(self) -> tuple[Candidate, ...]:
        """Those who get something."""
        return tuple(each for each in self.candidates if each.lost is None)


@dataclass(frozen=True)
class Result:
    """Campaigns that were evaluated together, in the order of their turn."""

    campaigns: tuple[Evaluated, ...]

    def __getitem__(self, name: str) -> Evaluated:
        return next(each for each in self.campaigns if each.campaign == name)


def evaluate(
    campaigns: Sequence[ir.Campaign],
    catalog: Catalog,
    world: World,
    as_of: datetime,
    since: datetime | None = None,
    settings: Settings | None = None,
    days: Sequence[date] | None = None,
) -> Result:
    """What the campaigns, run together at T, would decide.

    Args:
        since: instants after this one are decided; by default those of the last day, or of as many days as the
            campaign makes up for. Windows may overlap: what was decided is not decided again.
        days: the calendar days that are decided; by default the one T is written in.
    """
    chosen = settings or Settings()
    before = list(world.decided)
    found = []
    for campaign in in_turn(campaigns):
        start = since or as_of - timedelta(days=max(1, campaign.catch_up_days))
        period = Period(tuple(days) if days is not None else (as_of.date(),), start)
        made = _evaluated(campaign, catalog, world, as_of, period, before, chosen)
        before += made.decided
        found.append(made)
    return Result(tuple(found))


def _evaluated(
    campaign: ir.Campaign,
    catalog: Catalog,
    world: World,
    as_of: datetime,
    period: Period,
    before: Sequence[Decided],
    settings: Settings,
) -> Evaluated:
    clock = Clock(as_of, campaign.zone, campaign.leap_day)
    judges = [Judge(world, clock, customer) for customer in readable(world, clock)]
    audience = [judge for judge in judges if judge.holds(campaign.audience)]
    proposals = [_proposal(campaign, each, judge) for judge in audience for each in candidates(campaign, judge, period)]
    spent = dict(world.spent.get(campaign.first_name, {}))
    ended = settled(campaign, proposals, before, spent, dict(settings.caps), catalog)
    kept = [each for each in ended if not each.is_lost]
    press = Press(catalog, settings.render, settings.links)
    sent = [message for each in kept for message in messages(campaign, each.candidate, each.given, each.scope, press)]
    totals = {"customers": len(world.customers), "readable": len(judges), "audience": len(audience)}
    return Evaluated(
        campaign=campaign.name,
        funnel=_funnel(totals, [each.candidate for each in ended]),
        candidates=tuple(each.candidate for each in ended),
        effects=tuple(effect for each in kept for effect in each.given),
        messages=tuple(sent),
        seeds=tuple(copies(campaign, sent)),
        members=_members(campaign, world, clock),
        decided=tuple(each.decided(campaign) for each in kept),
        spent=needs([effect for each in kept for effect in each.given]),
    )


def _proposal(campaign: ir.Campaign, candidate: Candidate, judge: Judge) -> Proposal:
    given = effects(campaign, candidate, judge) if candidate.lost is None else []
    return Proposal(candidate, tuple(given), channels(campaign, given), judge)


def _funnel(totals: Mapping[str, int], found: Sequence[Candidate]) -> dict[str, int]:
    """How many remain at each stage: everybody who is lost is lost at exactly one."""
    remaining: dict[str, Any] = {**totals, "behavior": len(found)}
    left = len(found)
    for stage in LOST_STAGES:
        left -= sum(each.lost == stage for each in found)
        remaining[stage] = left
    return remaining


def _members(campaign: ir.Campaign, world: World, clock: Clock) -> dict[str, frozenset[str]]:
    watched = {each.audience: each.predicate for each in campaign.triggers if isinstance(each, ir.Crossing)}
    return {
        name: frozenset(id_of(each, world) for each in readable(world, clock) if holds(predicate, each, world, clock))
        for name, predicate in watched.items()
    }
