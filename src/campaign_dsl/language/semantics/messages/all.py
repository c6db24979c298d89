"""All messages of a campaign: each is written once and sent, goes somewhere, and says something to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.content.matrix import Axes
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute, Property
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.behavior.scope import Scope
from campaign_dsl.language.semantics.campaign.audience import suppression_list
from campaign_dsl.language.semantics.campaign.head import Head
from campaign_dsl.language.semantics.checks import check_name
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.expressions.names import EVENT
from campaign_dsl.language.semantics.messages.contents import Desk, contents
from campaign_dsl.language.semantics.messages.contracts import check_contract
from campaign_dsl.language.semantics.messages.delivery import delivery, hours
from campaign_dsl.language.semantics.messages.matrix import check_matrix
from campaign_dsl.language.semantics.messages.properties import properties
from campaign_dsl.language.semantics.messages.quoting import quotable
from campaign_dsl.language.semantics.messages.routing import route
from campaign_dsl.language.semantics.outcomes import Given
from campaign_dsl.language.semantics.world import World
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.spec import MESSAGE_TYPES


@dataclass(frozen=True, slots=True)
class Telling:
    """What messages of a campaign may speak of."""

    names: Names
    head: Head
    segments: tuple[str, ...]
    scope: Scope
    given: Given


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of a campaign, and what has to be known to write them.

    Attributes:
        complete: whether these are all of them; some may have errors of their own.
        suppression: lists of the conversations they belong to.
        context: customer attributes to freeze with a decision, by name.
        event_context: properties of the triggering event to freeze likewise.
    """

    messages: tuple[ir.Message, ...]
    complete: bool
    suppression: tuple[ir.SuppressionList, ...]
    context: tuple[Attribute, ...]
    event_context: tuple[Property, ...]


def messages(node: t.Campaign, telling: Telling, world: World, problems: Problems) -> Messages:
    """The messages of a campaign; what is wrong with them is reported."""
    if node.quiet is not None:
        hours(node.quiet, problems)
    found: list[ir.Message] = []
    declared: dict[str, t.Message] = {}
    used: set[str] = set()
    for each in node.messages:
        first = declared.get(each.name.text)
        if first is not None:
            problems.add(
                "MSG002",
                f"message `{each.name.text}` is defined twice",
                each.name.span,
                see_also=(Label(first.name.span, "first defined here"),),
                help="give one of them another name, and send it by that name",
            )
            continue
        declared[each.name.text] = each
        check_name(each.name, "a message", problems)
        typed = _message(each, node, telling, world, used, problems)
        found += [] if typed is None else [typed]
    _check_sent(telling.given, declared, problems)
    quoted = used | _quoted(found, telling.scope)
    return Messages(
        tuple(found),
        len(found) == len(node.messages),
        _suppression(found, world.catalog, problems),
        _attributes(quoted, world.catalog),
        _properties(quoted, telling.scope),
    )


def _message(
    node: t.Message, campaign: t.Campaign, telling: Telling, world: World, used: set[str], problems: Problems
) -> ir.Message | None:
    """The typed message, or None after having reported what is wrong."""
    before = len(problems)
    if node.type.text not in MESSAGE_TYPES:
        problems.add(
            "MSG004",
            f"`{node.type.text}` is not a type of message",
            node.type.span,
            help=f"write `message {node.type.text} {node.name.text}`: the name comes first"
            if node.name.text in MESSAGE_TYPES
            else did_you_mean(node.type.text, MESSAGE_TYPES, "types"),
        )
        return None
    catalog, policies = world.catalog, world.settings.policies
    there = route(node, telling.names, world.settings, problems)
    if there is None:
        return None
    when = delivery(node, campaign, there, catalog, policies.quiet, problems)
    if node.settings and node.via is None:
        problems.add(
            "MSG018",
            "`settings` are for a provider, and this message names none",
            node.settings[0].span,
            help="add `via PROVIDER variant VARIANT`, or leave them out",
        )
    may = quotable(node.name.text, telling.given, telling.head, telling.segments, telling.scope, catalog)
    carried = properties(node, may, there.variant, catalog, problems)
    axes = Axes(telling.segments, telling.head.languages, telling.head.arm_names)
    says = contents(node, when.display, Desk(axes, may, world.read_text, used), problems)
    if len(says) == len(node.contents):
        check_matrix(node, says, axes, telling.given.outcomes, problems)
    if there.variant is not None and len(problems) == before:
        check_contract(node, there.variant, carried, may, world.read_text, problems)
    if len(problems) > before:
        return None
    return ir.Message(
        name=node.name.text,
        type=node.type.text,
        display=when.display,
        purpose=there.purpose,
        provider=there.provider,
        provider_settings=there.provider_settings,
        variant_name=there.variant_name,
        variant=there.variant,
        channel_name=there.channel_name,
        channel=there.channel,
        conversation=there.conversation,
        address=there.address,
        consent=there.consent,
        subscription=there.subscription,
        settings=tuple((each.name.text, each.value.text) for each in node.settings),
        setting_spans=tuple(each.span for each in node.settings),
        properties=carried,
        contents=says,
        quiet=when.quiet,
        expires_after_seconds=when.expires_after_seconds,
        visible_seconds=when.visible_seconds,
        seeds=when.seeds,
        span=node.name.span,
    )


def _check_sent(given: Given, declared: dict[str, t.Message], problems: Problems) -> None:
    """Every message is sent, and what is sent is there."""
    sent: set[str] = set()
    swapped = {each.type.text for each in declared.values() if each.name.text in MESSAGE_TYPES}  # name and type
    for send in (each for each in given.nodes if isinstance(each, t.Send)):
        name = send.message.text
        sent.add(name)
        if name not in declared and name not in swapped:
            problems.add(
                "MSG001",
                f"there is no message `{name}`",
                send.message.span,
                help=did_you_mean(name, declared, "messages of this campaign")
                or f"add `message {name} external {{ ... }}`",
            )
    for name, each in declared.items():
        if name not in sent and given.nodes and sent <= declared.keys():  # else it may be the one that was meant
            problems.add(
                "MSG003",
                f"message `{name}` is never sent",
                each.name.span,
                help=f"add `send {name}` to the outcomes, or delete it",
            )


# --------------------------------------------------------------------------- what has to be known to write messages


def _quoted(found: list[ir.Message], scope: Scope) -> frozenset[str]:
    """The values that messages carry, and where they go, by path."""
    paths = {each.source for message in found for each in message.properties if each.source}
    if any(message.variant is not None and "event_trigger" in message.variant.include for message in found):
        told = scope.rows.get(EVENT, {})
        paths |= {f"{EVENT}.{name}" for name, each in told.items() if each.type.kind is not Kind.GEO}
    paths |= {f"customer.{message.address.name}" for message in found if message.address is not None}
    return frozenset(paths)


def _attributes(paths: Iterable[str], catalog: model.Catalog) -> tuple[Attribute, ...]:
    names = {path.split(".")[1] for path in paths if path.startswith("customer.")}
    found = (expressions.attribute(catalog, name) for name in sorted(names))
    return tuple(each for each in found if each is not None)


def _properties(paths: Iterable[str], scope: Scope) -> tuple[Property, ...]:
    named = sorted({(path.split(".")[0], path.split(".")[1]) for path in paths if "." in path})
    found = (scope.find(row, name) for row, name in named)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _suppression(found: list[ir.Message], catalog: model.Catalog, problems: Problems) -> tuple[ir.SuppressionList, ...]:
    """The lists of the conversations that messages belong to."""
    lists: dict[str, ir.SuppressionList] = {}
    for message in found:
        entry = catalog.conversations.get(message.conversation.name) if message.conversation else None
        for name in entry.suppress if entry is not None else ():
            typed = suppression_list(t.Name(name, span=message.span), catalog, problems)
            lists |= {} if typed is None else {name: typed}
    return tuple(lists.values())
