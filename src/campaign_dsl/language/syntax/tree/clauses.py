"""Clauses of campaigns, audiences and messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.syntax.tree.base import Constant, Name, Number, Path, Text, located
from campaign_dsl.language.syntax.tree.expressions import Expression


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs from 2026-01-01 until 2026-12-31`; either day may be left out."""

    first: date | None
    last: date | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A named zone, or the customer's with a default."""

    zone: Text
    customer: bool
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Misfire:
    """`misfire catch up at most 3 days`; no days are `misfire skip`."""

    catch_up_days: int
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Exclude:
    """Either a named audience or a predicate."""

    audience: Name | None
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Segment:
    """``where`` is None for `otherwise`."""

    name: Name
    where: Expression | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` in ``every`` units; ``unit`` `ever` for the whole life of the campaign."""

    count: int
    every: int
    unit: str
    span: Span = located()


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """`1_000_000 offers approved by "cmo@shop.example"` in a `budget`."""

    amount: int
    unit: str
    approved_by: Text | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Via:
    """`via braze variant birthday_triggered`."""

    provider: Name
    variant: Name | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Quiet:
    """None and None for `none`."""

    start: Text | None
    end: Text | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of `settings` or of `data`: a name and a text."""

    name: Name
    value: Text
    span: Span = located()


@dataclass(frozen=True, slots=True)
class PropertyOf:
    """A line of `properties`: `first_name customer.first_name else "friend"`, or a constant."""

    name: Name
    path: Path | None
    fallback: Constant | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Languages:
    """`languages en, de, fr`; the first is the fall-back."""

    codes: tuple[Name, ...]
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Part:
    """`subject "..."`, `body file "content/x.html"`. ``kind``: text, file or mjml."""

    name: Name
    kind: str
    value: Text
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Content:
    """`content for segment gold, language de, variant a { ... }`."""

    segment: Name | None
    language: Name | None
    variant: Name | None
    parts: tuple[Part, ...]
    template: Text | None
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Variant:
    """A line of `variants`: `a 50%`."""

    name: Name
    percent: Number
    span: Span = located()
