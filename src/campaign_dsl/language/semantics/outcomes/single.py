"""Checks each outcome by itself: what it names exists, is in use, and takes the value it is given."""

from __future__ import annotations

from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Value
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.durations import exact_seconds
from campaign_dsl.language.semantics.lookups import active, entry_of
from campaign_dsl.language.semantics.outcomes.tails import Surroundings, tail
from campaign_dsl.language.semantics.outcomes.values import MAX_POINTS, amount, value_for
from campaign_dsl.language.syntax import tree as t

SETTABLE = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP, Kind.ENUM})
"""Kinds of values that one expression can give."""


def outcome(node: t.Outcome, choice: int | None, around: Surroundings, problems: Problems) -> ir.Outcome | None:
    """The typed outcome, or None after having reported what is wrong.

    Args:
        choice: the number of the `first of` it is a line of.
    """
    before = len(problems)
    follows = tail(node, choice, around, problems)
    typed: ir.Outcome | None
    match node:
        case t.Award():
            typed = _award(node, follows, around, problems)
        case t.Issue():
            typed = _issue(node, follows, around, problems)
        case t.TagFor():
            entry_of(node.tag, around.names.catalog.tags, "NAM008", "tag", problems)
            seconds = exact_seconds(node.ttl, problems) if node.ttl is not None else None
            typed = ir.TagFor(node.tag.text, seconds, follows)
        case t.Untag():
            entry_of(node.tag, around.names.catalog.tags, "NAM008", "tag", problems)
            typed = ir.Untag(node.tag.text, follows)
        case t.SetTo():
            typed = _set(node, follows, around, problems)
        case t.Subscription():
            entry_of(node.conversation, around.names.catalog.conversations, "NAM021", "conversation", problems)
            typed = ir.Subscribe(node.conversation.text, node.subscribed, follows)
        case t.Record():
            typed = _record(node, follows, around, problems)
        case t.Send():
            typed = ir.Send(node.message.text, follows)
    return typed if len(problems) == before else None


def _award(node: t.Award, follows: ir.Tail, around: Surroundings, problems: Problems) -> ir.Award | None:
    account = entry_of(node.account, around.names.catalog.point_accounts, "NAM005", "point account", problems)
    if account is not None:
        active(node.account, account.active, "point account", problems)
        if node.source.text not in account.sources:
            problems.add(
                "NAM006",
                f"`{node.source.text}` is not a source of account `{node.account.text}`",
                node.source.span,
                help=did_you_mean(node.source.text, account.sources, "its sources") or "declare it in catalog.yaml",
            )
    points = amount(node.amount, around.names, around.scope, problems)
    most = int(node.tail.at_most.text) if node.tail.at_most is not None else None
    if most is not None and node.tail.at_most is not None and not 0 < most <= MAX_POINTS:
        problems.add(
            "OUT002", f"an award is 1 to {MAX_POINTS:_} points", node.tail.at_most.span, help="write how many at most"
        )
    expires = _expires(node, problems)
    if account is None or points is None:
        return None
    return ir.Award(points, node.account.text, account.title, node.source.text, most, expires, follows)


def _expires(node: t.Award | t.Issue, problems: Problems) -> int | None:
    return exact_seconds(node.tail.expires, problems) if node.tail.expires is not None else None


def _issue(
    node: t.Issue, follows: ir.Tail, around: Surroundings, problems: Problems
) -> ir.Issue | ir.IssueCode | ir.IssueReward | None:
    catalog, name = around.names.catalog, node.name
    expires = _expires(node, problems)
    match node.what:
        case "offer":
            offer = entry_of(name, catalog.offers, "NAM007", "offer", problems)
            if offer is None or not active(name, offer.active, "offer", problems):
                return None
            return ir.Issue(name.text, offer, expires, follows)
        case "reward":
            reward = entry_of(name, catalog.rewards, "NAM032", "reward", problems)
            if reward is None or not active(name, reward.active, "reward", problems):
                return None
            return ir.IssueReward(name.text, reward.title, expires, follows)
        case "pool":
            pool = entry_of(name, catalog.code_pools, "NAM031", "pool of codes", problems)
            if pool is None or not active(name, pool.active, "pool of codes", problems):
                return None
            return ir.IssueCode(name.text, True, expires, follows)
        case _:
            if name.text in catalog.code_pools and name.text not in catalog.promo_codes:
                problems.add(
                    "NAM031",
                    f"`{name.text}` is a pool of codes",
                    name.span,
                    help=f"write `issue code from {name.text}`",
                )
                return None
            code = entry_of(name, catalog.promo_codes, "NAM031", "promo code", problems)
            if code is None or not active(name, code.active, "promo code", problems):
                return None
            return ir.IssueCode(name.text, False, expires, follows)


def _set(node: t.SetTo, follows: ir.Tail, around: Surroundings, problems: Problems) -> ir.SetAttribute | None:
    catalog, name = around.names.catalog, node.name.text
    entry = entry_of(node.name, catalog.customers.attributes, "NAM001", "customer attribute", problems)
    if entry is None:
        return None
    if not entry.writable or name == catalog.customers.key or entry.type not in SETTABLE:
        writable = [known for known, each in catalog.customers.attributes.items() if each.writable]
        problems.add(
            "OUT011",
            f"campaigns may not set `{name}`",
            node.name.span,
            why="whatever another system looks after would be overwritten, and written over again"
            if name != catalog.customers.key
            else "it identifies the customer",
            help=f"write `writable: true` for `{name}` in catalog.yaml, if campaigns are to look after it"
            if entry.type in SETTABLE and name != catalog.customers.key
            else did_you_mean(name, writable, "attributes that campaigns may set") or "leave it out",
        )
        return None
    value = value_for(node.value, entry.value_type, f"`{name}`", around.names, around.scope, problems)
    attribute = expressions.attribute(catalog, name)
    return None if value is None or attribute is None else ir.SetAttribute(attribute, value, follows)


def _record(node: t.Record, follows: ir.Tail, around: Surroundings, problems: Problems) -> ir.RecordEvent | None:
    event = entry_of(node.event, around.names.catalog.events, "NAM003", "event", problems)
    if event is None:
        return None
    seen: dict[str, t.Name] = {}
    found: list[tuple[str, Value]] = []
    for each in node.assignments:
        name = each.name.text
        if name in seen:
            problems.add(
                "OUT012",
                f"`{name}` is given twice",
                each.name.span,
                help="keep one of them",
                see_also=(Label(seen[name].span, "first given here"),),
            )
            continue
        seen[name] = each.name
        entry = event.properties.get(name)
        if entry is None or entry.type not in SETTABLE:
            settable = [known for known, other in event.properties.items() if other.type in SETTABLE]
            problems.add(
                "NAM001",
                f"`{node.event.text}` has no property `{name}`" if entry is None else f"`{name}` cannot be given here",
                each.name.span,
                help=did_you_mean(name, settable, "its properties") or "declare it in catalog.yaml",
            )
            continue
        value = value_for(each.value, entry.value_type, f"`{name}`", around.names, around.scope, problems)
        if value is not None and not _certain(value, entry.value_type):
            problems.add(
                "OUT012",
                f"`{name}` may not be missing, and this may be",
                each.value.span,
                help="write `nullable: true` for it in catalog.yaml, or record it only `when ... is known`",
            )
        elif value is not None:
            found.append((name, value))
    for name, entry in event.properties.items():
        if not entry.nullable and name not in seen:
            problems.add(
                "OUT012",
                f"`{node.event.text}` is never without `{name}`",
                node.event.span,
                help=f"add `with {name} = ...`" if not node.assignments else f"add `and {name} = ...`",
            )
    return ir.RecordEvent(node.event.text, tuple(found), follows)


def _certain(value: Value, wanted: Type) -> bool:
    return wanted.nullable or not value.type.nullable
