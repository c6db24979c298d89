"""What makes a campaign happen: for every trigger the occurrences of one customer, each with its key.

Those of the calendar fall on the days a run decides for. The others happen at an instant, and are decided by the run
before which they could first be known: when they had happened, and had arrived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.review.reference.calendar import CalendarTrigger, keys_on
from campaign_dsl.review.reference.events import Chain, Happening, chains, matching
from campaign_dsl.review.reference.goals import completions, together
from campaign_dsl.review.reference.moments import instant, local, rfc3339
from campaign_dsl.review.reference.scope import Scope
from campaign_dsl.review.reference.world import Row, id_of


@dataclass(frozen=True)
class Occurrence:
    """One occasion of one customer.

    Attributes:
        day: the calendar day it falls on where the customer is.
        time: the local time, HH:MM, of the calendar's; otherwise None.
        at: the instant of all others; otherwise None.
        rows: what has a name in outcomes: `event`, `goal`, the steps of a sequence.
    """

    key: str
    day: date
    time: str | None
    at: datetime | None
    rows: Mapping[str, Row] = field(default_factory=dict)

    def due_at(self, where: ZoneInfo) -> datetime:
        """The instant it happens, in UTC."""
        if self.at is not None:
            return self.at
        assert self.time is not None
        return instant(self.day, time.fromisoformat(self.time), where)


@dataclass(frozen=True)
class Period:
    """What a run decides.

    Attributes:
        days: the calendar days, ascending.
        since: instants after this one, up to T; None for all of them.
    """

    days: Sequence[date]
    since: datetime | None = None


def occurrences(campaign: ir.Campaign, scope: Scope, period: Period) -> list[Occurrence]:
    """The occurrences of all triggers; of two with one key the first trigger's."""
    found: dict[str, Occurrence] = {}
    for trigger in campaign.triggers:
        for each in of_trigger(trigger, campaign, scope, period):
            found.setdefault(each.key, each)
    return list(found.values())


def of_trigger(trigger: ir.Trigger, campaign: ir.Campaign, scope: Scope, period: Period) -> Iterator[Occurrence]:
    """The occurrences of one trigger, the earliest first."""
    if isinstance(trigger, CalendarTrigger):
        for day in period.days:
            if _runs(campaign, day):
                for key in keys_on(trigger, day, scope):
                    yield Occurrence(key, day, trigger.at, None)
        return
    for each in sorted(_at_instants(trigger, campaign, scope), key=lambda each: (each.at, each.key)):
        if _runs(campaign, _day_at_home(campaign, each.at)) and (period.since is None or each.seen_at > period.since):
            there = scope.local_day(each.at)
            assert there is not None
            yield Occurrence(each.key, there, None, each.at, each.rows)


def _runs(campaign: ir.Campaign, day: date) -> bool:
    first, last = campaign.runs_from, campaign.runs_until
    return (first is None or day >= first) and (last is None or day <= last)


def _day_at_home(campaign: ir.Campaign, moment: datetime) -> date:
    """The calendar day in the zone the campaign falls back to: its first and last day are meant there."""
    there = local(moment, zone(campaign.zone.default))
    assert there is not None
    return there.date()


@dataclass(frozen=True)
class _Happened:
    """An occurrence at an instant, and when it could first be known."""

    key: str
    at: datetime
    seen_at: datetime
    rows: Mapping[str, Row]


def _at_instants(
    trigger: ir.On | ir.EveryNth | ir.Goal | ir.SequenceOf | ir.Crossing, campaign: ir.Campaign, scope: Scope
) -> Iterator[_Happened]:
    match trigger:
        case ir.On(event, where):
            for each in _matching(event, where, campaign, scope):
                yield _Happened(f"{event.name}/{each.id}", each.instant, _seen([each]), {"event": each.row})
        case ir.EveryNth():
            yield from _every_nth(trigger, campaign, scope)
        case ir.Goal(whole):
            matches = together({part: _matching(part.event, part.where, campaign, scope) for part in ir.counted(whole)})
            everything = [each for found in matches.values() for each in found]
            for done in completions(whole, matches):
                used = [each for each in everything if each.order <= done.by.order]
                yield _Happened(f"goal/{done.ordinal}", done.by.instant, _seen(used), {"event": done.by.row})
        case ir.SequenceOf():
            yield from _sequences(trigger, campaign, scope)
        case ir.Crossing(audience, predicate, entering):
            before = scope.world.members_before.get(audience)
            if before is not None:
                was, is_now = id_of(scope.customer, scope.world) in before, scope.holds(predicate)
                if (was, is_now) == ((False, True) if entering else (True, False)):
                    verb = "entering" if entering else "leaving"
                    yield _Happened(f"{verb}/{audience}/{rfc3339(scope.as_of)}", scope.as_of, scope.as_of, {})


def _seen(events: Sequence[Happening]) -> datetime:
    """When the last of these events could be known."""
    return max(each.seen_at for each in events if each.seen_at is not None)


def _matching(
    event: nodes.EventSource, where: nodes.Predicate | None, campaign: ir.Campaign, scope: Scope
) -> list[Happening]:
    """Matching events of the days the campaign runs: others do not count."""
    found = matching(event, where, None, scope)
    return [each for each in found if _runs(campaign, _day_at_home(campaign, each.instant))]


def _every_nth(trigger: ir.EveryNth, campaign: ir.Campaign, scope: Scope) -> Iterator[_Happened]:
    found = _matching(trigger.event, trigger.where, campaign, scope)
    for ordinal, each in enumerate(found, 1):
        step = (ordinal - 1) % trigger.n + 1
        if trigger.each_step or step == trigger.n:
            goal = {"step": step, "target": trigger.n, "completed": step == trigger.n}
            seen = _seen(found[:ordinal])
            yield _Happened(f"{trigger.event.name}#/{ordinal}", each.instant, seen, {"event": each.row, "goal": goal})


def _sequences(trigger: ir.SequenceOf, campaign: ir.Campaign, scope: Scope) -> Iterator[_Happened]:
    """One occurrence for each event that ends chains."""
    ending: dict[object, list[Chain]] = {}
    for chain in chains(trigger.steps, None, scope):
        passed = chain.last.instant - chain.first.instant
        in_time = trigger.seconds is None or passed <= timedelta(seconds=trigger.seconds)
        if in_time and _runs(campaign, _day_at_home(campaign, chain.first.instant)):
            ending.setdefault(chain.last.id, []).append(chain)
    for identity, found in ending.items():
        happened = min(chain.last.order for chain in found)
        ends = [chain for chain in found if chain.last.order == happened]
        # The one whose earlier steps are latest, the last of them first.
        best = max(ends, key=lambda chain: [each.order for _, each in reversed(chain.steps)])
        known = [max(_seen([each for _, each in chain.steps]), _over(chain)) for chain in found]
        rows = {**best.named(), "event": best.last.row}
        yield _Happened(f"sequence/{identity}", _over(best), min(known), rows)


def _over(chain: Chain) -> datetime:
    """The instant of the last event, or when the absence after it has lasted long enough."""
    return chain.last.instant if chain.over_at is None else max(chain.last.instant, chain.over_at)
