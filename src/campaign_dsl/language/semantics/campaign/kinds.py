"""What each kind of campaign has to do, and what it must not do."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.semantics.outcomes import Given
from campaign_dsl.language.syntax import tree as t

INCENTIVES = (t.Award, t.Issue, t.TagFor, t.SetTo, t.Record)
"""What a promotion moves people with: something of value, or a place among those who will get something."""
OF_VALUE = (t.Award, t.Issue)
"""What messaging does not give."""


def check_kind(node: t.Campaign, given: Given, problems: Problems) -> None:
    """That a campaign does what its kind says."""
    if node.kind is None or not given.nodes:
        return
    here = (Label(node.kind.span, "so it says here"),)
    sends = any(isinstance(each, t.Send) for each in given.nodes)
    match node.kind.text:
        case "promotion" if not any(isinstance(each, INCENTIVES) for each in given.nodes):
            problems.add(
                "CMP015",
                "a promotion that gives nothing",
                node.kind.span,
                why="a promotion moves people with something they get; a message alone is messaging",
                help="write `kind messaging`, or add an award, an offer, a code or a reward",
            )
        case "messaging":
            valuable = next((each for each in given.nodes if isinstance(each, OF_VALUE)), None)
            if valuable is not None:
                problems.add(
                    "CMP015",
                    "messaging that gives something away",
                    valuable.span,
                    why="who reads `messaging` does not look for what it costs",
                    help="write `kind promotion`, or leave this out",
                    see_also=here,
                )
            elif not sends:
                problems.add(
                    "CMP015",
                    "messaging without a message",
                    node.kind.span,
                    help="add `send NAME` and the message, or write the kind that fits",
                )
        case "subscription" if not sends and not any(isinstance(each, t.Subscription) for each in given.nodes):
            problems.add(
                "CMP015",
                "a subscription campaign that changes no subscription",
                node.kind.span,
                help="add `subscribe to ...`, `unsubscribe from ...` or a message about it",
            )
