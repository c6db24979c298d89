"""Conditions that mean the same are written the same way, so that they become one atom.

Every rewriting is exact for two-valued conditions, missing values included. What is not listed here stays as it is.

- a count compared with a whole number becomes `did ... at least n times`, or its complement;
- `did` with both bounds becomes two that have one; with bounds that hold always or never, everyone or nobody;
- days since the last time, compared with a whole number, become `did` in a rolling window;
- `after N ago` is a rolling window of that length;
- what happened in a window that is always empty happened never;
- a range of an aggregate becomes two comparisons, and constants stand on the right.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import MIRRORED

NOBODY = ir.Negate(ir.Always())
_DAY = 86_400


def rewritten(node: ir.Predicate) -> ir.Predicate:
    """The same condition in canonical form: joined by `AllOf`, `AnyOf` and `Negate`, if it has to be."""
    match node:
        case ir.InAudience(_, inner):
            return inner
        case ir.Did():
            return _did(node)
        case ir.FirstDid(window=window) | ir.Resumed(window=window) | ir.Sequence(window=window):
            canonical = same_window(window)
            assert canonical is not None
            return NOBODY if is_empty(canonical) else replace(node, window=canonical)
        case ir.Compare(op, left, right):
            if isinstance(left, ir.Constant) and not isinstance(right, ir.Constant):
                op, left, right = MIRRORED[op], right, left
            return _compared(op, left, right)
        case ir.Between(ir.Aggregate() as value, ir.Constant() as low, ir.Constant() as high, negated):
            if value.type.is_number:
                if negated:
                    return ir.AnyOf((ir.Compare("<", value, low), ir.Compare(">", value, high)))
                return ir.AllOf((ir.Compare(">=", value, low), ir.Compare("<=", value, high)))
    return node


# ------------------------------------------------------------------------------------------------------------ events


def _did(node: ir.Did) -> ir.Predicate:
    window = same_window(node.window)
    if node.at_least <= 0 and node.at_most is None:
        return ir.Always()
    if node.at_most is not None and node.at_most < max(node.at_least, 0):
        return NOBODY
    none_there = window is not None and is_empty(window)
    parts: list[ir.Predicate] = []
    if node.at_least > 0:
        parts.append(NOBODY if none_there else replace(node, window=window, at_most=None))
    if node.at_most is not None and not none_there:
        parts.append(ir.Negate(replace(node, window=window, at_least=node.at_most + 1, at_most=None)))
    if len(parts) == 1:
        return parts[0]
    return ir.AllOf(tuple(parts)) if parts else ir.Always()


def _compared(op: str, left: ir.Value, right: ir.Value) -> ir.Predicate:
    match left, right:
        case ir.Aggregate("count"), ir.Constant(int() as number):
            return _counted(op, left, number)
        case ir.Aggregate("recency"), ir.Constant(int() as number):
            return _recent(op, left, number) or ir.Compare(op, left, right)
        case ir.Aggregate(window=window), ir.Constant() if window is not None:
            canonical = same_window(window)
            assert canonical is not None
            if is_empty(canonical) and left.function != "distinct":
                return NOBODY  # Without a row it is missing.
            left = replace(left, window=canonical)
    return ir.Compare(op, left, right)


def _counted(op: str, of: ir.Aggregate, number: int) -> ir.Predicate:
    """A count is never missing, so `did` and its complement say all comparisons."""

    def did(at_least: int, at_most: int | None) -> ir.Predicate:
        return ir.Did(of.event, of.where, of.window, at_least, at_most)

    match op:
        case "=":
            return did(number, number) if number >= 0 else NOBODY
        case "!=":
            return ir.Negate(did(number, number)) if number >= 0 else ir.Always()
        case ">=" | ">":
            return did(number + (op == ">"), None)
    most = number - (op == "<")
    return did(0, most) if most >= 0 else NOBODY


def _recent(op: str, of: ir.Aggregate, number: int) -> ir.Predicate | None:
    """Days since the last time are `n` or fewer: something happened less than `n + 1` days ago."""
    whole = same_window(of.window)
    if not isinstance(whole, ir.Rolling) and whole != ir.Bounded():
        return None

    def within(days: int) -> ir.Predicate:
        seconds = days * _DAY
        if seconds <= 0:
            return NOBODY
        window = ir.Rolling(min(seconds, whole.seconds) if isinstance(whole, ir.Rolling) else seconds)
        return ir.Did(of.event, of.where, window, 1, None)

    ever = ir.Did(of.event, of.where, whole, 1, None)
    match op:
        case "<=" | "<":
            return within(number + (op == "<="))
        case ">=" | ">":
            return ir.AllOf((ever, ir.Negate(within(number + (op == ">")))))
        case "=":
            return ir.AllOf((within(number + 1), ir.Negate(within(number))))
    return ir.AllOf((ever, ir.AnyOf((within(number), ir.Negate(within(number + 1))))))


# ----------------------------------------------------------------------------------------------------------- windows


def same_window(window: ir.Window | None) -> ir.Window | None:
    """`after N seconds ago` is a rolling window of N seconds."""
    match window:
        case ir.Bounded(since=None, after=ir.Ago(seconds), until=None, before=None) if seconds > 0:
            return ir.Rolling(seconds)
    return window


def is_empty(window: ir.Window) -> bool:
    """Whether nothing can ever lie in the window, since nothing happens after T."""
    match window:
        case ir.Rolling(seconds):
            return seconds <= 0
        case ir.Calendar(count):
            return count <= 0
    late = _back(window.after), _back(window.since)
    if (late[0] is not None and late[0] <= 0) or (late[1] is not None and late[1] < 0):
        return True
    return any(
        low is not None and high is not None and _apart(low, high, touching)
        for low, high, touching in (
            (window.since, window.until, False),
            (window.since, window.before, True),
            (window.after, window.until, True),
            (window.after, window.before, True),
        )
    )


def _back(moment: ir.Moment | None) -> int | None:
    """How many seconds before T an instant lies, when that is known."""
    match moment:
        case ir.Now():
            return 0
        case ir.Ago(seconds):
            return seconds
    return None


def _apart(low: ir.Moment, high: ir.Moment, touching: bool) -> bool:
    """Whether ``low`` is after ``high`` for certain, or with ``touching`` the same."""
    mine, theirs = _back(low), _back(high)
    if mine is not None and theirs is not None:
        return mine < theirs or (touching and mine == theirs)
    if isinstance(low, ir.Constant) and isinstance(high, ir.Constant) and low.type.kind is high.type.kind:
        if low.type.kind is Kind.TIMESTAMP:
            assert isinstance(low.value, datetime)
            assert isinstance(high.value, datetime)
            return low.value > high.value or (touching and low.value == high.value)
        # `after` a day means from the next one on, and `before` a day up to the one before: as days they compare, too.
        assert isinstance(low.value, date)
        assert isinstance(high.value, date)
        return low.value > high.value or (touching and low.value == high.value)
    return False
