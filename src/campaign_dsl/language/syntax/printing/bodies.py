"""The body of each clause as canonical text, on one line or, where it is long, on several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import (
    duration,
    operand,
    ordinal,
    quantity,
    quoted,
    step,
    timestamp,
    within,
    written,
)

LONG = 90
"""Columns of a condition in parentheses from which on it is broken too."""
MANY = 3
"""Conditions from which on each stands on a line of its own, however short they are."""


@dataclass
class Row:
    """One line of a body.

    Args:
        text: what stands on it.
        indent: how much deeper than the clause's further lines it begins.
        start, end: where in the file what it says stood, so that comments find it; None for lines we made.
        before: comments on lines of their own above it.
        after: comments at its end.
    """

    text: str
    indent: int = 0
    start: int | None = None
    end: int | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass
class Body:
    """A clause's body.

    Args:
        flat: all of it on one line.
        rows: the same on several lines; one row when it is never broken.
        broken: whether it is broken even if it fits on one line.
    """

    flat: str
    rows: list[Row]
    broken: bool = False


def text_body(text: str) -> Body:
    return Body(text, [Row(text)])


def body(node: Any) -> Body:
    """The body of the clause that ``node`` was read from."""
    if isinstance(node, t.Part):
        return text_body(part(node))
    if isinstance(node, t.EventCondition):
        return _event(node, node.event.text)
    if isinstance(node, t.Exclude) and node.where is not None:
        return _filtered("where ", node.where, "")
    tail: t.Tail | None = getattr(node, "tail", None)
    if tail is not None:
        return _outcome(node, tail)
    flat = _flat(node)
    if flat is not None:
        return text_body(flat)
    return _filtered("", node, "")


def segment(where: t.Expression | None) -> Body:
    """The body of a segment."""
    return text_body("otherwise") if where is None else _filtered("where ", where, "")


def goal_entry(node: t.EventCondition | tuple[t.EventCondition, t.Name]) -> Body:
    """What stands behind the event of a goal's entry."""
    if isinstance(node, tuple):
        return _event(node[0], "", f"as {node[1].text}")
    return _event(node, "")


def entry(node: t.PropertyOf) -> Body:
    """The value of a message's property."""
    if node.path is None:
        assert node.fallback is not None
        return text_body(written(node.fallback))
    fallback = "" if node.fallback is None else f" else {written(node.fallback)}"
    return text_body(node.path.text + fallback)


def part(node: t.Part) -> str:
    """A part of a message's content."""
    return quoted(node.value.text) if node.kind == "text" else f"{node.kind} {quoted(node.value.text)}"


# ---------------------------------------------------------------------------------------------- conditions in rows


def _filtered(prefix: str, where: t.Expression, suffix: str) -> Body:
    """A condition, with what stands before and after it."""
    flat = f"{prefix}{written(where)}" + (f" {suffix}" if suffix else "")
    rows = condition_rows(where)
    rows[0].text = prefix + rows[0].text
    if suffix:
        rows.append(Row(suffix))
    several = len(where.items) if isinstance(where, t.AllOf | t.AnyOf) else 1
    return Body(flat, rows if len(rows) > 1 else [Row(flat)], several >= MANY)


def condition_rows(node: t.Expression) -> list[Row]:
    """A condition with each of what it joins on a row of its own."""
    if not isinstance(node, t.AllOf | t.AnyOf):
        return [Row(written(node), 0, node.span.start, node.span.end)]
    word = "and" if isinstance(node, t.AllOf) else "or"
    rows = []
    for index, item in enumerate(node.items):
        text = within(item, word)
        start = "" if index == 0 else f"{word} "
        if isinstance(item, t.AllOf | t.AnyOf) and len(text) > LONG:
            inside = condition_rows(item)
            inside[0].text = f"{start}({inside[0].text}"
            inside[-1].text += ")"
            for row in inside[1:]:
                row.indent += 1
            rows += inside
        else:
            rows.append(Row(start + text, 0, item.span.start, item.span.end))
    return rows


def _event(node: t.EventCondition, event: str, ending: str = "") -> Body:
    before = [event] if event else []
    before += [] if node.geofence is None else [f"at geofence {node.geofence.text}"]
    after = list(quantity(node.quantity))
    after += [] if node.within is None else [f"within {duration(node.within)}"]
    after += [ending] if ending else []
    if node.where is None:
        return text_body(" ".join((*before, *after)))
    return _filtered(" ".join((*before, "where ")), node.where, " ".join(after))


# ------------------------------------------------------------------------------------------------------ outcomes


def _outcome(node: Any, tail: t.Tail) -> Body:
    parts = [_effect(node)]
    parts[0] += "" if tail.expires is None else f", expires after {duration(tail.expires)}"
    parts[0] += "" if tail.at_most is None else f", at most {_thousands(tail.at_most.text)}"
    parts[0] += "" if tail.delay is None else f", after {duration(tail.delay)}"
    parts[0] += "" if tail.alias is None else f" as {tail.alias.text}"
    if tail.condition is None:
        return text_body(parts[0])
    when = condition(tail.condition)
    flat = f"{parts[0]} {when}"
    span = tail.condition.span
    return Body(flat, [Row(parts[0]), Row(when, 0, span.start, span.end)])


def condition(node: t.Condition) -> str:
    """`when segment gold`, `otherwise`."""
    if node.segment is not None:
        return f"when segment {node.segment.text}"
    if node.variant is not None:
        return f"when variant {node.variant.text}"
    return "otherwise" if node.where is None else f"when {written(node.where)}"


def _effect(node: t.Outcome) -> str:
    match node:
        case t.Award(amount, account, source):
            return f"{operand(amount)} points to {account.text} source {source.text}"
        case t.Issue("pool", name):
            return f"code from {name.text}"
        case t.Issue(what, name):
            return f"{what} {name.text}"
        case t.TagFor(tag, ttl):
            return tag.text + ("" if ttl is None else f" for {duration(ttl)}")
        case t.Untag(tag):
            return tag.text
        case t.SetTo(name, value):
            return f"{name.text} to {operand(value)}"
        case t.Subscription(conversation, subscribed):
            return f"{'to' if subscribed else 'from'} {conversation.text}"
        case t.Record(event, assignments):
            given = " and ".join(f"{each.name.text} = {operand(each.value)}" for each in assignments)
            return event.text + (f" with {given}" if given else "")
        case t.Send(message):
            return message.text


# -------------------------------------------------------------------------------------------------- other clauses


def _flat(node: Any) -> str | None:
    """The text of a clause that stays on one line; None when ``node`` is an expression."""
    match node:
        case tuple() if node and isinstance(node[0], t.BudgetItem):
            return ", ".join(_budget(item) for item in node)
        case tuple():
            return ", ".join(name.text for name in node)
        case t.Text(text):
            return quoted(text)
        case t.Name(text):
            return text
        case t.Runs(first, last):
            said = [] if first is None else [f"from {first.isoformat()}"]
            return " ".join((*said, *([] if last is None else [f"until {last.isoformat()}"])))
        case t.TimeZone(zone, customer):
            return ("customer else " if customer else "") + quoted(zone.text)
        case t.Misfire(days):
            return f"catch up at most {days} {'day' if days == 1 else 'days'}" if days else "skip"
        case t.Languages(codes):
            return ", ".join(code.text for code in codes)
        case t.Exclude(audience):
            return f"audience {audience.text}" if audience is not None else None
        case t.Via(provider, variant):
            return provider.text + ("" if variant is None else f" variant {variant.text}")
        case t.Quiet(start, end):
            return "none" if start is None or end is None else f"from {start.text} to {end.text}"
        case t.Limit(count, every, unit):
            times = "once" if count == 1 else _thousands(str(count))
            span = unit if every == 1 else f"{every} {unit}s"
            return f"{times} ever" if unit == "ever" else f"{times} per {span}"
    return _trigger(node)


def _budget(item: t.BudgetItem) -> str:
    approved = "" if item.approved_by is None else f" approved by {quoted(item.approved_by.text)}"
    return f"{_thousands(str(item.amount))} {item.unit}{approved}"


def _thousands(digits: str) -> str:
    return f"{int(digits):_}" if len(digits) > 4 else digits


def _trigger(node: Any) -> str | None:
    match node:
        case t.OnAnniversary(attribute, shift, before, at):
            return f"anniversary of {attribute.text}{_shift(shift, before)}, at {at.text}"
        case t.OnHoliday(name, country, shift, before, at):
            land = "" if country is None else f" in {country.text}"
            return f"holiday {name.text}{land}{_shift(shift, before)}, at {at.text}"
        case t.Schedule():
            return schedule(node)
        case t.Once(moment):
            return f"at {timestamp(moment.text)}"
        case t.EveryNth(n, event, where):
            return f"{ordinal(n)} {event.text}" + ("" if where is None else f" where {written(where)}")
        case t.OnCode(code, pool):
            return f"code {'from ' if pool else ''}{code.text}"
        case t.OnSubscription(conversation, subscribed):
            return f"{'subscribe to' if subscribed else 'unsubscribe from'} {conversation.text}"
        case t.OnCrossing(what, name, entering):
            return f"{'entering' if entering else 'leaving'} {what} {name.text}"
        case t.Step():
            return step(node)
    return None


def schedule(node: t.Schedule) -> str:
    """`monday at 10:00`, `month on last friday at 10:00`, `second sunday of may at 09:00`."""
    at = f"at {node.at.text}"
    weekday = node.weekdays[0] if node.weekdays else "day"
    if node.month is not None:
        return f"{node.position} {weekday} of {node.month} {at}"
    if node.first is not None:
        on = f" on {weekday}" if node.weekdays else ""
        unit = node.unit if node.every == 1 else f"{node.unit}s"
        return f"{node.every} {unit}{on} {at} from {node.first.isoformat()}"
    if node.day is not None:
        return f"{node.unit} on day {node.day} {at}"
    if node.position is not None:
        return f"{node.unit} on {node.position} {weekday} {at}"
    return f"{', '.join(node.weekdays) or node.unit} {at}"


def _shift(shift: t.Duration | None, before: bool) -> str:
    return "" if shift is None else f", {duration(shift)} {'before' if before else 'after'}"


def head(keyword: str, node: Any) -> str:
    """What stands between a block's keyword and its brace."""
    match node:
        case None:
            return ""
        case t.Name(text) | t.Text(text):
            return text
        case t.Duration():
            return f"within {duration(node)}"
        case (t.Name() as name, t.Name() as kind):
            return f"{name.text} {kind.text}"
        case (within,):
            return "of" if within is None else f"of within {duration(within)}"
        case dict():
            axes = [f"{axis} {node[axis].text}" for axis in ("segment", "language", "variant") if axis in node]
            return "for " + ", ".join(axes)
    raise AssertionError(f"no head for `{keyword}`")
