"""What a campaign asks of an engine beyond the common: an engine may lack it, and then the campaign is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import walk


class Feature(Enum):
    """Something that not every engine can do; the value is what messages call it."""

    LISTS = "lists"
    MISSING_LISTS = "telling a missing list from an empty one"
    LIST_CONDITIONS = "conditions on the elements of a list"
    LOOKUP_BY_ELEMENT = "looking up the element of a list in a dimension"
    RECORDS = "records"
    REGULAR_EXPRESSIONS = "regular expressions"
    DURATIONS = "lengths of time as values"


class When(Enum):
    """Whether a gap will be closed."""

    PLANNED = "planned"
    UPSTREAM = "when the engine can"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why an engine lacks a feature: one clause, lower case."""

    when: When
    reason: str


def _of_duration(node: nodes.Shift) -> bool:
    return not isinstance(node.duration, nodes.Constant)


def _looks_by_element(node: nodes.Lookup) -> bool:
    return any(isinstance(each, nodes.Element) for each in walk(node.key))


def _of_list(node: nodes.IsKnown) -> bool:
    return node.value.type.kind is Kind.LIST


def _finds_list(node: nodes.Lookup) -> bool:
    """There may be no row to look at, and then there is no list."""
    return node.type.kind is Kind.LIST


_ASKED: dict[type, tuple[tuple[Feature, Callable[[Any], bool] | None], ...]] = {
    nodes.ListTest: ((Feature.LISTS, None),),
    nodes.IsEmpty: ((Feature.LISTS, None),),
    nodes.IsKnown: ((Feature.MISSING_LISTS, _of_list),),
    nodes.ListCount: ((Feature.LISTS, None), (Feature.LIST_CONDITIONS, lambda node: node.where is not None)),
    nodes.Quantified: ((Feature.LISTS, None), (Feature.LIST_CONDITIONS, None)),
    nodes.Lookup: ((Feature.LOOKUP_BY_ELEMENT, _looks_by_element), (Feature.MISSING_LISTS, _finds_list)),
    nodes.Field: ((Feature.RECORDS, None),),
    nodes.Matches: ((Feature.REGULAR_EXPRESSIONS, None),),
    nodes.Elapsed: ((Feature.DURATIONS, None),),
    nodes.Shift: ((Feature.DURATIONS, _of_duration),),
}
"""What asks for a feature: a kind of node, maybe only some of them."""


def asked(campaign: ir.Campaign) -> dict[Feature, Span]:
    """The features a campaign asks for, each with the first place that does."""
    found: dict[Feature, Span] = {}
    for part, span in _parts(campaign):
        for feature in in_node(part):
            found.setdefault(feature, span)
    return found


def in_node(node: Any) -> Iterator[Feature]:
    """The features that typed nodes ask for."""
    for each in walk(node):
        for feature, test in _ASKED.get(type(each), ()):
            if test is None or test(each):
                yield feature


def _parts(campaign: ir.Campaign) -> Iterator[tuple[Any, Span]]:
    yield campaign.audience, campaign.audience_span
    parts = (campaign.excludes, campaign.segments, campaign.triggers, campaign.outcomes, campaign.messages)
    for part in (each for group in parts for each in group):
        yield part, getattr(part, "span", campaign.span)
