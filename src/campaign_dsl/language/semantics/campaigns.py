"""From the syntax tree of a campaign to the typed campaign: names found, types known, policies settled."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.semantics.behavior.limits import budgets, limits
from campaign_dsl.language.semantics.behavior.scope import outcome_names, scope_of
from campaign_dsl.language.semantics.behavior.triggers import triggers
from campaign_dsl.language.semantics.campaign.audience import Audience, audience, audience_predicate, exclusion
from campaign_dsl.language.semantics.campaign.head import head
from campaign_dsl.language.semantics.campaign.kinds import check_kind
from campaign_dsl.language.semantics.checks import check_size
from campaign_dsl.language.semantics.messages import Messages, Telling, messages
from campaign_dsl.language.semantics.outcomes import Given, Surroundings, given
from campaign_dsl.language.semantics.world import World
from campaign_dsl.language.syntax import tree as t

__all__ = ["World", "audience_predicate", "campaign", "exclusion", "outcome_identity"]

ABOUT_TRIGGERS = frozenset({"NAM023", "OUT010", "MSG020"})
"""What cannot be said as long as a trigger has errors of its own."""


def campaign(node: t.Campaign, world: World, problems: Problems) -> ir.Campaign | None:
    """The typed campaign, or None after having reported every reason why there is none."""
    before = len(problems)
    top = head(node, world, problems)
    names = world.names(top.zone.default if top.zone else world.settings.timezone)
    happens = triggers(node, names, problems)
    who = audience(node, names, problems)
    scope, inside = scope_of(happens, world.catalog), outcome_names(names, happens, world.catalog)
    found = Problems()
    gives = given(node, Surroundings(inside, scope, who.segment_names, top.arm_names), found)
    tells = messages(node, Telling(names, top, who.segment_names, scope, gives), world, found)
    if node.behavior is None or len(happens) < len(node.behavior.triggers):
        found = _without(ABOUT_TRIGGERS, found)
    problems.extend(found.sorted())
    check_kind(node, gives, problems)
    suppression = _suppression(node, who, tells, problems)
    often = limits(node.behavior, problems)
    much = budgets(node.behavior, gives.outcomes, gives.complete, world.settings, problems)
    if len(problems) > before or top.zone is None or who.predicate is None or node.audience is None:
        return None
    if not check_size(_predicates(who, gives, happens, tells), node.audience.span, problems):
        return None
    return ir.Campaign(
        name=node.name.text,
        formerly=tuple(old.text for old in node.formerly),
        title=node.title.text if node.title else node.name.text,
        kind=top.kind,
        owner=node.owner.text if node.owner else None,
        priority=top.priority,
        runs_from=top.runs[0],
        runs_until=top.runs[1],
        review=top.review,
        zone=top.zone,
        leap_day=top.leap_day,
        catch_up_days=top.catch_up_days,
        audience=who.predicate,
        audience_span=node.audience.where.span if node.audience.where else node.audience.span,
        excludes=who.excludes,
        suppression=suppression,
        segments=who.segments,
        arms=top.arms,
        languages=top.languages,
        language=top.language,
        holdout_percent=who.holdout,
        triggers=happens,
        limits=often,
        budgets=much,
        outcomes=gives.outcomes,
        messages=tells.messages,
        data=top.data,
        context=tells.context,
        event_context=tells.event_context,
        span=node.name.span,
        workspace_holdout=world.settings.holdout_percent,
        holdout_span=node.audience.holdout.span if node.audience.holdout else None,
    )


def _without(codes: frozenset[str], problems: Problems) -> Problems:
    kept = Problems()
    kept.extend(tuple(each for each in problems.sorted() if each.code not in codes))
    return kept


def _suppression(
    node: t.Campaign, who: Audience, tells: Messages, problems: Problems
) -> tuple[ir.SuppressionList, ...]:
    """The lists that apply: those of the audience, and those of the conversations its messages belong to."""
    lists = tuple({each.name: each for each in (*who.suppression, *tells.suppression)}.values())
    if lists and tells.complete and not any(each.address for each in tells.messages):
        named = node.audience.suppress if node.audience else ()
        problems.add(
            "AUD009",
            "nothing here can be matched with a suppression list",
            named[0].span if named else node.name.span,
            why="lists hold addresses, and no message of this campaign goes to a channel with an `address`",
            help="give the channel an `address` in catalog.yaml, or leave `suppress` out",
        )
    return lists


def _predicates(who: Audience, gives: Given, happens: tuple[ir.Trigger, ...], tells: Messages) -> tuple[Predicate, ...]:
    """Everything that is asked of customers."""
    conditions = (each.tail.condition for each in gives.outcomes)
    asked = [each.predicate for each in conditions if each is not None and each.predicate is not None]
    asked += [each.predicate for each in happens if isinstance(each, ir.Crossing)]
    asked += [each.subscription for each in tells.messages if each.subscription is not None]
    return (*who.predicates, *asked)
