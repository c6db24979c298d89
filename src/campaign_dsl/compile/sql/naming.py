"""Names that say what a CTE is: which event, with which words, in which time. Never longer than engines allow."""

from __future__ import annotations

import re
from datetime import date, datetime

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.ir import nodes as ir

LONGEST = 56
"""PostgreSQL cuts names at 63 bytes; a number may follow."""
_WORD = re.compile(r"[a-z0-9_]{1,24}\Z")
_LENGTHS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))


def shortened(name: str) -> str:
    return name[:LONGEST].rstrip("_")


def did(node: ir.Did) -> str:
    times = f"_{node.at_least}_times" if node.at_least > 1 else ""
    return f"did_{_which(node.event, node.where)}{times}{_within(node.window)}"


def first(node: ir.FirstDid) -> str:
    return f"first_{_which(node.event, node.where)}{_within(node.window)}"


def resumed(node: ir.Resumed) -> str:
    return f"resumed_{_which(node.event, node.where)}{_within(node.window)}"


def sequence(node: ir.Sequence) -> str:
    return "_then_".join(("no_" if step.absent else "") + step.event.name for step in node.steps)


def aggregate(node: ir.Aggregate) -> str:
    of = f"_{_value(node.value)}" if node.value is not None else ""
    which = _which(node.event, node.where)
    return f"{node.function.replace(' ', '_')}_of_{which}{of}{_within(node.window)}"


def side_by_side(node: ir.Aggregate) -> str:
    return f"{_which(node.event, node.where)}_in_several_windows"


def ranked(node: ir.Rank) -> str:
    return f"{'largest' if node.largest else 'smallest'}_by_{_value(node.of)}"


def quintile(node: ir.Quintile) -> str:
    return f"quintile_of_{_value(node.of)}"


def anniversary(node: ir.AnniversaryIn) -> str:
    ends = [f"{-count}_days_ago" if count < 0 else f"in_{count}_days" for count in (node.first, node.last)]
    return "anniversary_" + "_to_".join(dict.fromkeys(ends))


def _value(node: ir.Value) -> str:
    match node:
        case ir.Attribute(name) | ir.Property(name) | ir.Lookup(name=name) | ir.Field(name=name):
            return name
        case ir.Aggregate():
            return aggregate(node)
        case ir.Quintile():
            return quintile(node)
        case ir.Age():
            return "age"
    return "value"


def _which(event: ir.EventSource, where: ir.Predicate | None) -> str:
    """The event, and the words its filter asks for: `tags_unhappy`; `matching` when it asks for something else."""
    if where is None:
        return event.name
    tests = where.items if isinstance(where, ir.AllOf) else (where,)
    words = [word for word in map(_word, tests) if word is not None]
    return "_".join([event.name, *(words[:2] or ["matching"])])


def _word(test: ir.Predicate) -> str | None:
    match test:
        case ir.Compare("=", ir.Property(), ir.Constant(str() as word)) if _WORD.match(word):
            return word
        case ir.InList(ir.Property(), items, False) if len(items) <= 2:
            found = [str(each.value) for each in items]
            return "_or_".join(found) if all(_WORD.match(each) for each in found) else None
    return None


def _within(window: ir.Window | None) -> str:
    match window:
        case ir.Rolling(seconds):
            size, unit = next(each for each in _LENGTHS if seconds % each[0] == 0)
            return f"_in_last_{seconds // size}_{unit}"
        case ir.Calendar(1, unit, 0):
            return "_today" if unit == "day" else f"_this_{unit}"
        case ir.Calendar(1, unit, 1):
            return "_yesterday" if unit == "day" else f"_last_{unit}"
        case ir.Calendar(count, unit, 0):
            return f"_in_{count}_calendar_{unit}s"
        case ir.Bounded():
            bounds = ("since", "after", "until", "before")
            return "".join(_bound(name, getattr(window, name)) for name in bounds if getattr(window, name) is not None)
    return ""


def _bound(word: str, moment: ir.Moment) -> str:
    if isinstance(moment, ir.Constant) and moment.type.kind in (Kind.DATE, Kind.TIMESTAMP):
        assert isinstance(moment.value, date | datetime)
        return f"_{word}_{moment.value.strftime('%Y_%m_%d')}"
    return f"_{word}_some_day"
