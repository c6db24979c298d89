"""What may follow every outcome: how long it lasts, when it comes, its name, whom it is for."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior.scope import Scope
from campaign_dsl.language.semantics.checks import check_name
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.outcomes.values import check_event
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written

EXPIRING = (t.Award, t.Issue)
"""What is gone some time after it was given."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What outcomes may speak of.

    Attributes:
        scope: what the occurrence tells.
    """

    names: Names
    scope: Scope
    segments: tuple[str, ...]
    arms: tuple[str, ...]


def tail(node: t.Outcome, choice: int | None, around: Surroundings, problems: Problems) -> ir.Tail:
    """What follows an outcome; what is wrong with it is reported."""
    said = node.tail
    if said.alias is not None:
        check_name(said.alias, "an outcome", problems)
    if said.expires is not None and not isinstance(node, EXPIRING):
        help = "leave it out"
        if isinstance(node, t.TagFor):
            help = f"write `tag {node.tag.text} for {said.expires.count} {said.expires.unit}s`"
        elif isinstance(node, t.Send):
            help = "write `expires after` in the message"
        _misplaced("expires after", said.expires.span, node, help, problems)
    if said.at_most is not None and not isinstance(node, t.Award):
        _misplaced("at most", said.at_most.span, node, "leave it out", problems)
    delay = exact_seconds(said.delay, problems) if said.delay is not None else 0
    return ir.Tail(
        node.span,
        _condition(said.condition, choice is not None, around, problems),
        said.alias.text if said.alias else None,
        choice,
        delay or 0,
    )


def _misplaced(words: str, span: Span, node: t.Outcome, help: str, problems: Problems) -> None:
    problems.add("OUT006", f"`{words}` does not belong to `{keyword(node)}`", span, help=help)


def keyword(node: t.Outcome) -> str:
    """The word an outcome begins with."""
    match node:
        case t.Award():
            return "award"
        case t.Issue():
            return "issue"
        case t.TagFor():
            return "tag"
        case t.Untag():
            return "untag"
        case t.SetTo():
            return "set"
        case t.Subscription():
            return "subscribe" if node.subscribed else "unsubscribe"
        case t.Record():
            return "record"
        case t.Send():
            return "send"


def is_otherwise(condition: t.Condition | None) -> bool:
    return condition is not None and not (condition.segment or condition.variant or condition.where)


def _condition(
    node: t.Condition | None, in_choice: bool, around: Surroundings, problems: Problems
) -> ir.Condition | None:
    if node is None:
        return None
    if node.segment is not None:
        segments = around.segments
        if node.segment.text not in segments:
            problems.add(
                "OUT003",
                f"there is no segment `{node.segment.text}`",
                node.segment.span,
                help=did_you_mean(node.segment.text, segments, "segments") or "add `segments { ... }` to the audience",
            )
        return ir.Condition(f"segment {node.segment.text}", node.segment.text, None)
    if node.variant is not None:
        if node.variant.text not in around.arms:
            problems.add(
                "OUT003",
                f"there is no variant `{node.variant.text}`",
                node.variant.span,
                help=did_you_mean(node.variant.text, around.arms, "variants")
                or "add `variants { a 50% b 50% }` to the campaign",
            )
        return ir.Condition(f"variant {node.variant.text}", None, None, node.variant.text)
    if node.where is None:
        if not in_choice:
            problems.add(
                "OUT007",
                "`otherwise` stands only in `first of`",
                node.span,
                why="alone it does not say what else there is",
                help="put it and the other outcome into `first of { ... }`",
            )
        return None
    if isinstance(node.where, t.Path) and node.where.text in (*around.segments, *around.arms):
        name = node.where.text
        what = "segment" if name in around.segments else "variant"
        problems.add("OUT003", f"`{name}` is a {what}", node.where.span, help=f"write `when {what} {name}`")
        return None
    predicate = expressions.predicate(node.where, around.names, problems)
    check_event(predicate, node.where.span, around.scope, problems)
    return ir.Condition(written(node.where), None, predicate)
