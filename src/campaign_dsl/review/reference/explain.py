"""Why one customer gets something or not: every stage, with every value that was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.zones import known_zone
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.funnel import LOST_STAGES
from campaign_dsl.review.reference import predicates, values
from campaign_dsl.review.reference.chance import BUCKETS, bucket
from campaign_dsl.review.reference.eligibility import Candidate, addresses, segment_of
from campaign_dsl.review.reference.evaluate import Settings, evaluate
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.world import Clock, Row, World, id_of


@dataclass(frozen=True)
class Trace:
    """A predicate or value, what it came to, and what was asked on the way.

    Attributes:
        result: of a predicate whether it holds, of a value the value.
    """

    node: nodes.Predicate | nodes.Value
    result: Any
    inner: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class Witness(Judge):
    """A judge who remembers what was asked."""

    trail: list[Trace] = field(default_factory=list, compare=False)

    def holds(self, node: nodes.Predicate) -> bool:
        below = replace(self, trail=[])
        found = predicates.holds(node, below)
        self.trail.append(Trace(node, found, tuple(below.trail)))
        return found

    def value(self, node: nodes.Value) -> Any:
        below = replace(self, trail=[])
        found = values.value(node, below)
        self.trail.append(Trace(node, found, tuple(below.trail)))
        return found

    def of(self, customer: Row) -> Self:
        """Somebody else, of whom nothing is remembered."""
        return replace(super().of(customer), trail=[])


def trace(predicate: nodes.Predicate, scope: Scope) -> Trace:
    """Whether ``predicate`` holds, and why."""
    witness = _witness(scope)
    witness.holds(predicate)
    return witness.trail[0]


def trace_value(value: nodes.Value, scope: Scope) -> Trace:
    """What ``value`` is, and what it comes from."""
    witness = _witness(scope)
    witness.value(value)
    return witness.trail[0]


def _witness(scope: Scope) -> Witness:
    return Witness(scope.world, scope.clock, scope.customer, scope.row, scope.named, scope.elements)


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel for one customer.

    Attributes:
        reached: whether she got past it.
        because: what stopped her, in a word.
        traces: the predicates and values of the stage.
        seen: what else was looked at, by name: addresses, the place in a random share, earlier decisions.
    """

    name: str
    reached: bool
    because: str | None = None
    traces: tuple[Trace, ...] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """One customer in one campaign.

    Attributes:
        stages: those up to the one where she was lost, or all of them.
        candidates: the occurrences, each with its own end.
    """

    campaign: str
    customer: str
    stages: tuple[Stage, ...]
    candidates: tuple[Candidate, ...]
    segment: Trace | None = None


def explain(
    campaign: ir.Campaign,
    campaigns: Sequence[ir.Campaign],
    catalog: Catalog,
    world: World,
    customer: str,
    as_of: datetime,
    since: datetime | None = None,
    settings: Settings | None = None,
    days: Sequence[date] | None = None,
) -> Explanation:
    """Stage by stage, what becomes of a customer.

    Args:
        campaign: the one it is about.
        campaigns: all that run together, it included: they compete for caps.

    Raises:
        LookupError: there is no such customer.
    """
    clock = Clock(as_of, campaign.zone, campaign.leap_day)
    rows = [each for each in world.customers if each.get(world.key) is not None and id_of(each, world) == customer]
    if not rows:
        raise LookupError(customer)
    zone_name = clock.zone_name(rows[0])
    if not known_zone(zone_name):
        return Explanation(campaign.name, customer, (Stage("readable", False, f"zone {zone_name}"),), ())
    scope = Judge(world, clock, rows[0])
    member = trace(campaign.audience, scope)
    stages = [Stage("readable", True), Stage("audience", member.result, traces=(member,))]
    if not member.result:
        return Explanation(campaign.name, customer, tuple(stages), ())
    whole = evaluate(campaigns, catalog, world, as_of, since, settings, days)[campaign.name]
    mine = tuple(each for each in whole.candidates if each.id == customer)
    stages.append(Stage("behavior", bool(mine), traces=_behavior(campaign, scope)))
    if mine:
        stages += _later(campaign, mine, scope)
    return Explanation(campaign.name, customer, tuple(stages), mine, _segment(campaign, scope))


def _later(campaign: ir.Campaign, mine: tuple[Candidate, ...], scope: Scope) -> list[Stage]:
    """The stages after the behavior, as far as the occurrence that came furthest came."""
    furthest = max(mine, key=lambda each: LOST_STAGES.index(each.lost) if each.lost else len(LOST_STAGES))
    stages = []
    for name in LOST_STAGES:
        stopped = furthest.lost == name
        because = furthest.because if stopped else None
        stages.append(Stage(name, not stopped, because, _traces(name, campaign, scope), _seen(name, campaign, scope)))
        if stopped:
            break
    return stages


def _behavior(campaign: ir.Campaign, scope: Scope) -> tuple[Trace, ...]:
    """What the triggers look at: days, countries, events and whether they match, audiences."""
    found = []
    for trigger in campaign.triggers:
        match trigger:
            case ir.Anniversary(attribute):
                found.append(trace_value(attribute, scope))
            case ir.Holiday():
                found += [trace_value(trigger.country, scope)] if trigger.country is not None else []
            case ir.On(event, where) | ir.EveryNth(_, event, where):
                found.append(_counted(event, where, 1, scope))
            case ir.Goal(whole):
                found += [_counted(part.event, part.where, part.at_least, scope) for part in ir.counted(whole)]
            case ir.SequenceOf(steps):
                found.append(trace(nodes.Sequence(steps, nodes.Bounded()), scope))
            case ir.Crossing():
                found.append(trace(trigger.predicate, scope))
    return tuple(found)


def _counted(event: nodes.EventSource, where: nodes.Predicate | None, at_least: int, scope: Scope) -> Trace:
    """Whether that happened so often at any time."""
    return trace(nodes.Did(event, where, nodes.Bounded(), at_least, None), scope)


def _seen(stage: str, campaign: ir.Campaign, scope: Scope) -> dict[str, Any]:
    mine = id_of(scope.customer, scope.world)
    match stage:
        case "not_suppressed":
            return {"addresses": addresses(campaign, scope)}
        case "not_held_out" if campaign.holdout_percent is not None:
            place = bucket(f"holdout/{campaign.first_name}", mine)
            return {"place_percent": float(100 * place / BUCKETS), "holdout_percent": campaign.holdout_percent}
        case "within_limits":
            earlier = [each for each in scope.world.decided if each.customer == mine]
            return {"decided": [each.day for each in earlier if each.campaign == campaign.first_name]}
    return {}


def _traces(stage: str, campaign: ir.Campaign, scope: Scope) -> tuple[Trace, ...]:
    if stage == "not_excluded":
        return tuple(trace(each.predicate, scope) for each in campaign.excludes)
    if stage == "consented":
        asked: list[nodes.Predicate] = []
        for message in campaign.messages:
            asked += [nodes.IsTrue(message.consent)] if message.consent is not None else []
            asked += [message.subscription] if message.subscription is not None else []
        return tuple(trace(each, scope) for each in asked)
    return ()


def _segment(campaign: ir.Campaign, scope: Scope) -> Trace | None:
    """Why she is in her segment."""
    name = segment_of(campaign, scope)
    found = next((each for each in campaign.segments if each.name == name), None)
    return trace(found.predicate, scope) if found is not None and found.predicate is not None else None
