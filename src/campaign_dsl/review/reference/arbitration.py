"""What is scarce: limits of a campaign, frequency caps that campaigns share, budgets.

Campaigns that run together come by priority, the higher first, then by name. Within one of them decisions come by day,
then by customer id. Every stage looks at all of a campaign's candidates before the next one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from campaign_dsl.language.catalog.model import Cap, Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.eligibility import Candidate
from campaign_dsl.review.reference.moments import units
from campaign_dsl.review.reference.outcomes import Effect, needs
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.world import Decided


@dataclass(frozen=True)
class Proposal:
    """A candidate with what it would be given, before it is known whether there is enough."""

    candidate: Candidate
    given: tuple[Effect, ...]
    channels: tuple[str, ...]
    scope: Scope = field(repr=False)

    def lose(self, stage: str, because: str) -> Proposal:
        """Stopped at a stage."""
        return replace(self, candidate=replace(self.candidate, lost=stage, because=because))

    @property
    def is_lost(self) -> bool:
        return self.candidate.lost is not None

    def decided(self, campaign: ir.Campaign) -> Decided:
        """As later decisions will see this one."""
        here = self.candidate
        return Decided(campaign.first_name, here.id, here.occurrence.key, here.occurrence.day, self.channels)


def in_turn(campaigns: Sequence[ir.Campaign]) -> list[ir.Campaign]:
    """By priority, the higher first, then by name."""
    return sorted(campaigns, key=lambda each: (-each.priority, each.name))


def channels(campaign: ir.Campaign, given: Sequence[Effect]) -> tuple[str, ...]:
    """The channel of each message that is sent."""
    by_name = {each.name: each.channel_name for each in campaign.messages}
    sent = (campaign.outcomes[each.number] for each in given)
    return tuple(by_name[each.message] for each in sent if isinstance(each, ir.Send))


def settled(
    campaign: ir.Campaign,
    proposals: Sequence[Proposal],
    before: Sequence[Decided],
    spent: dict[str, int],
    caps: dict[str, Cap],
    catalog: Catalog,
) -> list[Proposal]:
    """The proposals in their order, each decided or lost at one stage.

    Args:
        before: decisions of earlier runs, and of campaigns whose turn was earlier in this one.
        spent: what earlier runs took from the campaign's budgets.
    """
    ordered = sorted(proposals, key=lambda each: each.candidate.order)
    known = {(each.customer, each.occurrence) for each in before if each.campaign == campaign.first_name}
    ordered = [
        each.lose("decided", "an earlier run")
        if not each.is_lost and (each.candidate.id, each.candidate.occurrence.key) in known
        else each
        for each in ordered
    ]
    ordered = _limited(campaign, ordered, before)
    ordered = _capped(campaign, ordered, before, caps, catalog)
    return _budgeted(campaign, ordered, spent)


def window(day: date, every: int, unit: str) -> tuple[date, date]:
    """The days that count against an occurrence on ``day``: its calendar unit, and the ``every`` - 1 ones before."""
    return (date.min, date.max) if unit == "ever" else units(day, every, unit)


def _limited(campaign: ir.Campaign, proposals: list[Proposal], before: Sequence[Decided]) -> list[Proposal]:
    mine = [each for each in before if each.campaign == campaign.first_name]
    kept: list[Proposal] = []
    for each in proposals:
        if not each.is_lost:
            for limit in campaign.limits:
                first, last = window(each.candidate.occurrence.day, limit.every, limit.unit)
                same = [one for one in mine if one.customer == each.candidate.id and first <= one.day <= last]
                if len(same) >= limit.count and not each.is_lost:
                    each = each.lose("within_limits", _says(limit))
            if not each.is_lost:
                mine.append(each.decided(campaign))
        kept.append(each)
    return kept


def _says(limit: ir.Limit) -> str:
    return f"{limit.count} per {limit.every} {limit.unit}"


def _capped(
    campaign: ir.Campaign,
    proposals: list[Proposal],
    before: Sequence[Decided],
    caps: dict[str, Cap],
    catalog: Catalog,
) -> list[Proposal]:
    """A decision is lost when its messages, with those sent already, are more than a cap allows."""
    everything = list(before)
    kept: list[Proposal] = []
    for each in proposals:
        if not each.is_lost:
            for name, cap in caps.items():
                if not each.is_lost and _exceeds(cap, each, everything, catalog):
                    each = each.lose("within_caps", name)
            if not each.is_lost:
                everything.append(each.decided(campaign))
        kept.append(each)
    return kept


def _exceeds(cap: Cap, proposal: Proposal, before: Sequence[Decided], catalog: Catalog) -> bool:
    if cap.tag is not None and not has_tag(cap.tag, proposal.scope, catalog):
        return False
    first, last = window(proposal.candidate.occurrence.day, cap.every, cap.unit)
    earlier = [
        channel
        for each in before
        if each.customer == proposal.candidate.id and first <= each.day <= last
        for channel in each.messages
    ]
    counted = [cap.channel in (None, channel) for channel in earlier]
    more = [cap.channel in (None, channel) for channel in proposal.channels]
    return any(more) and sum(counted) + sum(more) > cap.at_most


def has_tag(tag: str, scope: Scope, catalog: Catalog) -> bool:
    """Whether a tag is on her profile at T; until its end, which it does not include."""
    facet = catalog.profile.tags
    if facet is None:
        return False
    rows = scope.world.owned(facet.table, facet.customer, scope.key)
    ends = [row.get(facet.expires_at) for row in rows if row.get(facet.tag) == tag]
    return any(end is None or end > scope.as_of for end in ends)


def _budgeted(campaign: ir.Campaign, proposals: list[Proposal], spent: dict[str, int]) -> list[Proposal]:
    """The first decision that does not fit is lost, and all after it, even smaller ones: nobody overtakes."""
    left = {each.unit: each.amount - spent.get(each.unit, 0) for each in campaign.budgets}
    short: str | None = None
    kept: list[Proposal] = []
    for each in proposals:
        if not each.is_lost:
            taken = needs(list(each.given))
            if short is None:
                short = next((unit for unit in left if taken[unit] > left[unit]), None)
            if short is not None:
                each = each.lose("within_budget", short)
            else:
                left = {unit: rest - taken[unit] for unit, rest in left.items()}
        kept.append(each)
    return kept
