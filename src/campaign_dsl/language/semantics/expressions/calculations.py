"""Numbers, and what is done with instants, days and lengths of time."""

from __future__ import annotations

from datetime import timedelta

from campaign_dsl.language.catalog.types import DATE, DURATION, TIMESTAMP, Kind, Type
from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.operators import ARITHMETIC, FUNCTIONS, ROUNDINGS
from campaign_dsl.language.semantics.arithmetic import rounded_constant, within_digits
from campaign_dsl.language.semantics.durations import MAX_SECONDS
from campaign_dsl.language.semantics.expressions import kinds, moments
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.syntax import tree as t

MAX_ROUNDING = 12
"""So many digits after the point a value is rounded to at most: as many as a quotient has."""


def arithmetic(node: t.Arithmetic, at: Checker) -> ir.Value | None:
    """Numbers; or an instant or a day moved by a length of time, or the time between two instants."""
    for length, other in ((node.right, node.left), (node.left, node.right)):
        if isinstance(length, t.Length) and length.calendar:
            return _moved_by_calendar(node, length, other, at)
    left, right = at.value(node.left), at.value(node.right)
    if left is None or right is None:
        return None
    if {left.type.kind, right.type.kind} & {Kind.TIMESTAMP, Kind.DATE, Kind.DURATION}:
        return _in_time(node, left, right, at)
    operator = ARITHMETIC[node.op]
    for side, operand in ((left, node.left), (right, node.right)):
        if not kinds.fits(operator, f"`{node.op}`", side, operand.span, at, "use number attributes"):
            return None
    whole = left.type.kind is Kind.INTEGER and right.type.kind is Kind.INTEGER and node.op != "/"
    made = ir.Arithmetic(node.op, left, right, Type(Kind.INTEGER if whole else Kind.DECIMAL, nullable=True))
    return within_digits(made, node.span, at.problems)


# ------------------------------------------------------------------------------------------------------------- in time


def _in_time(node: t.Arithmetic, left: ir.Value, right: ir.Value, at: Checker) -> ir.Value | None:
    match left.type.kind, node.op, right.type.kind:
        case Kind.TIMESTAMP, "+" | "-", Kind.DURATION:
            return ir.Shift(node.op, left, right, TIMESTAMP.maybe())
        case Kind.DURATION, "+", Kind.TIMESTAMP:
            return ir.Shift(node.op, right, left, TIMESTAMP.maybe())
        case Kind.TIMESTAMP, "-", Kind.TIMESTAMP:
            return ir.Elapsed(left, right, Type(Kind.DURATION, left.type.nullable or right.type.nullable))
        case Kind.DURATION, "+" | "-", Kind.DURATION if isinstance(left, ir.Constant) and isinstance(
            right, ir.Constant
        ):
            return _length(node, left, right, at)
        case (Kind.DATE, "+" | "-", Kind.DURATION) | (Kind.DURATION, "+", Kind.DATE):
            length, day = (node.right, node.left) if right.type.kind is Kind.DURATION else (node.left, node.right)
            _wrong_length(length, day, "a calendar day moves by calendar lengths", True, at)
            return None
    _no_such_sum(node, left, right, at)
    return None


def _length(node: t.Arithmetic, left: ir.Constant, right: ir.Constant, at: Checker) -> ir.Value | None:
    assert isinstance(left.value, timedelta)
    assert isinstance(right.value, timedelta)
    made = left.value + right.value if node.op == "+" else left.value - right.value
    if abs(made) > timedelta(seconds=MAX_SECONDS):
        at.problems.add("TYP006", "this length of time is over a hundred years", node.span, help="write a shorter one")
        return None
    return ir.Constant(made, DURATION)


def _no_such_sum(node: t.Arithmetic, left: ir.Value, right: ir.Value, at: Checker) -> None:
    """Reports two values that cannot be added up or the like, of which one has to do with time."""
    both = left.type.kind, right.type.kind
    if both == (Kind.DATE, Kind.DATE) and node.op == "-":
        help = "compare one of them with the other moved, as in `end_day > first_day + 30 calendar days`"
    elif Kind.DURATION in both:
        help = "add a length of time to an instant, or take it from one, as in `now - 30 days`"
    else:
        help = "move it by a length of time: an instant by `30 days`, a day by `30 calendar days`"
    wrong, operand, other = (right, node.right, node.left)
    if left.type.kind not in (Kind.TIMESTAMP, Kind.DATE, Kind.DURATION):
        wrong, operand, other = (left, node.left, node.right)
    beside = right if wrong is left else left
    at.problems.add(
        "TYP003",
        f"`{node.op}` does not go with {kinds.a(left.type)} and {kinds.a(right.type)}",
        operand.span,
        help=help,
        label=f"this is {kinds.a(wrong.type)}",
        see_also=(Label(other.span, f"this is {kinds.a(beside.type)}"),),
    )


def _moved_by_calendar(node: t.Arithmetic, length: t.Length, other: t.Expression, at: Checker) -> ir.Value | None:
    """A day moved by a calendar length."""
    sound = moments.calendar(length, at)
    if isinstance(other, t.Length):
        at.problems.add(
            "TYP008",
            "calendar lengths are not added to other lengths",
            node.span,
            why="months and years differ in length, so the sum would depend on the day",
            help="move a day by one and then by the other, as in `birth_date + 1 calendar month + 3 calendar days`",
        )
        return None
    day = at.value(other)
    if day is None or not sound:
        return None
    if day.type.kind is Kind.TIMESTAMP:
        _wrong_length(length, other, "an instant moves by exact lengths", False, at)
        return None
    if day.type.kind is not Kind.DATE or node.op not in ("+", "-") or (node.op == "-" and length is node.left):
        at.problems.add(
            "TYP003",
            f"`{node.op}` does not go with {kinds.a(day.type)} and a calendar length",
            other.span,
            help="move a calendar day by it, as in `birth_date + 30 calendar days`",
            see_also=(Label(length.span, "this moves calendar days"),),
        )
        return None
    count = length.count if node.op == "+" else -length.count
    return ir.ShiftDay(day, count, length.unit, DATE.maybe())


def _wrong_length(length: t.Expression, moved: t.Expression, message: str, calendar: bool, at: Checker) -> None:
    """Reports a length of the other sort than what it moves."""
    instead = "a length of calendar days" if calendar else "an exact length"
    if isinstance(length, t.Length) and (
        length.unit in ("day", "week") or calendar == (length.unit in ("month", "year"))
    ):
        instead = f"`{moments.written(length, calendar)}`"
    elif isinstance(length, t.Length) and not calendar:
        instead = f"`{length.count * (30 if length.unit == 'month' else 365)} days`"
    at.problems.add(
        "TYP008",
        message,
        length.span,
        why="a day of 24 hours is no calendar day: where clocks change one is shorter or longer than the other",
        help=f"write {instead}",
        see_also=(Label(moved.span, "this is a calendar day" if calendar else "this is an instant"),),
    )


# ----------------------------------------------------------------------------------------------- rounding and functions


def rounded(node: t.Rounded, at: Checker) -> ir.Value | None:
    """A number with fewer digits after the point."""
    value = at.value(node.value)
    if value is None:
        return None
    if node.digits > MAX_ROUNDING:
        at.problems.add(
            "TYP006",
            f"a number is rounded to at most {MAX_ROUNDING} digits after the point",
            node.span,
            help=f"write `round {node.mode} to 2`",
        )
        return None
    if not kinds.fits(ROUNDINGS[node.mode], "`round`", value, node.value.span, at, "round a number"):
        return None
    if isinstance(value, ir.Constant):
        return rounded_constant(value, node.mode, node.digits)
    if node.digits == 0:  # a decimal may have more digits than an integer can have
        type_ = Type(Kind.INTEGER, value.type.nullable or value.type.kind is Kind.DECIMAL)
    else:
        type_ = Type(Kind.DECIMAL, value.type.nullable)
    return ir.Round(value, node.mode, node.digits, type_)


_INSTEAD = {
    "length of": "count the elements of a list with `number of ...`",
    "lower of": "text tests have `ignoring case`",
    "weekday of": "of an instant ask `day of week`",
    "absolute of": "use a number",
}


def call(node: t.Call, at: Checker) -> ir.Value | None:
    """`length of`, `year of` and the like."""
    value = at.value(node.value)
    if value is None:
        return None
    operator = FUNCTIONS[node.function]
    help = _INSTEAD.get(node.function, "use an attribute of type `date`")
    if not kinds.fits(operator, f"`{node.function}`", value, node.value.span, at, help):
        return None
    if operator.gives is not None:
        return ir.Function(node.function, value, operator.gives.maybe(value.type.nullable))
    # The smallest integer of 64 bits has no absolute value.
    return ir.Function(node.function, value, value.type.maybe(value.type.kind is Kind.INTEGER))


def length(node: t.Length, at: Checker) -> ir.Value | None:
    """`30 days` as a value."""
    if node.calendar:
        at.problems.add(
            "TYP008",
            "a calendar length is no value of its own: it only moves a day",
            node.span,
            why="months and years differ in length, and so does a day where clocks change",
            help="move a day by it, as in `birth_date + 30 calendar days`, or write an exact length like `30 days`",
        )
        return None
    seconds = moments.exact(node, at)
    return None if seconds is None else ir.Constant(timedelta(seconds=seconds), DURATION)
