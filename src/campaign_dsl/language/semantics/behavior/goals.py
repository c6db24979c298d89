"""Goals of several parts, and sequences of events."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior import saying
from campaign_dsl.language.semantics.behavior.events import counted
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.expressions.sequences import MAX_STEPS
from campaign_dsl.language.syntax import tree as t

MAX_PARTS = 20


def goal(node: t.Group, names: Names, problems: Problems) -> ir.Goal | None:
    """`all of within 30 days { ... }`, `any of { ... }`."""
    whole = _group(node, names, problems)
    return None if whole is None else ir.Goal(whole, saying.trigger(node), node.span)


def _group(node: t.Group, names: Names, problems: Problems) -> ir.Group | None:
    word = "all of" if node.all else "any of"
    if not 2 <= len(node.parts) <= MAX_PARTS:
        problems.add(
            "BEH015",
            f"`{word}` joins 2 to {MAX_PARTS} parts, here {'is' if len(node.parts) == 1 else 'are'} {len(node.parts)}",
            node.span,
            help="add another one, or write `on` and the event" if len(node.parts) < 2 else "put some into a group",
        )
        return None
    parts = tuple(
        _group(part, names, problems) if isinstance(part, t.Group) else counted(part, names, problems)
        for part in node.parts
    )
    seconds = exact_seconds(node.within, problems) if node.within is not None else None
    kept = tuple(part for part in parts if part is not None)
    if len(kept) < len(parts) or (node.within is not None and seconds is None):
        return None
    return ir.Group(node.all, kept, seconds)


def sequence(node: t.SequenceBlock, names: Names, problems: Problems) -> ir.SequenceOf | None:
    """`sequence within 7 days { ... }`."""
    seconds = exact_seconds(node.within, problems) if node.within is not None else None
    if not 2 <= len(node.steps) <= MAX_STEPS:
        problems.add(
            "BEH015",
            f"a sequence has 2 to {MAX_STEPS} steps, here {'is' if len(node.steps) == 1 else 'are'} {len(node.steps)}",
            node.span,
            help="add a line like `then purchase within 2 days`" if len(node.steps) < 2 else "leave some out",
        )
        return None
    steps = expressions.steps(node.steps, names, problems)
    if steps is None or (node.within is not None and seconds is None):
        return None
    return ir.SequenceOf(tuple(step for step, _ in steps), seconds, saying.trigger(node), node.span)
