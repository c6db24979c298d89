"""Atoms in the words of the language, as short as they can be told apart. What is rare is only named."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from campaign_dsl.compile.together.atoms import Atom
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import walk

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def said(atom: Atom) -> str:
    """The condition of an atom."""
    return _condition(atom.predicate)


def _condition(node: nodes.Predicate) -> str:
    match node:
        case nodes.AllOf(items):
            return " and ".join(_inner(item) for item in items)
        case nodes.AnyOf(items):
            return " or ".join(_inner(item) for item in items)
        case nodes.Negate(item):
            return f"not {_inner(item)}"
        case nodes.Always():
            return "everyone"
        case nodes.Compare(op, left, right):
            return f"{_value(left)} {op} {_value(right)}"
        case nodes.Between(value, low, high, negated):
            return f"{_value(value)} {'not ' if negated else ''}between {_value(low)} and {_value(high)}"
        case nodes.InList(value, items, negated):
            return f"{_value(value)} {'not ' if negated else ''}in [{', '.join(map(_value, items))}]"
        case nodes.IsKnown(value):
            return f"{_value(value)} is known"
        case nodes.IsTrue(value):
            return _value(value)
        case nodes.TextTest(op, value, text, ignoring_case):
            return f"{_value(value)} {op} {_value(text)}{' ignoring case' if ignoring_case else ''}"
        case nodes.Matches(value, pattern, _, negated):
            return f"{_value(value)} {'does not match' if negated else 'matches'} {_text(pattern)}"
        case nodes.InStaticList(name):
            return f"in list {name}"
        case nodes.InAudience(name):
            return f"in audience {name}"
        case nodes.Sample(percent, salt):
            return f"in {percent}% sample {_text(salt)}"
        case nodes.Did(event, where, window, at_least):
            times = "" if at_least == 1 else f" at least {at_least} times"
            return f"did {event.name}{_where(where)}{times}{_window(window)}"
        case nodes.FirstDid(event, where, window):
            return f"first did {event.name}{_where(where)}{_window(window)}"
        case nodes.Resumed(event, where, window):
            return f"resumed doing {event.name}{_where(where)}{_window(window)}"
        case nodes.Sequence(steps, window):
            said = " then ".join(f"{'no ' if step.absent else ''}{step.event.name}" for step in steps)
            return f"did sequence {said}{_window(window)}"
    return _named(node)


def _inner(node: nodes.Predicate) -> str:
    text = _condition(node)
    return f"({text})" if isinstance(node, nodes.AllOf | nodes.AnyOf) else text


def _value(node: nodes.Value) -> str:
    match node:
        case nodes.Attribute(name) | nodes.Property(name):
            return name
        case nodes.Lookup(_, dimension, name):
            return f"{dimension.name}.{name}"
        case nodes.Field(record, name):
            return f"{_value(record)}.{name}"
        case nodes.Constant(value):
            return _constant(value)
        case nodes.Age():
            return "age"
        case nodes.Now():
            return "now"
        case nodes.Today():
            return "today"
        case nodes.Ago(seconds):
            return f"{_length(seconds)} ago" if seconds >= 0 else f"in {_length(-seconds)}"
        case nodes.CalendarAgo(count, unit):
            return f"{count} calendar {unit}s ago" if count >= 0 else f"in {-count} calendar {unit}s"
        case nodes.Arithmetic(op, left, right):
            return f"({_value(left)} {op} {_value(right)})"
        case nodes.Function(name, value):
            return f"{name} {_value(value)}"
        case nodes.Aggregate(function, event, value, where, window):
            of = event.name if value is None else f"{event.name}.{_value(value)}"
            return f"{function} of {of}{_where(where)}{'' if function == 'recency' else _window(window)}"
    return _named(node)


def _named(node: nodes.Predicate | nodes.Value) -> str:
    """The kind of a condition, and the names in it."""
    kind = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(node).__name__).strip()
    names = dict.fromkeys(
        each.name
        for each in walk(node)
        if isinstance(each, nodes.Attribute | nodes.Property | nodes.EventSource | nodes.Dimension)
    )
    return f"{kind} of {', '.join(names)}" if names else kind


def _where(where: nodes.Predicate | None) -> str:
    return "" if where is None else f" where {_inner(where)}"


def _window(window: nodes.Window | None) -> str:
    match window:
        case None:
            return ""
        case nodes.Rolling(seconds):
            return f" in last {_length(seconds)}"
        case nodes.Calendar(count, unit, back):
            past = "" if not back else f", {back} {unit}s back"
            return f" in last {count} calendar {unit}s{past}"
    bounds = [(word, getattr(window, word)) for word in ("since", "after", "until", "before")]
    found = " and ".join(f"{word} {_value(moment)}" for word, moment in bounds if moment is not None)
    return f" {found or 'ever'}"


def _length(seconds: int) -> str:
    size, unit = next(each for each in _UNITS if seconds % each[0] == 0)
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def _constant(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(" ").replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case Decimal() | int():
            return str(value)
    return _text(str(value))


def _text(value: str) -> str:
    return '"' + value.replace('"', '\\"') + '"'
