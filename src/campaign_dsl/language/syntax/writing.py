"""Expressions as text again, in one layout: what messages, plans and reports quote, whatever spelling it came from."""

from __future__ import annotations

from campaign_dsl.language.syntax import tree as t

_OR, _AND, _NOT, _TEST, _SUM, _PRODUCT, _FACTOR = range(7)
"""How tightly a form holds together; an operand that holds less tightly than its place wants parentheses."""
_ESCAPED = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"})


def written(node: t.Expression) -> str:
    """The text of an expression. Reading it gives an equal tree."""
    return _write(node)[0]


def _write(node: t.Expression) -> tuple[str, int]:
    match node:
        case t.Constant(kind, text):
            if kind == "text":
                return f'"{text.translate(_ESCAPED)}"', _FACTOR
            return _moment(text) if kind == "timestamp" else text, _FACTOR
        case t.Path():
            return node.text, _FACTOR
        case t.AnyOf(items):
            return " or ".join(_within(item, _AND) for item in items), _OR
        case t.AllOf(items):
            return " and ".join(_within(item, _NOT) for item in items), _AND
        case t.Not(item):
            return f"not {_within(item, _NOT)}", _NOT
        case t.Compare(op, left, right):
            return f"{_within(left, _SUM)} {op} {_within(right, _SUM)}", _TEST
        case t.Between(value, low, high, negated):
            word = "not between" if negated else "between"
            return f"{_within(value, _SUM)} {word} {_within(low, _SUM)} and {_within(high, _SUM)}", _TEST
        case t.InList(value, items, negated):
            word = "not in" if negated else "in"
            return f"{_within(value, _SUM)} {word} [{', '.join(_within(item, _SUM) for item in items)}]", _TEST
        case t.Known(value, known):
            return f"{_within(value, _SUM)} is {'known' if known else 'missing'}", _TEST
        case t.TextTest(op, value, text, ignoring_case):
            tail = " ignoring case" if ignoring_case else ""
            return f"{_within(value, _SUM)} {op} {_within(text, _SUM)}{tail}", _TEST
        case t.Arithmetic("*", left, right):
            return f"{_within(left, _PRODUCT)} * {_within(right, _FACTOR)}", _PRODUCT
        case t.Arithmetic(op, left, right):
            return f"{_within(left, _SUM)} {op} {_within(right, _PRODUCT)}", _SUM
        case t.InAudience(name):
            return f"in audience {name.text}", _TEST
        case t.Everyone():
            return "everyone", _TEST
        case t.Did(event, where, quantity, window, negated):
            words = ["did not" if negated else "did", event.text, *_filter(where)]
            if quantity is not None:
                words.append(f"{quantity.kind} {quantity.count} {'time' if quantity.count == 1 else 'times'}")
            return " ".join((*words, _window(window))), _TEST
        case t.Aggregate(function, event, prop, where, window):
            what = event.text if prop is None else f"{event.text}.{prop.text}"
            return " ".join((f"{function} of {what}", *_filter(where), _window(window))), _FACTOR


def _within(node: t.Expression, tightness: int) -> str:
    text, mine = _write(node)
    return text if mine >= tightness else f"({text})"


def _filter(where: t.Expression | None) -> tuple[str, ...]:
    return () if where is None else ("where", written(where))


def _window(window: t.Window) -> str:
    match window.kind:
        case "ever":
            return "ever"
        case "rolling" | "calendar":
            unit = window.unit if window.count == 1 else f"{window.unit}s"
            return f"in last {window.count} {'calendar ' if window.kind == 'calendar' else ''}{unit}"
    assert window.moment is not None
    return f"{window.kind} {_moment(window.moment.text)}"


def _moment(text: str) -> str:
    """A day, or an instant without the `T` and without seconds that are zero."""
    day, _, clock = text.partition("T")
    return f"{day} {clock[:5]}{clock[5:].removeprefix(':00')}".rstrip()
