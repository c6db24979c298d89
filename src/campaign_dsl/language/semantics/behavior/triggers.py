"""All that makes a campaign happen: each trigger by itself, and whether they can stand beside each other."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.behavior import calendar, events, goals
from campaign_dsl.language.semantics.behavior.calendar import Days
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.syntax import tree as t

MAX_TRIGGERS = 20


def triggers(node: t.Campaign, names: Names, problems: Problems) -> tuple[ir.Trigger, ...]:
    """What makes a campaign happen; what is wrong with it is reported."""
    block = node.behavior
    if block is None or not block.triggers:
        if block is None or not len(problems):
            problems.add(
                "BEH001",
                f"`{node.name.text}` does not say what makes it happen",
                block.span if block else node.name.span,
                help="add `behavior { on anniversary of birth_date, at 09:00 }`",
            )
        return ()
    if len(block.triggers) > MAX_TRIGGERS:
        problems.add(
            "BEH007",
            f"{len(block.triggers)} triggers; at most {MAX_TRIGGERS} are possible",
            block.triggers[MAX_TRIGGERS].span,
            help="split the campaign",
        )
    if block.progress:
        _check_progress(block, problems)
    days = Days(node.runs)
    found = [(each, _trigger(each, block.progress, days, names, problems)) for each in block.triggers]
    _check_keys(block.triggers, problems)
    return tuple(typed for _, typed in found if typed is not None)


def _trigger(node: t.Trigger, progress: bool, days: Days, names: Names, problems: Problems) -> ir.Trigger | None:
    match node:
        case t.OnAnniversary():
            return calendar.anniversary(node, names.catalog, problems)
        case t.OnHoliday():
            return calendar.holiday(node, days, names.catalog, problems)
        case t.Schedule():
            return calendar.schedule(node, days, problems)
        case t.Once():
            return calendar.once(node, days, problems)
        case t.EventCondition():
            return events.happening(node, names, problems)
        case t.EveryNth():
            return events.every_nth(node, progress, names, problems)
        case t.OnCode():
            return events.code(node, names.catalog, problems)
        case t.OnSubscription():
            return events.subscription(node, names.catalog, problems)
        case t.OnCrossing():
            return events.crossing(node, names, problems)
        case t.Group():
            return goals.goal(node, names, problems)
        case t.SequenceBlock():
            return goals.sequence(node, names, problems)


def _check_progress(block: t.Behavior, problems: Problems) -> None:
    """`progress each step` speaks of the steps of one thing that is counted, whatever happens."""
    counted = [each for each in block.triggers if isinstance(each, t.EveryNth)]
    if len(counted) != 1 or len(block.triggers) != 1:
        other = next((each for each in block.triggers if not isinstance(each, t.EveryNth)), block.triggers[-1])
        problems.add(
            "BEH016",
            "`progress each step` needs one `every 5th ...`, and nothing beside it",
            other.span,
            why="a step is the first, second, third of so many events of one kind",
            help="leave `progress` out, or put the other triggers into a campaign of their own",
        )


def _check_keys(nodes: tuple[t.Trigger, ...], problems: Problems) -> None:
    """Triggers whose occurrences would be taken for each other cannot stand in one campaign."""
    seen: dict[str, t.Trigger] = {}
    for node in nodes:
        family = _family(node)
        if family is None:
            continue
        if family in seen:
            problems.add(
                "BEH007",
                f"two triggers of this campaign count as one: {family}",
                node.span,
                why="an occasion of one would be taken for an occasion of the other, and be given only once",
                help="keep one of them, or put the other into a campaign of its own",
                see_also=(Label(seen[family].span, "the other one"),),
            )
        seen.setdefault(family, node)


def _family(node: t.Trigger) -> str | None:
    """What the keys of a trigger's occurrences tell; None when equal keys mean the same occasion.

    A schedule's key is the tick and an event's is the event: those are the same, whoever asks for them.
    """
    match node:
        case t.OnAnniversary():
            return "the year of an anniversary"
        case t.OnHoliday():
            return f"the year of holiday `{node.name.text}`"
        case t.EveryNth():
            return f"the number of `{node.event.text}` events"
        case t.EventCondition() if node.quantity is not None and node.quantity.count > 1:
            return "how often a goal has been reached"
        case t.Group():
            return "how often a goal has been reached"
        case t.SequenceBlock():
            return "the event that ends a sequence"
        case t.OnCrossing("audience"):
            return f"{'entering' if node.entering else 'leaving'} audience `{node.name.text}`"
        case _:
            return None
