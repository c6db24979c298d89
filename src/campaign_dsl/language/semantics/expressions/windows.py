"""Windows: when events count. Nothing after T exists yet, so a window that begins there is empty."""

from __future__ import annotations

from datetime import date, datetime

from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import moments
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.syntax import tree as t

_LOWER, _UPPER = ("since", "after"), ("until", "before")


def window(node: t.Window, at: Checker) -> ir.Window | None:
    """The typed window, or None after having reported what is wrong."""
    length = t.Length(node.count, node.unit, node.kind == "calendar", span=node.span)
    match node.kind:
        case "ever":
            return ir.Bounded()
        case "rolling":
            seconds = moments.exact(length, at)
            return None if seconds is None else ir.Rolling(seconds)
        case "calendar":
            return ir.Calendar(node.count, node.unit) if moments.calendar(length, at) else None
        case "this" | "last":
            return _unit(node, at)
    return _bounded(node, at)


def _unit(node: t.Window, at: Checker) -> ir.Window | None:
    if node.unit not in moments.CALENDAR_UNITS:
        at.problems.add(
            "TYP008",
            f"there is no calendar {node.unit}",
            node.span,
            why="the calendar has days, weeks, months and years",
            help=f"write `in last 1 {node.unit}`",
        )
        return None
    return ir.Calendar(1, node.unit, 0 if node.kind == "this" else 1)


def _bounded(node: t.Window, at: Checker) -> ir.Window | None:
    """Bounds that leave something between them."""
    found: list[tuple[t.Bound, ir.Moment]] = []
    for bound in node.bounds:
        moment = moments.moment(bound.moment, at)
        if moment is not None:
            found.append((bound, moment))
    if len(found) < len(node.bounds):
        return None
    ends = {words: [each for each in found if each[0].word in words] for words in (_LOWER, _UPPER)}
    for words, same in ends.items():
        if len(same) > 1:
            what = "beginning" if words is _LOWER else "end"
            at.problems.add(
                "TYP006",
                f"this window has a second {what}",
                same[1][0].span,
                help="keep one of the two",
                see_also=(Label(same[0][0].span, f"its first {what}"),),
            )
            return None
    lower, upper = (ends[words][0] if ends[words] else None for words in (_LOWER, _UPPER))
    if not all(_reached(*each, at) for each in found) or (lower and upper and not _in_order(lower, upper, at)):
        return None
    return ir.Bounded(**{bound.word: moment for bound, moment in found})


def _reached(bound: t.Bound, moment: ir.Moment, at: Checker) -> bool:
    """Whether a bound cuts off some of what lies before now, and not all of it."""
    lower = bound.word in _LOWER
    ahead = compared(ir.Today(moment.type) if _is_day(moment) else ir.Now(moment.type), moment)
    if ahead is None or ahead < 0 or (ahead == 0 and bound.word != "after"):
        return True
    at.problems.add(
        "TYP006",
        "nothing that has happened lies there" if lower else "this bound lies ahead, so it cuts nothing off",
        bound.span,
        why="nothing after now has happened yet",
        help="write a moment that has passed, as in `90 days ago`" if lower else "leave it out, or write `ever`",
    )
    return False


def _in_order(lower: tuple[t.Bound, ir.Moment], upper: tuple[t.Bound, ir.Moment], at: Checker) -> bool:
    """Whether something can lie between two bounds, as far as that can be said."""
    (first, start), (last, end) = lower, upper
    distance = compared(start, end)
    if distance is None:
        return True
    open_ends = (first.word == "after") + (last.word == "before")
    least = open_ends if _is_day(start) and _in_days(start, end) else (1e-6 if open_ends else 0)
    if distance >= least:
        return True
    at.problems.add(
        "TYP006",
        "this window is empty: it ends before it begins" if distance < 0 else "this window is empty",
        first.span.to(last.span),
        help="swap the two" if distance < 0 else "write an earlier beginning or a later end",
    )
    return False


def _is_day(moment: ir.Value) -> bool:
    return isinstance(moment, ir.Today | ir.CalendarAgo) or (
        isinstance(moment, ir.Constant) and not isinstance(moment.value, datetime)
    )


def _in_days(start: ir.Moment, end: ir.Moment) -> bool:
    return not any(isinstance(each, ir.CalendarAgo) and each.unit in ("month", "year") for each in (start, end))


def compared(low: ir.Value, high: ir.Value) -> float | None:
    """How far ``high`` lies after ``low``, in some unit, negative when before; None when that cannot be said."""
    for each, other in zip(_positions(low), _positions(high), strict=True):
        if each is not None and other is not None:
            return other - each
    return None


def _positions(value: ir.Value) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    """Where a moment stands on the lines of known days, known instants, seconds, days and months from now."""
    match value:
        case ir.Constant(datetime() as moment):
            return None, moment.timestamp(), None, None, None
        case ir.Constant(date() as day):
            return day.toordinal(), None, None, None, None
        case ir.Now():
            return None, None, 0, None, None
        case ir.Ago(seconds):
            return None, None, -seconds, None, None
        case ir.Today():
            return None, None, None, 0, 0
        case ir.CalendarAgo(count, "day" | "week" as unit):
            return None, None, None, -count * (7 if unit == "week" else 1), None
        case ir.CalendarAgo(count, unit):
            return None, None, None, None, -count * (12 if unit == "year" else 1)
    return None, None, None, None, None
