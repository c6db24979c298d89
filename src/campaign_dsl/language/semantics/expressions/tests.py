"""Tests of one value against others."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from campaign_dsl.language.catalog.types import TEXT, WEEKDAYS, Kind, Type
from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import COMPARISONS, PATTERN_TESTS, TEXT_TESTS
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.paths import is_word
from campaign_dsl.language.semantics.expressions.windows import compared
from campaign_dsl.language.semantics.regexes import Unfit, portable
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.literals import place_in
from campaign_dsl.language.syntax.writing import written


def compare(node: t.Compare, at: Checker) -> ir.Predicate | None:
    """`left op right`."""
    left, right = _pair(node.left, node.right, at)
    if left is None or right is None or not kinds.same_type(left, right, node.left.span, node.right.span, at):
        return None
    if COMPARISONS[node.op].ordered and not kinds.has_order(left.type):
        days = left.type.values == WEEKDAYS
        at.problems.add(
            "TYP003",
            f"`{node.op}` needs values with an order, {kinds.a(left.type)} has none",
            node.op_span,
            why="weeks begin on different days in different places" if days else None,
            help="use `=` or `in [...]`" + kinds.in_order(left.type),
            see_also=(Label(node.left.span, f"this is {kinds.a(left.type)}"),),
        )
        return None
    return ir.Compare(node.op, left, right)


def _pair(first: t.Expression, second: t.Expression, at: Checker) -> tuple[ir.Value | None, ir.Value | None]:
    """Both sides of a comparison; each side's type helps to read the words of the other."""
    unknown = isinstance(first, t.Path) and is_word(first, at.names)
    if unknown and isinstance(second, t.Path) and is_word(second, at.names):
        return at.value(first), None  # said of one of them is enough
    if isinstance(first, t.Constant) or unknown:
        right = at.value(second)
        if right is None and unknown:
            return None, None  # it may well be a word of what is wrong
        return at.value(first, right.type if right else None), right
    left = at.value(first)
    if left is not None and left.type.is_number and isinstance(second, t.Length):
        at.problems.add(
            "TYP001",
            f"{kinds.a(left.type)} cannot be compared with a length of time",
            second.span,
            help=f"write `{second.count}`: the number stands alone",
            see_also=(Label(first.span, f"this is {kinds.a(left.type)}"),),
        )
        return None, None
    if left is None:
        # A word that cannot be told to be one is not reported; what is wrong in itself is.
        if not (isinstance(second, t.Path) and is_word(second, at.names)):
            at.value(second)
        return None, None
    return left, at.value(second, left.type)


# ------------------------------------------------------------------------------------------------------------- ranges


def between(node: t.Between, at: Checker) -> ir.Predicate | None:
    """`a between b and c`."""
    value = at.value(node.value)
    if value is None:
        return None
    low, high = (at.value(side, value.type) for side in (node.low, node.high))
    if low is None or high is None:
        return None
    for side, typed in ((node.low, low), (node.high, high)):
        if not kinds.same_type(value, typed, node.value.span, side.span, at):
            return None
    if not kinds.has_order(value.type):
        at.problems.add(
            "TYP003",
            f"`between` needs values with an order, {kinds.a(value.type)} has none",
            node.value.span,
            help="list the values, as in `in [...]`" + kinds.in_order(value.type),
        )
        return None
    if _above(low, high):
        _reversed(node, value.type, at)
        return None
    return ir.Between(value, low, high, node.negated)


def _reversed(node: t.Between, type_: Type, at: Checker) -> None:
    """Reports a range whose low end lies above its high end. Of times of day it was meant to go over midnight."""
    low, high, value = (written(each) for each in (node.low, node.high, node.value))
    over_midnight = type_.kind is Kind.TIME
    if over_midnight and node.negated:
        instead = f"`({value} < {low} and {value} > {high})`"
    else:
        instead = f"`({value} >= {low} or {value} <= {high})`"
    at.problems.add(
        "TYP006",
        "this range is empty: its low end is above its high end",
        node.low.span.to(node.high.span),
        why="a range of times of day does not go over midnight" if over_midnight else None,
        help=f"write {instead}" if over_midnight else "swap the two",
    )


def _above(low: ir.Value, high: ir.Value) -> bool:
    """Whether one value surely lies above another."""
    if isinstance(low, ir.Constant) and isinstance(high, ir.Constant):
        return _constant_above(low, high)
    distance = compared(low, high)
    return distance is not None and distance < 0


def _constant_above(low: ir.Constant, high: ir.Constant) -> bool:
    """A day and an instant compare differently from zone to zone."""
    if Kind.TIMESTAMP in (low.type.kind, high.type.kind) and low.type.kind is not high.type.kind:
        return False
    if isinstance(low.value, str) and low.type.kind is Kind.TEXT:
        return low.value > str(high.value)
    return _rank(low) > _rank(high)


def _rank(constant: ir.Constant) -> float:
    """Where a constant stands in the order of its type, days and instants on one line."""
    value = constant.value
    if constant.type.kind is Kind.ENUM:
        return float(constant.type.values.index(str(value)))
    match value:
        case datetime():
            return value.timestamp() / 86400
        case date():
            return (value - date(1970, 1, 1)).days
        case time():
            return value.hour * 60 + value.minute
        case timedelta():
            return value.total_seconds()
    return float(value)


def in_list(node: t.InList, at: Checker) -> ir.Predicate | None:
    """`a in [b, c]`."""
    value = at.value(node.value)
    if not node.items:
        at.problems.add(
            "TYP006", "this list is empty, so the test can never hold", node.span, help="name at least one value"
        )
        return None
    if value is None:
        return None
    items = constants(node.items, value, node.value, at)
    return None if items is None else ir.InList(value, items, node.negated)


def constants(
    items: tuple[t.Expression, ...], like: ir.Value, beside: t.Expression, at: Checker, like_is: str = "this is"
) -> tuple[ir.Constant, ...] | None:
    """The constants in brackets, all of them comparable with ``like``."""
    found: list[ir.Constant] = []
    for item in items:
        typed = at.value(item, like.type)
        if typed is None or not kinds.same_type(like, typed, beside.span, item.span, at, like_is):
            continue
        if not isinstance(typed, ir.Constant):
            at.problems.add(
                "TYP002", "a list holds constants only", item.span, help="compare with `=` and join with `or`"
            )
            continue
        found.append(typed)
    return tuple(found) if len(found) == len(items) else None


def known(node: t.Known, at: Checker) -> ir.Predicate | None:
    """`is known`, `is missing`."""
    value = at.value(node.value)
    if value is None:
        return None
    return ir.IsKnown(value) if node.known else ir.Negate(ir.IsKnown(value))


# -------------------------------------------------------------------------------------------------------------- texts


def text_test(node: t.TextTest, value: ir.Value, at: Checker) -> ir.Predicate | None:
    """`contains` and the like, of a value that is no list."""
    text = at.value(node.text, TEXT)
    if text is None:
        return None
    operator = TEXT_TESTS[node.op]
    for side, typed in ((node.value, value), (node.text, text)):
        if not kinds.fits(operator, f"`{node.op}`", typed, side.span, at, "use `=` or `in [...]`"):
            return None
    return ir.TextTest(node.op, value, text, node.ignoring_case)


def matches(node: t.Matches, at: Checker) -> ir.Predicate | None:
    """`matches "regex"`."""
    value = at.value(node.value)
    pattern = portable(node.pattern.text)
    if isinstance(pattern, Unfit):
        at.problems.add(
            "TYP010",
            pattern.message,
            place_in(node.pattern, pattern.start, pattern.end),
            why="regular expressions are kept to what every engine understands alike",
            help=pattern.help,
        )
    if value is None:
        return None
    word = "does not match" if node.negated else "matches"
    if not kinds.fits(PATTERN_TESTS[word], f"`{word}`", value, node.value.span, at, "use `=` or `in [...]`"):
        return None
    return None if isinstance(pattern, Unfit) else ir.Matches(value, pattern, node.ignoring_case, node.negated)
