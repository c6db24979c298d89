"""The syntax tree: what a campaign file says, before any name is looked up. One tree for both spellings.

Nodes are plain and immutable. Spans are neither compared nor printed, so that two spellings of one campaign are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from campaign_dsl.language.diagnostics.model import Span


def _span() -> Span:
    return field(compare=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True)
class Name:
    """A name the author wrote."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. ``kind`` is text, integer, decimal, date, timestamp or boolean; ``text`` its canonical spelling."""

    kind: str
    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Path:
    """`country`, `customer.first_name`, `offer.title`."""

    parts: tuple[Name, ...]
    span: Span = _span()

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant or a calendar day in a window."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Window:
    """When events count. ``kind``: rolling, calendar, ever, before, after, since, until."""

    kind: str
    count: int = 0
    unit: str = ""
    moment: Moment | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quantity:
    """`at least 3 times`. ``kind``: at least, at most, exactly."""

    kind: str
    count: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a or b or c`."""

    items: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a and b and c`."""

    items: tuple[Expression, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Not:
    item: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`, with ``op`` one of the comparison symbols."""

    op: str
    left: Expression
    right: Expression
    op_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Between:
    value: Expression
    low: Expression
    high: Expression
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InList:
    value: Expression
    items: tuple[Expression, ...]
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Known:
    """`value is known`, or `is missing` when ``known`` is false."""

    value: Expression
    known: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TextTest:
    """``op``: contains, does not contain, starts with, ends with."""

    op: str
    value: Expression
    text: Expression
    ignoring_case: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``op``: ``+``, ``-`` or ``*``."""

    op: str
    left: Expression
    right: Expression
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InAudience:
    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Everyone:
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Did:
    """`did purchase where ... at least 3 times in last 90 days`."""

    event: Name
    where: Expression | None
    quantity: Quantity | None
    window: Window
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`count of purchase ...`, `sum of purchase.amount ...`. ``function``: count, sum, average, smallest, largest."""

    function: str
    event: Name
    property: Name | None
    where: Expression | None
    window: Window
    span: Span = _span()


Expression = (
    Constant | Path | AnyOf | AllOf | Not | Compare | Between | InList | Known | TextTest | Arithmetic | InAudience
    | Everyone | Did | Aggregate
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- clauses


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a decimal, as written but without underscores."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Duration:
    count: int
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Runs:
    first: date | None
    last: date | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A named zone, or the customer's with a default."""

    zone: Text
    customer: bool
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Misfire:
    catch_up_days: int
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Exclude:
    """Either a named audience or a predicate."""

    audience: Name | None
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Segment:
    """``where`` is None for `otherwise`."""

    name: Name
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class OnAnniversary:
    """``days_before`` is negative for days after."""

    attribute: Name
    shift: Duration | None
    before: bool
    at: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` in ``every`` units; ``unit`` `ever` for the whole life of the campaign."""

    count: int
    every: int
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class BudgetItem:
    amount: int
    unit: str
    approved_by: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Condition:
    """`when segment gold`, or `when` any predicate."""

    segment: Name | None
    where: Expression | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Award:
    amount: int
    account: Name
    source: Name
    expires: Duration | None
    alias: Name | None
    condition: Condition | None
    amount_span: Span = _span()
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Issue:
    offer: Name
    expires: Duration | None
    alias: Name | None
    condition: Condition | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TagFor:
    tag: Name
    ttl: Duration
    alias: Name | None
    condition: Condition | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Send:
    message: Name
    condition: Condition | None
    span: Span = _span()


Outcome = Award | Issue | TagFor | Send


@dataclass(frozen=True, slots=True)
class Via:
    provider: Name
    variant: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Quiet:
    """None and None for `none`."""

    start: Text | None
    end: Text | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Setting:
    name: Name
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PropertyOf:
    name: Name
    path: Path | None
    fallback: Constant | None
    span: Span = _span()


# ----------------------------------------------------------------------------------------------------------- blocks


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
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Behavior:
    on: OnAnniversary | None
    limits: tuple[Limit, ...]
    budget: tuple[BudgetItem, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Message:
    name: Name
    type: Name
    via: Via | None
    quiet: Quiet | None
    expires: Duration | None
    settings: tuple[Setting, ...]
    properties: tuple[PropertyOf, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Campaign:
    name: Name
    title: Text | None
    kind: Name | None
    owner: Text | None
    priority: Number | None
    runs: Runs | None
    timezone: TimeZone | None
    leap_day: Name | None
    misfire: Misfire | None
    formerly: tuple[Name, ...]
    audience: Audience | None
    behavior: Behavior | None
    outcomes: tuple[Outcome, ...]
    messages: tuple[Message, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class File:
    """Everything one file declares."""

    campaigns: tuple[Campaign, ...] = ()
    audiences: tuple[Audience, ...] = ()
