"""Steps in order: of `did (... then ...)`, and of a `sequence` block."""

from __future__ import annotations

from collections.abc import Sequence

from campaign_dsl.language.diagnostics.model import Label
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.checks import check_name
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.semantics.expressions.names import RESERVED, Names, Rows, event_named
from campaign_dsl.language.semantics.expressions.windows import window
from campaign_dsl.language.syntax import tree as t

MAX_STEPS = 10


def did_sequence(node: t.DidSequence, at: Checker) -> ir.Predicate | None:
    """`did (add_to_cart as cart then purchase within 7 days) in last 30 days`."""
    if not at.about_customer(node.span, "`did`"):
        return None
    typed = steps(node.steps, at)
    when = window(node.window, at)
    return None if typed is None or when is None else ir.Sequence(tuple(step for step, _ in typed), when)


def steps(nodes: Sequence[t.Step], at: Checker) -> list[tuple[ir.Step, Rows]] | None:
    """The typed steps and the rows of each, or None after having reported everything that is wrong with them."""
    before = len(at.problems)
    if len(nodes) > MAX_STEPS:
        at.problems.add(
            "TYP011",
            f"this has {len(nodes)} steps; at most {MAX_STEPS} are possible",
            nodes[MAX_STEPS].span,
            help="leave steps out, or make two sequences of it",
        )
        return None
    names: Names = at.names.of_customers()
    found: list[tuple[ir.Step, Rows]] = []
    seen: dict[str, t.Name] = {}
    for number, node in enumerate(nodes):
        rows = event_named(node.event, at.names.catalog, at.problems)
        _well_formed(node, number, at)
        seconds = exact_seconds(node.within, at.problems) if node.within is not None else None
        if node.alias is not None:
            _alias(node.alias, seen, at)
        if rows is None:
            continue
        where, sound = at.filter(node.where, names.in_step(rows))
        alias = node.alias.text if node.alias is not None and not node.absent else None
        if alias is not None:
            names = names.naming(alias, rows)
        if sound:
            found.append((ir.Step(rows.source, where, alias, node.absent, seconds), rows))
    return found if len(at.problems) == before and len(found) == len(nodes) else None


def _well_formed(node: t.Step, number: int, at: Checker) -> None:
    if node.absent and number == 0:
        at.problems.add(
            "TYP013",
            "a sequence cannot begin with what did not happen",
            node.span,
            why="its time is counted from the step before it",
            help="begin with an event; for what did not happen alone write `did not ...`",
        )
    elif node.absent and node.within is None:
        at.problems.add(
            "TYP013",
            "this does not say for how long it must not happen",
            node.span,
            help=f"write `no {node.event.text} for 2 days`",
        )
    elif number == 0 and node.within is not None:
        at.problems.add(
            "TYP013", "the first step comes after nothing", node.within.span, help="leave the length of time out"
        )


def _alias(alias: t.Name, seen: dict[str, t.Name], at: Checker) -> None:
    check_name(alias, "a step", at.problems)
    if alias.text in RESERVED:
        at.problems.add(
            "TYP013",
            f"`{alias.text}` cannot name a step, it means something else already",
            alias.span,
            help="use another name",
        )
    elif alias.text in seen:
        at.problems.add(
            "TYP013",
            f"two steps are called `{alias.text}`",
            alias.span,
            help="use another name",
            see_also=(Label(seen[alias.text].span, "the first of them"),),
        )
    seen.setdefault(alias.text, alias)
