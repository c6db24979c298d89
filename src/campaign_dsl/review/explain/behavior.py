"""What makes a campaign happen, in plain English."""

from __future__ import annotations

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import ordinal
from campaign_dsl.review.explain.conditions import filtered, in_order
from campaign_dsl.review.explain.words import a, counted, day, duration, either, moment, plain, times, words


def trigger(node: t.Trigger, campaign: ir.Campaign) -> list[str]:
    """A trigger as lines; those after the first are its parts."""
    match node:
        case t.OnAnniversary(attribute, shift, before, at):
            leap = "28 February" if campaign.leap_day == "feb_28" else "1 March"
            return [
                f"Every year {_shift(shift, before)}the anniversary of {words(attribute.text)}, at {at.text}.",
                f"In common years an anniversary of 29 February falls on {leap}.",
            ]
        case t.OnHoliday(name, country, shift, before, at):
            where = f" as it falls in {country.text}" if country is not None else " as it falls in her country"
            return [f"Every year {_shift(shift, before)}“{words(name.text)}”{where}, at {at.text}."]
        case t.Schedule():
            return [f"{_schedule(node)}, at {node.at.text}."]
        case t.Once(at):
            return [f"Once, on {moment(at.text)}."]
        case t.EveryNth(n, event, where):
            return [f"Every {ordinal(n)} time a customer has {a(filtered(event, where))}, {_counted_from(campaign)}."]
        case t.EventCondition():
            return [_event(node)]
        case t.OnCode(code, pool):
            what = f"a code of the pool “{words(code.text)}”" if pool else f"the code “{code.text}”"
            return [f"When she enters {what}."]
        case t.OnSubscription(conversation, subscribed):
            verb = "subscribes to" if subscribed else "unsubscribes from"
            return [f"When she {verb} “{words(conversation.text)}”."]
        case t.OnCrossing(what, name, entering):
            verb = "enters" if entering else "leaves"
            return [f"When she {verb} the {what} “{words(name.text)}”."]
        case t.Group():
            return [f"Each time {_group(node)}, {_counted_from(campaign)}:", *_parts(node)]
        case t.SequenceBlock(within, steps):
            span = "" if within is None else f", all within {duration(within)}"
            return [f"When this happens in order{span}:", *(f"- {each}" for each in in_order(steps))]


def _counted_from(campaign: ir.Campaign) -> str:
    """What goals count: nothing from before the campaign's first day."""
    return "counted over all time" if campaign.runs_from is None else f"counted from {day(campaign.runs_from)} on"


def _shift(shift: t.Duration | None, before: bool) -> str:
    return "on " if shift is None else f"{duration(shift)} {'before' if before else 'after'} "


def _event(node: t.EventCondition) -> str:
    if node.quantity is None:
        return f"At each {_matching(node)}."
    return f"Each time there is {_counted(node)}; each one counts only once."


def _matching(node: t.EventCondition) -> str:
    place = "" if node.geofence is None else f" at “{words(node.geofence.text)}”"
    return filtered(node.event, node.where) + place


def _counted(node: t.EventCondition) -> str:
    often = "" if node.quantity is None else f", {times(node.quantity)}"
    span = "" if node.within is None else f" within {duration(node.within)}"
    return f"{a(_matching(node))}{often}{span}"


def _group(node: t.Group) -> str:
    span = "" if node.within is None else f", within {duration(node.within)}"
    return f"{'all of this has' if node.all else 'at least one of these has'} happened{span}"


def _parts(node: t.Group) -> list[str]:
    lines: list[str] = []
    for part in node.parts:
        if isinstance(part, t.Group):
            lines.append(f"- {_group(part)}:")
            lines.extend("  " + line for line in _parts(part))
        else:
            lines.append(f"- {_counted(part)}")
    return lines


def _schedule(node: t.Schedule) -> str:
    said = ["working day" if each == "weekday" else each.capitalize() for each in node.weekdays]
    days = either(said, "and") if said else ""
    if node.month is not None:
        return f"Every year on the {node.position} {days} of {node.month.capitalize()}"
    if node.position is not None:
        return f"Every {node.unit} on the {node.position} {days or 'day'}"
    if node.day is not None:
        shorter = " (in shorter months on the last one)" if node.day > 28 else ""
        return f"Every {node.unit} on the {ordinal(node.day)} day{shorter}"
    since = "" if node.first is None else f", counted from {moment(node.first.isoformat())}"
    if node.every > 1:
        return f"Every {counted(node.every, node.unit)}{' on ' + days if days else ''}{since}"
    return (f"Every {days}" if days else f"Every {node.unit}") + since


def limits(campaign: ir.Campaign) -> list[str]:
    """How often, and how much in all."""
    lines = []
    for each in campaign.limits:
        often = {1: "once", 2: "twice"}.get(each.count, f"{each.count} times")
        unit = f"calendar {each.unit}" if each.every == 1 else counted(each.every, f"calendar {each.unit}")
        lines.append(f"Nobody gets it more than {often}" + (" ever." if each.unit == "ever" else f" per {unit}."))
    for budget in campaign.budgets:
        approved = f" (approved by {plain(budget.approved_by)})" if budget.approved_by else ""
        lines.append(f"In all it gives at most {counted(budget.amount, budget.unit)}{approved}, then it stops giving.")
    return lines
