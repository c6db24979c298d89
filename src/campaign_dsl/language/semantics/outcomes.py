"""Checks what a campaign gives."""

from __future__ import annotations

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Constant
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.checks import check_name
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written

MAX_POINTS = 1_000_000_000


def outcome(node: t.Outcome, segments: tuple[str, ...], names: Names, problems: Problems) -> ir.Outcome | None:
    """The typed outcome, or None after having reported what is wrong."""
    before = len(problems)
    condition = _condition(node.tail.condition, segments, names, problems)
    alias = node.tail.alias
    if alias is not None:
        check_name(alias, "an outcome", problems)
    typed: ir.Outcome | None
    match node:
        case t.Award():
            typed = _award(node, condition, names, problems)
        case t.Issue():
            typed = _issue(node, condition, names, problems)
        case t.TagFor():
            typed = _tag(node, condition, names, problems)
        case t.Send():
            typed = ir.Send(node.message.text, ir.Tail(node.span, condition))
        case _:
            typed = None
    return typed if len(problems) == before else None


def _condition(
    node: t.Condition | None, segments: tuple[str, ...], names: Names, problems: Problems
) -> ir.Condition | None:
    if node is None:
        return None
    if node.segment is not None:
        if node.segment.text not in segments:
            problems.add(
                "OUT003",
                f"there is no segment `{node.segment.text}`",
                node.segment.span,
                help=did_you_mean(node.segment.text, segments, "segments") or "add `segments { ... }` to the audience",
            )
        return ir.Condition(f"segment {node.segment.text}", node.segment.text, None)
    assert node.where is not None
    if isinstance(node.where, t.Path) and node.where.text in segments:
        name = node.where.text
        problems.add("OUT003", f"`{name}` is a segment", node.where.span, help=f"write `when segment {name}`")
        return None
    return ir.Condition(written(node.where), None, expressions.predicate(node.where, names, problems))


def _award(node: t.Award, condition: ir.Condition | None, names: Names, problems: Problems) -> ir.Award | None:
    accounts = names.catalog.point_accounts
    account = accounts.get(node.account.text)
    if account is None:
        problems.add(
            "NAM005",
            f"unknown point account `{node.account.text}`",
            node.account.span,
            help=did_you_mean(node.account.text, accounts, "known accounts") or "declare it in catalog.yaml",
        )
        return None
    if not account.active:
        problems.add(
            "OUT001",
            f"point account `{node.account.text}` is not active",
            node.account.span,
            help="use an active account",
        )
    if node.source.text not in account.sources:
        problems.add(
            "NAM006",
            f"`{node.source.text}` is not a source of account `{node.account.text}`",
            node.source.span,
            help=did_you_mean(node.source.text, account.sources, "its sources"),
        )
    points = int(node.amount.text) if isinstance(node.amount, t.Constant) and node.amount.kind == "integer" else 0
    if not 0 < points <= MAX_POINTS:
        problems.add(
            "OUT002", f"an award is 1 to {MAX_POINTS:_} points", node.amount.span, help="write how many points"
        )
    seconds = exact_seconds(node.tail.expires, problems) if node.tail.expires else None
    alias = node.tail.alias.text if node.tail.alias else None
    tail = ir.Tail(node.span, condition, alias)
    amount = Constant(points, Type(Kind.INTEGER))
    return ir.Award(amount, node.account.text, account.title, node.source.text, None, seconds, tail)


def _issue(node: t.Issue, condition: ir.Condition | None, names: Names, problems: Problems) -> ir.Issue | None:
    offers = names.catalog.offers
    offer = offers.get(node.name.text)
    if offer is None:
        problems.add(
            "NAM007",
            f"unknown offer `{node.name.text}`",
            node.name.span,
            help=did_you_mean(node.name.text, offers, "known offers") or "declare it in catalog.yaml",
        )
        return None
    if not offer.active:
        problems.add("OUT001", f"offer `{node.name.text}` is not active", node.name.span, help="use an active offer")
    seconds = exact_seconds(node.tail.expires, problems) if node.tail.expires else None
    alias = node.tail.alias.text if node.tail.alias else None
    return ir.Issue(node.name.text, offer, seconds, ir.Tail(node.span, condition, alias))


def _tag(node: t.TagFor, condition: ir.Condition | None, names: Names, problems: Problems) -> ir.TagFor | None:
    tags = names.catalog.tags
    if node.tag.text not in tags:
        problems.add(
            "NAM008",
            f"unknown tag `{node.tag.text}`",
            node.tag.span,
            help=did_you_mean(node.tag.text, tags, "known tags") or "declare it in catalog.yaml",
        )
    seconds = exact_seconds(node.ttl, problems) if node.ttl else None
    if node.ttl and seconds is None:
        return None
    alias = node.tail.alias.text if node.tail.alias else None
    return ir.TagFor(node.tag.text, seconds, ir.Tail(node.span, condition, alias))


def exclusive(one: ir.Outcome, other: ir.Outcome) -> bool:
    """Whether no customer can get both, because they are for different segments."""
    mine = one.tail.condition.segment if one.tail.condition else None
    theirs = other.tail.condition.segment if other.tail.condition else None
    return mine is not None and theirs is not None and mine != theirs
