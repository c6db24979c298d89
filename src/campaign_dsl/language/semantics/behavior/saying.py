"""Triggers as their author put them, in one layout: what plans and messages call them."""

from __future__ import annotations

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import duration, step, written

_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def schedule(node: t.Schedule) -> str:
    """`every 2 weeks on friday at 10:00 from 2026-01-02`."""
    days = ", ".join(node.weekdays)
    if node.month is not None:
        return f"on {node.position} {days} of {node.month} at {node.at.text}"
    if node.first is not None:
        on = f" on {days}" if days else ""
        unit = node.unit if node.every == 1 else f"{node.unit}s"
        return f"every {node.every} {unit}{on} at {node.at.text} from {node.first.isoformat()}"
    if node.day is not None:
        return f"every {node.unit} on day {node.day} at {node.at.text}"
    if node.position is not None:
        return f"every {node.unit} on {node.position} {days or 'day'} at {node.at.text}"
    return f"every {days or node.unit} at {node.at.text}"


def condition(node: t.EventCondition) -> str:
    """`purchase where amount > 5 at least 3 times within 14 days`."""
    words = [node.event.text]
    words += ["at geofence", node.geofence.text] if node.geofence else []
    words += ["where", written(node.where)] if node.where else []
    if node.quantity is not None:
        words += [node.quantity.kind, str(node.quantity.count), "time" if node.quantity.count == 1 else "times"]
    words += ["within", duration(node.within)] if node.within else []
    return " ".join(words)


def every_nth(node: t.EveryNth) -> str:
    """`every 5th purchase where amount > 5`."""
    last = node.n % 100
    ending = "th" if 10 < last < 14 else _ORDINALS.get(last % 10, "th")
    where = f" where {written(node.where)}" if node.where else ""
    return f"every {node.n}{ending} {node.event.text}{where}"


def code(node: t.OnCode) -> str:
    """`on code SUMMER26`."""
    return f"on code from {node.code.text}" if node.pool else f"on code {node.code.text}"


def subscription(node: t.OnSubscription) -> str:
    """`on subscribe to newsletter`."""
    verb = "subscribe to" if node.subscribed else "unsubscribe from"
    return f"on {verb} {node.conversation.text}"


def crossing(node: t.OnCrossing) -> str:
    """`on entering geofence boston_stores`."""
    return f"on {'entering' if node.entering else 'leaving'} {node.what} {node.name.text}"


def group(node: t.Group) -> str:
    """`all of within 30 days (purchase; check_in)`."""
    parts = "; ".join(group(part) if isinstance(part, t.Group) else condition(part) for part in node.parts)
    return f"{'all' if node.all else 'any'} of{_within(node.within)} ({parts})"


def sequence(node: t.SequenceBlock) -> str:
    """`sequence within 7 days (add_to_cart then no purchase for 4 hours)`."""
    return f"sequence{_within(node.within)} ({' then '.join(step(each) for each in node.steps)})"


def _within(lasting: t.Duration | None) -> str:
    return "" if lasting is None else f" within {duration(lasting)}"
