"""Blocks, and the file."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax.tree.base import Constant, Duration, Name, Number, Text, located
from campaign_dsl.language.syntax.tree.clauses import (
    BudgetItem,
    Content,
    Exclude,
    Languages,
    Limit,
    Misfire,
    PropertyOf,
    Quiet,
    Runs,
    Segment,
    Setting,
    TimeZone,
    Variant,
    Via,
)
from campaign_dsl.language.syntax.tree.expressions import Expression
from campaign_dsl.language.syntax.tree.outcomes import FirstOf, Outcome
from campaign_dsl.language.syntax.tree.triggers import Trigger


@dataclass(frozen=True, slots=True)
class Audience:
    """The audience block of a campaign, or a named audience of the workspace."""

    name: Name | None
    where: Expression | None
    everyone: bool
    excludes: tuple[Exclude, ...] = ()
    suppress: tuple[Name, ...] = ()
    segments: tuple[Segment, ...] = ()
    holdout: Number | None = None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Behavior:
    """The block `behavior`: what makes a campaign happen for a customer, and how often."""

    triggers: tuple[Trigger, ...]
    progress: bool
    limits: tuple[Limit, ...]
    budget: tuple[BudgetItem, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Message:
    """A block `message`: through whom it goes, when it may, and what it says."""

    name: Name
    type: Name
    via: Via | None
    conversation: Name | None
    purpose: Name | None
    display: Name | None
    quiet: Quiet | None
    expires: Duration | None
    visible: Duration | None
    seeds: tuple[Name, ...]
    settings: tuple[Setting, ...]
    properties: tuple[PropertyOf, ...]
    contents: tuple[Content, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A block `campaign`, as it is written."""

    name: Name
    title: Text | None
    kind: Name | None
    owner: Text | None
    priority: Number | None
    runs: Runs | None
    review: Constant | None
    timezone: TimeZone | None
    leap_day: Name | None
    misfire: Misfire | None
    languages: Languages | None
    quiet: Quiet | None
    formerly: tuple[Name, ...]
    data: tuple[Setting, ...]
    audience: Audience | None
    variants: tuple[Variant, ...]
    behavior: Behavior | None
    outcomes: tuple[Outcome | FirstOf, ...]
    messages: tuple[Message, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class File:
    """Everything one file declares."""

    campaigns: tuple[Campaign, ...] = ()
    audiences: tuple[Audience, ...] = ()
