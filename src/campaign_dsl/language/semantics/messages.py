"""Checks messages: the variant exists, settings are sound, every value has a type and is never silently missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Label, Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean, near
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Attribute
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.outcomes import exclusive
from campaign_dsl.language.syntax import tree as t


@dataclass(frozen=True, slots=True)
class Source:
    """A value of a message that does not come from the customer.

    Args:
        kind: text, integer, timestamp or date.
        of: which outcome has to happen for it to exist: `points`, `offer` or nothing.
        missing: whether it is missing although the outcome happened.
    """

    kind: str
    of: str | None
    missing: Callable[[tuple[ir.Outcome, ...]], bool] = lambda outcomes: False


def _no_expiry(kind: type[ir.Award] | type[ir.Issue]) -> Callable[[tuple[ir.Outcome, ...]], bool]:
    return lambda outcomes: any(isinstance(x, kind) and x.expires_after_seconds is None for x in outcomes)


def _offer_lacks(field: str) -> Callable[[tuple[ir.Outcome, ...]], bool]:
    return lambda outcomes: any(isinstance(x, ir.Issue) and getattr(x.terms, field) is None for x in outcomes)


SOURCES: dict[str, Source] = {
    "outcome.points.amount": Source("integer", "points"),
    "outcome.points.account": Source("text", "points"),
    "outcome.points.expires_at": Source("timestamp", "points", _no_expiry(ir.Award)),
    "offer.id": Source("text", "offer"),
    "offer.title": Source("text", "offer"),
    "offer.user_offer_id": Source("text", "offer"),
    "offer.description": Source("text", "offer", _offer_lacks("description")),
    "offer.terms_and_conditions": Source("text", "offer", _offer_lacks("terms_and_conditions")),
    "offer.logo": Source("text", "offer", _offer_lacks("logo")),
    "offer.pos_discount_id": Source("text", "offer", _offer_lacks("pos_discount_id")),
    "offer.expires_at": Source("timestamp", "offer", _no_expiry(ir.Issue)),
    "campaign.name": Source("text", None),
    "campaign.title": Source("text", None),
    "occurrence.key": Source("text", None),
    "occurrence.date": Source("date", None),
}
"""Everything a message may quote beside `customer.<attribute>`. Values come from the ledger row of the effect."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the campaign gives, and the segments that conditions speak of.

    Attributes:
        complete: whether these are all outcomes; some may have errors of their own.
    """

    outcomes: tuple[ir.Outcome, ...]
    segments: tuple[str, ...]
    complete: bool


_PRODUCERS = {"points": ir.Award, "offer": ir.Issue}
_EVERY = "*"


def message(
    node: t.Message,
    given: Given,
    catalog: model.Catalog,
    settings: model.WorkspaceSettings,
    problems: Problems,
) -> ir.Message | None:
    """The typed message, or None after having reported what is wrong."""
    before = len(problems)
    if node.type.text != "external":
        problems.add(
            "MSG004",
            f"`{node.type.text}` is not a message type this version knows",
            node.type.span,
            help="write `external`",
        )
    if node.via is None or node.via.variant is None:
        problems.add(
            "MSG005",
            f"message `{node.name.text}` does not say where it goes",
            node.name.span,
            help="add `via PROVIDER variant VARIANT`",
        )
        return None
    variant = _variant(node.via, catalog, problems)
    if variant is None:
        return None
    provider = settings.providers.get(variant.provider)
    if provider is None:
        problems.add(
            "NAM010",
            f"workspace.yaml has no provider `{variant.provider}`",
            node.via.provider.span,
            help=did_you_mean(variant.provider, settings.providers, "providers"),
        )
        return None
    channel = catalog.channels.get(variant.channel)
    if channel is None:
        problems.add(
            "NAM011", f"unknown channel `{variant.channel}`", node.via.variant.span, help="declare it in catalog.yaml"
        )
        return None
    consent = expressions.attribute(catalog, channel.consent) if channel.consent else None
    if settings.policies.consent == "required" and consent is None:
        problems.add(
            "MSG006",
            f"channel `{variant.channel}` has no consent attribute, but the workspace requires consent",
            node.via.span,
            help=f"set `channels: {variant.channel}: consent:` in catalog.yaml",
        )
    carried = [_property(each, node.name.text, given, catalog, problems) for each in node.properties]
    _complete(node, variant, problems)
    quiet = _quiet(node.quiet, settings.policies.quiet, problems)
    expires = exact_seconds(node.expires, problems) if node.expires else None
    if len(problems) > before:
        return None
    return ir.Message(
        name=node.name.text,
        type=node.type.text,
        display=None,
        purpose="marketing",
        provider=variant.provider,
        provider_settings=provider,
        variant_name=node.via.variant.text,
        variant=variant,
        channel_name=variant.channel,
        channel=channel,
        conversation=None,
        address=expressions.attribute(catalog, channel.address) if channel.address else None,
        consent=consent if settings.policies.consent == "required" else None,
        subscription=None,
        settings=tuple((each.name.text, each.value.text) for each in node.settings),
        setting_spans=tuple(each.span for each in node.settings),
        properties=tuple(each for each in carried if each is not None),
        contents=(),
        quiet=quiet,
        expires_after_seconds=expires,
        visible_seconds=None,
        seeds=(),
        span=node.name.span,
    )


def _variant(via: t.Via, catalog: model.Catalog, problems: Problems) -> model.Variant | None:
    assert via.variant is not None
    variant = catalog.variants.get(via.variant.text)
    if variant is None:
        problems.add(
            "NAM009",
            f"unknown messaging variant `{via.variant.text}`",
            via.variant.span,
            help=did_you_mean(via.variant.text, catalog.variants, "known variants") or "declare it in catalog.yaml",
        )
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


def _quiet(node: t.Quiet | None, policy: str, problems: Problems) -> tuple[str, str] | None:
    if node is None:
        if policy == "none":
            return None
        start, _, end = policy.partition(" to ")
        return start, end
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


def _complete(node: t.Message, variant: model.Variant, problems: Problems) -> None:
    """Names are given once, and what the receiving template needs is there."""
    seen: dict[str, Span] = {}
    for entries in (node.settings, node.properties):
        seen = {}
        for each in entries:
            if each.name.text in seen:
                problems.add("MSG009", f"`{each.name.text}` is given twice", each.name.span, help="keep one of them")
            seen.setdefault(each.name.text, each.name.span)
    name_of_variant = node.via.variant.text if node.via and node.via.variant else ""
    for name in variant.requires:
        if name not in seen:
            meant = near(name, seen.keys() - set(variant.requires), 1)
            problems.add(
                "MSG010",
                f"variant `{name_of_variant}` needs the property `{name}`",
                seen[meant[0]] if meant else node.name.span,
                why="the receiving template cannot do without it",
                help=f"is `{meant[0]}` meant to be `{name}`?" if meant else f"add `{name} ...` to `properties`",
            )


def _property(
    node: t.PropertyOf,
    message_name: str,
    given: Given,
    catalog: model.Catalog,
    problems: Problems,
) -> ir.MessageProperty | None:
    fallback = _plain(node.fallback)
    if node.path is None:
        return ir.MessageProperty(node.name.text, None, fallback, node.span)
    path = node.path.text
    if path.startswith("customer.") and path.count(".") == 1:
        return _customer_property(node, path, fallback, catalog, problems)
    source = SOURCES.get(path)
    if source is None:
        known = [*SOURCES, *(f"customer.{name}" for name in catalog.customers.attributes)]
        problems.add(
            "MSG011",
            f"unknown value `{path}`",
            node.path.span,
            help=did_you_mean(path, known) or _ending(path, known),
        )
        return None
    if source.of is not None and given.complete and not _produced(node, source, path, given.outcomes, problems):
        return None
    reason = _why_missing(source, message_name, given) if given.complete else None
    if reason and node.fallback is None:
        _needs_fallback(node, path, reason, problems)
        return None
    return ir.MessageProperty(node.name.text, path, fallback, node.span)


def _ending(path: str, known: list[str]) -> str:
    """Values that are called so at their end: `first_name` for `customer.first_name`."""
    alike = [f"`{each}`" for each in known if path in each.split(".")[1:]]
    if alike:
        return "did you mean " + " or ".join(alike[:3]) + "?"
    return "values look like `customer.first_name` or `offer.title`; fixed text stands in double quotes"


def _customer_property(
    node: t.PropertyOf,
    path: str,
    fallback: str | int | Decimal | bool | None,
    catalog: model.Catalog,
    problems: Problems,
) -> ir.MessageProperty | None:
    assert node.path is not None
    name = path.removeprefix("customer.")
    found = expressions.attribute(catalog, name)
    if found is None:
        problems.add(
            "NAM001",
            f"unknown customer attribute `{name}`",
            node.path.parts[1].span,
            help=did_you_mean(name, catalog.customers.attributes, "known attributes"),
        )
        return None
    if found.type.nullable and node.fallback is None:
        _needs_fallback(node, path, "this attribute can be missing; the customer would read `Hi ,`", problems)
        return None
    return ir.MessageProperty(node.name.text, path, fallback, node.span)


def _needs_fallback(node: t.PropertyOf, path: str, why: str, problems: Problems) -> None:
    problems.add(
        "MSG012",
        f"`{path}` may be missing, and nothing stands in for it",
        node.path.span if node.path else node.span,
        why=why,
        help=f'write `{path} else "..."`',
    )


def _produced(
    node: t.PropertyOf, source: Source, path: str, outcomes: tuple[ir.Outcome, ...], problems: Problems
) -> bool:
    assert source.of is not None
    assert node.path is not None
    producers = [each for each in outcomes if isinstance(each, _PRODUCERS[source.of])]
    if not producers:
        verb = "awards points" if source.of == "points" else "issues an offer"
        problems.add(
            "MSG013",
            f"`{path}` promises what no outcome gives",
            node.path.span,
            why="a message that quotes an award is built from that award",
            help=f"add an outcome that {verb}, or leave this out",
        )
        return False
    distinct = {each.offer for each in producers if isinstance(each, ir.Issue)}
    if len(distinct) > 1:
        problems.add(
            "MSG014",
            f"`{path}` could mean " + " or ".join(f"`{name}`" for name in sorted(distinct)),
            node.path.span,
            help="quote offers only in campaigns that issue one",
        )
        return False
    for index, each in enumerate(producers):
        other = next((earlier for earlier in producers[:index] if not exclusive(each, earlier)), None)
        if other is not None:
            problems.add(
                "MSG014",
                f"`{path}` could mean either of two outcomes that one customer can get",
                node.path.span,
                help="leave it out, or make the outcomes exclusive with `when segment`",
                see_also=(Label(other.tail.span, "one of them"), Label(each.tail.span, "the other")),
            )
            return False
    return True


def _why_missing(source: Source, message_name: str, given: Given) -> str | None:
    """Why the value can be missing for somebody who gets the message; None when it cannot."""
    if source.of is None:
        return None
    reached = _reach([each for each in given.outcomes if isinstance(each, _PRODUCERS[source.of])], given.segments)
    for send in given.outcomes:
        if isinstance(send, ir.Send) and send.message == message_name:
            wanted = _reach([send], given.segments)
            if _EVERY not in reached and not wanted <= reached:
                return f"not everybody who gets the message gets the {source.of}"
    return "it has no end or text in this campaign" if source.missing(given.outcomes) else None


def _reach(outcomes: list[ir.Outcome], segments: tuple[str, ...]) -> frozenset[str]:
    """Whom outcomes reach: `*` for everybody, else segments and conditions. All segments together are everybody."""
    found = {each.tail.condition.says if each.tail.condition else _EVERY for each in outcomes}
    if segments and all(f"segment {name}" in found for name in segments):
        found.add(_EVERY)
    return frozenset(found)


def _plain(constant: t.Constant | None) -> str | int | Decimal | bool | None:
    if constant is None:
        return None
    match constant.kind:
        case "integer":
            return int(constant.text)
        case "decimal":
            return Decimal(constant.text)
        case "boolean":
            return constant.text == "true"
        case _:
            return constant.text


def context_attributes(messages: tuple[ir.Message, ...], catalog: model.Catalog) -> tuple[Attribute, ...]:
    """Customer attributes to freeze with a decision, because a message will say them. Sorted by name."""
    names = {
        each.source.removeprefix("customer.")
        for message in messages
        for each in message.properties
        if each.source and each.source.startswith("customer.")
    } | {message.address.name for message in messages if message.address is not None}
    found = (expressions.attribute(catalog, name) for name in sorted(names))
    return tuple(each for each in found if each is not None)
