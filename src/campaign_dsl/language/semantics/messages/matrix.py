"""Who gets which content: for everybody there is exactly one that is the most specific."""

from __future__ import annotations

from campaign_dsl.language.content.matrix import Axes, Combination, gaps_and_clashes
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.syntax import tree as t

SHOWN = 3


def check_matrix(
    node: t.Message, contents: tuple[ir.Content, ...], axes: Axes, outcomes: tuple[ir.Outcome, ...], problems: Problems
) -> None:
    """Reports combinations of segment, language and variant without content, or with two that fit equally well."""
    if not contents:
        return
    gaps, clashes = gaps_and_clashes(contents, _told(node.name.text, axes, outcomes))
    for clash in clashes:
        first, second = (contents[place] for place in clash.contents[:2])
        problems.add(
            "MSG026",
            f"two contents fit equally well for {clash.combination}",
            second.span,
            why="the most specific one is sent, and neither is",
            help="make one of them more specific, or delete it",
            see_also=(Label(first.span, "the other one"),),
        )
    if gaps:
        more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
        problems.add(
            "MSG025",
            f"`{node.name.text}` says nothing to some: {'; '.join(str(gap.combination) for gap in gaps[:SHOWN])}{more}",
            node.name.span,
            why="they would get an empty message, or none",
            help="add `content { ... }` for everybody else",
        )


def _told(message: str, axes: Axes, outcomes: tuple[ir.Outcome, ...]) -> list[Combination]:
    """The combinations that the message is sent to."""
    sends = [each.tail.condition for each in outcomes if isinstance(each, ir.Send) and each.message == message]
    return [each for each in axes.combinations() if not sends or any(_sent(condition, each) for condition in sends)]


def _sent(condition: ir.Condition | None, to: Combination) -> bool:
    if condition is None:
        return True
    return condition.segment in (None, to.segment) and condition.arm in (None, to.arm)
