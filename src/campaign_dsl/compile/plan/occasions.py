"""From typed triggers to the plan's."""

from __future__ import annotations

from campaign_dsl.compile.plan import triggers as plan
from campaign_dsl.compile.plan.places import where_of
from campaign_dsl.language.ir import campaign as ir


def trigger(each: ir.Trigger, leap_day: str) -> plan.Trigger:
    """What the plan says of a trigger."""
    where = where_of(each.span)
    match each:
        case ir.Anniversary():
            return plan.Anniversary(
                where=where,
                says=f"on anniversary of {each.attribute.name}{_shift(each.days_before)}, at {each.at}",
                family="anniversary",
                attribute=each.attribute.name,
                days_before=each.days_before,
                at=each.at,
                leap_day=leap_day,  # type: ignore[arg-type]  # one of LEAP_DAYS, pydantic checks it
            )
        case ir.Holiday():
            return plan.Holiday(
                where=where,
                says=f"on holiday {each.name}{_shift(each.days_before)}, at {each.at}",
                family=f"holiday {each.name}",
                name=each.name,
                title=each.title,
                falls_on=tuple(plan.HolidayDays(country=country, days=days) for country, days in each.days),
                country_attribute=each.country.name if each.country else None,
                days_before=each.days_before,
                at=each.at,
            )
        case ir.Schedule():
            return plan.Schedule(
                where=where, says=each.says, family="schedule", rule=each.rule, first=each.first, at=each.at
            )
        case ir.On():
            return plan.Event(where=where, says=each.says, family=f"event {each.event.name}", event=each.event.name)
        case ir.EveryNth():
            return plan.EveryNth(
                where=where,
                says=each.says,
                family=f"every {each.event.name}",
                event=each.event.name,
                n=each.n,
                each_step=each.each_step,
            )
        case ir.Goal():
            events = sorted(_events(each.whole))
            family = "goal of " + " and ".join(events)
            return plan.Goal(where=where, says=each.says, family=family, whole=_part(each.whole))
        case ir.SequenceOf():
            last = next(step for step in reversed(each.steps) if not step.absent)
            steps = tuple(
                plan.SequenceStep(
                    event=step.event.name, alias=step.alias, absent=step.absent, within_seconds=step.seconds
                )
                for step in each.steps
            )
            return plan.Sequence(
                where=where,
                says=each.says,
                family=f"sequence to {last.event.name}",
                steps=steps,
                within_seconds=each.seconds,
            )
        case ir.Crossing():
            verb = "entering" if each.entering else "leaving"
            return plan.Crossing(
                where=where,
                says=f"on {verb} audience {each.audience}",
                family=f"{verb} {each.audience}",
                audience=each.audience,
                entering=each.entering,
            )


def _shift(days_before: int) -> str:
    if not days_before:
        return ""
    count = abs(days_before)
    return f", {count} day{'' if count == 1 else 's'} {'before' if days_before > 0 else 'after'}"


def _part(each: ir.Times | ir.Group) -> plan.Times | plan.Group:
    if isinstance(each, ir.Times):
        return plan.Times(event=each.event.name, at_least=each.at_least, within_seconds=each.seconds)
    return plan.Group(of="all" if each.all else "any", parts=tuple(map(_part, each.parts)), within_seconds=each.seconds)


def _events(each: ir.Times | ir.Group) -> set[str]:
    if isinstance(each, ir.Times):
        return {each.event.name}
    return {name for part in each.parts for name in _events(part)}
