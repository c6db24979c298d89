"""Where a message goes: its provider and variant, its channel, its conversation, and what allows it."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute, Predicate
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.checks import choice
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.lookups import entry_of
from campaign_dsl.language.syntax import tree as t

PURPOSES = ("marketing", "transactional")
IN_THE_APP = ("inbox", "feed", "in_app")
"""Types of messages that wait until the customer comes; they need consent only where the channel asks for it."""
ADDRESSED = ("email", "sms")
"""Types of messages that go to an address of the customer."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes, and what allows it."""

    provider: str | None
    provider_settings: model.ProviderSettings | None
    variant_name: str | None
    variant: model.Variant | None
    channel_name: str
    channel: model.Channel
    conversation: ir.Conversation | None
    conversation_entry: model.Conversation | None
    purpose: str
    address: Attribute | None
    consent: Attribute | None
    subscription: Predicate | None


def route(node: t.Message, names: Names, settings: model.WorkspaceSettings, problems: Problems) -> Route | None:
    """Where a message goes, or None after having reported what is wrong."""
    before = len(problems)
    catalog, external = names.catalog, node.type.text == "external"
    purpose = choice(node.purpose, PURPOSES, "purpose", "marketing", problems)
    if external and (node.via is None or node.via.variant is None):
        problems.add(
            "MSG005",
            f"message `{node.name.text}` does not say where it goes",
            node.via.span if node.via else node.name.span,
            why="an external message is made by another system, from what its variant carries",
            help="add `via PROVIDER variant VARIANT`",
        )
        return None
    variant = _variant(node.via, catalog, problems) if node.via is not None else None
    provider = None
    if node.via is not None and len(problems) == before:
        provider = _provider(node.via, settings, problems)
    conversation = None
    if node.conversation is not None:
        conversation = entry_of(node.conversation, catalog.conversations, "NAM021", "conversation", problems)
    if len(problems) > before:
        return None
    if node.type.text == "email":
        _check_sender(node, conversation, catalog, problems)
    channel_name = _channel(node, variant, conversation, catalog, problems)
    if channel_name is None:
        return None
    channel = catalog.channels[channel_name]
    if node.type.text in ADDRESSED and channel.address is None:
        problems.add(
            "MSG017",
            f"channel `{channel_name}` has no address",
            node.name.span,
            help=f"set `channels: {channel_name}: address:` in catalog.yaml to the attribute that holds it",
        )
    consent, subscription = _permission(node, purpose, channel_name, names, settings, problems)
    if len(problems) > before:
        return None
    return Route(
        provider=node.via.provider.text if node.via else None,
        provider_settings=provider,
        variant_name=node.via.variant.text if node.via and node.via.variant else None,
        variant=variant,
        channel_name=channel_name,
        channel=channel,
        conversation=_typed(node.conversation.text, conversation) if node.conversation and conversation else None,
        conversation_entry=conversation,
        purpose=purpose,
        address=expressions.attribute(catalog, channel.address) if channel.address else None,
        consent=consent,
        subscription=subscription,
    )


def _provider(via: t.Via, settings: model.WorkspaceSettings, problems: Problems) -> model.ProviderSettings | None:
    provider = settings.providers.get(via.provider.text)
    if provider is None:
        problems.add(
            "NAM010",
            f"workspace.yaml has no provider `{via.provider.text}`",
            via.provider.span,
            help=did_you_mean(via.provider.text, settings.providers, "providers") or "add it to workspace.yaml",
        )
    return provider


def _variant(via: t.Via, catalog: model.Catalog, problems: Problems) -> model.Variant | None:
    if via.variant is None:
        return None
    variant = entry_of(via.variant, catalog.variants, "NAM009", "messaging variant", problems)
    if variant is None:
        return None
    if variant.provider != via.provider.text:
        problems.add(
            "MSG007",
            f"variant `{via.variant.text}` belongs to provider `{variant.provider}`, not `{via.provider.text}`",
            via.provider.span,
            help=f"write `via {variant.provider} variant {via.variant.text}`",
        )
        return None
    return variant


# -------------------------------------------------------------------------------------------------------- channels


def _channel(
    node: t.Message,
    variant: model.Variant | None,
    conversation: model.Conversation | None,
    catalog: model.Catalog,
    problems: Problems,
) -> str | None:
    """The channel: its variant's, its conversation's, or the only one that carries such messages."""
    if variant is not None:
        assert node.via is not None
        assert node.via.variant is not None
        name, said = variant.channel, node.via.variant.span
        if conversation is not None and conversation.channel != name:
            assert node.conversation is not None
            problems.add(
                "MSG016",
                f"conversation `{node.conversation.text}` is on channel `{conversation.channel}`,"
                f" and the variant on `{name}`",
                node.conversation.span,
                help="use a conversation and a variant of one channel",
                see_also=(Label(said, "the variant"),),
            )
            return None
    elif conversation is not None:
        assert node.conversation is not None
        name, said = conversation.channel, node.conversation.span
    else:
        fitting = sorted(key for key, each in catalog.channels.items() if each.type == node.type.text)
        if len(fitting) != 1:
            problems.add(
                "MSG017",
                f"no channel carries `{node.type.text}` messages"
                if not fitting
                else f"`{node.type.text}` messages could take channel " + " or ".join(f"`{each}`" for each in fitting),
                node.type.span,
                help=f"add a channel with `type: {node.type.text}` to catalog.yaml"
                if not fitting
                else "say which with `via PROVIDER variant VARIANT` or `conversation`",
            )
            return None
        name, said = fitting[0], node.type.span
    channel = catalog.channels.get(name)
    if channel is None:
        problems.add("NAM011", f"unknown channel `{name}`", said, help="declare it in catalog.yaml")
        return None
    if node.type.text not in ("external", channel.type):
        problems.add(
            "MSG017",
            f"channel `{name}` carries `{channel.type}` messages, this one is `{node.type.text}`",
            said,
            help=f"write `type: {node.type.text}` for the channel in catalog.yaml, or take another one",
            see_also=(Label(node.type.span, "its type"),),
        )
        return None
    return name


def _check_sender(
    node: t.Message, conversation: model.Conversation | None, catalog: model.Catalog, problems: Problems
) -> None:
    """E-mail is from somebody: a conversation says who."""
    fitting = [name for name, each in catalog.conversations.items() if each.sender is not None]
    if node.conversation is None:
        problems.add(
            "MSG016",
            f"e-mail `{node.name.text}` does not say who it is from",
            node.name.span,
            why="the sender, the address for answers and the signature belong to a conversation",
            help=f"add `conversation {fitting[0] if fitting else 'NAME'}`",
        )
    elif conversation is not None and conversation.sender is None:
        problems.add(
            "MSG016",
            f"conversation `{node.conversation.text}` does not say who its e-mail is from",
            node.conversation.span,
            help=f"set `conversations: {node.conversation.text}: from:` in catalog.yaml",
        )


def _typed(name: str, entry: model.Conversation) -> ir.Conversation:
    return ir.Conversation(
        name,
        entry.title,
        entry.channel,
        entry.sender,
        entry.reply_to,
        entry.dkim.domain if entry.dkim else None,
        entry.dkim.selector if entry.dkim else None,
    )


# ------------------------------------------------------------------------------------------------------ permission


def _permission(
    node: t.Message,
    purpose: str,
    channel_name: str,
    names: Names,
    settings: model.WorkspaceSettings,
    problems: Problems,
) -> tuple[Attribute | None, Predicate | None]:
    """The consent and the subscription a customer must have given; neither for what she has to be told anyway.

    Where the workspace asks for consent, she must have subscribed to the conversation; else she must not have left it.
    """
    if purpose != "marketing":
        return None, None
    catalog, required = names.catalog, settings.policies.consent == "required"
    channel = catalog.channels[channel_name]
    subscription = None
    if node.conversation is not None and catalog.profile.subscriptions is not None:
        asked: t.Expression = t.Subscribed(node.conversation, required, span=node.conversation.span)
        subscription = expressions.predicate(asked if required else t.Not(asked, span=asked.span), names, problems)
    consent = expressions.attribute(catalog, channel.consent) if channel.consent and required else None
    if required and consent is None and subscription is None and node.type.text not in IN_THE_APP:
        problems.add(
            "MSG006",
            f"channel `{channel_name}` has no consent attribute, but the workspace requires consent",
            _said(node),
            help=f"set `channels: {channel_name}: consent:` in catalog.yaml",
        )
    return consent, subscription


def _said(node: t.Message) -> Span:
    return node.via.span if node.via else node.conversation.span if node.conversation else node.name.span
