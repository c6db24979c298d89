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
    """`not a`."""

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
    """`a between b and c`, or `a not between b and c`."""

    value: Expression
    low: Expression
    high: Expression
    negated: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class InList:
    """`a in [b, c]`, or `a not in [b, c]`."""

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
    """`in audience buyers`."""

    name: Name
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Everyone:
    """`everyone`, as a predicate and as a clause."""

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
    """A text the author wrote, without its quotes and escapes."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a decimal, as written but without underscores."""

    text: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Duration:
    """`30 days`."""

    count: int
    unit: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Runs:
    """`runs from 2026-01-01 until 2026-12-31`; either day may be left out."""

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
    """`misfire catch up at most 3 days`; no days are `misfire skip`."""

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
    """`1_000_000 offers approved by "cmo@shop.example"` in a `budget`."""

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
    """`award 500 points to rewards source birthday, expires after 30 days when segment gold`."""

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
    """`issue offer half_price, expires after 14 days`."""

    offer: Name
    expires: Duration | None
    alias: Name | None
    condition: Condition | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class TagFor:
    """`tag birthday_gift for 30 days`."""

    tag: Name
    ttl: Duration
    alias: Name | None
    condition: Condition | None
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Send:
    """`send birthday_note`."""

    message: Name
    condition: Condition | None
    span: Span = _span()


Outcome = Award | Issue | TagFor | Send


@dataclass(frozen=True, slots=True)
class Via:
    """`via braze variant birthday_triggered`."""

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
    """A line of `settings`: what the provider is told about a message."""

    name: Name
    value: Text
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class PropertyOf:
    """A line of `properties`: `first_name customer.first_name else "friend"`, or a constant."""

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
    """The block `behavior`: what makes a campaign happen for a customer, and how often."""

    on: OnAnniversary | None
    limits: tuple[Limit, ...]
    budget: tuple[BudgetItem, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Message:
    """A block `message`: through whom it goes, when it may, and what it says."""

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
    """A block `campaign`, as it is written."""

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
