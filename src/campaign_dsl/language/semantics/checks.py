"""Checks that several parts of a campaign share: names that are stored, predicates that stay within measure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.ir.walk import measure
from campaign_dsl.language.syntax import tree as t

MAX_NAME = 63
MAX_NODES = 10_000
MAX_DEPTH = 150
"""Of predicates with their named audiences written out, as the query has them. Every later pass recurses."""


def check_name(name: t.Name, what: str, problems: Problems) -> None:
    """Names become part of keys in the ledger, which tell upper from lower case where people do not.

    Args:
        what: "a segment".
    """
    if not model.is_name(name.text) or len(name.text) > MAX_NAME:
        problems.add(
            "NAM016",
            f"`{name.text[:80]}` cannot name {what}",
            name.span,
            help=f"use at most {MAX_NAME} lower case letters, digits and `_`, beginning with a letter",
        )


def check_size(predicates: Iterable[Predicate], span: Span, problems: Problems) -> bool:
    """Whether predicates are small enough together; reports it when they are not."""
    sizes = [measure(each) for each in predicates]
    nodes, depth = sum(size.nodes for size in sizes), max((size.depth for size in sizes), default=0)
    if nodes <= MAX_NODES and depth <= MAX_DEPTH:
        return True
    much = f"{nodes:,} parts" if nodes > MAX_NODES else f"{depth} levels"
    problems.add(
        "AUD008",
        f"with its named audiences written out, this has {much}",
        span,
        why=f"a query of more than {MAX_NODES:,} parts or {MAX_DEPTH} levels is not one that an engine runs well",
        help="make the audiences it names simpler, or name fewer of them",
    )
    return False


def choice(word: t.Name | None, allowed: tuple[str, ...], what: str, default: str, problems: Problems) -> str:
    """One of a few known words; ``default`` when there is none.

    Args:
        what: "leap day policy".
    """
    if word is None:
        return default
    if word.text not in allowed:
        problems.add(
            "CMP001", f"`{word.text}` is not a {what}", word.span, help=did_you_mean(word.text, allowed, "choices")
        )
    return word.text


def is_percent(percent: Decimal) -> bool:
    """Whether it is a part of the whole, fine enough to be drawn at random."""
    return 0 < percent < 100 and percent == percent.quantize(Decimal("0.001"))
