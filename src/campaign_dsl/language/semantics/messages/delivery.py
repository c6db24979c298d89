"""When a message may go, how long it is there, how it shows, and who of the house gets a copy."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.semantics.checks import choice
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.lookups import entry_of
from campaign_dsl.language.semantics.messages.routing import Route
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.spec import DISPLAYS, MESSAGE_TYPES

Hours = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How and when a message is delivered."""

    quiet: Hours
    expires_after_seconds: int | None
    visible_seconds: int | None
    display: str | None
    seeds: tuple[str, ...]


def delivery(
    node: t.Message, campaign: t.Campaign, route: Route, catalog: model.Catalog, policy: str, problems: Problems
) -> Delivery:
    """How and when a message is delivered; what is wrong with it is reported.

    Args:
        policy: quiet hours of the workspace.
    """
    return Delivery(
        quiet=_quiet(node, campaign, route.conversation_entry, policy, problems),
        expires_after_seconds=exact_seconds(node.expires, problems) if node.expires else None,
        visible_seconds=_visible(node, problems),
        display=_display(node, problems),
        seeds=_seeds(node, route, catalog, problems),
    )


def _quiet(
    node: t.Message, campaign: t.Campaign, conversation: model.Conversation | None, policy: str, problems: Problems
) -> Hours:
    """Its own hours, else the campaign's, else the conversation's, else the workspace's."""
    for said in (node.quiet, campaign.quiet):
        if said is not None:
            return hours(said, problems)
    text = conversation.quiet if conversation is not None and conversation.quiet is not None else policy
    start, _, end = text.partition(" to ")
    return None if text == "none" else (start, end)


def hours(node: t.Quiet, problems: Problems) -> Hours:
    """The hours a clause says; None for `none`."""
    if node.start is None or node.end is None:
        return None
    if node.start.text == node.end.text:
        problems.add(
            "MSG008",
            "this quiet period is empty, or the whole day",
            node.span,
            help="write two different times, or `quiet none`",
        )
    return node.start.text, node.end.text


def _visible(node: t.Message, problems: Problems) -> int | None:
    wanted = MESSAGE_TYPES[node.type.text].visible
    if node.visible is None:
        if wanted:
            problems.add(
                "MSG018",
                f"`{node.name.text}` does not say how long it is there",
                node.name.span,
                why="a tile of the activity feed goes away by itself",
                help="add `visible for 7 days`",
            )
        return None
    if not wanted:
        problems.add(
            "MSG018",
            f"`visible` does not belong to `{node.type.text}` messages",
            node.visible.span,
            why="only what stands in the activity feed is there for a while",
            help="leave it out; `expires after` says when it is too late to send",
        )
    return exact_seconds(node.visible, problems)


def _display(node: t.Message, problems: Problems) -> str | None:
    if node.type.text != "in_app":
        if node.display is not None:
            problems.add(
                "MSG018",
                f"`display` does not belong to `{node.type.text}` messages",
                node.display.span,
                help="leave it out; only `in_app` messages are shown over the app",
            )
        return None
    if node.display is None:
        problems.add(
            "MSG018",
            f"`{node.name.text}` does not say how it shows",
            node.name.span,
            help="add `display graphic` or `display video`",
        )
    return choice(node.display, tuple(DISPLAYS), "display", "", problems)


def _seeds(node: t.Message, route: Route, catalog: model.Catalog, problems: Problems) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in node.seeds:
        entry = entry_of(name, catalog.seed_lists, "NAM033", "seed list", problems)
        found |= dict.fromkeys(entry.addresses if entry else ())
    by_mail = node.type.text == "email" or (route.variant is not None and route.variant.identifier == "email")
    if node.seeds and not by_mail:
        problems.add(
            "MSG018",
            "seed lists hold e-mail addresses, and this message does not go to one",
            node.seeds[0].span,
            help="leave `seeds` out, or send it by a variant with `identifier: email`",
        )
    return tuple(found)
